//! People, departments and names over time: what scores, imports and lists see of them.

use std::path::Path;
use std::process::Command;

use daybreak_tests::company::{Said, TestCompany, binary};
use serde_json::Value;

const VISITS: &str = r#"
source = "crm"
kind = "visit"
external_id = "{id}"
capture = "typed"
who = "{who}"
unknown_people = "refuse"

[time]
text = "{at}"
zone = "Asia/Shanghai"
"#;

const COUNT: &str = r#"{"kind": "visit", "measure": "count"}"#;

/// Noon of 2026-07-01 in Shanghai: June is over.
const NOW: &str = "2026-07-01T04:00:00Z";

fn company(people: &str) -> TestCompany {
    let company = super::company("Asia/Shanghai", NOW);
    company.install("measure");
    for (id, name) in [("sales", "销售"), ("service", "售后")] {
        company.ok(&["department", "add", id, "--name", name]);
    }
    people_file(&company, people);
    company
}

fn people_file(company: &TestCompany, rows: &str) -> String {
    let file = company.file("people.csv", &format!("id,name,department,manager,from,until,identities\n{rows}"));
    company.ok(&["people", "import", &file])
}

fn enable(company: &TestCompany, id: &str, subject: &str, parameters: &str) {
    let parameters = company.file("parameters.json", parameters);
    company.ok(&[
        "indicator",
        "set",
        id,
        "--plugin",
        "measure",
        "--subject",
        subject,
        "--title-zh",
        "拜访数",
        "--title-en",
        "Visits",
        "--parameters",
        &parameters,
        "--grant",
    ]);
}

fn visits(company: &TestCompany, rows: &str) -> String {
    let mapping = company.file("visits.toml", VISITS);
    let file = company.file("visits.csv", &format!("id,who,at\n{rows}"));
    company.ok(&["import", "--mapping", &mapping, &file])
}

fn raw(company: &TestCompany, indicator: &str, subject: &str, period: &str) -> Option<f64> {
    let scores = company.scores(false);
    let score = scores
        .iter()
        .find(|score| score["indicator"] == indicator && score["subject"] == subject && score["period"] == period)?;
    score["raw"].as_f64()
}

fn json(company: &TestCompany, arguments: &[&str]) -> Value {
    serde_json::from_str(&company.ok(arguments)).unwrap()
}

#[test]
fn an_employee_moves_department_in_the_middle_of_a_month() {
    // Li is in sales until the 14th of June and in service from the 15th on; Wu is in service all along.
    let company = company(
        "li,李雷,sales,,2025-01-01,,crm:li\nli,李雷,service,wu,2026-06-15,,\nwu,吴芳,service,,2025-01-01,,crm:wu\n",
    );
    enable(&company, "own", "employee", COUNT);
    enable(&company, "team", "department", COUNT);
    enable(&company, "colleagues", "employee", r#"{"kind": "visit", "measure": "count", "scope": "department"}"#);
    // Three visits by Li before the move, the last one a minute before midnight; two after it, the first one at midnight.
    // One by Wu before the move and one after it.
    visits(
        &company,
        "1,li,2026-06-01 10:00\n2,li,2026-06-10 10:00\n3,li,2026-06-14 23:59\n4,li,2026-06-15 00:00\n\
         5,li,2026-06-20 10:00\n6,wu,2026-06-05 10:00\n7,wu,2026-06-25 10:00\n",
    );
    company.ok(&["score", "--period", "2026-06"]);
    // Li's own score counts all five, wherever Li was.
    assert_eq!(raw(&company, "own", "li", "2026-06"), Some(5.0));
    assert_eq!(raw(&company, "own", "wu", "2026-06"), Some(2.0));
    // Each visit counts for the department of its own day: 3 in sales; 2 of Li's and 2 of Wu's in service.
    assert_eq!(raw(&company, "team", "sales", "2026-06"), Some(3.0));
    assert_eq!(raw(&company, "team", "service", "2026-06"), Some(4.0));
    // Of the department's visits Li sees those of the department that Li had on their day: 3 in sales, then 4, 5 and 7
    // in service; not 6, which was in service while Li was in sales. Wu sees service's: 4, 5, 6, 7.
    assert_eq!(raw(&company, "colleagues", "li", "2026-06"), Some(6.0));
    assert_eq!(raw(&company, "colleagues", "wu", "2026-06"), Some(4.0));

    // The move is corrected to the 10th after the month was scored: visits 2 and 3 were made in service.
    company.ok(&["people", "move", "li", "--department", "service", "--from", "2026-06-10", "--until", "2026-06-15"]);
    company.ok(&["score"]);
    assert_eq!(raw(&company, "own", "li", "2026-06"), Some(5.0));
    assert_eq!(raw(&company, "team", "sales", "2026-06"), Some(1.0));
    assert_eq!(raw(&company, "team", "service", "2026-06"), Some(6.0));
    assert_eq!(raw(&company, "colleagues", "li", "2026-06"), Some(1.0 + 4.0 + 1.0));
    // What was computed before rests on what was known before.
    let replayed = company.ok(&["replay"]);
    assert!(replayed.contains(" 0 differ"), "{replayed}");
}

#[test]
fn a_month_is_taken_at_the_employees_last_day_in_it() {
    // Li and He are in sales and Wu in service; Li's last day is the 10th of June.
    let company = company(
        "li,李雷,sales,,2025-01-01,,crm:li\nhe,何静,sales,,2025-01-01,,crm:he\nwu,吴芳,service,,2025-01-01,,crm:wu\n",
    );
    company.ok(&["people", "leave", "li", "--last-day", "2026-06-10"]);
    // Granted for sales alone: until the 14th it counts visits, from the 15th on orders.
    let set = |kind: &str, more: &[&str]| {
        let parameters = company.file("own.json", &COUNT.replace("visit", kind));
        let set = ["indicator", "set", "own", "--plugin", "measure", "--title-zh", "拜访数", "--title-en", "Visits"];
        company.ok(&[&set[..], &["--parameters", &parameters, "--department", "sales", "--grant"], more].concat());
    };
    set("visit", &[]);
    set("order", &["--from", "2026-06-15"]);
    company.ok(&["goal", "set", "own", "--target", "4", "--until", "2026-06-15"]);
    company.ok(&["goal", "set", "own", "--target", "3", "--from", "2026-06-15"]);
    // Li: two visits and an order; He: a visit and three orders; Wu: a visit.
    let kinds = company.file("kinds.toml", &VISITS.replace("\"visit\"", "\"{kind}\""));
    let rows = "id,kind,who,at\n1,visit,li,2026-06-01 10:00\n2,visit,li,2026-06-10 10:00\n3,order,li,2026-06-02 10:00\n\
                4,visit,he,2026-06-03 10:00\n5,order,he,2026-06-04 10:00\n6,order,he,2026-06-20 10:00\n\
                7,order,he,2026-06-21 10:00\n8,visit,wu,2026-06-05 10:00\n";
    let rows = company.file("kinds.csv", rows);
    company.ok(&["import", "--mapping", &kinds, &rows]);
    company.ok(&["score", "--period", "2026-06"]);
    let points = |subject: &str| {
        let scores = company.scores(false);
        scores.iter().find(|score| score["subject"] == subject).and_then(|score| score["points"].as_f64())
    };
    // Li by the department, the parameters and the goal of the 10th: 2 visits of 4. He by those of the 30th: 3 orders of 3.
    assert_eq!((raw(&company, "own", "li", "2026-06"), points("li")), (Some(2.0), Some(50.0)));
    assert_eq!((raw(&company, "own", "he", "2026-06"), points("he")), (Some(3.0), Some(100.0)));
    assert_eq!(raw(&company, "own", "wu", "2026-06"), None, "it is not enabled for service");
    assert!(company.ok(&["replay"]).contains("2 scores replayed: 2 equal"));

    // Li left on the 20th, as it turns out: the parameters and the goal of that day, 1 order of 3.
    company.ok(&["people", "move", "li", "--department", "sales", "--from", "2026-06-11", "--until", "2026-06-21"]);
    company.ok(&["score"]);
    assert_eq!(raw(&company, "own", "li", "2026-06"), Some(1.0));
    // Li spent the last days in service, for which it is not enabled: what was known in sales stays as it was.
    company.ok(&["people", "move", "li", "--department", "service", "--from", "2026-06-16", "--until", "2026-06-21"]);
    let before = company.scores(true).len();
    assert!(company.ok(&["score", "--period", "2026-06"]).contains(" 2 not enabled"), "Li and Wu");
    assert_eq!(company.scores(true).len(), before + 1, "only He");
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}

#[test]
fn a_move_makes_stale_only_what_it_can_touch() {
    let mut company = company("li,李雷,sales,,2025-01-01,,crm:li\nwu,吴芳,service,,2025-01-01,,crm:wu\n");
    enable(&company, "own", "employee", COUNT);
    enable(&company, "whole", "company", COUNT);
    enable(&company, "team", "department", COUNT);
    visits(&company, "1,li,2026-03-02 10:00\n2,li,2026-06-10 10:00\n3,wu,2026-06-11 10:00\n");
    company.ok(&["score"]);
    company.set_now("2026-07-01T05:00:00Z");
    let before = company.scores(true).len();
    company.ok(&["people", "move", "li", "--department", "service", "--from", "2026-06-05"]);
    company.ok(&["score"]);
    let history = company.scores(true);
    let mut touched: Vec<String> = history[before..]
        .iter()
        .map(|score| {
            let text = |name: &str| score[name].as_str().unwrap().to_owned();
            format!("{} {} {}", text("indicator"), text("subject"), text("period"))
        })
        .collect();
    touched.sort();
    // Months that begin before the 5th of June are not touched, nor Wu's own score, nor the company's.
    assert!(touched.contains(&"team sales 2026-06".to_owned()), "{touched:?}");
    assert!(touched.contains(&"team service 2026-06".to_owned()), "{touched:?}");
    assert!(touched.contains(&"own li 2026-06".to_owned()), "{touched:?}");
    assert!(
        !touched.iter().any(|key| key.ends_with("2026-03") || key.starts_with("whole") || key.starts_with("own wu")),
        "{touched:?}"
    );
    assert_eq!(raw(&company, "team", "service", "2026-06"), Some(2.0));
}

#[test]
fn a_name_passes_from_one_person_to_another_on_a_day() {
    let company = company("li,李雷,sales,,2025-01-01,,crm:desk-1\nwu,吴芳,sales,,2025-01-01,,\n");
    enable(&company, "own", "employee", COUNT);
    visits(&company, "1,desk-1,2026-06-20 10:00\n");
    // From the 15th on the desk has been Wu's. What was recorded stays with whom it meant then.
    company.ok(&["identity", "set", "crm:desk-1", "wu", "--from", "2026-06-15"]);
    let actors = |company: &TestCompany| -> Vec<(String, String)> {
        let facts = company.facts();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        facts.iter().map(|fact| (text(&fact["external_id"]), text(&fact["actor"]))).collect()
    };
    let pair = |id: &str, person: &str| (id.to_owned(), person.to_owned());
    assert_eq!(actors(&company), [pair("1", "li")]);
    // Facts that arrive late are given to whoever had the name on their own day: the 14th ends at midnight in Shanghai.
    visits(&company, "2,desk-1,2026-06-14 23:59\n3,desk-1,2026-06-15 00:00\n");
    assert_eq!(actors(&company), [pair("1", "li"), pair("2", "li"), pair("3", "wu")]);
    // Importing the first file again corrects the fact, because it now says somebody else.
    assert!(visits(&company, "1,desk-1,2026-06-20 10:00\n").contains("1 revised"));
    company.ok(&["score", "--period", "2026-06"]);
    assert_eq!((raw(&company, "own", "li", "2026-06"), raw(&company, "own", "wu", "2026-06")), (Some(1.0), Some(2.0)));
    // The list of people does not take the name back.
    let again = people_file(&company, "li,李雷,sales,,2025-01-01,,crm:desk-1\n");
    assert!(again.contains("0 spells appended"), "{again}");
    visits(&company, "4,desk-1,2026-06-21 10:00\n");
    assert_eq!(actors(&company).last(), Some(&pair("4", "wu")));
    let taken = company.file("taken.csv", "id,name,identities\nhe,何,crm:desk-1\n");
    assert!(company.refused(&["people", "import", &taken]).contains("crm:desk-1 means li"), "it is handed over or not");
}

#[test]
fn a_list_of_names_says_whom_they_mean_and_since_when() {
    let company = company("li,李雷,sales,,2025-01-01,,\nwu,吴芳,sales,,2025-01-01,,\n");
    let import = |rows: &str| company.file("identities.csv", &format!("identity,person,from,until\n{rows}"));
    let file = import("crm:desk-1,li,,\ncrm:desk-1,wu,2026-06-15,\ncrm:desk-2,wu,2026-06-01,2026-06-11\n");
    let said = company.ok(&["identity", "import", &file]);
    assert!(said.contains("3 identities read"), "{said}");
    assert!(company.ok(&["identity", "import", &file]).contains(" 0 rows appended"), "the same again is nothing");
    visits(
        &company,
        "1,desk-1,2026-06-14 23:59\n2,desk-1,2026-06-15 00:00\n3,desk-2,2026-06-10 23:59\n4,desk-1,2025-12-01 10:00\n",
    );
    let actors: Vec<String> =
        company.facts().iter().map(|fact| fact["actor"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(actors, ["li", "wu", "wu", "li"]);
    // A list is taken as a whole or not at all, and every bad row is named.
    let file = import("crm:desk-3,li,,\nno-source,li,,\ncrm:desk-4,nobody,,\ncrm:desk-5,li,2026-06-15,2026-06-15\n");
    let errors = company.refused(&["identity", "import", &file]);
    for line in ["line 3 (row 2)", "line 4 (row 3)", "line 5 (row 4)"] {
        assert!(errors.contains(line), "{line}: {errors}");
    }
    assert!(!company.ok(&["identity", "list"]).contains("desk-3"));
}

#[test]
fn a_name_that_means_nobody_on_the_day_is_an_error_or_nobody() {
    let company = company("li,李雷,sales,,2025-01-01,,\n");
    company.ok(&["identity", "set", "crm:li", "li", "--from", "2026-06-10", "--until", "2026-06-20"]);
    let rows =
        "id,who,at\n1,li,2026-06-09 10:00\n2,li,2026-06-10 10:00\n3,li,2026-06-20 00:00\n4,nobody,2026-06-11 10:00\n";
    let file = company.file("visits.csv", rows);
    let refuse = company.file("refuse.toml", VISITS);
    let errors = company.refused(&["import", "--mapping", &refuse, &file]);
    assert!(errors.contains("line 2 (row 1): \"crm:li\" means nobody on 2026-06-09"), "{errors}");
    assert!(errors.contains("line 4 (row 3): \"crm:li\" means nobody on 2026-06-20"), "{errors}");
    assert!(errors.contains("line 5 (row 4): nobody is known as \"crm:nobody\""), "{errors}");
    // Somebody new is made of a name that nobody ever had, never of one that somebody has on other days.
    let create = company.file("create.toml", &VISITS.replace("refuse", "create"));
    let errors = company.refused(&["import", "--mapping", &create, &file]);
    assert!(errors.contains("line 2 (row 1)") && !errors.contains("line 5"), "{errors}");
    let unassigned = company.file("unassigned.toml", &VISITS.replace("refuse", "unassigned"));
    let said = company.ok(&["import", "--mapping", &unassigned, &file]);
    assert!(said.contains("4 new facts") && said.contains("3 facts kept without a person"), "{said}");
    // Once it is known who that was, the same file corrects what was kept without a person.
    company.ok(&["identity", "set", "crm:li", "li", "--from", "2026-06-01", "--until", "2026-06-10"]);
    let said = company.ok(&["import", "--mapping", &unassigned, &file]);
    assert!(said.contains("1 revised, 3 known already"), "{said}");
}

#[test]
fn an_erased_person_has_no_name_anywhere_and_every_score_still_replays() {
    let company =
        company("li,李雷,sales,wu,2025-01-01,,crm:li.lei; helpdesk:Value 7\nwu,吴芳,sales,,2025-01-01,,crm:wu\n");
    company.ok(&[
        "absence",
        "add",
        "li",
        "--from",
        "2026-06-05",
        "--until",
        "2026-06-08",
        "--kind",
        "sick",
        "--reason",
        "李雷的私事",
    ]);
    enable(&company, "own", "employee", COUNT);
    visits(&company, "1,li.lei,2026-06-01 10:00\n2,wu,2026-06-02 10:00\n");
    shares_follow_absences(&company);
    silent_customers(&company);
    company.ok(&["task", "add", "--id", "back", "--title", "替李雷回访", "--initiator", "wu", "--assignee", "li"]);
    let rush = ["circumstance", "add", "--id", "rush", "--kind", "rush", "--from", "2026-06-02", "--participant", "li"];
    company.ok(&[&rush[..], &["--reason", "李雷 takes over", "--by", "wu"]].concat());
    company.ok(&["score"]);
    // The absence gives Li's own visits 80 % of June instead of 50 %.
    let shares = |company: &TestCompany| {
        let month = json(company, &["shares", "li", "--period", "2026-06", "--format", "json"]);
        month["shares"].as_array().unwrap().iter().map(|share| share["share"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(shares(&company), [200_000, 800_000]);
    assert_eq!(json(&company, &["alerts", "--format", "json"]).as_array().unwrap().len(), 1);
    let said = company.ok(&["people", "erase", "li"]);
    assert!(said.contains("li has no name any more"), "{said}");
    assert_eq!(shares(&company), [200_000, 800_000]);
    let tasks = company.ok(&["task", "list"]);
    assert!(tasks.contains("替*回访"), "{tasks}");

    assert!(company.ok(&["people", "list"]).contains("(erased)"));
    let replayed = company.ok(&["replay"]);
    for what in ["composites replayed: ", "policy calls replayed: 1 equal", "1 assessed subjects replayed: 1 equal"] {
        assert!(replayed.contains(what), "{what}: {replayed}");
    }
    assert!(!replayed.contains(" 1 differ"), "{replayed}");
    // No text of any row says who it was.
    let rows = company.every_row();
    assert!(rows.len() > 20, "{rows:?}");
    for row in rows {
        for name in ["李雷", "li.lei", "Value 7", "sick"] {
            assert!(!row.contains(name), "{row}");
        }
    }
    // Facts that come later under the old name are recognised; the name makes nobody new and brings nobody back.
    assert!(visits(&company, "1,li.lei,2026-06-01 10:00\n").contains("1 known already"));
    visits(&company, "3,li.lei,2026-06-03 10:00\n");
    assert_eq!(company.facts().last().unwrap()["actor"], "li");
    company.ok(&["score"]);
    assert_eq!(raw(&company, "own", "li", "2026-06"), Some(2.0));
    let back = company.file("back.csv", "id,name\nli,李雷\n");
    assert!(company.refused(&["people", "import", &back]).contains("li was erased"));
    assert!(company.refused(&["people", "erase", "li"]).contains("erased already"));
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}

/// Li's shares: half for Li's own visits, half for something that nobody ever does; 80 % of a month with an absence.
fn shares_follow_absences(company: &TestCompany) {
    enable(company, "calls", "employee", r#"{"kind": "call", "measure": "count"}"#);
    let scorecard = "id = \"sales\"\ntitle = { zh-CN = \"销售\", en = \"Sales\" }\n\
                     [[dimensions]]\nid = \"results\"\ntitle = { zh-CN = \"业绩\", en = \"Results\" }\n\
                     [[indicators]]\nid = \"own\"\ndimension = \"results\"\nshare = \"50%\"\n\
                     [[indicators]]\nid = \"calls\"\ndimension = \"results\"\nshare = \"50%\"\n";
    let scorecard = company.file("scorecard.toml", scorecard);
    company.ok(&["scorecard", "set", &scorecard]);
    company.install("crisis-response");
    let parameters = r#"{"target": "own", "share": 800000, "circumstances": ["absence"]}"#;
    let parameters = company.file("away.json", parameters);
    let set = ["enablement", "set", "away", "--kind", "reweighting", "--plugin", "crisis-response", "--grant"];
    company.ok(&[&set[..], &["--title-zh", "请假", "--title-en", "Away", "--parameters", &parameters]].concat());
}

/// A customer of Li's who bought on three days until May, and not in June.
fn silent_customers(company: &TestCompany) {
    let mapping = VISITS.replace("\"visit\"", "\"order\"").replace("\n\n[time]", "\ncustomer = \"H1\"\n\n[time]");
    let mapping = company.file("orders.toml", &mapping);
    let days = "o1,li.lei,2026-04-01 10:00\no2,li.lei,2026-04-15 10:00\no3,li.lei,2026-05-10 10:00\n";
    let orders = company.file("orders.csv", &format!("id,who,at\n{days}"));
    company.ok(&["import", "--mapping", &mapping, &orders]);
    company.install("customer-risk");
    let parameters = company.file("silence.json", "{}");
    let set = ["enablement", "set", "silence", "--kind", "assistant", "--plugin", "customer-risk", "--grant"];
    let rest = ["--subject", "customer", "--title-zh", "沉默", "--title-en", "Silence", "--parameters", &parameters];
    company.ok(&[&set[..], &rest[..]].concat());
}

#[test]
fn departments_are_a_tree_that_changes_over_time() {
    let company = super::company("Asia/Shanghai", NOW);
    let file = company.file(
        "departments.csv",
        "id,name,parent,from,until\nhead,总部,,,\nsales,销售,head,,\neast,华东,sales,,\neast,华东区,head,2026-06-01,2026-09-01\n",
    );
    let said = company.ok(&["department", "import", &file]);
    assert!(said.contains("4 departments read, 4 rows appended"), "{said}");
    assert!(company.ok(&["department", "import", &file]).contains(" 0 rows appended"));
    let on = |day: &str| {
        let list = company.ok(&["department", "list", "--on", day]);
        let line = list.lines().find(|line| line.starts_with("east")).unwrap_or_default().to_owned();
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(on("2026-05-31"), ["east", "华东", "sales"]);
    assert_eq!(on("2026-06-01"), ["east", "华东区", "head"]);
    assert!(on("2026-09-01").is_empty());

    // As it was known before: the number of the company when only the file had been read.
    let known_to = json(&company, &["headcount", "--format", "json"])["known_to"].to_string();
    company.ok(&["department", "rename", "sales", "--name", "营销", "--from", "2026-02-01"]);
    let list = |more: &[&str]| {
        let mut arguments = vec!["department", "list", "--on", "2026-03-01"];
        arguments.extend(more);
        company.ok(&arguments)
    };
    assert!(list(&[]).contains("营销"));
    assert!(list(&["--known-to", &known_to]).contains("销售"));

    let errors = company.refused(&["department", "move", "head", "--parent", "sales"]);
    assert!(errors.contains("stands below it"), "{errors}");
    let people = company.file("people.csv", "id,name,department,from\nli,李雷,sales,2026-01-01\n");
    company.ok(&["people", "import", &people]);
    assert!(company.refused(&["department", "close", "sales"]).contains("still has li"));
    company.ok(&["people", "move", "li", "--department", "head"]);
    company.ok(&["department", "close", "sales"]);
    assert!(!company.ok(&["department", "list"]).contains("sales"));
    let late = company.file("late.csv", "id,name,department,from\nwu,吴芳,sales,2026-07-02\n");
    assert!(company.refused(&["people", "import", &late]).contains("there is no department \"sales\" on 2026-07-02"));
}

#[test]
fn head_counts_follow_people_who_come_move_and_leave() {
    let company = company(
        "li,李雷,sales,,2026-01-01,,\nli,李雷,service,wu,2026-03-01,2026-05-01,\nwu,吴芳,service,,2026-02-01,,\n",
    );
    company.ok(&["department", "add", "east", "--name", "华东", "--parent", "sales"]);
    company.ok(&["position", "add", "rep", "--title-zh", "代表", "--title-en", "Representative"]);
    let on = |day: &str| {
        let counted = json(&company, &["headcount", "--on", day, "--format", "json"]);
        let counts = counted["departments"].as_array().unwrap().iter().map(|count| {
            let (own, all) = (count["people"].as_u64().unwrap(), count["people_with_those_below"].as_u64().unwrap());
            (count["department"].as_str().unwrap_or("-").to_owned(), own, all)
        });
        (counted["people"].as_u64().unwrap(), counts.collect::<Vec<_>>())
    };
    let count = |id: &str, own, all| (id.to_owned(), own, all);
    assert_eq!(on("2025-12-31"), (0, vec![count("east", 0, 0), count("sales", 0, 0), count("service", 0, 0)]));
    assert_eq!(on("2026-02-28"), (2, vec![count("east", 0, 0), count("sales", 1, 1), count("service", 1, 1)]));
    assert_eq!(on("2026-03-01"), (2, vec![count("east", 0, 0), count("sales", 0, 0), count("service", 2, 2)]));
    // Li's last day was the 30th of April.
    assert_eq!(on("2026-05-01"), (1, vec![count("east", 0, 0), count("sales", 0, 0), count("service", 1, 1)]));
    company.ok(&["people", "move", "wu", "--department", "east", "--position", "rep", "--from", "2026-05-02"]);
    assert_eq!(on("2026-05-02"), (1, vec![count("east", 1, 1), count("sales", 0, 1), count("service", 0, 0)]));
    assert!(company.ok(&["people", "list"]).contains("rep"));
    company.ok(&["people", "leave", "wu", "--last-day", "2026-06-30"]);
    assert_eq!(on("2026-06-30").0, 1);
    assert_eq!(on("2026-07-01").0, 0);
    let errors = company.refused(&["people", "leave", "wu", "--last-day", "2026-07-01"]);
    assert!(errors.contains("does not belong to the company on 2026-07-01"), "{errors}");
}

#[test]
fn silence_is_counted_by_days_and_absences_excuse_it() {
    // Wu is the manager; Li, He and Xu report to Wu. Xu came on the 2nd of June, He on the 1st.
    let company = company(
        "wu,吴芳,sales,,2025-01-01,,crm:wu\nli,李雷,sales,wu,2025-01-01,,crm:li\nhe,何晓,sales,wu,2026-06-01,,crm:he\n\
         xu,许仙,sales,wu,2026-06-02,,crm:xu\n",
    );
    // The last thirty days up to the 1st of July are the 2nd of June until the 1st of July. Li's visit on the 1st of June
    // is too early by a minute, Wu's on the 2nd counts.
    visits(&company, "1,li,2026-06-01 23:59\n2,wu,2026-06-02 00:00\n");
    let silence = |more: &[&str]| {
        let mut arguments = vec!["silence", "--kind", "visit", "--on", "2026-07-01", "--format", "json"];
        arguments.extend(more);
        json(&company, &arguments)
    };
    let all = silence(&[]);
    // He has been there for all thirty days and one more, Xu for thirty days only.
    assert_eq!((&all["employed"], &all["active"], &all["silent"]), (&4.into(), &1.into(), &2.into()));
    assert_eq!(all["managers"][0]["people"], serde_json::json!(["he", "li"]));
    assert_eq!(all["managers_alerted"], 1);
    let file = company.file("absences.csv", "person,from,until,kind,reason\nli,2026-06-20,2026-07-02,parental,\n");
    company.ok(&["absence", "import", &file]);
    assert!(company.ok(&["absence", "import", &file]).contains(" 0 rows appended"));
    assert_eq!(silence(&[])["silent"], 2, "only who asks leaves the absent out");
    let without = silence(&["--without-absent"]);
    assert_eq!((&without["silent"], &without["absent"]), (&1.into(), &1.into()));
    let known_to = all["known_to"].to_string();
    assert_eq!(silence(&["--without-absent", "--known-to", &known_to])["absent"], 0, "that was not known then");
    // Corrected to end a day earlier: Li was back on the 1st of July.
    company.ok(&["absence", "add", "li", "--from", "2026-06-20", "--until", "2026-07-01", "--kind", "parental"]);
    assert_eq!(silence(&["--without-absent"])["silent"], 2);
    company.ok(&["absence", "withdraw", "li.2026-06-20"]);
    assert!(!company.ok(&["absence", "list"]).contains("parental"));
    assert!(company.refused(&["silence", "--kind", "visit", "--days", "0"]).contains("ask for 1 to"));
}

#[test]
fn every_bad_row_of_a_list_of_people_is_named_and_nobody_is_added() {
    let company = company("");
    let file = company.file(
        "people.csv",
        "id,name,department,position,manager,from,until,identities\n\
         Li,李雷,sales,,,2026-01-01,,\n\
         wu,,marketing,boss,nobody,2026-01-01,2025-01-01,desk\n\
         he,何晓,sales,,he,2026-01-01,,crm:x\n\
         xu,许仙,sales,,he,2026-01-01,,crm:x\n\
         he,何晓,sales,,,2026-01-01,,\n",
    );
    let errors = company.refused(&["people", "import", &file]);
    for line in [
        "line 2 (row 1), column id: \"Li\" is no id",
        "line 3 (row 2), column name: it is empty",
        "line 4 (row 3), column manager: he would report to itself",
        "line 5 (row 4), column identities: row 3 says otherwise of crm:x",
        "line 6 (row 5), column from: row 3 is about the same",
        "5 of 5 entries cannot be taken, so none was",
    ] {
        assert!(errors.contains(line), "{line} is not in\n{errors}");
    }
    assert_eq!(company.ok(&["people", "list"]).lines().count(), 2, "only the administrator is there");
    let unknown = company.file("unknown.csv", "id,name,salary\nli,Li,1\n");
    assert!(company.refused(&["people", "import", &unknown]).contains("the column \"salary\" is unknown"));
    let admin = company.ok(&["people", "list"]);
    let admin = admin.lines().nth(1).and_then(|line| line.split_whitespace().next()).unwrap();
    assert!(company.refused(&["people", "erase", admin]).contains("only administrator"));
}

#[test]
fn the_commands_of_the_guide_do_what_it_says() {
    let company = super::company("Asia/Shanghai", NOW);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let guide = std::fs::read_to_string(root.join("host/docs/ORGANISATION.md")).unwrap();
    let blocks: Vec<&str> =
        guide.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("```")).map(|(block, _)| block).collect();
    assert!(blocks.len() >= 6, "the guide shows its commands");
    let run = |block: &str| {
        let script = format!("set -eu\ndaybreak() {{ {:?} \"$@\"; }}\n{block}", binary());
        let mut bash = Command::new("bash");
        match company.url() {
            Some(url) => bash.env("DATABASE_URL", url),
            None => bash.env_remove("DATABASE_URL"),
        };
        let output = bash
            .args(["-c", &script])
            .current_dir(company.folder())
            .env("DAYBREAK_DATA", company.folder().join("data"))
            .env_remove("DAYBREAK_NOW")
            .output()
            .expect("bash can be started");
        let said = Said::of(&output);
        assert!(said.succeeded, "{block}\n{}{}", said.output, said.errors);
        said.output
    };
    let said: Vec<String> = blocks.iter().map(|block| run(block)).collect();
    // On the 15th of June Wang is in sales, Li in service, and Zhao has left.
    assert!(said[0].contains("4 people read, 3 of them new, 4 spells appended"), "{}", said[0]);
    assert!(said[0].contains("2 people on 2026-06-15"), "{}", said[0]);
    // Li is absent on the 30th of June, so only Wang is silent.
    let silence = "2 employed on 2026-06-30, 0 active in the last 30 days, 1 absent, 1 silent";
    assert!(said[3].contains(silence), "{}", said[3]);
    assert!(said[5].contains("(erased)") && !said[5].contains("李雷"), "{}", said[5]);
    assert!(company.ok(&["contact", "list"]).contains("(erased)"));
    let owners = company.ok(&["customer", "list", "--on", "2026-06-07"]);
    assert!(owners.lines().any(|line| line.starts_with("H-2") && line.ends_with("li-lei")), "{owners}");
}
