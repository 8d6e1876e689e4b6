//! One indicator over months, somebody's growth map, how often people look at their own, and a manager's team: each in one
//! answer.

use std::fmt::Write as _;

use daybreak_tests::company::TestCompany;
use daybreak_tests::served::{Caller, Served};
use serde_json::{Value, json};

use super::super::composites::{enable_crisis_response, facts, june};
use super::super::{alerts, company};
use super::scores::until;

fn near(found: &Value, expected: f64) {
    assert!(found.as_f64().is_some_and(|found| (found - expected).abs() < 1e-9), "{found} is not {expected}");
}

/// Whoever has many calls to make.
fn served(company: &TestCompany) -> Served {
    Served::start_with(company, &[("limits.requests_per_second", "100000"), ("limits.burst", "100000")])
}

/// Facts of one kind that a system delivers.
fn deliver(system: &Caller, kind: &str, actor: &str, at: &str, more: &Value) {
    let mut fact = json!({
        "source": "hr", "external_id": format!("{kind}/{actor}/{at}"), "kind": kind, "occurred_at": at,
        "capture": "automatic", "actor": actor,
    });
    fact.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let _ = system.post("/facts", &json!({ "facts": [fact] })).ok();
}

/// Li's June of the recall example, and a May in which everything that was wanted was done.
fn may_and_june() -> TestCompany {
    let mut company = june();
    company.set_now("2026-06-30T01:00:00Z");
    let all = [("delivery", 10), ("quality", 10), ("growth", 10), ("collaboration", 10)];
    facts(&company, "li", "2026-05-12", &all);
    company
}

fn month<'a>(history: &'a Value, month: &str) -> &'a Value {
    history["months"].as_array().unwrap().iter().find(|one| one["month"] == month).expect("the month is there")
}

#[test]
fn an_indicator_is_told_over_months_with_its_shares_and_what_caused_them() {
    let company = may_and_june();
    enable_crisis_response(&company);
    let order = ["reweight", "li", "--indicator", "quality", "--share", "40%"];
    let days = ["--from", "2026-05-11", "--until", "2026-05-21", "--reason", "审计", "--by", "he"];
    company.ok(&[&order[..], &days[..]].concat());
    let crisis = ["--kind", "crisis", "--title", "Recall", "--initiator", "he", "--assignee", "li"];
    company.ok(&[&["task", "add", "--id", "recall"], &crisis[..]].concat());
    company.ok(&["score"]);
    let served = served(&company);
    let [li, wu] = ["li", "wu"].map(|person| served.person(&company, person, person));

    let history = li.get("/people/li/indicators/collaboration").ok();
    assert_eq!((&history["unit"], &history["higher_is_better"]), (&json!(""), &json!(true)), "{history}");
    assert_eq!((&history["dimension"]["id"], &history["trial"]), (&json!("teamwork"), &json!(false)));
    near(&history["goal"]["target"], 10.0);
    assert_eq!(history["months"].as_array().unwrap().len(), 12);
    assert_eq!(history["months"][0], json!({ "month": "2025-07", "stale": false }));
    let (may, june) = (month(&history, "2026-05"), month(&history, "2026-06"));
    near(&may["score"]["points"], 100.0);
    near(&june["score"]["raw"], 4.0);
    near(&june["score"]["goal"]["target"], 10.0);
    assert_eq!((&june["score"]["faulted"], &june["stale"]), (&json!(false), &json!(false)));
    // In May a manager's change of another share took something from it, for ten days.
    let cause = &may["share"]["causes"][0];
    assert_eq!((&cause["how"], &cause["days"]), (&json!("scaled"), &json!("2026-05-11..2026-05-21")), "{may}");
    assert_eq!(cause["change"]["target"], json!({ "indicator": "quality" }));
    assert_eq!((&cause["change"]["share"], &cause["change"]["cause"]["kind"]), (&json!(400_000), &json!("manager")));
    assert_eq!(cause["change"]["reason"]["zh-CN"], "审计");
    assert!(may["share"]["share"].as_u64() < may["share"]["signed"].as_u64(), "{may}");
    // In June the crisis gave it twice as much.
    let share = &june["share"];
    assert_eq!((&share["signed"], &share["share"]), (&json!(150_000), &json!(300_000)));
    let cause = &share["causes"][0];
    assert_eq!((&cause["how"], &cause["days"]), (&json!("set"), &json!("2026-06")));
    assert_eq!(
        (&cause["change"]["cause"]["kind"], &cause["change"]["cause"]["policy"]),
        (&json!("policy"), &json!("crisis"))
    );
    assert!(cause["change"]["cause"]["circumstance"].as_str().is_some_and(|id| !id.is_empty()), "{cause}");
    // The newest score is that of GET /scores, and its evidence was typed.
    let newest = &history["newest"];
    let read = li.get(&format!("/scores/{}", newest["sequence"])).ok();
    assert_eq!((&read, &newest["sequence"]), (newest, &june["score"]["sequence"]));
    assert_eq!(history["capture"], json!({ "automatic": 0, "prefilled": 0, "typed": 4, "untyped_share": 0 }));
    let evidence = li.get(&format!("/scores/{}/evidence", newest["sequence"])).ok();
    for field in ["kind", "occurred_at", "recorded_at", "capture", "source", "fields"] {
        assert!(evidence[0][field] != Value::Null, "{evidence}");
    }
    let receipt = li.get(&format!("/scores/{}/receipt", newest["sequence"])).ok();
    assert_eq!((&receipt["plugin"], &receipt["period"]), (&json!("measure"), &json!("2026-06")));
    assert_eq!((&receipt["indicator"], &receipt["evidence"]), (&json!("collaboration"), &json!(4)));
    assert!(receipt["version"].as_str().is_some_and(|version| version.contains('.')), "{receipt}");

    assert_eq!(li.get("/people/li/indicators/collaboration?months=2").ok()["months"].as_array().unwrap().len(), 2);
    for months in ["0", "37"] {
        assert_eq!(li.get(&format!("/people/li/indicators/quality?months={months}")).problem(), "refused");
    }
    // What waits to be computed says so, until it is.
    assert_eq!(
        company.tamper(
            "INSERT INTO stale (company, indicator, period_first, period_end, subject, due, mark) \
        SELECT company, indicator, period_first, period_end, subject, period_first, 999999999 FROM score \
        WHERE subject = 'li' AND indicator = 'quality' ORDER BY period_first LIMIT 1"
        ),
        1
    );
    let may = month(&li.get("/people/li/indicators/quality").ok(), "2026-05").clone();
    assert_eq!(may["stale"], true, "{may}");

    // Unknown, and not in reach, are the same.
    assert_eq!(li.get("/people/li/indicators/nothing").problem(), "not-found");
    let hidden = wu.get("/people/ghost/indicators/quality").body;
    assert_eq!(wu.get("/people/li/indicators/quality").body, hidden);
    assert_eq!(served.administrator(&company).get("/people/ghost/indicators/quality").problem(), "not-found");
}

#[test]
fn a_month_with_another_signed_share_tells_who_signed_it() {
    let company = may_and_june();
    company.ok(&["score"]);
    let served = served(&company);
    let (admin, li) = (served.administrator(&company), served.person(&company, "li", "li"));
    let path = "/people/li/indicators/quality";
    let steady = li.get(path).ok();
    let june = month(&steady, "2026-06").clone();
    assert_eq!((&june["share"]["signed"], &june["share"]["signed_anew"]), (&json!(300_000), &Value::Null));

    let mut setting = admin.get("/scorecards/operations").ok();
    for known in ["id", "revision", "set_at"] {
        assert!(setting.as_object_mut().unwrap().remove(known).is_some(), "{known}");
    }
    for entry in setting["indicators"].as_array_mut().unwrap() {
        match entry["indicator"].as_str() {
            Some("quality") => entry["share"] = json!(400_000),
            Some("delivery") => entry["share"] = json!(250_000),
            _ => {}
        }
    }
    setting["from"] = json!("2026-06-01");
    let _ = admin.put("/scorecards/operations", &setting).ok();
    let history = until(&li, path, |history| month(history, "2026-06")["share"]["signed"] == 400_000);
    let signed = &month(&history, "2026-06")["share"]["signed_anew"];
    assert_eq!((&signed["scorecard"], &signed["title"]["en"]), (&json!("operations"), &json!("Operations")));
    assert_eq!((&signed["from"], &signed["set_at"]), (&json!("2026-06-01"), &json!("2026-06-30T01:00:00Z")));
    let me = admin.get("/session").ok();
    assert_eq!(signed["set_by"], json!({ "id": me["person"], "name": me["name"] }));
    // The share before is as it was, and what counts as before says nothing.
    assert_eq!(month(&history, "2026-05")["share"]["signed_anew"], Value::Null);
    let collaboration = li.get("/people/li/indicators/collaboration").ok();
    assert_eq!(month(&collaboration, "2026-06")["share"]["signed_anew"], Value::Null);
}

#[test]
fn a_growth_map_gathers_scores_deeds_and_feedback() {
    let company = may_and_june();
    company.ok(&["score"]);
    let served = served(&company);
    let [li, wu] = ["li", "wu"].map(|person| served.person(&company, person, person));
    let system = served.system(&company, &["facts:write"]);
    deliver(
        &system,
        "feedback",
        "li",
        "2026-06-12T02:00:00Z",
        &json!({ "document": "T-1", "fields": { "from": "wu" } }),
    );
    deliver(&system, "feedback.given", "wu", "2026-06-12T02:00:00Z", &json!({ "document": "T-1" }));
    deliver(&system, "feedback.given", "li", "2026-05-03T02:00:00Z", &json!({}));
    deliver(&system, "contribution", "li", "2026-06-13T02:00:00Z", &json!({ "document": "B7" }));
    let task = json!({ "id": "call", "title": "回访", "assignees": ["li"] });
    let _ = wu.post("/tasks", &task).ok();
    let _ = li.post("/tasks/call/completion", &json!({})).ok();

    let map = li.get("/people/li/growth").ok();
    assert_eq!((&map["from"], &map["to"]), (&json!("2025-07-01"), &json!("2026-06-30")));
    let months = map["months"].as_array().unwrap();
    assert_eq!((months.len(), &months[11]["month"]), (12, &json!("2026-06")));
    near(&months[10]["composite"]["points"], 100.0);
    near(&months[11]["composite"]["points"], 72.0);
    near(&months[11]["composite"]["change"], -28.0);
    let quality =
        months[11]["scores"].as_array().unwrap().iter().find(|score| score["indicator"] == "quality").unwrap();
    near(&quality["change"], -40.0);
    assert_eq!(months[10]["composite"]["change"], Value::Null);
    let indicators: Vec<&str> =
        map["indicators"].as_array().unwrap().iter().map(|one| one["indicator"].as_str().unwrap()).collect();
    assert_eq!(indicators, ["collaboration", "delivery", "growth", "quality"]);
    let kinds = |map: &Value| -> Vec<String> {
        let events = map["events"].as_array().unwrap().iter();
        events.map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&map), ["task-done", "contribution", "feedback-received", "feedback-given"]);
    assert_eq!((&map["events"][0]["document"], &map["events"][0]["title"]), (&json!("call"), &json!("回访")));
    assert_eq!((&map["events"][2]["fields"]["from"], &map["events_left"]), (&json!("wu"), &json!(false)));
    // By dimension, beside the mean of the three months before: only May has one.
    let radar = &map["radar"];
    assert_eq!((&radar["month"], &radar["before"]), (&json!("2026-06"), &json!(["2026-03", "2026-04", "2026-05"])));
    let ids: Vec<&str> =
        radar["dimensions"].as_array().unwrap().iter().map(|one| one["dimension"].as_str().unwrap()).collect();
    assert_eq!(ids, ["results", "learning", "teamwork"]);
    near(&radar["dimensions"][2]["points"], 40.0);
    near(&radar["dimensions"][2]["before"], 100.0);

    // Only the days that were asked for; a fact taken back is gone.
    assert_eq!(kinds(&li.get("/people/li/growth?from=2026-05-01&to=2026-05-31").ok()), ["feedback-given"]);
    deliver(&system, "contribution", "li", "2026-06-13T02:00:00Z", &json!({ "document": "B7", "withdrawn": true }));
    assert_eq!(kinds(&li.get("/people/li/growth?from=2026-06-01").ok()), ["task-done", "feedback-received"]);
    let earliest = li.get("/people/li/growth?to=1900-01-10").ok();
    assert_eq!((&earliest["from"], &earliest["radar"]["before"]), (&json!("1900-01-01"), &json!([])));
    for days in ["from=2026-06-02&to=2026-06-01", "from=2022-01-01&to=2026-06-01", "from=1900-01-01&to=2199-12-31"] {
        assert_eq!(li.get(&format!("/people/li/growth?{days}")).problem(), "refused", "{days}");
    }

    // A crisis stands on the map with the days on which it held.
    let crisis = ["--kind", "crisis", "--title", "Recall", "--initiator", "wu", "--assignee", "li"];
    company.ok(&[&["task", "add", "--id", "recall"], &crisis[..]].concat());
    let crises = li.get("/people/li/growth").ok()["crises"].clone();
    assert_eq!((&crises[0]["from"], &crises[0]["task"]), (&json!("2026-06-30"), &json!("recall")), "{crises}");

    // The same stands on the day, at once.
    let day = li.get("/people/li/day").ok();
    let of = |list: &str| -> Vec<String> {
        day[list].as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        (of("feedback"), of("contributions")),
        (vec!["feedback-received".into(), "feedback-given".into()], vec!["task-done".to_owned()])
    );
    deliver(&system, "feedback.received", "li", "2026-06-29T02:00:00Z", &json!({}));
    let card = |day: &Value| day["dimensions"][0]["cards"][1].clone();
    let again = li.get("/people/li/day").ok();
    assert_eq!(again["feedback"].as_array().unwrap().len(), 3);
    near(&card(&again)["goal"]["target"], 10.0);
    assert_eq!(card(&again)["capture"], json!({ "automatic": 0, "prefilled": 0, "typed": 6, "untyped_share": 0 }));
    company.ok(&["goal", "set", "quality", "--subject", "li", "--target", "12"]);
    near(&card(&li.get("/people/li/day").ok())["goal"]["target"], 12.0);

    // To a colleague none of it is there.
    assert_eq!(wu.get("/people/li/growth").body, wu.get("/people/ghost/growth").body);
    assert_eq!(wu.get("/people/li/growth").status, 404);
    assert_eq!(served.administrator(&company).get("/people/li/growth").ok()["own_views"], Value::Null);
}

/// Eleven people in sales, six of them in its north; two in service, and five elsewhere.
fn departments() -> TestCompany {
    let company = company("Asia/Shanghai", "2026-06-10T04:00:00Z");
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    company.ok(&["department", "add", "north", "--name", "北区", "--parent", "sales"]);
    company.ok(&["department", "add", "service", "--name", "售后"]);
    let mut people = "id,name,department,manager,from\nhan,韩,sales,,2026-01-01\n".to_owned();
    for number in 1..=4 {
        writeln!(people, "s{number},销{number},sales,han,2026-01-01").unwrap();
    }
    for number in 1..=6 {
        writeln!(people, "n{number},北{number},north,s1,2026-01-01").unwrap();
    }
    people.push_str("v1,售1,service,,2026-01-01\nv2,售2,service,v1,2026-01-01\nhui,惠,,,2026-01-01\n");
    for number in 1..=4 {
        writeln!(people, "x{number},总{number},,,2026-01-01").unwrap();
    }
    company.ok(&["people", "import", &company.file("people.csv", &people)]);
    company.ok(&["role", "set", "hui", "--hr", "sales", "--hr", "service"]);
    company
}

#[test]
fn own_looks_are_counted_and_told_only_of_groups() {
    let mut company = departments();
    let start = served(&company);
    let n1 = start.person(&company, "n1", "n1");
    let looked = n1.post("/people/n1/growth/views", &json!({})).ok();
    assert_eq!(looked, json!({ "week": "2026-W24", "first_day": "2026-06-08", "views": 1, "counted": true }));
    // At once it is still the same look.
    let again = n1.post("/people/n1/growth/views", &json!({})).ok();
    assert_eq!((&again["views"], &again["counted"]), (&json!(1), &json!(false)));
    assert_eq!(n1.get("/people/n1/growth").ok()["own_views"][0]["views"], 1);
    // Somebody else's map is not counted, not by who leads them either, and no system counts.
    let s1 = start.person(&company, "s1", "s1");
    assert_eq!(s1.get("/people/n1/growth").ok()["own_views"], Value::Null);
    let nothing = s1.post("/people/ghost/growth/views", &json!({})).body;
    assert_eq!(s1.post("/people/n1/growth/views", &json!({})).body, nothing);
    let hui = start.person(&company, "hui", "hui");
    // The running week is told to nobody.
    let weeks = hui.get("/self-views?department=north&weeks=1").ok();
    assert_eq!(
        weeks["weeks"],
        json!([{ "week": "2026-W23", "first_day": "2026-06-01", "people": 6, "mean_views": 0.0 }])
    );
    drop(start);

    company.set_now("2026-06-10T04:31:00Z");
    let later = served(&company);
    let n1 = later.person(&company, "n1", "n1");
    assert_eq!(n1.post("/people/n1/growth/views", &json!({})).ok()["views"], 2);
    let n2 = later.person(&company, "n2", "n2");
    assert_eq!(n2.post("/people/n2/growth/views", &json!({})).ok()["views"], 1);
    drop(later);

    company.set_now("2026-06-15T04:00:00Z");
    let served = served(&company);
    let [hui, han, s1, v1, n1] = ["hui", "han", "s1", "v1", "n1"].map(|person| served.person(&company, person, person));
    let week = |caller: &Caller, query: &str| caller.get(&format!("/self-views?{query}")).ok()["weeks"][0].clone();
    let hidden = json!({ "week": "2026-W24", "first_day": "2026-06-08" });
    // Three looks of six people.
    let north = week(&hui, "department=north&weeks=1");
    assert_eq!((&north["people"], &north["mean_views"]), (&json!(6), &json!(0.5)));
    // Three of eleven.
    assert_eq!(week(&hui, "department=sales&weeks=1")["mean_views"], json!(0.3));
    // Two people are too few.
    assert_eq!(week(&hui, "department=service&weeks=1"), hidden);
    // Without Han, who asks, four others would be left of sales besides its north.
    assert_eq!(week(&han, "department=north&weeks=1"), hidden);
    assert_eq!(week(&han, "department=sales&weeks=1")["people"], 11);
    assert_eq!(week(&s1, "department=north&weeks=1"), hidden);
    // Nobody sees a department that is not in their reach, nor the whole company; who leads nobody sees nothing.
    assert_eq!(v1.get("/self-views?department=north").body, v1.get("/self-views?department=nothing").body);
    assert_eq!(v1.get("/self-views?department=north").problem(), "not-found");
    assert_eq!(hui.get("/self-views").problem(), "not-found");
    assert_eq!(n1.get("/self-views?department=north").problem(), "not-found");
    let administrator = served.administrator(&company);
    // Three of eighteen.
    assert_eq!(week(&administrator, "weeks=1")["mean_views"], json!(0.2));
    assert_eq!(week(&administrator, "department=north&weeks=1")["people"], 6);
    // With three fewer elsewhere, four would be left of the company without sales: then sales is not told of, nor its north.
    for person in ["x1", "x2", "x3"] {
        company.ok(&["people", "leave", person, "--last-day", "2026-05-31"]);
    }
    assert_eq!(week(&administrator, "weeks=1")["mean_views"], json!(0.2));
    assert_eq!(week(&administrator, "department=sales&weeks=1"), hidden);
    assert_eq!(week(&administrator, "department=north&weeks=1"), hidden);
    assert_eq!(administrator.get("/self-views?department=nothing").problem(), "not-found");
    for weeks in ["0", "53"] {
        assert_eq!(administrator.get(&format!("/self-views?weeks={weeks}")).problem(), "refused");
    }
    // Whoever is erased leaves none behind.
    assert_eq!(company.number("SELECT COUNT(*) FROM growth_view"), 2);
    let _ = administrator.post("/people/n2/erasure", &json!({})).ok();
    assert_eq!(company.number("SELECT COUNT(*) FROM growth_view WHERE person = 'n2'"), 0);
}

#[test]
fn a_team_stands_side_by_side_and_says_who_needs_a_word() {
    let company = may_and_june();
    company.ok(&[
        "people",
        "import",
        &company.file("han.csv", "id,name,from\nhan,韩梅,2025-01-01\nboss,董,2025-01-01\nhui,惠,2025-01-01\n"),
    ]);
    for person in ["li", "wu", "he"] {
        company.ok(&["people", "move", person, "--manager", "han", "--from", "2025-01-01"]);
    }
    company.ok(&["people", "move", "han", "--manager", "boss", "--from", "2025-01-01"]);
    company.ok(&["role", "set", "hui", "--hr", "sales"]);
    company.install("customer-risk");
    alerts::enable(&company, "customer-risk", "{}");
    company.ok(&["customer", "add", "H1", "--name", "第一医院"]);
    company.ok(&["customer", "assign", "H1", "li", "--from", "2026-01-01"]);
    let served = served(&company);
    let system = served.system(&company, &["facts:write"]);
    for day in ["2026-03-10", "2026-04-10", "2026-05-10"] {
        let order = json!({ "customer": "H1", "value": 100.0 });
        deliver(&system, "order", "li", &format!("{day}T02:00:00Z"), &order);
    }
    deliver(&system, "feedback.received", "li", "2026-06-25T02:00:00Z", &json!({}));
    deliver(&system, "feedback.given", "he", "2026-06-01T02:00:00Z", &json!({}));
    deliver(&system, "feedback", "wu", "2026-05-31T02:00:00Z", &json!({}));
    company.ok(&["score"]);
    company.ok(&["assess"]);
    let [li, han, boss, hui] = ["li", "han", "boss", "hui"].map(|person| served.person(&company, person, person));
    let administrator = served.administrator(&company);
    let task = json!({ "id": "late", "title": "拖延", "assignees": ["wu"], "due": "2026-06-20" });
    let _ = administrator.post("/tasks", &task).ok();
    let task = json!({ "id": "today", "title": "今天", "assignees": ["wu"], "due": "2026-06-30" });
    let _ = administrator.post("/tasks", &task).ok();

    let team = han.get("/people/han/team").ok();
    assert_eq!((&team["manager"], &team["month"]), (&json!("han"), &json!("2026-06")));
    // In the order of names: 何静, 吴敏, 李雷.
    let people = |team: &Value| -> Vec<String> {
        let members = team["members"].as_array().unwrap().iter();
        members.map(|member| member["person"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(people(&team), ["he", "wu", "li"]);
    let codes = |team: &Value, place: usize| -> Vec<String> {
        let reasons = team["members"][place]["reasons"].as_array().unwrap().iter();
        reasons.map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
    };
    let member = &team["members"][2];
    near(&member["composite"]["points"], 72.0);
    near(&member["composite"]["since_last_month"], -28.0);
    assert_eq!(member["department"], json!({ "id": "service", "name": "售后" }));
    assert_eq!(member["trend"].as_array().unwrap().len(), 12);
    near(&member["trend"][10]["points"], 100.0);
    assert_eq!((&member["indicators"], &member["stale_share"]), (&json!(4), &json!(0)));
    assert_eq!(codes(&team, 2), ["alert", "composite-fell"]);
    let alert = &member["reasons"][0];
    assert_eq!((&alert["subject"], &alert["subject_name"]), (&json!("H1"), &json!("第一医院")));
    near(&member["reasons"][1]["by"], 28.0);
    assert_eq!(member["reasons"][1]["month"], "2026-06");
    // Wu has an overdue task and no number in the month; the last feedback is thirty days ago.
    let wu = &team["members"][1];
    assert_eq!(codes(&team, 1), ["overdue-tasks", "not-computable", "silent"], "{wu}");
    assert_eq!(wu["reasons"][0]["tasks"], json!([{ "id": "late", "title": "拖延", "due": "2026-06-20" }]));
    assert_eq!((&wu["reasons"][2]["days"], &wu["reasons"][2]["last_on"]), (&json!(30), &json!("2026-05-31")));
    assert_eq!((codes(&team, 0), team["members"][0]["composite"].is_null()), (vec![], true));

    // When somebody needs a word can be said.
    let other = han.get("/people/han/team?silent_days=31&fell_by=29").ok();
    assert_eq!(
        (codes(&other, 1), codes(&other, 2)),
        (vec!["overdue-tasks".into(), "not-computable".to_owned()], vec!["alert".to_owned()])
    );
    assert_eq!(han.get("/people/han/team?silent_days=0").problem(), "refused");
    // Whoever is away is not silent.
    let absence =
        json!({ "absences": [{ "person": "wu", "kind": "leave", "from": "2026-06-29", "until": "2026-07-03" }] });
    let _ = han.post("/absences", &absence).ok();
    assert_eq!(codes(&han.get("/people/han/team").ok(), 1), ["overdue-tasks", "not-computable"]);

    // Who leads the manager sees the same; an HR partner sees nothing of who is not in reach.
    assert_eq!(boss.get("/people/han/team").ok(), han.get("/people/han/team").ok());
    assert_eq!(administrator.get("/people/han/team").ok(), han.get("/people/han/team").ok());
    assert_eq!(hui.get("/people/han/team").body, hui.get("/people/ghost/team").body);
    // Of the team of a manager who is in reach, only those who are.
    company.ok(&["people", "move", "han", "--department", "sales", "--from", "2026-06-01"]);
    let hui_sees = hui.get("/people/han/team").ok();
    assert_eq!(people(&hui_sees), ["he"]);
    // A member sees nothing of it, and has an empty team of their own.
    assert_eq!(li.get("/people/han/team").body, li.get("/people/ghost/team").body);
    assert_eq!(li.get("/people/li/team").ok()["members"], json!([]));
    assert_eq!(administrator.get("/people/ghost/team").problem(), "not-found");
    assert_eq!(served.system(&company, &["scores:read"]).get("/people/han/team").problem(), "not-found");
}
