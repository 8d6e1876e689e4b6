//! Jobs over HTTP: ordered, watched, cancelled, and not lost when the host ends.

use daybreak_tests::company::TestCompany;
use daybreak_tests::served::{Caller, Served};
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::{LOG, MAPPING, NOW, enable_in};

/// Nobody is asked to wait before asking again.
pub(super) const PATIENT: [(&str, &str); 2] = [("limits.requests_per_second", "100000"), ("limits.burst", "100000")];

/// The job once it has ended.
pub(super) fn ended(caller: &Caller, job: &Value) -> Value {
    let path = format!("/jobs/{}", job["id"]);
    for _ in 0..100_000 {
        let job = caller.get(&path).ok();
        if !["waiting", "running"].contains(&job["state"].as_str().unwrap()) {
            return job;
        }
        std::thread::yield_now();
    }
    panic!("{path} never ended");
}

fn company_with_scores() -> TestCompany {
    let company = company("Asia/Shanghai", NOW);
    company.ok(&["import", "--mapping", &company.file("tickets.toml", MAPPING), &company.file("tickets.csv", LOG)]);
    enable_in(&company);
    company
}

#[test]
fn scoring_and_replaying_are_ordered_and_say_what_came_of_them() {
    let company = company_with_scores();
    let served = Served::start_with(&company, &PATIENT);
    let administrator = served.administrator(&company);
    let order = json!({ "kind": "score", "period": "2026-Q2", "as_of": "2026-07-01" });
    let job = administrator.post("/jobs", &order).ok();
    assert_eq!((&job["order"]["kind"], &job["order"]["period"]), (&json!("score"), &json!("2026-Q2")));
    let session = administrator.get("/session").ok();
    assert_eq!((&job["author_kind"], &job["author"]), (&json!("person"), &session["person"]));
    let scored = ended(&administrator, &job);
    assert_eq!((&scored["state"], &scored["result"]["computed"]), (&json!("done"), &json!(2)), "{scored}");
    assert_eq!(scored["done"], scored["total"]);

    let job = administrator.post("/jobs", &json!({ "kind": "replay" })).ok();
    let replayed = ended(&administrator, &job);
    let result = &replayed["result"];
    assert_eq!((&result["equal"], &result["differences"]), (&json!(true), &json!([])), "{replayed}");
    assert!(result["scores"]["replayed"].as_u64().unwrap() >= 2, "{replayed}");
    assert!(company.tamper("UPDATE fact SET document = 'T9' WHERE document = 'T1'") > 0);
    let job = administrator.post("/jobs", &json!({ "kind": "replay" })).ok();
    let replayed = ended(&administrator, &job);
    let result = &replayed["result"];
    assert_eq!((&result["equal"], &result["facts_changed"]), (&json!(false), &json!(2)), "{replayed}");
    assert!(result["scores"]["differing"].as_u64().unwrap() > 0, "{replayed}");
    let named: Vec<&str> =
        result["differences"].as_array().unwrap().iter().map(|named| named["what"].as_str().unwrap()).collect();
    assert!(named.iter().any(|what| what.contains("T1/open/1")), "{replayed}");
    assert!(named.iter().any(|what| what.starts_with("score ")), "{replayed}");

    for kind in ["assess", "narrate"] {
        let job = administrator.post("/jobs", &json!({ "kind": kind })).ok();
        assert_eq!(ended(&administrator, &job)["state"], "done");
    }
    // The newest first, in pages.
    let first = administrator.get("/jobs?limit=2").ok();
    let second = administrator.get(&format!("/jobs?limit=2&after={}", first["next"].as_str().unwrap())).ok();
    let kinds = |page: &Value| -> Vec<Value> {
        page["items"].as_array().unwrap().iter().map(|job| job["order"]["kind"].clone()).collect()
    };
    assert_eq!((kinds(&first), kinds(&second)), (vec!["narrate".into(), "assess".into()], vec!["replay".into(); 2]));
    assert_eq!(kinds(&administrator.get("/jobs?kind=score&state=done").ok()), ["score"]);

    // One that has ended cannot be cancelled; one that is not there cannot be seen.
    let late = administrator.send(reqwest::Method::POST, &format!("/jobs/{}/cancellation", job["id"]), None);
    assert_eq!((late.status, late.problem()), (409, "conflict"));
    assert_eq!(administrator.get("/jobs/999999").status, 404);
    for (bad, status) in [
        (json!({ "kind": "score" }), 422),
        (json!({ "kind": "score", "period": "2026-13" }), 422),
        (json!({ "kind": "score", "period": "2026-06", "until": 4 }), 422),
        (json!({ "kind": "score", "period": "2026-06", "indicator": "nothing" }), 422),
        (json!({ "kind": "replay", "after": 5, "until": 5 }), 422),
        (json!({ "kind": "import" }), 422),
    ] {
        assert_eq!(administrator.post("/jobs", &bad).status, status, "{bad}");
    }
}

#[test]
fn jobs_are_for_administrators_and_for_systems_with_the_scope() {
    let company = company("Asia/Shanghai", NOW);
    company.ok(&["people", "import", &company.file("people.csv", "id,name\nli-lei,李雷\n")]);
    let served = Served::start_with(&company, &PATIENT);
    let li = served.person(&company, "li-lei", "li");
    let order = json!({ "kind": "replay" });
    let computing = served.system(&company, &["scores:compute"]);
    let reading = served.system(&company, &["jobs:read"]);
    let job = computing.post("/jobs", &order).ok();
    let path = format!("/jobs/{}", job["id"]);
    assert_eq!(ended(&reading, &job)["author_kind"], "token");
    let absent = li.get("/nothing");
    for answer in
        [li.get("/jobs"), li.get(&path), li.post("/jobs", &order), computing.get(&path), reading.post("/jobs", &order)]
    {
        assert_eq!((answer.status, &answer.body), (404, &absent.body));
    }
}

#[test]
fn what_was_ordered_is_done_although_the_host_is_killed() {
    let mut company = company("Asia/Shanghai", NOW);
    let mapping = MAPPING.replace("{ticket}/{activity}/{occurrence}", "{ticket}").replace("create", "unassigned");
    let pack = company.folder().join("pack");
    std::fs::create_dir_all(pack.join("mappings")).unwrap();
    std::fs::write(pack.join("pack.toml"), super::imports::PACK).unwrap();
    std::fs::write(pack.join("mappings/tickets.toml"), mapping).unwrap();
    company.ok(&["apply", pack.to_str().unwrap()]);
    let mut text = "ticket,activity,who,at,customer\n".to_owned();
    for number in 0..5_000 {
        text.extend(["N", &number.to_string(), ",open,chen,2026-06-01 09:00,H1\n"]);
    }
    let served = Served::start_with(&company, &PATIENT);
    let administrator = served.administrator(&company);
    let body = Some(("text/csv", text.into_bytes()));
    let job = administrator.send_bytes(reqwest::Method::POST, "/imports?mapping=tickets", body).ok();
    served.kill();
    // The claim of the host that is gone ends.
    company.set_now("2026-07-01T01:10:00Z");
    let served = Served::start_with(&company, &PATIENT);
    let system = served.system(&company, &["jobs:read"]);
    let done = ended(&system, &job);
    assert_eq!((&done["state"], &done["result"]["rows"]), (&json!("done"), &json!(5_000)), "{done}");
    // What had been recorded before counts as known.
    let count = |name: &str| done["result"][name].as_u64().unwrap();
    assert_eq!(count("new") + count("known"), 5_000, "{done}");
    assert_eq!(company.number("SELECT COUNT(*) FROM fact"), 5_000);
    served.stop();
    let left: Vec<_> = std::fs::read_dir(company.folder().join("data/imports")).unwrap().collect();
    assert_eq!(left.len(), 1, "only the folder's id is left: {left:?}");
}
