//! A customer of the demonstration company falls silent, and is looked after again.

use daybreak_tests::served::Served;
use serde_json::{Value, json};

use super::super::demonstration::{self, NOW, now};

/// Scored is only when the story says so.
const IDLE: &[(&str, &str)] = &[("workers.scorers", "0")];

#[test]
fn a_silent_customer_raises_an_alert_whose_care_plan_counts() {
    let (mut company, written) = demonstration::company(60);
    let lost =
        written.lost.iter().find(|lost| lost.representative != lost.manager).expect("somebody's customer is lost");
    // Two months ago it still bought, and nobody was alarmed.
    company.set_now(&daybreak_demo::calendar::Minute(now().0 - 62 * 1_440).instant());
    company.ok(&["assess"]);
    let served = Served::start_with(&company, IDLE);
    let representative = served.person(&company, &lost.representative, "representative");
    assert_eq!(representative.get("/alerts").ok()["items"], json!([]));
    served.stop();

    company.set_now(NOW);
    company.ok(&["score"]);
    let served = Served::start_with(&company, IDLE);
    let representative = served.person(&company, &lost.representative, "representative");
    let manager = served.person(&company, &lost.manager, "manager");
    let of_customer = |page: &Value| {
        let alerts = page["items"].as_array().unwrap();
        alerts
            .iter()
            .find(|alert| alert["subject"] == json!(lost.customer))
            .cloned()
            .expect("the customer has an alert")
    };
    let alert = of_customer(&manager.get("/alerts").ok());
    assert_eq!(alert, of_customer(&representative.get("/alerts").ok()));
    let number = alert["alert"].as_i64().unwrap();
    // The package: what went well, what was heard of competitors, whom to ask; and what it rests on.
    let suggestions = alert["suggestions"].as_array().unwrap();
    assert_eq!(suggestions.len(), 3, "{alert}");
    let people = suggestions.iter().flat_map(|suggestion| suggestion["people"].as_array().unwrap());
    assert!(people.into_iter().any(|person| *person == json!(lost.representative)), "{alert}");
    assert!(!alert["evidence"].as_array().unwrap().is_empty(), "{alert}");

    let score = |indicator: &str| {
        let path = format!("/scores?subject={}&indicator={indicator}&period=2026-07", lost.representative);
        manager.get(&path).ok()["items"][0].clone()
    };
    let before = score("customer-lifecycle");
    let composite = |caller: &daybreak_tests::served::Caller| {
        caller.get(&format!("/composites?employee={}&period=2026-07", lost.representative)).ok()["items"][0].clone()
    };
    let composite_before = composite(&manager);

    let plan = json!({ "language": "zh-CN", "assignees": [lost.representative] });
    let task = manager.post(&format!("/alerts/{number}/plan"), &plan).ok()["task"].clone();
    assert_eq!((&task["kind"], &task["counts_in"]), (&json!("care-plan"), &json!("customer-lifecycle")), "{task}");
    // Seven days after the fifteenth.
    assert_eq!((&task["due"], &task["customer"]), (&json!("2026-07-22"), &json!(lost.customer)));
    let id = task["id"].as_str().unwrap();
    let done = representative.post(&format!("/tasks/{id}/completion"), &json!({})).ok();
    assert_eq!(done["task"]["state"], "done");
    assert_eq!(manager.get(&format!("/alerts/{number}")).ok()["alert"]["event"], "planned");

    company.ok(&["score"]);
    let after = score("customer-lifecycle");
    let raw = |score: &Value| score["raw"].as_f64().unwrap_or(0.0);
    assert_eq!(raw(&after), raw(&before) + 1.0, "{before} {after}");
    let evidence = manager.get(&format!("/scores/{}/evidence", after["sequence"])).ok();
    let facts = evidence.as_array().expect("a list of facts");
    assert!(facts.iter().any(|fact| fact.to_string().contains(id)), "{evidence}");
    assert_ne!(composite(&manager)["sequence"], composite_before["sequence"]);
}
