//! Indicators and goals over HTTP: planned, granted and set by whoever may, read by everybody as far as they reach.

use daybreak_tests::company::TestCompany;
use daybreak_tests::served::Served;
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::NOW;

/// Wu leads Li in the service team; He is in sales; Chen looks after operations, of which service is a part.
const PEOPLE: &str = "id,name,department,manager\nli,李雷,service,wu\nwu,吴敏,service,\nhe,何静,sales,\nchen,陈红,,\n";

pub fn organised() -> TestCompany {
    let company = company("Asia/Shanghai", NOW);
    company.ok(&["department", "add", "operations", "--name", "运营"]);
    company.ok(&["department", "add", "service", "--name", "售后", "--parent", "operations"]);
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    company.ok(&["people", "import", &company.file("people.csv", PEOPLE)]);
    company.ok(&["role", "set", "chen", "--hr", "operations"]);
    company.install("measure");
    company
}

/// How many rows say how the company is set up. The host itself, which scores meanwhile, adds none of them.
pub fn rows_set(company: &TestCompany) -> i64 {
    let tables = [
        "indicator",
        "parameters",
        "permission",
        "goal",
        "component",
        "pin",
        "enablement",
        "scorecard",
        "share_adjustment",
        "minimum_coverage",
        "mapping",
        "applied_pack",
    ];
    let counts = tables.map(|table| format!("(SELECT COUNT(*) FROM {table})"));
    company.number(&format!("SELECT {}", counts.join(" + ")))
}

/// An indicator that counts the facts of the kind that is called like it.
pub fn counting(kind: &str) -> Value {
    json!({
        "title": { "zh-CN": "数量", "en": kind }, "plugin": "measure",
        "parameters": { "kind": kind, "measure": "count" }, "grant": true,
    })
}

/// The values of a field in a page, in its order.
pub fn listed(page: &Value, field: &str) -> Vec<String> {
    let items = page["items"].as_array().expect("a page").iter();
    items.map(|item| item[field].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn an_indicator_is_planned_granted_and_set_once_by_an_administrator_and_read_by_everybody() {
    let company = organised();
    let served = Served::start(&company);
    let admin = served.administrator(&company);
    let li = served.person(&company, "li", "li");
    let chen = served.person(&company, "chen", "chen");
    let mut draft = counting("visit");
    draft["unit"] = json!("次");

    let before = rows_set(&company);
    let plan = admin.post("/indicators/visits/plan", &draft).ok();
    assert_eq!(plan["grant_needed"], true);
    let requirements = &plan["versions"][0]["requirements"];
    let words = &requirements["reads"][0]["words"];
    assert!(words["en"].as_str().unwrap().starts_with("reads visit facts"), "{words}");
    assert!(words["zh-CN"].as_str().unwrap().contains("读取"), "{words}");
    assert!(requirements["reads"][0]["reason"]["zh-CN"].is_string());
    // Nothing is granted by not saying so.
    draft["grant"] = json!(false);
    let refused = admin.put("/indicators/visits", &draft);
    assert_eq!((refused.status, refused.problem()), (422, "refused"));
    assert_eq!(rows_set(&company), before, "a plan and a refusal change nothing");

    draft["grant"] = json!(true);
    let set = admin.put("/indicators/visits", &draft).ok();
    assert_eq!((&set["unit"], &set["ceiling"], &set["from"]), (&json!("次"), &json!(120.0), &Value::Null));
    let after = rows_set(&company);
    assert!(after > before);
    assert_eq!(admin.put("/indicators/visits", &draft).ok(), set);
    assert_eq!(rows_set(&company), after, "the same again changes nothing");
    // What differs in one word is set.
    draft["from"] = json!("2026-06-01");
    assert_eq!(admin.put("/indicators/visits", &draft).ok()["from"], "2026-06-01");
    assert!(rows_set(&company) > after);

    // Everybody knows what is measured; what was granted, HR partners and administrators.
    let own = li.get("/indicators/visits").ok();
    assert_eq!((&own["title"]["en"], &own["parameters"]["kind"]), (&json!("visit"), &json!("visit")));
    assert_eq!((&own["grants"], &own["goals"]), (&Value::Null, &json!([])));
    assert_eq!(listed(&li.get("/indicators").ok(), "id"), ["visits"]);
    let granted = chen.get("/indicators/visits").ok();
    assert_eq!(granted["grants"][0]["requirements"]["reads"][0]["kind"], "visit");
    assert_eq!(served.system(&company, &["setup:read"]).get("/indicators").status, 200);

    // Whoever may not set it up finds nothing.
    let absent = li.get("/indicators/nothing");
    for caller in [&li, &chen, &served.system(&company, &["setup:read"])] {
        for answer in [caller.put("/indicators/visits", &draft), caller.post("/indicators/visits/plan", &draft)] {
            assert_eq!((answer.status, &answer.body), (404, &absent.body));
        }
    }
}

#[test]
fn what_is_wrong_with_an_indicator_is_said() {
    let company = organised();
    let served = Served::start(&company);
    let admin = served.administrator(&company);
    let refused = |id: &str, field: &str, value: Value| {
        let mut draft = counting("visit");
        draft[field] = value;
        let answer = admin.put(&format!("/indicators/{id}"), &draft);
        assert_eq!(answer.status, 422, "{field}: {}", answer.text);
        answer.text
    };
    let before = rows_set(&company);
    assert!(refused("visits", "plugin", json!("guess")).contains("there is no plugin"));
    assert!(refused("visits", "plugin", json!("a\u{0}")).contains("U+0000"));
    assert!(refused("visits", "parameters", json!({ "kind": "visit", "measure": "guess" })).contains("guess"));
    assert!(refused("visits", "departments", json!(["nowhere"])).contains("there is no department"));
    assert!(refused("visits", "ceiling", json!(0.5)).contains("between 1 and 1000"));
    assert!(refused("visits", "unit", json!("a\u{0}b")).contains("U+0000"));
    assert!(refused("visits", "title", json!({ "en": "Visits" })).contains("zh-CN"));
    assert!(refused("Visits", "unit", json!("")).contains("is no id"));
    assert!(refused("visits", "colour", json!("red")).contains("colour"));
    assert_eq!(rows_set(&company), before);
    // NUL, which PostgreSQL does not take, is no id and no filter.
    assert_eq!(admin.get("/indicators/a%00").status, 404);
    assert_eq!(admin.get("/goals?indicator=%00").status, 400);
}

#[test]
fn goals_are_set_by_those_responsible_and_seen_by_whom_they_concern() {
    let company = organised();
    let served = Served::start(&company);
    let admin = served.administrator(&company);
    let callers: Vec<_> = ["li", "wu", "he", "chen"].map(|id| served.person(&company, id, id)).into();
    let [li, wu, he, chen] = callers.as_slice() else { unreachable!() };
    let _ = admin.put("/indicators/visits", &counting("visit")).ok();

    let goal = |subject: &str, target: f64| json!({ "subject": subject, "from": "2026-01-01", "target": target });
    let _ = admin.put("/indicators/visits/goals", &json!({ "target": 8.0 })).ok();
    let _ = admin.put("/indicators/visits/goals", &goal("he", 12.0)).ok();
    let _ = chen.put("/indicators/visits/goals", &goal("li", 10.0)).ok();
    let after = rows_set(&company);
    let _ = chen.put("/indicators/visits/goals", &goal("li", 10.0)).ok();
    assert_eq!(rows_set(&company), after, "the same again changes nothing");

    // Nobody else's people, nobody's who may not, nothing of everybody.
    let absent = chen.put("/indicators/nothing/goals", &goal("li", 1.0));
    for answer in [
        chen.put("/indicators/visits/goals", &goal("he", 1.0)),
        chen.put("/indicators/visits/goals", &goal("nobody", 1.0)),
        chen.put("/indicators/visits/goals", &json!({ "target": 1.0 })),
        chen.put("/indicators/visits/goals", &goal("chen", 1.0)),
        wu.put("/indicators/visits/goals", &goal("li", 1.0)),
        li.put("/indicators/visits/goals", &goal("li", 1.0)),
    ] {
        assert_eq!((answer.status, &answer.body), (404, &absent.body));
    }
    for (draft, said) in [
        (json!({ "subject": "li" }), "a baseline, a target or a stretch"),
        (goal("nobody", 1.0), "there is no person"),
        (json!({ "from": "2026-06-01", "until": "2026-06-01", "target": 1 }), "not after its first day"),
    ] {
        let answer = admin.put("/indicators/visits/goals", &draft);
        assert!(answer.status == 422 && answer.text.contains(said), "{}", answer.text);
    }

    // Everybody's goal stands under no subject.
    assert_eq!(listed(&li.get("/goals").ok(), "subject"), ["", "li"]);
    assert_eq!(listed(&he.get("/goals?indicator=visits").ok(), "subject"), ["", "he"]);
    assert_eq!(listed(&wu.get("/goals?indicator=visits").ok(), "subject"), ["", "li"]);
    assert_eq!(listed(&wu.get("/goals?subject=he").ok(), "subject"), [""]);
    assert_eq!(listed(&admin.get("/goals").ok(), "subject"), ["", "he", "li"]);
    assert_eq!(listed(&admin.get("/goals?on=2025-12-31").ok(), "subject"), [""]);
    let goals = li.get("/indicators/visits").ok()["goals"].clone();
    let targets: Vec<&Value> = goals.as_array().unwrap().iter().map(|goal| &goal["target"]).collect();
    assert_eq!(targets, [8.0, 10.0]);
    // In pages of one, none is lost.
    let first = admin.get("/goals?limit=1").ok();
    let next = first["next"].as_str().unwrap();
    assert_eq!(listed(&admin.get(&format!("/goals?limit=2&after={next}")).ok(), "subject"), ["he", "li"]);
    // A later goal takes the place of an earlier one.
    let _ = admin.put("/indicators/visits/goals", &goal("li", 11.0)).ok();
    assert_eq!(li.get("/goals").ok()["items"][1]["target"], 11.0);
    // What is set for later is told before, and gone where an earlier day replaces it.
    for from in ["2027-02-01", "2027-01-01"] {
        let later = json!({ "subject": "li", "from": from, "target": 20 });
        let _ = admin.put("/indicators/visits/goals", &later).ok();
    }
    let own = |on: &str| li.get(&format!("/goals?on={on}")).ok()["items"][1].clone();
    assert_eq!((&own("2026-12-31")["target"], &own("2026-12-31")["next_from"]), (&json!(11.0), &json!("2027-01-01")));
    assert_eq!((&own("2027-01-01")["target"], &own("2027-01-01")["next_from"]), (&json!(20.0), &Value::Null));
    assert_eq!(li.get("/goals").ok()["items"][0]["next_from"], Value::Null, "everybody's is another one");
}
