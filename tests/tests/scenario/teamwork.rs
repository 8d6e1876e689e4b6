//! Tasks and touchpoint forms become scores without anybody entering them again, and a target that changes afterwards
//! changes the next score, not the one that was given.

use daybreak_tests::company::TestCompany;
use serde_json::Value;

use super::tickets;

const NOW: &str = "2026-06-20T04:00:00Z";

const PEOPLE: &str = "\
id,name,department,from,identities
li,李雷,sales,2025-01-01,crm:li
he,He,sales,2025-01-01,
wu,Wu,service,2025-01-01,
";

fn company() -> TestCompany {
    let company = super::company("Asia/Shanghai", NOW);
    for department in ["sales", "service"] {
        company.ok(&["department", "add", department, "--name", department]);
    }
    company.ok(&["people", "import", &company.file("people.csv", PEOPLE)]);
    company
}

fn enable(company: &TestCompany, id: &str, plugin: &str) {
    company.install(plugin);
    let titles = ["--title-zh", "指标", "--title-en", "Indicator", "--grant"];
    company.ok(&[&["indicator", "set", id, "--plugin", plugin], &titles[..]].concat());
}

/// Raw of the subject's current score in June.
fn raw(company: &TestCompany, indicator: &str, subject: &str) -> Option<f64> {
    let scores = company.scores(false);
    let mut own = scores
        .iter()
        .filter(|score| score["indicator"] == indicator && score["subject"] == subject && score["period"] == "2026-06");
    own.next().and_then(|score| score["raw"].as_f64())
}

#[test]
fn finished_tasks_with_other_departments_are_a_share_of_all_by_weight() {
    let company = company();
    enable(&company, "teamwork", "collaboration");
    for (id, assignee, weight) in [("repair", "wu", "2"), ("visit", "he", "1"), ("survey", "wu", "5")] {
        let task = ["task", "add", "--id", id, "--title", id, "--initiator", "li", "--assignee", assignee];
        company.ok(&[&task[..], &["--weight", weight]].concat());
    }
    company.ok(&["task", "done", "repair", "--by", "wu"]);
    company.ok(&["task", "done", "visit", "--by", "he"]);
    company.ok(&["task", "cancel", "survey", "--by", "li"]);
    company.ok(&["score"]);
    // Li finished the repair with service (weight 2) and the visit within sales (weight 1): 2 / 3. The survey was
    // cancelled and counts nowhere.
    let own = raw(&company, "teamwork", "li").unwrap();
    assert!((own - 200.0 / 3.0).abs() < 1e-9, "{own}");
    assert_eq!(raw(&company, "teamwork", "wu"), Some(100.0));
    assert_eq!(raw(&company, "teamwork", "he"), Some(0.0));
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}

#[test]
fn who_moves_to_another_department_is_a_colleague_from_that_day_on() {
    let mut company = company();
    enable(&company, "teamwork", "collaboration");
    // Wu is in service until the 14th of June and in sales, where Li is, from the 15th on.
    company.ok(&["people", "move", "wu", "--department", "sales", "--from", "2026-06-15"]);
    let done = |id: &str, weight: &str| {
        let task = ["task", "add", "--id", id, "--title", id, "--initiator", "li", "--assignee", "wu"];
        company.ok(&[&task[..], &["--weight", weight, "--at", "2026-06-01T09:00"]].concat());
    };
    done("before", "2");
    done("after", "1");
    company.ok(&["task", "done", "before", "--by", "wu", "--at", "2026-06-14T23:59"]);
    company.ok(&["task", "done", "after", "--by", "wu", "--at", "2026-06-15T00:00"]);
    company.ok(&["score"]);
    // Of a weight of 3 the task of weight 2 was finished between two departments, for either of them.
    for person in ["li", "wu"] {
        let own = raw(&company, "teamwork", person).unwrap();
        assert!((own - 200.0 / 3.0).abs() < 1e-9, "{person}: {own}");
    }
    // The move was on the 10th, as it turns out: both tasks were finished within sales. Nothing happened to Li, and Li's
    // score follows all the same.
    company.set_now("2026-06-21T04:00:00Z");
    company.ok(&["people", "move", "wu", "--department", "sales", "--from", "2026-06-10", "--until", "2026-06-15"]);
    company.ok(&["score"]);
    assert_eq!((raw(&company, "teamwork", "li"), raw(&company, "teamwork", "wu")), (Some(0.0), Some(0.0)));
    // And not at all: both were finished between the departments.
    company.ok(&["people", "move", "wu", "--department", "service", "--from", "2026-06-10"]);
    company.ok(&["score"]);
    assert_eq!((raw(&company, "teamwork", "li"), raw(&company, "teamwork", "wu")), (Some(100.0), Some(100.0)));
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}

#[test]
fn the_answers_of_touchpoint_forms_are_professional_influence() {
    let company = company();
    enable(&company, "influence", "professional-influence");
    let mapping = company.file(
        "touchpoints.toml",
        r#"
source = "crm"
kind = "touchpoint"
external_id = "{id}"
capture = "prefilled"
who = "{who}"
customer = "{customer}"

[time]
text = "{at}"
zone = "Asia/Shanghai"

[fields]
question_depth = "{depth}"
competitor = "{competitor}"
"#,
    );
    let rows = "id,who,customer,at,depth,competitor\n\
                1,li,h1,2026-06-02 10:00,5,Acme\n2,li,h2,2026-06-03 10:00,3,\n3,li,h3,2026-06-04 10:00,1,Bolt\n";
    company.ok(&["import", "--mapping", &mapping, &company.file("touchpoints.csv", rows)]);
    company.ok(&["score"]);
    // Depth weighs 60 and counts (answer − 1) / 4, a competitor weighs 40: 60 + 40, 30 + 0 and 0 + 40 of 100; the mean
    // of 100, 30 and 40.
    let own = raw(&company, "influence", "li").unwrap();
    assert!((own - 170.0 / 3.0).abs() < 1e-9, "{own}");
    assert_eq!(raw(&company, "influence", "wu"), None, "who has no touchpoint has no score, not 0");
}

#[test]
fn a_target_that_changes_afterwards_gives_another_score_and_leaves_the_first_as_it_was() {
    let company = tickets::company();
    let chen = tickets::person(&company, "chen");
    let points = |history: bool| -> Vec<f64> {
        let scores: Vec<Value> = company.scores(history);
        let own = scores.iter().filter(|score| score["subject"] == chen.as_str() && score["period"] == "2026-06");
        own.filter_map(|score| score["points"].as_f64()).collect()
    };
    // Chen's median is 5 hours, and fewer are better: 100 · (2 − 5 / 5) = 100.
    company.ok(&["goal", "set", "hours-to-resolve", "--target", "5"]);
    company.ok(&["score", "--period", "2026-06"]);
    assert_eq!(points(false), [100.0]);
    // From June on it should have been 4: 100 · (2 − 5 / 4) = 75. A target from July on says nothing about June.
    company.ok(&["goal", "set", "hours-to-resolve", "--target", "4", "--from", "2026-06-01"]);
    company.ok(&["goal", "set", "hours-to-resolve", "--target", "1", "--from", "2026-07-01"]);
    company.ok(&["score"]);
    assert_eq!(points(false), [75.0]);
    assert_eq!(points(true), [100.0, 75.0]);
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}
