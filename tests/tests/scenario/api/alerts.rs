//! Alerts over HTTP: for whoever looks after the customer and those who lead them.

use daybreak_tests::served::Served;
use serde_json::json;

use super::super::alerts::{enable, shop};
use super::super::tickets::{enable_in, person};

#[test]
fn an_alert_reaches_its_owner_and_its_plan_becomes_a_task() {
    let company = shop();
    enable_in(&company);
    enable(&company, "customer-risk", r#"{"counts_in": "hours-to-resolve", "touchpoint_kind": "order"}"#);
    let (li, wu) = (person(&company, "li"), person(&company, "wu"));
    company.ok(&["people", "import", &company.file("people.csv", "id,name\nhan,韩梅\n")]);
    company.ok(&["people", "move", &li, "--manager", "han", "--from", "2026-01-01"]);
    for customer in ["H1", "H2", "H3"] {
        company.ok(&["customer", "add", customer, "--name", customer]);
    }
    company.ok(&["customer", "assign", "H1", &li, "--from", "2026-01-01"]);
    company.ok(&["assess"]);
    let served = Served::start(&company);
    let owner = served.person(&company, &li, "li");
    let manager = served.person(&company, "han", "han");
    let colleague = served.person(&company, &wu, "wu");

    let page = owner.get("/alerts?subject_kind=customer").ok();
    let alert = page["items"][0].clone();
    assert_eq!((page["items"].as_array().unwrap().len(), &alert["subject"]), (1, &json!("H1")));
    assert_eq!((&alert["open"], &alert["event"], &alert["key"]), (&json!(true), &json!("opened"), &json!("silent")));
    let number = alert["alert"].as_i64().unwrap();
    assert_eq!(manager.get(&format!("/alerts/{number}")).ok()["alert"], alert);
    // The package names people by id.
    let suggestions = alert["suggestions"].as_array().unwrap();
    let people = suggestions.iter().flat_map(|suggestion| suggestion["people"].as_array().unwrap());
    assert!(people.into_iter().any(|person| *person == json!(wu)), "{alert}");
    // To who does not look after the customer it is not there.
    assert_eq!(colleague.get("/alerts").ok()["items"], json!([]));
    assert_eq!(colleague.get(&format!("/alerts/{number}")).body, colleague.get("/alerts/999999").body);
    assert_eq!(colleague.post(&format!("/alerts/{number}/plan"), &json!({})).problem(), "not-found");
    let replay = owner.post(&format!("/alerts/{number}/replay"), &json!({})).ok();
    assert_eq!((&replay["equal"], &replay["differences"]), (&json!(true), &json!([])));

    let planned = owner.post(&format!("/alerts/{number}/plan"), &json!({ "language": "en" })).ok();
    let task = &planned["task"];
    // Seven days after 06-30.
    assert_eq!((&task["due"], &task["assignees"]), (&json!("2026-07-07"), &json!([li])));
    assert_eq!((&task["kind"], &task["counts_in"]), (&json!("care-plan"), &json!("hours-to-resolve")));
    assert!(task["title"].as_str().unwrap().starts_with("Customer care"), "{task}");
    assert_eq!(manager.post(&format!("/alerts/{number}/plan"), &json!({})).problem(), "conflict");
    let read = manager.get(&format!("/alerts/{number}")).ok();
    assert_eq!((&read["alert"]["task"], &read["alert"]["event"]), (&task["id"], &json!("planned")));
    assert_eq!(read["history"].as_array().unwrap().len(), 2);
    assert_eq!(owner.get(&format!("/tasks/{}", task["id"].as_str().unwrap())).status, 200);
}

#[test]
fn alerts_are_walked_by_priority() {
    let mut company = shop();
    // By 08-10 H1 and H2 are silent; see the story of an alert that comes back.
    company.ok(&["assess"]);
    company.set_now("2026-08-10T15:00:00Z");
    company.ok(&["assess"]);
    let served = Served::start(&company);
    let administrator = served.administrator(&company);
    let whole = administrator.get("/alerts?closed=true").ok();
    let numbers = |page: &serde_json::Value| -> Vec<i64> {
        page["items"].as_array().unwrap().iter().map(|alert| alert["alert"].as_i64().unwrap()).collect()
    };
    let (mut walked, mut after) = (Vec::new(), String::new());
    loop {
        let page = administrator.get(&format!("/alerts?closed=true&limit=1{after}")).ok();
        walked.extend(numbers(&page));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert!(!walked.is_empty());
    assert_eq!(walked, numbers(&whole));
    assert_eq!(administrator.get("/alerts?after=zz:1:a:b").problem(), "malformed");
}
