//! Circumstances over HTTP: recorded by those who lead, seen by those whom they concern.

use daybreak_tests::served::Served;
use serde_json::{Value, json};

use super::super::company;

#[test]
fn only_who_leads_everybody_in_it_records_ends_and_withdraws_a_circumstance() {
    let company = company("Asia/Shanghai", "2026-06-10T04:00:00Z");
    let people = "id,name,manager\nhan,韩梅,\nchen,陈,han\nli,李雷,han\nzhao,赵,\nwu,吴,zhao\n";
    company.ok(&["people", "import", &company.file("people.csv", people)]);
    let served = Served::start(&company);
    let [han, chen, zhao] = ["han", "chen", "zhao"].map(|person| served.person(&company, person, person));
    let administrator = served.administrator(&company);
    let draft = |people: &[&str]| {
        let participants: Vec<Value> = people.iter().map(|person| json!({ "person": person })).collect();
        json!({
            "id": "delivery-1", "kind": "urgent-delivery", "from": "2026-06-08", "until": "2026-06-15",
            "participants": participants, "measures": { "hours": 12.0 }, "reason": "客户提前上线",
        })
    };
    // For one's own people; not for others, nor for oneself, and not by who leads nobody.
    for people in [&["chen", "wu"][..], &["wu"], &["han"], &["ghost"]] {
        assert_eq!(han.post("/circumstances", &draft(people)).problem(), "not-found", "{people:?}");
    }
    assert_eq!(chen.post("/circumstances", &draft(&["chen"])).problem(), "not-found");
    let created = han.post("/circumstances", &draft(&["chen"])).ok();
    assert_eq!(created["changed"], true);
    assert_eq!(created["circumstance"]["participants"], json!([{ "person": "chen", "from": "2026-06-08" }]));
    assert_eq!(created["circumstance"]["cause"], json!({ "person": "han" }));
    assert_eq!(han.post("/circumstances", &draft(&["chen"])).ok()["changed"], false);
    assert_eq!(han.post("/circumstances", &draft(&["li"])).problem(), "conflict");
    let mut crisis = draft(&["chen"]);
    crisis["kind"] = json!("crisis");
    assert_eq!(han.post("/circumstances", &crisis).problem(), "refused");

    // Whom it concerns sees it; a manager of others does not.
    assert_eq!(chen.get("/circumstances/delivery-1").ok(), created["circumstance"]);
    assert_eq!(zhao.get("/circumstances/delivery-1").body, zhao.get("/circumstances/nothing").body);
    assert_eq!(zhao.get("/circumstances").ok()["items"], json!([]));
    assert_eq!(zhao.post("/circumstances/delivery-1/withdrawal", &json!({})).problem(), "not-found");
    assert_eq!(chen.get("/circumstances?during=2026-05").ok()["items"], json!([]));
    assert_eq!(chen.get("/circumstances?during=2026-06&person=chen").ok()["items"][0]["id"], "delivery-1");

    // Li joins; with Wu, whom the administrator adds, it is not Han's alone any more.
    let join = |person: &str| json!({ "participants": [{ "person": person, "from": "2026-06-10" }] });
    let joined = han.post("/circumstances/delivery-1/participants", &join("li")).ok();
    assert_eq!(joined["circumstance"]["participant_count"], 2);
    assert_eq!(han.post("/circumstances/delivery-1/participants", &join("wu")).problem(), "not-found");
    let _ = administrator.post("/circumstances/delivery-1/participants", &join("wu")).ok();
    assert_eq!(han.post("/circumstances/delivery-1/end", &json!({ "until": "2026-06-12" })).problem(), "not-found");
    // Each sees the people in their own reach, and how many there are.
    let seen = |caller: &daybreak_tests::served::Caller| {
        let one = caller.get("/circumstances/delivery-1").ok();
        let people = one["participants"].as_array().unwrap().iter();
        let people: Vec<String> = people.map(|one| one["person"].as_str().unwrap().to_owned()).collect();
        (people.join(" "), one["participant_count"].as_u64().unwrap())
    };
    assert_eq!((seen(&han), seen(&zhao)), (("chen li".to_owned(), 3), ("wu".to_owned(), 3)));
    assert_eq!(zhao.get("/circumstances?person=chen").ok()["items"], json!([]));

    let ended = administrator.post("/circumstances/delivery-1/end", &json!({ "until": "2026-06-12" })).ok();
    assert_eq!(ended["circumstance"]["until"], "2026-06-12");
    let withdrawn = administrator.post("/circumstances/delivery-1/withdrawal", &json!({})).ok();
    assert_eq!(withdrawn["circumstance"]["withdrawn"], true);
    assert_eq!(administrator.get("/circumstances").ok()["items"], json!([]));
    assert_eq!(administrator.get("/circumstances?withdrawn=true").ok()["items"][0]["id"], "delivery-1");
    let after = administrator.post("/circumstances/delivery-1/end", &json!({ "until": "2026-06-11" }));
    assert_eq!(after.problem(), "conflict");
}

#[test]
fn circumstances_are_walked_from_the_last_begun() {
    let company = company("Asia/Shanghai", "2026-06-10T04:00:00Z");
    company.ok(&["people", "import", &company.file("people.csv", "id,name,manager\nhan,韩梅,\nchen,陈,han\n")]);
    let served = Served::start(&company);
    let han = served.person(&company, "han", "han");
    for (id, from) in [("b", "2026-06-01"), ("c", "2026-05-01"), ("a", "2026-06-01"), ("d", "2026-06-05")] {
        let participants = json!([{ "person": "chen" }]);
        let draft = json!({ "id": id, "kind": "launch", "from": from, "participants": participants, "reason": "上线" });
        let _ = han.post("/circumstances", &draft).ok();
    }
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = han.get(&format!("/circumstances?limit=1{after}")).ok();
        found.push(page["items"][0]["id"].as_str().unwrap().to_owned());
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found, ["d", "a", "b", "c"]);
}
