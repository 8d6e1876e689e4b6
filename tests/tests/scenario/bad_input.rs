//! Bad input gets a clear answer that says what to do, and leaves nothing half-written.

use daybreak_tests::company::TestCompany;
use daybreak_tests::database::Database;

use crate::sqlite::tickets::{self, LOG, MAPPING, NOW};

/// Imports a changed log or mapping into an empty company, which must refuse it and stay empty.
fn refused(mapping: &str, log: &str) -> String {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let mapping = company.file("mapping.toml", mapping);
    let log = company.file("log.csv", log);
    let errors = company.refused(&["import", "--mapping", &mapping, &log]);
    assert!(company.facts().is_empty(), "nothing is half-written");
    assert_eq!(company.ok(&["people", "list"]).lines().count(), 2, "only the administrator is there");
    errors
}

#[test]
fn a_broken_line_is_named_and_keeps_the_good_ones_out() {
    let broken = LOG.replace("T3,open,zhao,2026-06-03 09:00,H1", "T3,open,zhao");
    let errors = refused(MAPPING, &broken);
    assert!(errors.contains("line 6 (row 5)"), "{errors}");
    assert!(errors.contains("--skip-bad-rows"), "{errors}");
}

#[test]
fn the_good_lines_land_if_that_is_what_was_said() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let mapping = company.file("mapping.toml", MAPPING);
    let broken = LOG.replace("T3,open,zhao,2026-06-03 09:00,H1", "T3,open,zhao,yesterday,H1");
    let log = company.file("log.csv", &broken);
    let said = company.run(&["import", "--mapping", &mapping, &log, "--skip-bad-rows"]);
    assert!(said.succeeded, "{}", said.errors);
    assert!(said.output.contains("11 rows: 10 new facts"), "{}", said.output);
    assert!(said.errors.contains("line 6 (row 5), column at"), "{}", said.errors);
    assert_eq!(company.facts().len(), 10);
}

#[test]
fn a_quotation_mark_that_is_never_closed_is_not_taken_for_the_rest_of_the_file() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let mapping = company.file("mapping.toml", MAPPING);
    let log = company.file("log.csv", &LOG.replace("T3,open,zhao", "T3,\"open,zhao"));
    let errors = company.refused(&["import", "--mapping", &mapping, &log, "--skip-bad-rows"]);
    assert!(errors.contains("nothing after row") && errors.contains("never closed"), "{errors}");
    assert!(company.facts().is_empty());
}

#[test]
fn what_cannot_hold_is_refused() {
    let company = tickets::company();
    company.ok(&["department", "add", "a", "--name", "A"]);
    company.ok(&["department", "add", "b", "--name", "B", "--parent", "a"]);
    assert!(company.refused(&["department", "add", "a", "--name", "A", "--parent", "b"]).contains("stands below it"));
    assert!(company.refused(&["goal", "set", "hours-to-resolve"]).contains("needs a baseline"));
    let goal = ["goal", "set", "hours-to-resolve", "--target", "8", "--from", "2026-06-02", "--until", "2026-06-01"];
    assert!(company.refused(&goal).contains("not after its first day"));
    assert!(company.refused(&["replay", "--score=-9223372036854775808"]).contains("there is no score"));
}

#[test]
fn an_unknown_column_is_named_with_the_nearest_one() {
    let errors = refused(&MAPPING.replace("{customer}", "{costumer}"), LOG);
    assert!(errors.contains("costumer") && errors.contains("customer"), "{errors}");
}

#[test]
fn an_unknown_key_of_a_mapping_is_named() {
    let errors = refused(&MAPPING.replace("capture =", "captured ="), LOG);
    assert!(errors.contains("captured"), "{errors}");
}

#[test]
fn an_unknown_time_zone_is_named() {
    let errors = refused(&MAPPING.replace("Asia/Shanghai", "Asia/Schanghai"), LOG);
    assert!(errors.contains("Asia/Schanghai") && errors.contains("IANA"), "{errors}");
    let company = TestCompany::absent(Database::Sqlite, NOW);
    let errors = company.refused(&["init", "acme", "--name", "A", "--time-zone", "Mars/Base", "--admin", "B"]);
    assert!(errors.contains("Mars/Base") && errors.contains("IANA"), "{errors}");
    assert!(company.refused(&["people", "list"]).contains("daybreak init"));
    assert!(!company.database().exists(), "only init makes a database");
}

#[test]
fn an_unknown_person_is_a_row_error_or_nobody() {
    let errors = refused(&MAPPING.replace("\"create\"", "\"refuse\""), LOG);
    assert!(errors.contains("nobody is known as \"helpdesk:chen\""), "{errors}");
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let mapping = company.file("mapping.toml", &MAPPING.replace("\"create\"", "\"unassigned\""));
    let log = company.file("log.csv", LOG);
    let said = company.ok(&["import", "--mapping", &mapping, &log]);
    assert!(said.contains("11 facts kept without a person"), "{said}");
}

#[test]
fn a_file_that_is_no_component_is_refused() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    let text = company.file("notes.wasm", "these are notes");
    let errors = company.refused(&["plugin", "install", &text]);
    assert!(errors.contains("no component"), "{errors}");
    assert_eq!(company.ok(&["plugin", "list"]).lines().count(), 1, "nothing is installed");
}

#[test]
fn parameters_that_do_not_fit_the_schema_change_nothing() {
    let company = tickets::company();
    let parameters = company.file("wrong.json", r#"{"resolving": "resolve"}"#);
    let errors = company.refused(&[
        "indicator",
        "set",
        "second",
        "--plugin",
        "time-to-resolve",
        "--title-zh",
        "一",
        "--title-en",
        "One",
        "--parameters",
        &parameters,
        "--grant",
    ]);
    assert!(errors.contains("bad parameters") && errors.contains("resolving"), "{errors}");
    assert!(!company.ok(&["indicator", "list"]).contains("second"));
}

#[test]
fn a_plugin_that_is_not_granted_scores_nothing() {
    let company = TestCompany::new("Asia/Shanghai", NOW);
    company.install("time-to-resolve");
    let parameters = company.file("parameters.json", r#"{"resolving": ["resolve"]}"#);
    let set = [
        "indicator",
        "set",
        "hours",
        "--plugin",
        "time-to-resolve",
        "--title-zh",
        "一",
        "--title-en",
        "One",
        "--parameters",
        &parameters,
    ];
    let said = company.ok(&set);
    assert!(said.contains("nothing was changed") && said.contains("ticket.event"), "{said}");
    let errors = company.refused(&["score", "--period", "2026-06", "--indicator", "hours"]);
    assert!(errors.contains("daybreak indicator set"), "{errors}");
    // What reaches other departments' facts is granted for the whole company or not at all.
    company.ok(&["department", "add", "service", "--name", "售后"]);
    let mut narrow = set.to_vec();
    narrow.extend(["--department", "service", "--grant"]);
    assert!(company.refused(&narrow).contains("whole company or not at all"));
}
