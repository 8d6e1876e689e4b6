//! From points to one number: scorecards, shares that crises and managers change, composites and their replay.

use std::path::Path;
use std::process::Command;

use daybreak_domain::circumstance::{Cause, Circumstance, Participant};
use daybreak_domain::time::{Day, Instant};
use daybreak_storage::{Address, Recorded, Store};
use daybreak_tests::company::{Said, TestCompany, binary};
use serde_json::Value;

/// The morning of 2026-07-01 in Shanghai.
const NOW: &str = "2026-07-01T01:00:00Z";

const MAPPING: &str = r#"
source = "crm"
kind = "{kind}"
external_id = "{id}"
capture = "typed"
who = "{who}"
unknown_people = "refuse"

[time]
text = "{at}"
zone = "Asia/Shanghai"
"#;

/// The indicators count facts of the kind that is called like them.
const INDICATORS: [&str; 4] = ["delivery", "quality", "growth", "collaboration"];

/// The recall example: 35/30/20/15.
const OPERATIONS: &str = r#"
id = "operations"
title = { zh-CN = "运营考核方案", en = "Operations" }
department = "operations"

[[dimensions]]
id = "results"
title = { zh-CN = "业绩", en = "Results" }
[[dimensions]]
id = "learning"
title = { zh-CN = "成长", en = "Learning" }
[[dimensions]]
id = "teamwork"
title = { zh-CN = "协同", en = "Teamwork" }

[[indicators]]
id = "delivery"
dimension = "results"
share = "35%"
[[indicators]]
id = "quality"
dimension = "results"
share = "30%"
[[indicators]]
id = "growth"
dimension = "learning"
share = "20%"
[[indicators]]
id = "collaboration"
dimension = "teamwork"
share = "15%"
"#;

/// Li and Wu are in the service team below operations, He is in sales. Each count of 10 is 100 points.
fn company() -> TestCompany {
    let company = super::company("Asia/Shanghai", NOW);
    company.install("measure");
    company.ok(&["department", "add", "operations", "--name", "运营"]);
    company.ok(&["department", "add", "service", "--name", "售后", "--parent", "operations"]);
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    people(
        &company,
        "li,李雷,service,2025-01-01,crm:li\nwu,吴敏,service,2025-01-01,crm:wu\nhe,何静,sales,2025-01-01,crm:he\n",
    );
    for indicator in INDICATORS {
        let parameters = format!(r#"{{"kind": "{indicator}", "measure": "count"}}"#);
        let parameters = company.file("parameters.json", &parameters);
        let title = ["--title-zh", "指标", "--title-en", indicator];
        let set = ["indicator", "set", indicator, "--plugin", "measure", "--parameters", &parameters, "--grant"];
        company.ok(&[&set[..], &title[..]].concat());
    }
    company
}

fn people(company: &TestCompany, rows: &str) {
    let file = company.file("people.csv", &format!("id,name,department,from,identities\n{rows}"));
    company.ok(&["people", "import", &file]);
}

fn goal(company: &TestCompany, indicator: &str, subject: &str) {
    company.ok(&["goal", "set", indicator, "--subject", subject, "--target", "10"]);
}

/// Imports so many facts of each kind, at noon of the day.
pub(super) fn facts(company: &TestCompany, who: &str, day: &str, counts: &[(&str, usize)]) {
    let mut rows = "id,kind,who,at\n".to_owned();
    for (kind, count) in counts {
        for row in 0..*count {
            rows.extend([&format!("{kind}-{who}-{day}-{row}"), ",", kind, ",", who, ",", day, " 12:00\n"]);
        }
    }
    let mapping = company.file("crm.toml", MAPPING);
    let file = company.file("crm.csv", &rows);
    company.ok(&["import", "--mapping", &mapping, &file]);
}

fn scorecard(company: &TestCompany, text: &str) {
    let file = company.file("scorecard.toml", text);
    company.ok(&["scorecard", "set", &file]);
}

/// Li's June: 80, 60, 100 and 40 points, by a scorecard that Li has through the department above the own one.
pub(super) fn june() -> TestCompany {
    let company = company();
    scorecard(&company, OPERATIONS);
    for indicator in INDICATORS {
        goal(&company, indicator, "li");
    }
    let counts = [("delivery", 8), ("quality", 6), ("growth", 10), ("collaboration", 4)];
    facts(&company, "li", "2026-06-09", &counts);
    company
}

/// What li, wu or he is told of, from one day until another. Records it as the host does.
fn circumstance(company: &TestCompany, id: &str, kind: &str, person: &str, days: (&str, &str), withdrawn: bool) {
    let url = company.command(&[]).get_envs().find_map(|(name, value)| {
        (name == "DATABASE_URL").then(|| value.map(|value| value.to_string_lossy().into_owned())).flatten()
    });
    let address = url.map_or_else(|| Address::File(company.database()), Address::Server);
    let (from, until): (Day, Day) = (days.0.parse().unwrap(), days.1.parse().unwrap());
    let circumstance = Circumstance {
        id: id.into(),
        kind: kind.into(),
        from,
        until: Some(until),
        participants: vec![Participant { person: person.into(), from, until: None }],
        measures: [("hours".to_owned(), 12.0)].into(),
        cause: Cause::Task("recall".into()),
        reason: "批次召回".into(),
        withdrawn,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&address).await.unwrap();
        let mut write = store.write("acme").await.unwrap();
        write.add_circumstance(&circumstance, Recorded { at: Instant(0), by: "he" }).await.unwrap();
        write.commit().await.unwrap();
        store.close().await;
    });
}

/// A crisis raises collaboration from 15 % to 30 %.
pub(super) fn enable_crisis_response(company: &TestCompany) {
    company.install("crisis-response");
    let parameters = company.file("crisis.json", r#"{"target": "collaboration"}"#);
    let set = ["enablement", "set", "crisis", "--kind", "reweighting", "--plugin", "crisis-response"];
    let rest = ["--title-zh", "危机", "--title-en", "Crisis", "--parameters", &parameters, "--grant"];
    company.ok(&[&set[..], &rest[..]].concat());
}

fn composites(company: &TestCompany, history: bool) -> Vec<Value> {
    let mut arguments = vec!["export", "composites", "--format", "jsonl"];
    arguments.extend(history.then_some("--history"));
    company.ok(&arguments).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn composite(company: &TestCompany, employee: &str, period: &str) -> Value {
    let all = composites(company, false);
    let found = all.iter().find(|composite| composite["employee"] == employee && composite["period"] == period);
    found.unwrap_or_else(|| panic!("{employee} has a composite for {period} in {all:#?}")).clone()
}

fn points(company: &TestCompany, employee: &str, period: &str) -> Option<f64> {
    composite(company, employee, period)["points"].as_f64()
}

#[track_caller]
fn assert_near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-9), "{found:?} is not {expected}");
}

/// The shares of a month in millionths, in the order of [`INDICATORS`].
fn shares(company: &TestCompany, employee: &str, month: &str) -> Vec<u64> {
    let shares = month_shares(company, employee, month)["shares"].as_array().unwrap().clone();
    let share = |indicator: &&str| shares.iter().find(|share| share["indicator"] == **indicator);
    INDICATORS.iter().filter_map(share).map(|share| share["share"].as_u64().unwrap()).collect()
}

fn month_shares(company: &TestCompany, employee: &str, month: &str) -> Value {
    let text = company.ok(&["shares", employee, "--period", month, "--format", "json"]);
    serde_json::from_str(&text).unwrap()
}

#[track_caller]
fn assert_replays(company: &TestCompany) {
    let said = company.run(&["replay"]);
    assert!(said.succeeded, "{}{}", said.output, said.errors);
}

/// A manager's order for Li's collaboration.
fn order(share: &str, from: &str, until: &str) -> Vec<String> {
    let arguments =
        ["reweight", "li", "--indicator", "collaboration", "--share", share, "--from", from, "--until", until];
    let order = [&arguments[..], &["--reason", "支援新客户上线", "--by", "he"]].concat();
    order.into_iter().map(str::to_owned).collect()
}

fn ordered(company: &TestCompany, share: &str, from: &str, until: &str) -> String {
    let arguments = order(share, from, until);
    let said = company.ok(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    // "change 42: 30% from …"
    said.split([' ', ':']).nth(1).unwrap().to_owned()
}

#[test]
fn a_scorecard_makes_a_composite_with_its_dimensions() {
    let company = june();
    let said = company.ok(&["score"]);
    // June, the second quarter and the year, of Li and Wu; and July, which has begun.
    assert!(said.contains(" composites"), "{said}");
    // 0.35 · 80 + 0.30 · 60 + 0.20 · 100 + 0.15 · 40 = 28 + 18 + 20 + 6 = 72.
    assert_near(points(&company, "li", "2026-06"), 72.0);
    let found = composite(&company, "li", "2026-06");
    assert_eq!(found["coverage_millionths"], 1_000_000);
    // Results: (28 + 18) / 0.65.
    let dimensions: Vec<(String, Option<f64>)> = found["dimensions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|part| (part["dimension"].as_str().unwrap().to_owned(), part["points"]["points"].as_f64()))
        .collect();
    assert_eq!(dimensions[0], ("learning".to_owned(), Some(100.0)));
    assert_near(dimensions[1].1, 46.0 / 0.65);
    assert_eq!(dimensions[2], ("teamwork".to_owned(), Some(40.0)));
    // The only month of the quarter. The year has July too, of which all 31 days count although it has only begun, and in
    // which Li has done nothing yet: 30 · 72 / 61.
    assert_near(points(&company, "li", "2026-Q2"), 72.0);
    assert_near(points(&company, "li", "2026"), 30.0 * 72.0 / 61.0);
    // He is in no department with a scorecard.
    assert!(composites(&company, false).iter().all(|composite| composite["employee"] != "he"));
    let listed = company.ok(&["composites", "--period", "2026-06"]);
    assert!(listed.contains("李雷") && listed.contains("72") && listed.contains("results 70.7692 (65%)"), "{listed}");
    assert!(company.ok(&["replay"]).contains("composites replayed"));
    // Nothing is stale any more, and a new fact touches nobody but Li.
    assert!(company.ok(&["score"]).starts_with("0 computed"));
    let before = composites(&company, true).len();
    facts(&company, "li", "2026-06-10", &[("collaboration", 2)]);
    company.ok(&["score"]);
    // Collaboration has 60 points now: 72 + 0.15 · 20.
    assert_near(points(&company, "li", "2026-06"), 75.0);
    assert_near(points(&company, "li", "2026-Q2"), 75.0);
    assert_eq!(composites(&company, true).len(), before + 3, "Li's month, quarter and year");
    assert_replays(&company);
}

#[test]
fn a_crisis_over_some_days_changes_the_whole_month_and_only_for_those_in_it() {
    let company = june();
    enable_crisis_response(&company);
    company.ok(&["score"]);
    assert_near(points(&company, "li", "2026-06"), 72.0);
    circumstance(&company, "recall-1", "crisis", "li", ("2026-06-10", "2026-06-13"), false);
    company.ok(&["score"]);
    // 15 → 30 leaves 70 for 85: 35 · 70/85 = 28.8235, 30 · 70/85 = 24.7059, 20 · 70/85 = 16.4706.
    assert_eq!(shares(&company, "li", "2026-06"), [288_235, 247_059, 164_706, 300_000]);
    assert_eq!(shares(&company, "wu", "2026-06"), [350_000, 300_000, 200_000, 150_000]);
    assert_eq!(shares(&company, "li", "2026-05"), [350_000, 300_000, 200_000, 150_000]);
    // 0.288235 · 80 + 0.247059 · 60 + 0.164706 · 100 + 0.3 · 40 = 23.0588 + 14.82354 + 16.4706 + 12.
    assert_near(points(&company, "li", "2026-06"), 66.35294);
    let told = company.ok(&["shares", "li", "--period", "2026-06"]);
    assert!(told.contains("policy crisis, circumstance recall-1"), "{told}");
    assert!(told.contains("2026-06-01 to 2026-06-30") && told.contains("28.8235%"), "{told}");
    assert_eq!(composite(&company, "li", "2026-06")["policy_batches"].as_array().unwrap().len(), 1);
    // It was recorded by mistake: another composite, and the earlier one still replays.
    circumstance(&company, "recall-1", "crisis", "li", ("2026-06-10", "2026-06-13"), true);
    company.ok(&["score"]);
    assert_near(points(&company, "li", "2026-06"), 72.0);
    let history: Vec<Option<f64>> = composites(&company, true)
        .iter()
        .filter(|composite| composite["employee"] == "li" && composite["period"] == "2026-06")
        .map(|composite| composite["points"].as_f64())
        .collect();
    assert_eq!(history.len(), 3);
    assert_near(history[1], 66.35294);
    let said = company.ok(&["replay"]);
    assert!(said.contains("1 policy calls replayed: 1 equal"), "{said}");
}

#[test]
fn a_managers_change_counts_for_its_days_and_can_be_taken_back() {
    let company = june();
    let number = ordered(&company, "30%", "2026-06-01", "2026-06-11");
    company.ok(&["score"]);
    // Ten days of 288235/247059/164706/300000 and twenty of the signed ones:
    // (10 · 288235 + 20 · 350000) / 30 = 329411.67, (10 · 247059 + 20 · 300000) / 30 = 282353,
    // (10 · 164706 + 20 · 200000) / 30 = 188235.33, (10 · 300000 + 20 · 150000) / 30 = 200000. The missing one goes to
    // the largest remainder.
    assert_eq!(shares(&company, "li", "2026-06"), [329_412, 282_353, 188_235, 200_000]);
    // 26.35296 + 16.94118 + 18.8235 + 8
    assert_near(points(&company, "li", "2026-06"), 70.11764);
    let told = company.ok(&["shares", "li", "--period", "2026-06"]);
    assert!(told.contains("2026-06-01 to 2026-06-10") && told.contains("支援新客户上线"), "{told}");
    // Half of it: (5 · 300000 + 25 · 150000) / 30 = 175000.
    company.ok(&["reweight", "revoke", &number, "--from", "2026-06-06"]);
    assert_eq!(shares(&company, "li", "2026-06")[3], 175_000);
    company.ok(&["reweight", "revoke", &number]);
    company.ok(&["score"]);
    assert_near(points(&company, "li", "2026-06"), 72.0);
    assert!(company.refused(&["reweight", "revoke", &number]).contains("revoked before"));
    assert!(company.ok(&["reweight", "list"]).contains("revoked"));
    assert_replays(&company);
}

#[test]
fn what_the_arithmetic_refuses_is_refused_with_the_reason() {
    let company = june();
    let refused = |arguments: &[String]| company.refused(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    let change = |share: &str| order(share, "2026-06-01", "2026-06-11");
    assert!(refused(&change("101%")).contains("choose at most 100%"));
    assert!(refused(&change("30")).contains("write it in percent"));
    let unknown = |from: &str, to: &str| -> Vec<String> {
        change("30%").into_iter().map(|word| if word == from { to.to_owned() } else { word }).collect()
    };
    assert!(refused(&unknown("collaboration", "punctuality")).contains("the scorecard has no such part"));
    assert!(refused(&unknown("li", "he")).contains("no scorecard on any day"));
    assert!(refused(&unknown("li", "nobody")).contains("there is no person"));
    assert!(refused(&unknown("2026-06-11", "2028-06-11")).contains("at most 366"));
    // Collaboration takes what delivery has left over, and more is not there.
    ordered(&company, "30%", "2026-06-01", "2026-06-11");
    let errors = refused(
        &change("80%")
            .into_iter()
            .map(|word| if word == "collaboration" { "delivery".into() } else { word })
            .collect::<Vec<_>>(),
    );
    assert!(errors.contains("110%") && errors.contains("10% over the whole"), "{errors}");
    // A scorecard that does not total 100% is refused with what is missing, and a locked share is not changed.
    let file = company.file("scorecard.toml", &OPERATIONS.replace("\"15%\"", "\"14.5%\""));
    assert!(company.refused(&["scorecard", "set", &file]).contains("the shares total 99.5%: add 0.5%"));
    let file = company.file("scorecard.toml", &OPERATIONS.replace("id = \"growth\"", "id = \"unheard-of\""));
    assert!(company.refused(&["scorecard", "set", &file]).contains("there is no indicator \"unheard-of\""));
    scorecard(&company, &format!("{OPERATIONS}locked = true\n"));
    assert!(refused(&order("40%", "2026-06-21", "2026-06-25")).contains("is locked"));
}

#[test]
fn a_manager_wins_over_a_crisis_on_his_own_days() {
    let company = june();
    enable_crisis_response(&company);
    circumstance(&company, "recall-1", "crisis", "li", ("2026-06-10", "2026-06-13"), false);
    ordered(&company, "10%", "2026-06-21", "2026-07-01");
    company.ok(&["score"]);
    // Twenty days as the crisis has them: 288235/247059/164706/300000. Ten days of the manager's 10 %, which leave 90 for
    // 85: 370588/317647/211765/100000. The means are 315686, 270588.33, 180392.33 and 233333.33; of three equal
    // remainders the first by id gets the missing millionth.
    assert_eq!(shares(&company, "li", "2026-06"), [315_686, 270_588, 180_392, 233_334]);
    // (315686 · 80 + 270588 · 60 + 180392 · 100 + 233334 · 40) / 1e6 = 25.25488 + 16.23528 + 18.0392 + 9.33336
    assert_near(points(&company, "li", "2026-06"), 68.86272);
    let view = month_shares(&company, "li", "2026-06");
    assert_eq!(view["intervals"].as_array().unwrap().len(), 2);
    assert_replays(&company);
}

#[test]
fn missing_is_not_zero_and_too_little_is_not_computable() {
    let company = company();
    scorecard(&company, &OPERATIONS.replace("department = \"operations\"\n", ""));
    // A raw value without a goal is missing.
    for indicator in ["delivery", "growth", "collaboration"] {
        goal(&company, indicator, "wu");
    }
    goal(&company, "delivery", "he");
    facts(&company, "wu", "2026-06-09", &[("delivery", 10), ("quality", 3), ("growth", 5), ("collaboration", 2)]);
    facts(&company, "he", "2026-06-09", &[("delivery", 7)]);
    company.ok(&["score"]);
    // (35 · 100 + 20 · 50 + 15 · 20) / 70
    assert_near(points(&company, "wu", "2026-06"), 4800.0 / 70.0);
    let found = composite(&company, "wu", "2026-06");
    assert_eq!(found["coverage_millionths"], 700_000);
    assert_eq!(found["missing"][0]["indicator"], "quality");
    assert_eq!(points(&company, "he", "2026-06"), None);
    let found = composite(&company, "he", "2026-06");
    assert_eq!(found["coverage_millionths"], 350_000);
    assert!(found["reason_en"].as_str().unwrap().contains("have 35% of the shares; at least 50%"), "{found}");
    assert!(found["reason_zh_cn"].as_str().unwrap().contains("只占权重的 35%"), "{found}");
    company.ok(&["scorecard", "minimum-coverage", "35%", "--from", "2026-06-30"]);
    company.ok(&["score"]);
    assert_near(points(&company, "he", "2026-06"), 70.0);
    assert_near(points(&company, "he", "2026-Q2"), 70.0);
    assert_replays(&company);
}

#[test]
fn who_moves_in_the_month_has_the_scorecard_of_the_last_day() {
    let company = june();
    let sales = "id = \"sales\"\ntitle = { zh-CN = \"销售\", en = \"Sales\" }\ndepartment = \"sales\"\n\
                 [[dimensions]]\nid = \"results\"\ntitle = { zh-CN = \"业绩\", en = \"Results\" }\n\
                 [[indicators]]\nid = \"delivery\"\ndimension = \"results\"\nshare = \"50%\"\n\
                 [[indicators]]\nid = \"growth\"\ndimension = \"results\"\nshare = \"50%\"\n\
                 [[indicators]]\nid = \"quality\"\ndimension = \"results\"\ntrial = true\n";
    scorecard(&company, sales);
    company.ok(&["score"]);
    assert_near(points(&company, "li", "2026-06"), 72.0);
    people(&company, "li,李雷,sales,2026-06-16,\n");
    company.ok(&["score"]);
    // (80 + 100) / 2; the trial of quality counts nowhere.
    assert_near(points(&company, "li", "2026-06"), 90.0);
    let view = month_shares(&company, "li", "2026-06");
    assert_eq!((&view["scorecard"], &view["day_count"]), (&Value::from("sales"), &Value::from(15)));
    assert_eq!(view["trials"][0], "quality");
    // Another revision in mid month holds for the whole of it: 0.8 · 80 + 0.2 · 100.
    let other = sales.replace("\"50%\"", "\"20%\"").replacen("\"20%\"", "\"80%\"", 1);
    scorecard(&company, &other.replacen("id = \"sales\"", "id = \"sales\"\nfrom = \"2026-06-20\"", 1));
    company.ok(&["score"]);
    assert_near(points(&company, "li", "2026-06"), 84.0);
    // The scorecard of Li alone is the most particular one.
    let own = OPERATIONS.replace("department = \"operations\"", "employees = [\"li\"]");
    scorecard(&company, &own.replacen("id = \"operations\"", "id = \"li\"", 1));
    company.ok(&["score"]);
    assert_near(points(&company, "li", "2026-06"), 72.0);
    company.ok(&["scorecard", "end", "li", "--from", "2026-01-01"]);
    company.ok(&["scorecard", "end", "sales", "--from", "2026-01-01"]);
    company.ok(&["scorecard", "end", "operations", "--from", "2026-01-01"]);
    company.ok(&["score"]);
    assert_eq!(points(&company, "li", "2026-06"), None, "whose scorecards are gone keeps no composite");
    assert_replays(&company);
}

#[test]
fn a_quarter_is_the_mean_of_its_months_by_days_on_the_scorecard() {
    let company = company();
    let one = "id = \"service\"\ntitle = { zh-CN = \"售后\", en = \"Service\" }\nfrom = \"2026-04-11\"\n\
               department = \"service\"\n\
               [[dimensions]]\nid = \"results\"\ntitle = { zh-CN = \"业绩\", en = \"Results\" }\n\
               [[indicators]]\nid = \"delivery\"\ndimension = \"results\"\nshare = \"100%\"\n";
    scorecard(&company, one);
    goal(&company, "delivery", "li");
    for (day, count) in [("2026-04-20", 5), ("2026-05-20", 8), ("2026-06-20", 10)] {
        facts(&company, "li", day, &[("delivery", count)]);
    }
    company.ok(&["score"]);
    let months = ["2026-04", "2026-05", "2026-06"].map(|month| points(&company, "li", month));
    assert_eq!(months, [Some(50.0), Some(80.0), Some(100.0)]);
    // 20 days of April, 31 of May, 30 of June: (20 · 50 + 31 · 80 + 30 · 100) / 81 = 6480 / 81 = 80.
    assert_near(points(&company, "li", "2026-Q2"), 80.0);
    let year = composite(&company, "li", "2026");
    let missing: Vec<&str> =
        year["missing"].as_array().unwrap().iter().map(|month| month["month"].as_str().unwrap()).collect();
    assert!(missing.contains(&"2026-01") && missing.contains(&"2026-12"), "{missing:?}");
    assert_replays(&company);
}

#[test]
fn a_policy_that_fails_changes_nothing_and_is_told_of() {
    let company = june();
    company.install("quartet");
    let parameters = company.file("quartet.json", r#"{"break": "share"}"#);
    let set = ["enablement", "set", "leave", "--kind", "reweighting", "--plugin", "quartet", "--grant"];
    company.ok(&[&set[..], &["--title-zh", "休假", "--title-en", "Leave", "--parameters", &parameters]].concat());
    circumstance(&company, "leave-1", "parental-leave", "li", ("2026-06-10", "2026-06-13"), false);
    company.ok(&["score"]);
    assert_near(points(&company, "li", "2026-06"), 72.0);
    assert!(company.ok(&["composites", "--period", "2026-06"]).contains("the policy leave failed"));
    let faults = company.ok(&["faults"]);
    assert!(faults.contains("leave") && faults.contains("1000001"), "{faults}");
    assert!(company.ok(&["score"]).starts_with("0 computed"), "a fault is stored once");
    assert_eq!(company.ok(&["faults"]), faults);
    // Corrected, it halves the first share by id, collaboration's: 7.5 leave 92.5 for 85.
    let sound = company.file("quartet.json", "{}");
    company.ok(&[&set[..], &["--title-zh", "休假", "--title-en", "Leave", "--parameters", &sound]].concat());
    company.ok(&["score"]);
    assert_eq!(shares(&company, "li", "2026-06")[3], 75_000);
    let said = company.ok(&["replay"]);
    assert!(said.contains("2 policy calls replayed: 2 equal"), "{said}");
}

#[test]
fn whatever_somebody_changes_in_the_database_is_named() {
    let company = june();
    enable_crisis_response(&company);
    circumstance(&company, "recall-1", "crisis", "li", ("2026-06-10", "2026-06-13"), false);
    ordered(&company, "10%", "2026-06-21", "2026-07-01");
    company.ok(&["scorecard", "minimum-coverage", "40%"]);
    company.ok(&["score"]);
    assert_replays(&company);
    let after = |change: &str, back: &str| {
        assert!(company.tamper(change) > 0, "{change}");
        let said = company.run(&["replay"]);
        assert!(!said.succeeded, "{change}");
        assert!(company.tamper(back) > 0, "{back}");
        said.output
    };
    let swapped = |table: &str, column: &str, from: &str, to: &str| {
        let set = |from: &str, to: &str| format!("UPDATE {table} SET {column} = replace({column}, '{from}', '{to}')");
        after(&set(from, to), &set(to, from))
    };
    let moved = |table: &str, column: &str, by: i64| {
        let set = |by: i64| format!("UPDATE {table} SET {column} = {column} + {by}");
        after(&set(by), &set(-by))
    };
    // Delivery gets the share of quality and the other way round, or the total is no longer the whole.
    let exchanged = "UPDATE scorecard SET entries = replace(replace(replace(entries, '350000', 'x'), '300000', '350000'), \
                     'x', '300000')";
    let said = after(exchanged, exchanged);
    assert!(said.contains("the share vector differs: delivery had 31.5686%"), "{said}");
    assert!(said.contains("signed shares or circumstances were changed"), "{said}");
    assert!(swapped("scorecard", "entries", "350000", "350001").contains("cannot be computed any more"));
    let said = swapped("policy_answer", "changes", "300000", "310000");
    assert!(said.contains("the stored answers of the policy call"), "{said}");
    assert!(said.contains("the share vector differs: collaboration had 23.3334%"), "{said}");
    let said = moved("share_adjustment", "share", 30_000);
    assert!(said.contains("the share vector differs") && said.contains("the composite differs"), "{said}");
    assert!(moved("share_adjustment", "sequence", 1).contains("the managers' changes differ"));
    assert!(moved("circumstance", "valid_until", 1).contains("signed shares or circumstances were changed"));
    assert!(swapped("enablement", "parameters", "collaboration", "delivery").contains("the enablement number"));
    assert!(moved("minimum_coverage", "coverage", 1).contains("the minimum coverage differs: 40%"));
    assert!(
        swapped("spell", "department", "service", "sales")
            .contains("the scorecard differs: the receipt names operations")
    );
    assert!(moved("composite", "coverage", 1).contains("the stored composite was changed"));
    assert!(swapped("composite", "shares", "支援", "支持").contains("how the shares came about was changed"));
    assert!(swapped("composite", "outcome", "computed", "composed").contains("a stored row was changed: composite"));
    let said = moved("score", "points", 1);
    assert!(said.contains("was changed: it does not have its digest"), "{said}");
    assert!(company.tamper("DELETE FROM policy_answer") > 0);
    let said = company.run(&["replay"]).output;
    assert!(said.contains("the policy answered for 1 employees, 0 answers are there"), "{said}");
    assert!(company.tamper("DELETE FROM score WHERE indicator = 'quality'") > 0);
    let said = company.run(&["replay"]).output;
    assert!(said.contains("of quality is gone") && said.contains("composites replayed"), "{said}");
}

#[test]
fn the_page_on_scorecards_says_what_works() {
    let company = company();
    company.install("crisis-response");
    for indicator in INDICATORS {
        goal(&company, indicator, "li");
        goal(&company, indicator, "wu");
    }
    facts(&company, "li", "2026-06-09", &[("delivery", 8), ("quality", 6), ("collaboration", 4)]);
    facts(&company, "wu", "2026-06-09", &[("delivery", 5), ("quality", 5), ("collaboration", 5)]);
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("host/docs/SCORECARDS.md");
    let page = std::fs::read_to_string(page).unwrap();
    let blocks: Vec<&str> =
        page.split("```sh\n").skip(1).map(|block| block.split_once("```").expect("the block ends").0).collect();
    let script = format!("set -eu\ndaybreak() {{ {:?} \"$@\"; }}\n{}", binary(), blocks.concat());
    let mut bash = Command::new("bash");
    bash.args(["-c", &script]).current_dir(company.folder());
    for (name, value) in company.command(&[]).get_envs() {
        match value {
            Some(value) => bash.env(name, value),
            None => bash.env_remove(name),
        };
    }
    // A reader has no other clock than the machine's.
    bash.env_remove("DAYBREAK_NOW");
    let said = Said::of(&bash.output().expect("bash can be started"));
    assert!(said.succeeded, "{}{}", said.output, said.errors);
    for expected in [
        "operations is set",
        "30%  quality  locked",
        "growth  on trial, counts nowhere",
        "it reverts by itself on 2026-06-11",
        "policy rush, circumstance rush-1",
        "a composite needs at least 40% of the shares",
        " 0 differ",
    ] {
        assert!(said.output.contains(expected), "{expected}: {}", said.output);
    }
    // Wu's 30 % are collaboration's, quality's 30 % are locked, so 40 % are left to delivery; all have 50 points.
    assert_eq!(shares(&company, "wu", "2026-06"), [400_000, 300_000, 300_000]);
    assert_near(points(&company, "wu", "2026-06"), 50.0);
}

#[test]
fn a_crisis_task_raises_collaboration_for_the_months_that_it_touches() {
    let mut company = june();
    enable_crisis_response(&company);
    company.set_now("2026-07-10T01:00:00Z");
    let counts = [("delivery", 8), ("quality", 6), ("growth", 10), ("collaboration", 4)];
    facts(&company, "li", "2026-07-02", &counts);
    // Li delivered the batch, and Wu has nothing to do with it.
    let with_document = MAPPING.replace("\n\n[time]", "\ndocument = \"{id}\"\n\n[time]");
    let batches = company.file("batches.toml", &with_document);
    let rows = company.file("batches.csv", "id,kind,who,at\nB7,shipment,li,2026-07-03 10:00\n");
    company.ok(&["import", "--mapping", &batches, &rows]);
    company.ok(&["score"]);
    assert_near(points(&company, "li", "2026-07"), 72.0);

    company.ok(&["task", "crisis", "--id", "recall", "--document", "B7", "--initiator", "he"]);
    company.ok(&["score"]);
    // 15 → 30 leaves 70 for 85: 28.8235, 24.7059 and 16.4706; 23.0588 + 14.82354 + 16.4706 + 12.
    let (signed, raised) = ([350_000, 300_000, 200_000, 150_000], [288_235, 247_059, 164_706, 300_000]);
    assert_eq!(shares(&company, "li", "2026-07"), raised);
    assert_eq!(shares(&company, "wu", "2026-07"), signed);
    assert_near(points(&company, "li", "2026-07"), 66.35294);
    // The task began on the 10th of July, so June is as it was.
    assert_near(points(&company, "li", "2026-06"), 72.0);

    // It is done on the 20th: that July had a crisis stays true, and August has none.
    company.set_now("2026-07-20T01:00:00Z");
    company.ok(&["task", "done", "recall", "--by", "he"]);
    company.set_now("2026-08-05T01:00:00Z");
    facts(&company, "li", "2026-08-03", &counts);
    company.ok(&["score"]);
    assert_eq!(shares(&company, "li", "2026-07"), raised);
    assert_near(points(&company, "li", "2026-07"), 66.35294);
    assert_eq!(shares(&company, "li", "2026-08"), signed);
    assert_near(points(&company, "li", "2026-08"), 72.0);
    // The quarter by days: (31 · 66.35294 + 31 · 72) / 62.
    assert_near(points(&company, "li", "2026-Q3"), 69.17647);
    assert_replays(&company);
}

#[test]
fn an_indicator_that_cannot_be_computed_is_missing_and_not_zero() {
    let company = june();
    company.install("professional-influence");
    let title = ["--title-zh", "专业影响力", "--title-en", "Professional influence"];
    let set = ["indicator", "set", "influence", "--plugin", "professional-influence", "--grant"];
    company.ok(&[&set[..], &title[..]].concat());
    company.ok(&["goal", "set", "influence", "--target", "100"]);
    scorecard(&company, &OPERATIONS.replace("id = \"growth\"", "id = \"influence\""));
    let touchpoints = MAPPING.to_owned() + "\n[fields]\nquestion_depth = \"5\"\ncompetitor = \"Acme\"\n";
    let touchpoints = company.file("touchpoints.toml", &touchpoints);
    let answered = |ids: &[&str]| {
        let rows: Vec<String> = ids.iter().map(|id| format!("{id},touchpoint,li,2026-06-08 10:00\n")).collect();
        let rows = company.file("touchpoints.csv", &format!("id,kind,who,at\n{}", rows.concat()));
        company.ok(&["import", "--mapping", &touchpoints, &rows]);
        company.ok(&["score"]);
    };
    // Two touchpoints are fewer than the three that the plugin wants.
    answered(&["t1", "t2"]);
    let scores = company.scores(false);
    let own = scores
        .iter()
        .find(|score| score["indicator"] == "influence" && score["subject"] == "li" && score["period"] == "2026-06");
    assert!(own.is_some_and(|score| score["raw"].is_null()), "there is a score that says why: {own:?}");
    // (35 · 80 + 30 · 60 + 15 · 40) / 80 = 5200 / 80; as zero it would be 52.
    assert_near(points(&company, "li", "2026-06"), 65.0);
    let found = composite(&company, "li", "2026-06");
    assert_eq!(found["coverage_millionths"], 800_000);
    let missing = &found["missing"][0];
    assert_eq!((found["missing"].as_array().map(Vec::len), &missing["indicator"]), (Some(1), &"influence".into()));
    assert!(missing["reason"]["en"].as_str().is_some_and(|reason| reason.contains("at least 3")), "{missing}");
    // Nothing else is in its dimension.
    let learning = found["dimensions"].as_array().unwrap().iter().find(|part| part["dimension"] == "learning").unwrap();
    assert_eq!(learning["points"]["points"].as_f64(), None);
    // The third one makes it 100 points: 28 + 18 + 20 + 6.
    answered(&["t1", "t2", "t3"]);
    assert_near(points(&company, "li", "2026-06"), 72.0);
    assert_eq!(composite(&company, "li", "2026-06")["coverage_millionths"], 1_000_000);
    assert_replays(&company);
}

#[test]
fn a_position_has_a_scorecard_of_its_own_on_the_days_that_somebody_has_it() {
    let company = june();
    let file = company.file("positions.csv", "id,title-zh,title-en\nrep,代表,Representative\nhead,主管,Head\n");
    assert!(company.ok(&["position", "import", &file]).contains("2 positions read, 2 rows appended"));
    assert!(company.ok(&["position", "import", &file]).contains(" 0 rows appended"));
    let bad = company.file("positions.csv", "id,title-zh,title-en\nrep,代表,\nHead!,主管,Head\n");
    let errors = company.refused(&["position", "import", &bad]);
    assert!(errors.contains("line 2 (row 1)") && errors.contains("line 3 (row 2)"), "{errors}");
    // 50/10/25/15 in place of 35/30/20/15.
    let own = OPERATIONS
        .replace("department = \"operations\"", "position = \"rep\"")
        .replacen("id = \"operations\"", "id = \"representatives\"", 1)
        .replace("\"35%\"", "\"50%\"")
        .replace("\"30%\"", "\"10%\"")
        .replace("\"20%\"", "\"25%\"");
    scorecard(&company, &own);
    company.ok(&["score"]);
    assert_near(points(&company, "li", "2026-06"), 72.0);
    // A representative since the 16th: the position comes before the department.
    company.ok(&["people", "move", "li", "--position", "rep", "--from", "2026-06-16"]);
    company.ok(&["score"]);
    let view = month_shares(&company, "li", "2026-06");
    assert_eq!((&view["scorecard"], &view["day_count"]), (&"representatives".into(), &15.into()));
    // 0.5 · 80 + 0.1 · 60 + 0.25 · 100 + 0.15 · 40.
    assert_near(points(&company, "li", "2026-06"), 77.0);
    assert_eq!(shares(&company, "wu", "2026-06"), [350_000, 300_000, 200_000, 150_000]);
    // A head on the last day has the department's again.
    company.ok(&["people", "move", "li", "--position", "head", "--from", "2026-06-30"]);
    company.ok(&["score"]);
    assert_near(points(&company, "li", "2026-06"), 72.0);
    assert_replays(&company);
}

#[test]
fn an_import_of_absences_reaches_everybody_in_it_and_whoever_was_meant_before() {
    let company = june();
    company.install("crisis-response");
    let parameters =
        r#"{"target": "collaboration", "circumstances": ["absence"], "measure": "days", "measure_min": 3}"#;
    let parameters = company.file("away.json", parameters);
    let set = ["enablement", "set", "away", "--kind", "reweighting", "--plugin", "crisis-response"];
    let rest = ["--title-zh", "请假", "--title-en", "Away", "--parameters", &parameters, "--grant"];
    company.ok(&[&set[..], &rest[..]].concat());
    company.ok(&["score"]);
    let import = |rows: &str| {
        let file = company.file("absences.csv", &format!("id,person,from,until,kind\n{rows}"));
        company.ok(&["absence", "import", &file]);
        company.ok(&["score"]);
    };
    let collaboration = |employee: &str| {
        let found = composite(&company, employee, "2026-06");
        let shares = found["shares"].as_array().unwrap().clone();
        let own = shares.iter().find(|share| share["indicator"] == "collaboration");
        own.and_then(|share| share["share"].as_u64()).unwrap()
    };
    // Three days of Li count and two days of Wu do not.
    import("a1,li,2026-06-10,2026-06-13,sick\na2,wu,2026-06-10,2026-06-12,leave\n");
    assert_eq!([collaboration("li"), collaboration("wu")], [300_000, 150_000]);
    // The first absence was Wu's, and the second one is as it was.
    import("a1,wu,2026-06-10,2026-06-13,sick\na2,wu,2026-06-10,2026-06-12,leave\n");
    assert_eq!([collaboration("li"), collaboration("wu")], [150_000, 300_000]);
    assert_replays(&company);
}

#[test]
fn policies_are_asked_before_anything_is_locked() {
    let company = june();
    enable_crisis_response(&company);
    circumstance(&company, "recall-1", "crisis", "li", ("2026-06-10", "2026-06-13"), false);
    if company.url().is_some() {
        // On a server a host waits for as long as the other one writes, and nothing can be said of the order of things.
        return;
    }
    let another = rusqlite::Connection::open(company.database()).unwrap();
    another.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = order("101%", "2026-06-01", "2026-06-11");
    let said = company.refused(&refused.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(said.contains("choose at most 100%"), "it was tried while somebody else wrote: {said}");
    another.execute_batch("ROLLBACK").unwrap();
    ordered(&company, "20%", "2026-06-01", "2026-07-01");
    // 15 → 20 leaves 80 for 85: 35 · 80/85, 30 · 80/85 and 20 · 80/85.
    assert_eq!(shares(&company, "li", "2026-06"), [329_412, 282_353, 188_235, 200_000]);
}

#[test]
fn an_absence_is_a_circumstance_until_it_is_taken_back() {
    let company = june();
    company.install("crisis-response");
    let parameters = company.file("away.json", r#"{"target": "collaboration", "circumstances": ["absence"]}"#);
    let set = ["enablement", "set", "away", "--kind", "reweighting", "--plugin", "crisis-response"];
    let rest = ["--title-zh", "请假", "--title-en", "Away", "--parameters", &parameters, "--grant"];
    company.ok(&[&set[..], &rest[..]].concat());
    company.ok(&["score"]);
    assert_eq!(shares(&company, "li", "2026-06"), [350_000, 300_000, 200_000, 150_000]);
    let days =
        ["absence", "add", "li", "--from", "2026-06-10", "--until", "2026-06-13", "--kind", "sick", "--id", "a1"];
    company.ok(&days);
    // Nothing else can be taken for it.
    let same = ["circumstance", "add", "--id", "absence.a1", "--kind", "rush", "--from", "2026-01-01"];
    let said = company.refused(&[&same[..], &["--participant", "li", "--reason", "x", "--by", "he"]].concat());
    assert!(said.contains("belong to absences: choose another --id"), "{said}");
    company.ok(&["score"]);
    // As in a crisis: the three others share 0.70 in the proportion 35 : 30 : 20.
    assert_eq!(shares(&company, "li", "2026-06"), [288_235, 247_059, 164_706, 300_000]);
    assert_eq!(shares(&company, "wu", "2026-06"), [350_000, 300_000, 200_000, 150_000]);
    // 0.288235 · 80 + 0.247059 · 60 + 0.164706 · 100 + 0.3 · 40
    assert_near(points(&company, "li", "2026-06"), 23.0588 + 14.82354 + 16.4706 + 12.0);
    company.ok(&["absence", "withdraw", "a1"]);
    company.ok(&["score"]);
    assert_eq!(shares(&company, "li", "2026-06"), [350_000, 300_000, 200_000, 150_000]);
    assert_near(points(&company, "li", "2026-06"), 72.0);
    assert_replays(&company);
}
