//! Crises over HTTP: found, assigned, and not for their assignees to end.

use daybreak_tests::served::Served;
use serde_json::json;

use super::super::tasks::{LOG, company, import};

#[test]
fn who_leads_finds_everybody_who_touched_the_batch() {
    let company = company();
    import(&company, LOG);
    // Qian leads Li, and so may begin one.
    company.ok(&["people", "move", "li", "--manager", "qian", "--from", "2026-06-01"]);
    let served = Served::start(&company);
    let [qian, he, wu] = ["qian", "he", "wu"].map(|person| served.person(&company, person, person));
    let search = json!({ "document": "B7", "linked_by": "batch-no" });
    let plan = qian.post("/crises/plan", &search).ok();
    let people: Vec<(&str, bool)> = plan["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| (found["person"].as_str().unwrap(), found["has_left"].as_bool().unwrap()))
        .collect();
    assert_eq!(people, [("he", false), ("li", false), ("wu", false), ("zhao", true)]);
    // Who leads nobody finds nothing there.
    assert_eq!(he.post("/crises/plan", &search).problem(), "not-found");
    let draft = json!({ "search": search, "id": "recall-b7", "title": "召回 B7", "weight": 2.5 });
    assert_eq!(he.post("/crises", &draft).problem(), "not-found");

    let started = qian.post("/crises", &draft).ok();
    assert_eq!(started["task"]["assignees"], json!(["he", "li", "wu"]));
    assert_eq!((&started["task"]["initiator"], &started["changed"]), (&json!("qian"), &json!(true)));
    // Again, and under another id: the one that is open is the answer.
    let mut again = draft.clone();
    again["id"] = json!("recall-2");
    let answered = qian.post("/crises", &again).ok();
    assert_eq!((&answered["task"]["id"], &answered["changed"]), (&json!("recall-b7"), &json!(false)));
    assert_eq!(qian.post("/crises/plan", &search).ok()["open"]["id"], "recall-b7");

    // It is a circumstance of those who are assigned, each of whom sees their own days.
    let seen = wu.get("/circumstances?kind=crisis").ok();
    let crisis = &seen["items"][0];
    assert_eq!(crisis["cause"], json!({ "task": "recall-b7" }));
    assert_eq!((&crisis["participants"][0]["person"], &crisis["participant_count"]), (&json!("wu"), &json!(3)));
    assert_eq!(crisis["participants"].as_array().unwrap().len(), 1);

    // They see the task and cannot end it; who began it can.
    assert_eq!(wu.get("/tasks/recall-b7").status, 200);
    assert_eq!(wu.post("/tasks/recall-b7/completion", &json!({})).problem(), "not-found");
    assert_eq!(qian.post("/tasks/recall-b7/completion", &json!({})).ok()["task"]["state"], "done");

    let nobody = json!({ "search": { "document": "B99" }, "title": "Nothing" });
    let refused = qian.post("/crises", &nobody);
    assert_eq!((refused.status, refused.problem()), (422, "refused"));
    let system = served.system(&company, &["tasks:write"]);
    let by_system = json!({ "search": search, "title": "Recall", "initiator": "he", "also": ["qian"] });
    assert_eq!(system.post("/crises", &by_system).ok()["task"]["assignees"], json!(["he", "li", "qian", "wu"]));
}
