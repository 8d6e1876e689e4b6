//! People, departments and absences over HTTP: set up by administrators, seen and changed by whoever may.

use daybreak_tests::company::TestCompany;
use daybreak_tests::served::{Answer, Caller, Served};
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::NOW;

/// Zhao leads Qian, who leads Li, in sales and north below it; Wu works in service, for Sun. Until March Li was there, too.
/// Hu is HR partner of sales.
pub fn organise(served: &Served, company: &TestCompany) -> Caller {
    let administrator = served.administrator(company);
    let departments = json!([
        { "id": "sales", "name": "销售部" },
        { "id": "north", "name": "北区", "parent": "sales" },
        { "id": "service", "name": "服务部" },
    ]);
    let taken = administrator.post("/departments", &json!({ "departments": departments })).ok();
    assert_eq!(taken, json!({ "read": 3, "appended": 3 }));
    let title = json!({ "title": { "zh-CN": "客户代表", "en": "Account executive" } });
    assert_eq!(administrator.put("/positions/rep", &title).status, 204);
    let people = everybody();
    let added = administrator.post("/people", &people).ok();
    assert_eq!(added, json!({ "read": 7, "new": 6, "spells": 7 }));
    let roles = json!({ "administrator": false, "hr_departments": ["sales"] });
    assert_eq!(administrator.put("/people/hu/roles", &roles).status, 204);
    administrator
}

fn everybody() -> Value {
    let since = "2026-01-01";
    json!({ "people": [
        { "id": "zhao", "name": "赵敏", "department": "sales", "from": since },
        { "id": "qian", "name": "钱江", "department": "sales", "manager": "zhao", "from": since },
        { "id": "li", "name": "李雷", "department": "service", "manager": "sun", "from": since },
        { "id": "li", "name": "李雷", "department": "north", "manager": "qian", "position": "rep", "from": "2026-03-01" },
        { "id": "sun", "name": "孙悦", "department": "service", "from": since },
        { "id": "wu", "name": "吴芳", "department": "service", "manager": "sun", "from": since },
        { "id": "hu", "name": "胡杨", "department": "service", "from": since },
    ] })
}

pub fn ids(answer: Answer) -> Vec<String> {
    let page = answer.ok();
    let items = page["items"].as_array().expect("a page").iter();
    items.map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

/// The answer is the one to what is not there.
pub fn assert_hidden(answer: &Answer, nothing: &Answer) {
    assert_eq!((answer.status, &answer.body), (404, &nothing.body), "{}", answer.text);
    assert_eq!(answer.problem(), "not-found");
}

#[test]
fn an_organisation_is_set_up_once_and_read_back() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);

    // Again: nothing happens.
    let before = administrator.get("/company").ok();
    assert_eq!((&before["id"], &before["today"]), (&json!("acme"), &json!("2026-07-01")));
    assert_eq!(administrator.post("/people", &everybody()).ok(), json!({ "read": 7, "new": 0, "spells": 0 }));
    assert_eq!(administrator.get("/company").ok()["sequence"], before["sequence"]);

    let li = administrator.get("/people/li").ok();
    let expected = json!({
        "id": "li", "name": "李雷", "erased": false, "on": "2026-07-01", "employed": true,
        "department": { "id": "north", "name": "北区" }, "manager": { "id": "qian", "name": "钱江" },
        "position": { "id": "rep", "title": { "zh-CN": "客户代表", "en": "Account executive" } },
    });
    assert_eq!(li, expected);
    let in_winter = administrator.get("/people/li?on=2026-02-01").ok();
    assert_eq!((&in_winter["department"]["id"], &in_winter["position"]), (&json!("service"), &Value::Null));
    let before_all = administrator.get("/people/li?on=2025-12-31").ok();
    assert_eq!((&before_all["employed"], &before_all["department"]), (&json!(false), &Value::Null));

    let list = |query: &str| ids(administrator.get(&format!("/people?{query}")));
    assert_eq!(list("department=sales"), ["qian", "zhao"]);
    assert_eq!(list("department=sales&with_those_below=true"), ["li", "qian", "zhao"]);
    assert_eq!(list("department=service&on=2026-02-01"), ["hu", "li", "sun", "wu"]);
    assert_eq!(list("manager=sun"), ["wu"]);
    assert_eq!(list("name=%E6%9D%8E"), ["li"], "a part of the name");
    assert_eq!(list("on=2025-12-31"), [""; 0], "nobody was there yet");
    assert_eq!(list("on=2025-12-31&everybody=true").len(), 7, "the first administrator is one of them");
    // In pages of two, nobody twice and nobody left out.
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page = administrator.get(&format!("/people?limit=2{after}")).ok();
        found.extend(page["items"].as_array().unwrap().iter().map(|person| person["id"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    assert_eq!(found, ["hu", "li", "qian", "sun", "wu", "zhao"]);

    let spells = administrator.get("/people/li/spells").ok();
    let told = |spell: &Value| (spell["from"].clone(), spell["until"].clone(), spell["department"]["id"].clone());
    let spells: Vec<_> = spells["items"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(
        spells,
        [
            (json!("2026-01-01"), json!("2026-03-01"), json!("service")),
            (json!("2026-03-01"), Value::Null, json!("north")),
        ]
    );
    let reports = administrator.get("/people/zhao/reports").ok();
    let told = |report: &Value| (report["id"].clone(), report["direct"].clone());
    let reports: Vec<_> = reports["items"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(reports, [(json!("li"), json!(false)), (json!("qian"), json!(true))]);
    assert_eq!(ids(administrator.get("/people/zhao/reports?direct=true")), ["qian"]);
    assert_eq!(ids(administrator.get("/people/sun/reports?on=2026-02-01")), ["li", "wu"]);

    assert_eq!(ids(administrator.get("/departments")), ["north", "sales", "service"]);
    assert_eq!(ids(administrator.get("/positions")), ["rep"]);
}

#[test]
fn one_bad_entry_keeps_a_list_out_and_every_one_is_named() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let people = json!([
        { "id": "new", "name": "新人", "department": "sales" },
        { "id": "Bad Id", "name": "某人" },
        { "id": "lost", "name": "某人", "department": "nowhere", "manager": "nobody" },
    ]);
    let refused = administrator.post("/people", &json!({ "people": people }));
    assert_eq!((refused.status, refused.problem()), (422, "refused"), "{}", refused.text);
    let told = |flaw: &Value| (flaw["place"].clone(), flaw["field"].clone());
    let flaws: Vec<_> = refused.body["errors"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(flaws, [(json!(1), json!("id")), (json!(2), json!("department")), (json!(2), json!("manager"))]);
    assert_eq!(administrator.get("/people/new").status, 404);
    let many: Vec<Value> = (0..10_001).map(|number| json!({ "id": format!("p{number}"), "name": "某人" })).collect();
    let too_many = administrator.post("/people", &json!({ "people": many }));
    assert_eq!((too_many.status, too_many.problem()), (422, "refused"));
    // No database has to keep what not every one can.
    let null = json!({ "people": [{ "id": "null", "name": "a\u{0}b" }] });
    assert_eq!(administrator.post("/people", &null).status, 422);
    assert_eq!(administrator.get("/people/%00").status, 404);
    assert_eq!(administrator.get("/audit?id=%00").status, 400);

    // A list that is everything says who left; one that is a correction does not.
    let shorter = json!([{ "id": "wu", "name": "吴芳", "department": "service", "manager": "sun", "from": "2026-01-01",
        "until": "2026-06-01" }]);
    let correction = administrator.post("/people", &json!({ "people": shorter })).ok();
    assert_eq!(correction["spells"], 0);
    assert_eq!(administrator.get("/people/wu").ok()["employed"], true);
    let whole = administrator.post("/people", &json!({ "people": shorter, "uncovered": "ended" })).ok();
    assert_eq!(whole["spells"], 1);
    assert_eq!(administrator.get("/people/wu").ok()["employed"], false);
}

#[test]
fn people_see_themselves_their_line_and_their_departments() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let [zhao, li, sun, hu] = ["zhao", "li", "sun", "hu"].map(|person| served.person(&company, person, person));
    assert_eq!(ids(li.get("/people")), ["li"]);
    assert_eq!(ids(zhao.get("/people")), ["li", "qian", "zhao"]);
    assert_eq!(ids(hu.get("/people")), ["hu", "li", "qian", "zhao"]);
    assert_eq!(ids(sun.get("/people")), ["sun", "wu"]);
    // Whom somebody led before, they see as of then.
    assert_eq!(ids(sun.get("/people?on=2026-02-01")), ["li", "sun", "wu"]);
    for path in ["", "/spells", "/reports"] {
        let nothing = li.get(&format!("/people/nobody{path}"));
        assert_hidden(&li.get(&format!("/people/wu{path}")), &nothing);
        assert_eq!(zhao.get(&format!("/people/li{path}")).status, 200);
        assert_hidden(&sun.get(&format!("/people/li{path}")), &nothing);
        assert_hidden(&administrator.get(&format!("/people/nobody{path}")), &nothing);
    }
    assert_eq!(sun.get("/people/li?on=2026-02-01").status, 200);
    // The tree is no secret; its administration is not theirs.
    assert_eq!(ids(li.get("/departments")), ["north", "sales", "service"]);
    let nothing = li.get("/people/nobody");
    for answer in [
        li.post("/people", &everybody()),
        hu.post("/people", &everybody()),
        li.put("/departments/sales", &json!({ "name": "销售" })),
        hu.delete("/departments/north"),
        li.get("/identities"),
        li.get("/accounts"),
        li.get("/tokens"),
        li.get("/audit"),
        hu.put("/people/hu/roles", &json!({ "administrator": true, "hr_departments": [] })),
        li.get("/people/li/account"),
        li.get("/headcount"),
        li.get("/silence?kind=feedback&days=30"),
    ] {
        assert_hidden(&answer, &nothing);
    }
    let reading = served.system(&company, &["organisation:read"]);
    assert_eq!(ids(reading.get("/people")).len(), 6);
    assert_hidden(&reading.post("/people", &everybody()), &nothing);
}

#[test]
fn an_hr_partner_moves_people_of_their_departments_and_nobody_into_their_own_line() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let [qian, hu] = ["qian", "hu"].map(|person| served.person(&company, person, person));
    let nothing = hu.get("/people/nobody");
    let promoted = json!({ "department": "sales", "manager": "zhao", "from": "2026-06-01" });
    assert_hidden(&qian.post("/people/li/moves", &promoted), &nothing);
    for person in ["wu", "hu", "nobody"] {
        assert_hidden(&hu.post(&format!("/people/{person}/moves"), &promoted), &nothing);
    }
    assert_eq!(hu.post("/people/li/moves", &promoted).status, 204);
    let li = administrator.get("/people/li").ok();
    assert_eq!(
        (&li["manager"]["id"], &li["position"]["id"]),
        (&json!("zhao"), &json!("rep")),
        "what is not said stays"
    );
    let sequence = administrator.get("/company").ok()["sequence"].clone();
    assert_eq!(hu.post("/people/li/moves", &promoted).status, 204);
    assert_eq!(administrator.get("/company").ok()["sequence"], sequence, "said once more, nothing happens");

    // Of the days on which Li was in service, sales' HR partner says nothing.
    let past = json!({ "department": "sales", "from": "2026-02-01" });
    assert_hidden(&hu.post("/people/li/moves", &past), &nothing);
    let next_year = json!({ "department": "service", "from": "2027-01-01" });
    assert_eq!(administrator.post("/people/li/moves", &next_year).status, 204);
    let whole = hu.post("/people/li/moves", &json!({ "position": "rep", "from": "2026-06-01" }));
    assert!(whole.status == 422 && whole.text.contains("until"), "{}", whole.text);
    let mine = hu.post("/people/li/moves", &json!({ "manager": "hu", "until": "2026-12-01" }));
    assert!(mine.status == 422 && mine.text.contains("your own line"), "{}", mine.text);
    let nobody = hu.post("/people/li/moves", &json!({ "manager": null, "until": "2026-12-01" }));
    assert_eq!(nobody.status, 204, "{}", nobody.text);
    assert_eq!(administrator.get("/people/li").ok()["manager"], Value::Null);
    let nowhere = hu.post("/people/li/moves", &json!({ "department": "nowhere", "until": "2026-12-01" }));
    assert_eq!((nowhere.status, nowhere.problem()), (422, "refused"), "{}", nowhere.text);

    // A system moves everybody; the audit says who did what.
    let system = served.system(&company, &["organisation:write"]);
    assert_eq!(system.post("/people/wu/moves", &json!({ "department": "sales" })).status, 204);
    let audit = administrator.get("/audit?action=person.move").ok();
    let told = |entry: &Value| (entry["id"].clone(), entry["author"]["kind"].clone(), entry["author"]["name"].clone());
    let audit: Vec<_> = audit["items"].as_array().unwrap().iter().map(told).collect();
    assert_eq!(audit[0], (json!("wu"), json!("token"), Value::Null));
    assert_eq!(audit[1], (json!("li"), json!("person"), json!("胡杨")));
    assert_eq!(audit.len(), 4);
}

#[test]
fn whoever_leads_somebody_records_their_absences() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let [qian, li, sun, hu] = ["qian", "li", "sun", "hu"].map(|person| served.person(&company, person, person));
    let nothing = li.get("/people/nobody");
    let away = |person: &str, from: &str, until: &str| {
        let absence = json!({ "person": person, "from": from, "until": until, "kind": "leave", "reason": "休假" });
        json!({ "absences": [absence] })
    };
    let june = away("li", "2026-06-08", "2026-06-11");
    assert_hidden(&li.post("/absences", &june), &nothing);
    assert_hidden(&sun.post("/absences", &june), &nothing);
    assert_eq!(qian.post("/absences", &june).ok(), json!({ "read": 1, "appended": 1 }));
    assert_eq!(qian.post("/absences", &june).ok(), json!({ "read": 1, "appended": 0 }));
    assert_eq!(hu.post("/absences", &away("li", "2026-06-20", "2026-06-22")).ok()["appended"], 1);
    // Nobody changes the shares of days on which somebody else led the person.
    assert_hidden(&qian.post("/absences", &away("li", "2026-02-01", "2026-02-03")), &nothing);
    assert_hidden(&qian.post("/absences", &away("li", "2026-02-01", "2026-06-03")), &nothing);

    assert_eq!(ids(li.get("/absences")), ["li.2026-06-08", "li.2026-06-20"]);
    assert_eq!(ids(qian.get("/absences?person=li&from=2026-06-11")), ["li.2026-06-20"]);
    assert_eq!(ids(qian.get("/absences?until=2026-06-20")), ["li.2026-06-08"]);
    assert_eq!(ids(sun.get("/absences")), [""; 0]);
    assert_eq!(li.get("/absences").ok()["items"][0]["reason"], "休假");
    // Under an id that is somebody else's, nothing is recorded.
    let mut foreign = away("wu", "2026-06-08", "2026-06-11");
    foreign["absences"][0]["id"] = json!("li.2026-06-08");
    assert_hidden(&sun.post("/absences", &foreign), &nothing);
    assert_hidden(&sun.delete("/absences/li.2026-06-08"), &nothing);
    assert_hidden(&li.delete("/absences/li.2026-06-08"), &nothing);
    assert_eq!(qian.delete("/absences/li.2026-06-08").status, 204);
    assert_eq!(ids(administrator.get("/absences")), ["li.2026-06-20"]);
    assert_hidden(&qian.delete("/absences/li.2026-06-08"), &nothing);
}

#[test]
fn whoever_leaves_or_is_erased_is_not_there_any_more() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let [li, wu, hu] = ["li", "wu", "hu"].map(|person| served.person(&company, person, person));
    let nothing = hu.get("/people/nobody");
    let departure = json!({ "last_day": "2026-06-30" });
    assert_hidden(&hu.post("/people/li/departure", &departure), &nothing);
    assert_eq!(administrator.post("/people/li/departure", &departure).status, 204);
    assert_eq!(administrator.get("/people/li").ok()["employed"], false);
    assert_eq!(li.get("/session").status, 401);
    let never = administrator.post("/people/li/departure", &json!({ "last_day": "2025-06-30" }));
    assert_eq!((never.status, never.problem()), (422, "refused"));

    assert_hidden(&hu.send(reqwest::Method::POST, "/people/wu/erasure", None), &nothing);
    for _ in 0..2 {
        let erased = administrator.send(reqwest::Method::POST, "/people/wu/erasure", None);
        assert_eq!(erased.status, 204, "{}", erased.text);
    }
    let wu_now = administrator.get("/people/wu").ok();
    assert_eq!((&wu_now["name"], &wu_now["erased"]), (&json!(""), &json!(true)));
    assert_eq!(wu.get("/session").status, 401);
    assert!(!administrator.get("/people?everybody=true").text.contains("吴芳"));
    let moved = administrator.post("/people/wu/moves", &json!({ "department": "sales" }));
    assert_eq!((moved.status, moved.problem()), (409, "conflict"), "{}", moved.text);
}

#[test]
fn departments_change_over_time_and_people_are_counted_in_them() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let [qian, sun] = ["qian", "sun"].map(|person| served.person(&company, person, person));

    let renamed = json!({ "name": "华北区", "parent": "sales", "from": "2026-06-01" });
    assert_eq!(administrator.put("/departments/north", &renamed).status, 204);
    let name_on = |day: &str| administrator.get(&format!("/departments?on={day}")).ok()["items"][0]["name"].clone();
    assert_eq!((name_on("2026-05-31"), name_on("2026-06-01")), (json!("北区"), json!("华北区")));
    let circle = administrator.put("/departments/sales", &json!({ "name": "销售部", "parent": "north" }));
    assert_eq!((circle.status, circle.problem()), (422, "refused"), "{}", circle.text);
    let in_use = administrator.delete("/departments/north");
    assert_eq!((in_use.status, in_use.problem()), (409, "conflict"), "{}", in_use.text);
    assert_eq!(administrator.post("/people/li/moves", &json!({ "department": "sales" })).status, 204);
    assert_eq!(administrator.delete("/departments/north").status, 204);
    assert_eq!(ids(administrator.get("/departments")), ["sales", "service"]);

    let counts = |caller: &Caller, on: &str| caller.get(&format!("/headcount?on={on}")).ok();
    let june = counts(&administrator, "2026-06-30");
    assert_eq!(june["people"], 6);
    let count = |department: &str, own: u32, below: u32| json!({ "department": department, "people": own, "people_with_those_below": below });
    assert_eq!(june["departments"], json!([count("north", 1, 1), count("sales", 2, 3), count("service", 3, 3)]));
    assert_eq!(counts(&administrator, "2026-07-01")["departments"][0], count("sales", 3, 3));
    // A leader counts where somebody of theirs is, and never the whole company.
    let own = counts(&qian, "2026-06-30");
    assert_eq!(
        (&own["people"], &own["departments"]),
        (&Value::Null, &json!([count("north", 1, 1), count("sales", 2, 3)]))
    );

    // Everybody is silent who did nothing in thirty days: leaders see who of theirs is.
    let fact = json!({ "source": "crm", "external_id": "v1", "kind": "visit", "occurred_at": "2026-06-29T01:00:00Z",
        "actor": "wu", "capture": "automatic" });
    assert_eq!(administrator.post("/facts", &json!({ "facts": [fact] })).status, 200);
    let silence = administrator.get("/silence?kind=visit&days=30").ok();
    assert_eq!(silence["company"], json!({ "employed": 6, "active": 1, "absent": 0 }));
    assert_eq!(silence["silent"], 5);
    let of_qian = qian.get("/silence?kind=visit&days=30").ok();
    let li = json!([{ "manager": { "id": "qian", "name": "钱江" }, "people": [{ "id": "li", "name": "李雷" }] }]);
    assert_eq!((&of_qian["managers"], &of_qian["company"]), (&li, &Value::Null));
    assert_eq!(sun.get("/silence?kind=visit&days=30").ok()["managers"], json!([]));
    let endless = administrator.get("/silence?kind=visit&days=4000");
    assert_eq!((endless.status, endless.problem()), (422, "refused"));
}

#[test]
fn names_in_other_systems_are_handed_over() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = organise(&served, &company);
    let set = |entries: Value| administrator.post("/identities", &json!({ "identities": entries }));
    let first =
        json!([{ "source": "crm", "name": "lei", "person": "li" }, { "source": "desk", "name": "7", "person": "wu" }]);
    assert_eq!(set(first.clone()).ok(), json!({ "read": 2, "appended": 2 }));
    assert_eq!(set(first).ok(), json!({ "read": 2, "appended": 0 }));
    let handed = json!([{ "source": "crm", "name": "lei", "person": "wu", "from": "2026-06-01" }]);
    assert_eq!(set(handed).ok()["appended"], 1);
    let list = |query: &str| {
        let page = administrator.get(&format!("/identities?{query}")).ok();
        let told = |row: &Value| format!("{}:{}={}", row["source"], row["name"], row["person"]).replace('"', "");
        page["items"].as_array().unwrap().iter().map(told).collect::<Vec<String>>()
    };
    assert_eq!(list("source=crm"), ["crm:lei=li", "crm:lei=wu"]);
    assert_eq!(list("person=wu"), ["desk:7=wu", "crm:lei=wu"]);
    let page = administrator.get("/identities?limit=2").ok();
    assert_eq!(list(&format!("after={}", page["next"].as_str().unwrap())), ["crm:lei=wu"]);
    let nobody = set(json!([{ "source": "crm", "name": "x", "person": "nobody" }]));
    assert_eq!(nobody.body["errors"][0]["field"], "person", "{}", nobody.text);
}
