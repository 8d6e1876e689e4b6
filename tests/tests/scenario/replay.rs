//! Every stored score can be computed again, and whoever changes what it rests on is found out.

use daybreak_tests::company::{TestCompany, component};

use super::tickets;

fn scored() -> TestCompany {
    let company = tickets::company();
    company.ok(&["goal", "set", "hours-to-resolve", "--target", "8"]);
    company.ok(&["score", "--period", "2026-06"]);
    company.ok(&["score", "--period", "2026-Q2"]);
    company
}

/// Changes the database behind the host's back and returns what a replay says.
fn after(change: &str) -> String {
    let company = scored();
    let changed = company.tamper(change);
    assert!(changed > 0, "{change} changed nothing");
    let said = company.run(&["replay"]);
    assert!(!said.succeeded, "a replay that differs ends with an error code");
    said.output
}

#[test]
fn every_score_replays_bit_for_bit_in_a_fresh_process() {
    let company = scored();
    let stored = company.scores(true).len();
    let said = company.ok(&["replay"]);
    assert!(said.contains(&format!("{stored} scores replayed: {stored} equal, bit for bit; 0 differ")), "{said}");
    assert!(said.contains(&format!("fuel compared for {stored}")), "{said}");
}

#[test]
fn a_later_fact_goal_and_parameter_change_nothing_in_what_was() {
    let company = scored();
    let mapping = company.file("tickets.toml", tickets::MAPPING);
    let log = company.file("tickets.csv", &tickets::LOG.replace("13:00", "14:00"));
    company.ok(&["import", "--mapping", &mapping, &log]);
    company.ok(&["goal", "set", "hours-to-resolve", "--target", "3"]);
    tickets::enable(&company, r#"{"resolving": ["resolve", "close"]}"#);
    company.ok(&["score"]);
    let said = company.ok(&["replay"]);
    assert!(said.contains(" 0 differ"), "{said}");
}

#[test]
fn a_tampered_fact_is_named() {
    let said = after("UPDATE fact SET occurred_at = occurred_at - 3600000 WHERE external_id = 'T1/resolve/1'");
    assert!(said.contains("changed after they were recorded: helpdesk:T1/resolve/1 revision 0"), "{said}");
    assert!(said.contains("the outcome differs"), "{said}");
}

#[test]
fn a_removed_fact_is_noticed() {
    let said = after("DELETE FROM fact WHERE external_id = 'T1/open/1'");
    assert!(said.contains("the facts differ: rows were added, removed or moved"), "{said}");
}

#[test]
fn changed_parameters_are_named() {
    let said = after(r#"UPDATE parameters SET parameters = '{"resolving": ["open"]}'"#);
    assert!(said.contains("the parameters number"), "{said}");
    assert!(said.contains(r#"{"resolving": ["open"]}"#), "{said}");
}

#[test]
fn a_changed_goal_is_named() {
    let said = after("UPDATE goal SET target = 9");
    assert!(said.contains("the goal of"), "{said}");
}

#[test]
fn changed_rules_are_named() {
    let said = after("UPDATE indicator SET ceiling = 200");
    assert!(said.contains("the definition number"), "{said}");
}

#[test]
fn a_changed_score_is_named() {
    let said = after(r#"UPDATE score SET outcome = replace(outcome, '"raw":5.0', '"raw":4.0')"#);
    assert!(said.contains("the stored outcome was changed"), "{said}");
}

#[test]
fn a_fact_that_no_score_reads_is_watched_too() {
    let said = after("UPDATE fact SET customer = 'H9' WHERE external_id = 'T2/open/1'");
    assert!(said.contains("changed after it was recorded: helpdesk:T2/open/1 revision 0"), "{said}");
}

#[test]
fn changed_columns_removed_scores_and_damaged_rows_are_named() {
    assert!(after("UPDATE score SET raw = 99").contains("the stored outcome was changed"));
    assert!(after("UPDATE score SET period_end = period_end + 1").contains("the stored outcome was changed"));
    assert!(after("UPDATE company SET time_zone = 'Etc/UTC'").contains("the context differs"));
    assert!(after("DELETE FROM score").contains("2 scores were stored in this batch, 0 are there"));
    assert!(after("UPDATE score SET outcome = 'x'").contains("a stored row was changed: score"));
    assert!(after("UPDATE fact SET capture = 'x' WHERE external_id = 'T1/open/1'").contains("is no capture"));
    let grant = r#"UPDATE permission SET requirements = replace(requirements, '"required":false', '"required":true')"#;
    assert!(after(grant).contains("the grant number"));
}

#[test]
fn another_component_under_the_same_digest_is_named() {
    let company = scored();
    company.install("measure");
    let other = "(SELECT bytes FROM component WHERE plugin = 'measure')";
    assert_eq!(company.tamper(&format!("UPDATE component SET bytes = {other} WHERE plugin = 'time-to-resolve'")), 1);
    let said = company.run(&["replay"]);
    assert!(!said.succeeded);
    assert!(said.output.contains("another component version: the bytes stored as"), "{}", said.output);
}

#[test]
fn a_receipt_that_names_another_component_is_found_out() {
    let company = scored();
    company.install("measure");
    let measure = company
        .ok(&["plugin", "list"])
        .split_whitespace()
        .skip_while(|word| *word != "measure")
        .find(|word| word.starts_with("sha256:"))
        .expect("the digest is listed")
        .to_owned();
    assert!(company.tamper(&format!("UPDATE batch SET component = '{measure}'")) > 0);
    let said = company.run(&["replay"]);
    assert!(!said.succeeded);
    assert!(said.output.contains("it names another component"), "{}", said.output);
}

#[test]
fn one_score_can_be_replayed_with_another_component() {
    let company = scored();
    let score = company.scores(false)[0]["score"].to_string();
    let same = component("time-to-resolve");
    company.ok(&["replay", "--score", &score, "--component", same.to_str().unwrap()]);
    let other = component("hostile");
    let said = company.run(&["replay", "--score", &score, "--component", other.to_str().unwrap()]);
    assert!(!said.succeeded);
    assert!(said.output.contains("another component version"), "{}{}", said.output, said.errors);
}
