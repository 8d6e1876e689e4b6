//! Facts over HTTP: recorded once, looked up by whoever may see them.

use daybreak_tests::served::Served;
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::NOW;

fn visit(id: &str, at: &str, who: &Value) -> Value {
    let mut fact = json!({
        "source": "crm", "external_id": id, "kind": "visit", "occurred_at": at, "capture": "automatic",
        "document": "D-1", "customer": "h1", "fields": { "depth": "3" },
    });
    fact.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
    fact
}

#[test]
fn facts_are_recorded_once_and_each_of_them_answered() {
    let company = company("Asia/Shanghai", NOW);
    company.ok(&["people", "import", &company.file("people.csv", "id,name,identities\nli-lei,李雷,crm:lei\n")]);
    let served = Served::start(&company);
    let crm = served.system(&company, &["facts:write", "facts:read"]);

    let first = visit("v1", "2026-06-01T09:00:00+08:00", &json!({ "who": "lei" }));
    let second = visit("v2", "2026-06-02T01:00:00Z", &json!({ "actor": "li-lei" }));
    let answer = crm.post("/facts", &json!({ "facts": [first, second] })).ok();
    let outcomes = |answer: &Value| -> Vec<String> {
        let results = answer["results"].as_array().unwrap().iter();
        results.map(|result| result["outcome"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(outcomes(&answer), ["new", "new"]);
    let number = answer["results"][0]["sequence"].as_i64().unwrap();

    // Again: nothing happens. With other content: another revision.
    let again = crm.post("/facts", &json!({ "facts": [first, second] })).ok();
    assert_eq!(outcomes(&again), ["known", "known"]);
    assert_eq!(again["sequence"], answer["sequence"]);
    let mut corrected = first.clone();
    corrected["fields"]["depth"] = json!("5");
    let revised = crm.post("/facts", &json!({ "facts": [corrected] })).ok();
    assert_eq!((outcomes(&revised), &revised["results"][0]["revision"]), (vec!["revised".to_owned()], &json!(1)));

    // The source's own numbers are those that are answered, also where another is current; there is a highest one.
    let numbered = |revision: i64, depth: &str| {
        let mut fact = visit("v3", "2026-06-03T01:00:00Z", &json!({ "revision": revision, "document": "D-2" }));
        fact["fields"]["depth"] = json!(depth);
        crm.post("/facts", &json!({ "facts": [fact] }))
    };
    for (revision, outcome) in [(7, "new"), (9, "revised"), (8, "outranked"), (2_147_483_647, "revised")] {
        let answer = numbered(revision, &revision.to_string()).ok();
        assert_eq!(
            (outcomes(&answer), &answer["results"][0]["revision"]),
            (vec![outcome.to_owned()], &json!(revision))
        );
    }
    assert_eq!(numbered(2_147_483_648, "10").status, 422);
    let mut counted_on = visit("v3", "2026-06-03T01:00:00Z", &json!({}));
    counted_on["document"] = json!("D-2");
    let answer = crm.post("/facts", &json!({ "facts": [counted_on] })).ok();
    assert_eq!(answer["results"][0]["revision"], json!(2_147_483_648_u32));

    // Stored as it was sent, in UTC.
    let fact = crm.get(&format!("/facts/{number}")).ok();
    assert_eq!(
        (&fact["occurred_at"], &fact["actor"], &fact["fields"]["depth"], &fact["revision"]),
        (&json!("2026-06-01T01:00:00Z"), &json!("li-lei"), &json!("3"), &json!(0))
    );
    // By document, the newest occurrence first, in pages of one.
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page = crm.get(&format!("/facts?document=D-1&limit=1{after}")).ok();
        found.extend(page["items"].as_array().unwrap().iter().map(|fact| fact["external_id"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found, ["v2", "v1", "v1"]);
}

#[test]
fn one_bad_fact_keeps_all_out_unless_the_caller_wants_the_others() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let crm = served.system(&company, &["facts:write"]);
    let good = visit("v1", "2026-06-01T01:00:00Z", &json!({}));
    let unknown = visit("v2", "2026-06-01T01:00:00Z", &json!({ "who": "nobody" }));
    let nameless = visit("", "2026-06-01T01:00:00Z", &json!({}));
    let facts = json!([good, unknown, nameless]);

    let refused = crm.post("/facts", &json!({ "facts": facts }));
    assert_eq!((refused.status, refused.problem()), (422, "refused"), "{}", refused.text);
    let places: Vec<&Value> = refused.body["errors"].as_array().unwrap().iter().map(|flaw| &flaw["place"]).collect();
    assert_eq!(places, [1, 2]);
    assert_eq!(company.facts().len(), 0);

    let taken = crm.post("/facts", &json!({ "facts": facts, "skip_bad_facts": true })).ok();
    let outcomes: Vec<&Value> = taken["results"].as_array().unwrap().iter().map(|result| &result["outcome"]).collect();
    assert_eq!(outcomes, ["new", "refused", "refused"]);
    assert_eq!(company.facts().len(), 1);

    let many: Vec<Value> =
        (0..10_001).map(|number| visit(&format!("m{number}"), "2026-06-01T01:00:00Z", &json!({}))).collect();
    let too_many = crm.post("/facts", &json!({ "facts": many }));
    assert_eq!((too_many.status, too_many.problem()), (422, "refused"), "{}", too_many.text);
    let misspelt = crm.post("/facts", &json!({ "facts": [], "skip_bad_rows": true }));
    assert!(misspelt.status == 422 && misspelt.text.contains("skip_bad_rows"), "{}", misspelt.text);
    let torn = crm.send_bytes(reqwest::Method::POST, "/facts", Some(("application/json", b"{\"facts\": [".to_vec())));
    assert_eq!((torn.status, torn.problem()), (400, "malformed"));
    let text = crm.send_bytes(reqwest::Method::POST, "/facts", Some(("text/plain", b"{}".to_vec())));
    assert_eq!((text.status, text.problem()), (415, "media-type"));
}

#[test]
fn a_body_that_is_too_long_and_a_caller_who_asks_too_often_are_turned_away() {
    let company = company("Asia/Shanghai", NOW);
    let limits = [("limits.body_bytes", "2 KiB"), ("limits.requests_per_second", "1"), ("limits.burst", "5")];
    let served = Served::start_with(&company, &limits);
    let crm = served.system(&company, &["facts:write"]);
    let facts: Vec<Value> =
        (0..20).map(|number| visit(&format!("v{number}"), "2026-06-01T01:00:00Z", &json!({}))).collect();
    let long = crm.post("/facts", &json!({ "facts": facts }));
    assert_eq!((long.status, long.problem()), (413, "too-large"));

    let answers: Vec<_> = (0..10).map(|_| crm.get("/facts?document=D-1")).collect();
    let limited = answers.iter().find(|answer| answer.status == 429).expect("ten requests at once are too many");
    assert_eq!(limited.problem(), "too-many-requests");
    assert!(limited.headers["retry-after"].parse::<u64>().unwrap() >= 1);
}
