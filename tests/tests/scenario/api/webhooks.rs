//! Webhooks: another system delivers, signed, and strangers learn nothing.

use std::path::Path;
use std::process::Command;

use daybreak_tests::company::Said;
use daybreak_tests::served::{Answer, Caller, Served};
use daybreak_tests::webhook::signature;
use reqwest::Method;
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::NOW;
use super::jobs::PATIENT;

/// The moment at which these hosts are, in seconds.
const SECONDS: i64 = 1_782_867_600;

const MAPPING: &str = "source = \"shop\"\nkind = \"review\"\nexternal_id = \"{review.id}\"\ncapture = \"automatic\"\n\
                       [time]\ntext = \"{at}\"\n[fields]\nstars = { text = \"{review.stars}\", type = \"number\" }\n";

fn draft() -> Value {
    json!({ "name": "Reviews of the shop", "mapping": MAPPING })
}

fn deliver(anybody: &Caller, path: &str, header: &str, body: &str) -> Answer {
    let path = path.strip_prefix("/api/v1").expect("a path of the interface");
    let signed = anybody.with_header("x-daybreak-signature", header);
    signed.send_bytes(Method::POST, path, Some(("application/json", body.as_bytes().to_vec())))
}

#[test]
fn what_is_signed_is_recorded_once_and_everything_else_is_answered_alike() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start_with(&company, &[&PATIENT[..], &[("log.filter", "debug")]].concat());
    let administrator = served.administrator(&company);
    let made = administrator.post("/webhooks", &draft()).ok();
    let (webhook, secret) = (&made["webhook"], made["secret"].as_str().unwrap());
    let (id, path) = (webhook["id"].as_str().unwrap(), webhook["path"].as_str().unwrap());
    assert_eq!(path, format!("/api/v1/hooks/acme/{id}"));
    assert!(secret.starts_with("dbw_"), "{secret}");

    let anybody = served.anybody();
    let body = r#"[{"review":{"id":7,"stars":5},"at":"2026-06-30T09:00:00+08:00"},{"review":{"id":8},"at":"2026-06-30T01:00:00Z"}]"#;
    let header = signature(secret, SECONDS, body);
    let delivered = deliver(&anybody, path, &header, body).ok();
    let outcomes = |answer: &Value| -> Vec<Value> {
        answer["results"].as_array().unwrap().iter().map(|result| result["outcome"].clone()).collect()
    };
    assert_eq!(outcomes(&delivered), ["new", "new"]);
    let again = deliver(&anybody, path, &header, body).ok();
    assert_eq!((outcomes(&again), &again["sequence"]), (vec!["known".into(), "known".into()], &delivered["sequence"]));
    let facts = company.facts();
    assert_eq!((facts.len(), &facts[0]["attributes"]["stars"]), (2, &json!("5")));
    let audit: Value =
        serde_json::from_str(&company.ok(&["audit", "--format", "json", "--action", "fact.deliver"])).unwrap();
    assert_eq!(
        (audit.as_array().unwrap().len(), &audit[0]["author_kind"], &audit[0]["author"]),
        (1, &json!("webhook"), &json!(id))
    );
    assert!(administrator.get(&format!("/webhooks/{id}")).ok()["last_used_at"].is_string());

    // One bad object keeps all out, and is named.
    let bad = r#"[{"review":{"id":9},"at":"2026-06-30T09:00:00+08:00"},{"review":{"id":10},"at":"soon"}]"#;
    let refused = deliver(&anybody, path, &signature(secret, SECONDS, bad), bad);
    assert_eq!((refused.status, &refused.body["errors"][0]["place"]), (422, &json!(1)), "{}", refused.text);
    assert_eq!(company.facts().len(), 2);
    let torn = deliver(&anybody, path, &signature(secret, SECONDS, "{"), "{");
    assert_eq!((torn.status, torn.problem()), (422, "refused"));

    // Whatever else is wrong, the answer is that of a webhook that is not there.
    let absent = anybody.post("/hooks/acme/webhook_none", &json!({}));
    assert_eq!((absent.status, absent.problem()), (404, "not-found"));
    let elsewhere = format!("/api/v1/hooks/other/{id}");
    let tries = [
        (path, signature("dbw_other", SECONDS, body)),
        (path, signature(secret, SECONDS - 301, body)),
        (path, signature(secret, SECONDS + 301, body)),
        (path, signature(secret, SECONDS, "[]")),
        (path, "t=1".to_owned()),
        (path, String::new()),
        (&elsewhere, header.clone()),
    ];
    for (path, header) in &tries {
        let answer = deliver(&anybody, path, header, body);
        assert_eq!((answer.status, &answer.body), (404, &absent.body), "{path} {header}");
    }
    let unsigned = anybody.send_bytes(Method::POST, &path[7..], Some(("application/json", body.as_bytes().to_vec())));
    assert_eq!((unsigned.status, &unsigned.body), (404, &absent.body));
    assert_eq!(deliver(&anybody, path, &signature(secret, SECONDS - 299, body), body).status, 200);

    // Disabled, it is as good as gone; enabled, it is as before.
    let _ = administrator.send(Method::POST, &format!("/webhooks/{id}/disable"), None).ok();
    let answer = deliver(&anybody, path, &header, body);
    assert_eq!((answer.status, &answer.body), (404, &absent.body));
    let _ = administrator.send(Method::POST, &format!("/webhooks/{id}/enable"), None).ok();
    assert_eq!(deliver(&anybody, path, &header, body).status, 200);
    let rotated = administrator.send(Method::POST, &format!("/webhooks/{id}/rotation"), None).ok();
    let second = rotated["secret"].as_str().unwrap();
    assert_ne!(second, secret);
    for secret in [secret, second] {
        assert_eq!(deliver(&anybody, path, &signature(secret, SECONDS, body), body).status, 200);
    }
    // Secrets are shown once, and stand nowhere else.
    let shown =
        format!("{}{}", administrator.get("/webhooks").text, administrator.get(&format!("/webhooks/{id}")).text);
    let logged = served.said();
    assert!(!logged.is_empty());
    for secret in [secret, second] {
        assert!(!shown.contains(secret) && !logged.contains(secret));
        let kept = company.every_row();
        let holding: Vec<&String> = kept.iter().filter(|row| row.contains(secret)).collect();
        assert!(holding.len() == 1 && holding[0].starts_with("webhook_secret "), "{holding:?}");
    }
    let backup = company.folder().join("backup.db");
    company.ok(&["backup", backup.to_str().unwrap()]);
    let bytes = std::fs::read(&backup).unwrap();
    assert!(!bytes.windows(second.len()).any(|window| window == second.as_bytes()), "a backup holds no secret");

    assert_eq!(administrator.delete(&format!("/webhooks/{id}")).status, 204);
    assert_eq!(deliver(&anybody, path, &header, body).status, 404);
    assert_eq!(administrator.delete(&format!("/webhooks/{id}")).status, 404);
    assert_eq!(company.facts().len(), 2);
}

#[test]
fn a_webhook_is_changed_listed_and_refused_where_its_facts_would_have_no_ids() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start_with(&company, &PATIENT);
    let system = served.system(&company, &["setup:write", "setup:read"]);
    let made = system.post("/webhooks", &draft()).ok();
    let id = made["webhook"]["id"].as_str().unwrap();
    let mut changed = draft();
    changed["name"] = json!("Reviews");
    changed["skip_bad_facts"] = json!(true);
    let now = system.put(&format!("/webhooks/{id}"), &changed).ok();
    assert_eq!((&now["name"], &now["skip_bad_facts"]), (&json!("Reviews"), &json!(true)));
    assert_eq!(system.get("/webhooks").ok()["items"], json!([now]));
    for (from, to) in [("{review.id}", "{row}"), ("\"shop\"", "\"daybreak\""), ("kind", "kinds")] {
        let mut bad = draft();
        bad["mapping"] = json!(MAPPING.replace(from, to));
        let refused = system.post("/webhooks", &bad);
        assert_eq!((refused.status, refused.problem()), (422, "refused"), "{}", refused.text);
    }
    // Not for everybody.
    company.ok(&["people", "import", &company.file("people.csv", "id,name\nli-lei,李雷\n")]);
    let li = served.person(&company, "li-lei", "li");
    let reading = served.system(&company, &["setup:read"]);
    for answer in [li.get("/webhooks"), li.post("/webhooks", &draft()), reading.post("/webhooks", &draft())] {
        assert_eq!(answer.status, 404);
    }
}

#[test]
fn a_source_that_delivers_too_often_has_to_wait_and_strangers_do_not_make_it() {
    let company = company("Asia/Shanghai", NOW);
    // Each of these callers comes from an address of its own, as a proxy says.
    let limits = [("limits.requests_per_second", "1"), ("limits.burst", "5"), ("trusted_proxies", "127.0.0.1")];
    let served = Served::start_with(&company, &limits);
    let administrator = served.administrator(&company);
    let made = administrator.post("/webhooks", &draft()).ok();
    let (path, secret) = (made["webhook"]["path"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let from = |place: usize| served.anybody().with_header("x-forwarded-for", &format!("10.0.0.{place}"));
    for place in 0..20 {
        let stranger = deliver(&from(place), path, &signature("dbw_other", SECONDS, "[]"), "[]");
        assert_eq!(stranger.status, 404);
    }
    let header = signature(secret, SECONDS, "[]");
    let answers: Vec<Answer> = (20..40).map(|place| deliver(&from(place), path, &header, "[]")).collect();
    assert_eq!(answers[0].status, 200, "{}", answers[0].text);
    let limited = answers.iter().find(|answer| answer.status == 429).expect("twenty at once are too many");
    assert!(limited.headers["retry-after"].parse::<u64>().unwrap() >= 1);
}

#[test]
fn the_page_on_webhooks_says_what_works() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start_with(&company, &PATIENT);
    let administrator = served.administrator(&company);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("host/docs/WEBHOOKS.md");
    let page = std::fs::read_to_string(page).unwrap();
    let block = |kind: &str| {
        let (_, rest) = page.split_once(&format!("```{kind}\n")).expect("the page has such a block");
        rest.split_once("```").expect("the block ends").0
    };
    let draft: Value = serde_json::from_str(block("json")).unwrap();
    let made = administrator.post("/webhooks", &draft).ok();
    let run = |program: &str, script: String| {
        let output = Command::new(program)
            .args(["-c", &script])
            .env("SECRET", made["secret"].as_str().unwrap())
            .env("HOST", &served.address)
            .env("HOOK", made["webhook"]["path"].as_str().unwrap())
            .env_remove("http_proxy")
            .output()
            .expect("it can be started");
        let said = Said::of(&output);
        assert!(said.succeeded, "{}{}", said.output, said.errors);
        let answer: Value = serde_json::from_str(&said.output).expect("an answer");
        answer["results"].as_array().unwrap().iter().map(|result| result["outcome"].clone()).collect::<Vec<_>>()
    };
    // The hosts of tests live at another time than the machine.
    let shell = block("sh").replace("$(date +%s)", &SECONDS.to_string());
    assert_eq!(run("bash", format!("set -eu -o pipefail\n{shell}")), ["new"]);
    let python = block("python").replace("int(time.time())", &SECONDS.to_string());
    assert_eq!(run("python3", python), ["known", "new"]);
    assert_eq!(company.facts().len(), 2);
}
