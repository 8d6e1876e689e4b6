//! Customers and their contacts over HTTP.

use daybreak_tests::served::Served;
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::NOW;
use super::people::{assert_hidden, ids, organise};

#[test]
fn customers_are_seen_by_whoever_looks_after_them_and_whoever_leads_those() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let crm = served.system(&company, &["customers:write", "customers:read"]);
    let customers = json!([
        { "id": "H-1", "name": "第一医院", "kind": "hospital" },
        { "id": "H-2", "name": "第二医院", "kind": "hospital" },
        { "id": "D/3", "name": "华东经销" },
    ]);
    assert_eq!(crm.post("/customers", &json!({ "customers": customers })).ok(), json!({ "read": 3, "appended": 3 }));
    assert_eq!(crm.post("/customers", &json!({ "customers": customers })).ok(), json!({ "read": 3, "appended": 0 }));
    let owners = json!([
        { "customer": "H-1", "owner": "wu", "from": "2026-01-01" },
        { "customer": "H-1", "owner": "li", "from": "2026-06-01" },
        { "customer": "H-2", "owner": "wu", "from": "2026-01-01" },
    ]);
    assert_eq!(crm.post("/owners", &json!({ "owners": owners })).ok(), json!({ "read": 3, "appended": 3 }));
    let bad = crm.post("/owners", &json!({ "owners": [{ "customer": "H-9", "owner": "nobody" }] }));
    let fields: Vec<&Value> = bad.body["errors"].as_array().unwrap().iter().map(|flaw| &flaw["field"]).collect();
    assert_eq!((bad.status, fields), (422, vec![&json!("customer"), &json!("owner")]), "{}", bad.text);

    let [zhao, li, wu, sun] = ["zhao", "li", "wu", "sun"].map(|person| served.person(&company, person, person));
    let nothing = li.get("/customers/nothing");
    assert_eq!(ids(li.get("/customers")), ["H-1"]);
    assert_eq!(ids(zhao.get("/customers")), ["H-1"]);
    assert_eq!(ids(sun.get("/customers?kind=hospital")), ["H-2"]);
    assert_eq!(ids(sun.get("/customers?on=2026-05-31")), ["H-1", "H-2"]);
    assert_eq!(ids(crm.get("/customers")), ["D/3", "H-1", "H-2"]);
    assert_eq!(ids(crm.get("/customers?owner=wu")), ["H-2"]);
    assert_eq!(ids(crm.get("/customers?name=h-1")), ["H-1"]);
    for path in ["", "/owners", "/contacts"] {
        assert_eq!(zhao.get(&format!("/customers/H-1{path}")).status, 200);
        assert_hidden(&wu.get(&format!("/customers/H-1{path}")), &nothing);
        assert_hidden(&crm.get(&format!("/customers/nothing{path}")), &nothing);
    }
    let customer = li.get("/customers/H-1").ok();
    let owner = json!({ "id": "li", "name": "李雷" });
    assert_eq!(customer, json!({ "id": "H-1", "name": "第一医院", "kind": "hospital", "owner": owner }));
    assert_eq!(crm.get("/customers/D%2F3").ok()["name"], "华东经销");

    assert_hidden(&li.put("/customers/H-1", &json!({ "name": "别名" })), &nothing);
    assert_hidden(&li.post("/customers/H-1/owners", &json!({ "owner": "wu" })), &nothing);
    assert_hidden(&crm.post("/customers/nothing/owners", &json!({ "owner": "wu" })), &nothing);
    assert_eq!(administrator.put("/customers/H-1", &json!({ "name": "第一人民医院" })).status, 204);
    let for_july = json!({ "owner": "wu", "from": "2026-07-01", "until": "2026-08-01" });
    assert_eq!(administrator.post("/customers/H-1/owners", &for_july).status, 204);
    let history = administrator.get("/customers/H-1/owners").ok();
    let told = |row: &Value| (row["from"].clone(), row["until"].clone(), row["owner"]["id"].clone());
    let history: Vec<_> = history["items"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(
        history,
        [
            (json!("2026-01-01"), json!("2026-06-01"), json!("wu")),
            (json!("2026-06-01"), json!("2026-07-01"), json!("li")),
            (json!("2026-07-01"), json!("2026-08-01"), json!("wu")),
            (json!("2026-08-01"), Value::Null, json!("li")),
        ]
    );
    assert_hidden(&li.get("/customers/H-1"), &nothing);
    assert_eq!(wu.get("/customers/H-1").status, 200);
}

#[test]
fn whoever_answers_for_a_customer_records_its_contacts() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let customers = json!([{ "id": "H-1", "name": "第一医院" }, { "id": "H-2", "name": "第二医院" }]);
    assert_eq!(administrator.post("/customers", &json!({ "customers": customers })).status, 200);
    for (customer, owner) in [("H-1", "li"), ("H-2", "wu")] {
        let assignment = json!({ "owner": owner, "from": "2026-01-01" });
        assert_eq!(administrator.post(&format!("/customers/{customer}/owners"), &assignment).status, 204);
    }
    let [zhao, li, wu, hu] = ["zhao", "li", "wu", "hu"].map(|person| served.person(&company, person, person));
    let nothing = li.get("/customers/nothing");
    let chen = json!({ "id": "chen", "name": "陈主任", "title": "采购主任", "from": "2026-05-01" });
    assert_hidden(&wu.post("/customers/H-1/contacts", &chen), &nothing);
    // Hu sees the customer, as HR partner of the one who looks after it, and does not act for them.
    assert_eq!(hu.get("/customers/H-1/contacts").status, 200);
    assert_hidden(&hu.post("/customers/H-1/contacts", &chen), &nothing);
    let recorded = li.post("/customers/H-1/contacts", &chen).ok();
    assert_eq!((&recorded["title"], &recorded["here"]), (&json!("采购主任"), &json!(true)));
    let promoted = json!({ "id": "chen", "name": "陈主任", "title": "院长", "from": "2026-06-10" });
    assert_eq!(zhao.post("/customers/H-1/contacts", &promoted).ok()["title"], "院长");
    let unnamed = li.post("/customers/H-1/contacts", &json!({ "name": "林医生", "title": "医生" })).ok();
    assert!(unnamed["id"].as_str().unwrap().starts_with("contact"), "{unnamed}");

    // Nobody takes over a contact of a customer that is not theirs.
    assert_hidden(&wu.post("/customers/H-2/contacts", &chen), &nothing);
    assert_hidden(&wu.put("/contacts/chen/departure", &json!({ "on": "2026-06-20" })), &nothing);
    assert_eq!(li.put("/contacts/chen/departure", &json!({ "on": "2026-06-20" })).status, 204);
    let list = |caller: &daybreak_tests::served::Caller| caller.get("/customers/H-1/contacts").ok()["items"].clone();
    let gone = list(&li);
    assert_eq!((&gone[0]["here"], gone[0]["events"].as_array().unwrap().len()), (&json!(false), 3));
    assert_eq!(li.put("/contacts/chen/departure", &json!({ "on": null })).status, 204);
    assert_eq!(list(&li)[0]["here"], true);

    assert_hidden(&li.send(reqwest::Method::POST, "/contacts/chen/erasure", None), &nothing);
    for _ in 0..2 {
        assert_eq!(administrator.send(reqwest::Method::POST, "/contacts/chen/erasure", None).status, 204);
    }
    assert_eq!((&list(&li)[0]["name"], &list(&li)[0]["erased"]), (&json!(""), &json!(true)));
    let again = li.post("/customers/H-1/contacts", &chen);
    assert_eq!((again.status, again.problem()), (422, "refused"), "{}", again.text);

    let listed = json!({ "contacts": [
        { "id": "guo", "customer": "H-2", "name": "郭院长", "title": "院长", "from": "2026-01-01", "left": "2026-06-01" },
    ] });
    assert_eq!(administrator.post("/contacts", &listed).ok(), json!({ "read": 1, "appended": 3 }));
    assert_eq!(wu.get("/customers/H-2/contacts").ok()["items"][0]["here"], false);
}
