//! Late facts, facts of tomorrow, corrected people and changed settings: what is stale, and what a correction leaves.

use daybreak_tests::company::TestCompany;
use serde_json::Value;

const MAPPING: &str = r#"
source = "crm"
kind = "{kind}"
external_id = "{id}"
capture = "typed"
who = "{who}"
unknown_people = "create"
customer = "{customer}"

[time]
text = "{at}"
"#;

const COUNT: &str = r#"{"kind": "visit", "measure": "count"}"#;

fn company(now: &str) -> TestCompany {
    let company = super::company("Asia/Shanghai", now);
    company.install("measure");
    company
}

fn import(company: &TestCompany, rows: &str) -> String {
    let mapping = company.file("crm.toml", &MAPPING.replace("\"{at}\"", "\"{at}\"\nzone = \"Asia/Shanghai\""));
    let file = company.file("crm.csv", &format!("id,kind,who,at,customer\n{rows}"));
    company.ok(&["import", "--mapping", &mapping, &file])
}

fn set(company: &TestCompany, id: &str, parameters: &str, more: &[&str]) -> String {
    let parameters = company.file("parameters.json", parameters);
    let mut arguments = vec![
        "indicator",
        "set",
        id,
        "--plugin",
        "measure",
        "--title-zh",
        "拜访数",
        "--title-en",
        "Visits",
        "--parameters",
        &parameters,
        "--grant",
    ];
    arguments.extend(more);
    company.ok(&arguments)
}

/// Raw of every current score of the indicator in the period, by subject's name or id.
fn raw(company: &TestCompany, indicator: &str, period: &str) -> Vec<Option<f64>> {
    let mut scores: Vec<Value> = company.scores(false);
    scores.retain(|score| score["indicator"] == indicator && score["period"] == period);
    scores.iter().map(|score| score["raw"].as_f64()).collect()
}

#[test]
fn a_fact_of_tomorrow_counts_from_tomorrow_on() {
    let mut company = company("2026-06-10T04:00:00Z");
    set(&company, "visits", COUNT, &[]);
    import(&company, "1,visit,li,2026-06-09 10:00,c1\n2,visit,li,2026-06-20 10:00,c1\n");
    company.ok(&["score"]);
    assert_eq!(raw(&company, "visits", "2026-06"), [Some(1.0)]);
    assert!(company.ok(&["score"]).starts_with("0 computed"), "nothing is due before the 20th");
    company.set_now("2026-06-20T16:30:00Z");
    company.ok(&["score"]);
    assert_eq!(raw(&company, "visits", "2026-06"), [Some(2.0)]);
}

#[test]
fn an_indicator_that_begins_later_does_not_stop_the_others() {
    let company = company("2026-06-10T04:00:00Z");
    set(&company, "a-young-one", COUNT, &["--from", "2026-06-01"]);
    set(&company, "visits", COUNT, &[]);
    import(&company, "1,visit,li,2026-03-09 10:00,c1\n");
    company.ok(&["score"]);
    assert_eq!(raw(&company, "visits", "2026-03"), [Some(1.0)]);
    assert!(raw(&company, "a-young-one", "2026-03").is_empty());
}

#[test]
fn a_late_fact_of_a_time_with_other_parameters_is_scored() {
    let company = company("2026-06-10T04:00:00Z");
    set(&company, "contacts", COUNT, &[]);
    set(&company, "contacts", r#"{"kind": "call", "measure": "count"}"#, &["--from", "2026-06-01"]);
    company.ok(&["score"]);
    import(&company, "1,visit,li,2026-03-09 10:00,c1\n2,call,li,2026-06-09 10:00,c1\n");
    company.ok(&["score"]);
    assert_eq!(raw(&company, "contacts", "2026-03"), [Some(1.0)]);
    assert_eq!(raw(&company, "contacts", "2026-06"), [Some(1.0)]);
}

#[test]
fn a_look_back_at_an_earlier_day_is_corrected_by_the_next_scoring() {
    let company = company("2026-06-20T04:00:00Z");
    set(&company, "visits", COUNT, &[]);
    import(&company, "1,visit,li,2026-06-02 10:00,c1\n2,visit,li,2026-06-18 10:00,c1\n");
    company.ok(&["score"]);
    company.ok(&["score", "--period", "2026-06", "--as-of", "2026-06-10"]);
    assert_eq!(raw(&company, "visits", "2026-06"), [Some(1.0)]);
    company.ok(&["score"]);
    assert_eq!(raw(&company, "visits", "2026-06"), [Some(2.0)]);
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}

#[test]
fn one_external_id_for_two_facts_of_a_file_is_refused() {
    let company = company("2026-06-20T04:00:00Z");
    let mapping = company.file("crm.toml", &MAPPING.replace("\"{at}\"", "\"{at}\"\nzone = \"Asia/Shanghai\""));
    let rows = "id,kind,who,at,customer\n1,visit,li,2026-06-02 10:00,c1\n1,visit,li,2026-06-03 10:00,c1\n";
    let file = company.file("crm.csv", rows);
    let errors = company.refused(&["import", "--mapping", &mapping, &file]);
    assert!(errors.contains("stands in row 1 already") && errors.contains("{occurrence}"), "{errors}");
    assert!(company.facts().is_empty());
}

#[test]
fn a_customer_that_lost_its_facts_by_a_correction_keeps_no_score() {
    let company = company("2026-06-20T04:00:00Z");
    set(&company, "visits", COUNT, &["--subject", "customer"]);
    import(&company, "1,visit,li,2026-06-02 10:00,c1\n");
    company.ok(&["score"]);
    import(&company, "1,visit,li,2026-06-02 10:00,c2\n");
    company.ok(&["score", "--period", "2026-06"]);
    let scores = company.scores(false);
    let outcome = |subject: &str| {
        let score = scores.iter().find(|score| score["subject"] == subject && score["period"] == "2026-06");
        score.map(|score| score["raw"].as_f64())
    };
    assert_eq!(outcome("c2"), Some(Some(1.0)));
    assert_ne!(outcome("c1"), Some(Some(1.0)), "c1 has no visit any more");
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}

#[test]
fn a_version_that_was_not_granted_is_said_and_nothing_is_lost() {
    let company = company("2026-06-20T04:00:00Z");
    set(&company, "visits", COUNT, &[]);
    import(&company, "1,visit,li,2026-06-02 10:00,c1\n");
    company.ok(&["score"]);
    // Another component takes the plugin's place without having been granted anything.
    company.install("time-to-resolve");
    let other = "SELECT component FROM component WHERE plugin = 'time-to-resolve'";
    assert_eq!(company.tamper(&format!("UPDATE pin SET component = ({other}) WHERE plugin = 'measure'")), 1);
    import(&company, "2,visit,li,2026-06-03 10:00,c1\n");
    let errors = company.refused(&["score"]);
    assert!(errors.contains("was not granted what it reads"), "{errors}");
    assert_eq!(raw(&company, "visits", "2026-06"), [Some(1.0)], "the last good score stays");
}

#[test]
fn people_move_between_departments_and_importing_them_again_changes_nothing() {
    let company = company("2026-06-20T04:00:00Z");
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    company.ok(&["department", "add", "service", "--name", "售后"]);
    let file = company.file(
        "people.csv",
        "id,name,department,from,identities\nli,李雷,service,2026-06-10,crm:li\nli,李雷,sales,2025-01-01,\n",
    );
    assert!(company.ok(&["people", "import", &file]).contains("1 of them new"));
    set(&company, "visits", COUNT, &["--subject", "department"]);
    import(
        &company,
        "1,visit,li,2026-06-09 10:00,c1\n2,visit,li,2026-06-10 10:00,c1\n3,visit,li,2026-06-11 10:00,c1\n",
    );
    company.ok(&["score"]);
    // Each visit counts where Li was on its own day: one in sales, two in service.
    assert_eq!(raw(&company, "visits", "2026-06"), [Some(1.0), Some(2.0)]);
    let spells = |company: &TestCompany| company.number("SELECT COUNT(*) FROM spell");
    let before = spells(&company);
    company.ok(&["people", "import", &file]);
    assert_eq!(spells(&company), before);
    let renamed = company.file("people.csv", "id,name,department\nli,李磊,service\n");
    company.ok(&["people", "import", &renamed]);
    assert_eq!(spells(&company), before, "a new name moves nobody");
    assert!(company.ok(&["people", "list"]).contains("李磊"));
    let twice = company.file("twice.csv", "id,name,identities\na,A,crm:x\nb,B,crm:x\n");
    assert!(company.refused(&["people", "import", &twice]).contains("crm:x"));
}

#[test]
fn another_department_is_enabled_beside_the_first() {
    let company = company("2026-06-20T04:00:00Z");
    for department in ["sales", "service", "finance"] {
        company.ok(&["department", "add", department, "--name", department]);
    }
    let file = company.file(
        "people.csv",
        "id,name,department,from,identities\nli,Li,sales,2025-01-01,crm:li\nwu,Wu,service,2025-01-01,crm:wu\nhe,He,finance,2025-01-01,\n",
    );
    company.ok(&["people", "import", &file]);
    import(&company, "1,visit,li,2026-06-09 10:00,c1\n2,visit,wu,2026-06-10 10:00,c1\n");
    set(&company, "visits", COUNT, &["--department", "sales"]);
    set(&company, "visits", COUNT, &["--department", "service"]);
    let said = company.ok(&["score", "--period", "2026-06"]);
    assert!(said.starts_with("2 computed, 0 not computable, 1 not enabled"), "{said}");
}
