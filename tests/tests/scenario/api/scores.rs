//! Scores over HTTP: kept up to date by the host itself, with receipts that replay, and seen only by whom they concern.

use daybreak_tests::served::{Caller, Served};
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::{LOG, MAPPING, NOW, enable_in};

/// Asks until the answer is as wanted; the host scores by itself.
pub(super) fn until(caller: &Caller, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..20_000 {
        let answer = caller.get(path).ok();
        if wanted(&answer) {
            return answer;
        }
        std::thread::yield_now();
    }
    panic!("{path} never answered as wanted");
}

#[test]
fn a_fact_becomes_a_score_that_its_people_may_see_and_replay() {
    let company = company("Asia/Shanghai", NOW);
    let people = "id,name,manager,from,identities\nhan,韩梅,,2020-01-01,\nchen,陈,han,2020-01-01,helpdesk:chen\nzhao,赵,,2020-01-01,helpdesk:zhao\n";
    company.ok(&["people", "import", &company.file("people.csv", people)]);
    company.ok(&["import", "--mapping", &company.file("tickets.toml", MAPPING), &company.file("tickets.csv", LOG)]);
    enable_in(&company);
    // Nobody is asked to wait before asking again.
    let limits = [("limits.requests_per_second", "100000"), ("limits.burst", "100000")];
    let served = Served::start_with(&company, &limits);
    let chen = served.person(&company, "chen", "chen");
    let own = until(&chen, "/scores?period=2026-06&subject=chen", |page| page["items"][0]["raw"].is_number());
    let score = own["items"][0].clone();
    let number = score["sequence"].as_i64().unwrap();

    // Everything behind the number: its parts, its facts, its receipt, and the same number computed again.
    let evidence = chen.get(&format!("/scores/{number}/evidence")).ok();
    assert_eq!(evidence.as_array().unwrap().len() as u64, score["evidence"].as_u64().unwrap());
    let receipt = chen.get(&format!("/scores/{number}/receipt")).ok();
    assert_eq!((&receipt["sequence"], &receipt["known_to"]), (&json!(number), &score["known_to"]));
    let replay = chen.post(&format!("/scores/{number}/replay"), &json!({})).ok();
    assert_eq!((&replay["equal"], &replay["differences"]), (&json!(true), &json!([])));

    // Their manager sees it; a colleague finds what they would find if it were not there.
    let han = served.person(&company, "han", "han");
    let zhao = served.person(&company, "zhao", "zhao");
    assert_eq!(han.get(&format!("/scores/{number}")).ok(), score);
    let seen = |caller: &Caller| -> Vec<String> {
        let page = caller.get("/scores?period=2026-06").ok();
        page["items"].as_array().unwrap().iter().map(|item| item["subject"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((seen(&han), seen(&zhao)), (vec!["chen".to_owned(), "han".to_owned()], vec!["zhao".to_owned()]));
    for path in ["", "/evidence", "/receipt"] {
        let (hidden, absent) =
            (zhao.get(&format!("/scores/{number}{path}")), zhao.get(&format!("/scores/999999{path}")));
        assert_eq!((hidden.status, &hidden.body), (404, &absent.body));
    }

    // A late fact moves the number without anybody asking for it.
    let system = served.system(&company, &["facts:write"]);
    let late = |activity: &str, at: &str| {
        json!({
            "source": "helpdesk", "external_id": format!("T9/{activity}/1"), "kind": "ticket.event", "occurred_at": at,
            "capture": "automatic", "who": "chen", "document": "T9", "fields": { "activity": activity },
        })
    };
    let facts = [late("open", "2026-06-10T01:00:00Z"), late("resolve", "2026-06-14T01:00:00Z")];
    let _ = system.post("/facts", &json!({ "facts": facts })).ok();
    until(&chen, "/scores?period=2026-06&subject=chen", |page| page["items"][0]["raw"] != score["raw"]);
    // The earlier one stays, and still replays.
    let replay = chen.post(&format!("/scores/{number}/replay"), &json!({})).ok();
    assert_eq!(replay["equal"], true);
}

#[test]
fn tampering_is_named_to_whoever_replays() {
    let company = company("Asia/Shanghai", NOW);
    company.ok(&["import", "--mapping", &company.file("tickets.toml", MAPPING), &company.file("tickets.csv", LOG)]);
    enable_in(&company);
    company.ok(&["score"]);
    let served = Served::start(&company);
    let administrator = served.administrator(&company);
    let score = administrator.get("/scores?period=2026-06&limit=1").ok()["items"][0]["sequence"].as_i64().unwrap();
    assert!(company.tamper("UPDATE parameters SET parameters = '{\"resolving\": [\"open\"]}'") > 0);
    let replay = administrator.post(&format!("/scores/{score}/replay"), &json!({})).ok();
    assert_eq!(replay["equal"], false);
    assert!(replay["differences"][0].as_str().unwrap().contains("parameters"), "{replay}");
}
