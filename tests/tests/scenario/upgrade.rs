//! A database that an earlier version has written: brought to today's form, nothing of it lost, and every score of then
//! computed again by today's host. And one of a later version: refused.
//!
//! `fixtures/earlier` holds dumps of what a host wrote whose newest migration was the fifth, with a plugin built then.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use daybreak_tests::company::TestCompany;
use daybreak_tests::database::Database;

use super::tickets;

/// A morning after the fixture's last day.
const NOW: &str = "2026-07-03T01:00:00Z";

fn fixture(name: &str) -> Vec<u8> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/earlier").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// An earlier host's database, as it left it.
fn earlier() -> TestCompany {
    let database = Database::of_module(module_path!());
    let company = TestCompany::absent(database, NOW);
    let mut bytes = String::new();
    for byte in fixture("component.wasm") {
        write!(bytes, "{byte:02x}").unwrap();
    }
    let (dump, literal) = match database {
        Database::Sqlite => ("sqlite.sql", format!("X'{bytes}'")),
        Database::Postgres => ("postgres.sql", format!("'\\x{bytes}'")),
    };
    let dump = String::from_utf8(fixture(dump)).expect("a dump is text");
    assert!(dump.contains(":component"), "the dump has a place for the plugin");
    company.load(&dump.replace(":component", &literal));
    company
}

/// Every score with its receipt and its outcome, word for word.
fn scores(company: &TestCompany) -> Vec<Vec<String>> {
    company.rows("SELECT receipt, outcome, evidence FROM score ORDER BY sequence")
}

#[test]
fn a_database_of_an_earlier_version_is_brought_to_todays_form_and_all_of_it_counts() {
    let company = earlier();
    let said = company.ok(&["doctor"]);
    assert!(said.contains("the tables have form 5") && said.contains("make a backup"), "{said}");
    let before = scores(&company);
    let facts = company.number("SELECT COUNT(*) FROM fact");
    assert!(before.len() > 3 && facts > 10, "{} scores, {facts} facts", before.len());

    let people = company.ok(&["people", "list", "--on", "2026-06-30"]);
    assert!(people.contains("李娜") && people.contains("support"), "{people}");
    let said = company.ok(&["doctor"]);
    assert!(!said.contains("BAD") && said.contains("its tables have form"), "{said}");
    assert!(company.number("SELECT MAX(version) FROM _sqlx_migrations") > 5);
    assert_eq!(scores(&company), before);
    assert_eq!(company.facts().len() as i64, facts);
    let said = company.ok(&["replay"]);
    let all = before.len();
    assert!(said.contains(&format!("{all} scores replayed: {all} equal, bit for bit; 0 differ")), "{said}");

    // It goes on: a late fact corrects a month of then, and the next month begins.
    let mapping = company.file("tickets.toml", tickets::MAPPING);
    let log = "ticket,activity,who,at,customer\nT3,resolve,chen,2026-06-04 15:00,H1\nT8,open,chen,2026-07-01 09:00,H1\nT8,resolve,chen,2026-07-01 11:00,H1\n";
    let log = company.file("tickets.csv", log);
    company.ok(&["import", "--mapping", &mapping, &log]);
    let said = company.ok(&["score"]);
    assert!(!said.starts_with("0 computed"), "{said}");
    assert!(scores(&company).len() > all);
    assert!(company.ok(&["replay"]).contains(" 0 differ"));
}

#[test]
fn a_backup_of_an_earlier_version_is_taken_as_it_is_and_restored_into_todays_form() {
    let company = earlier();
    let before = scores(&company);
    let file = company.folder().join("earlier.db").to_str().unwrap().to_owned();
    let said = company.ok(&["backup", &file]);
    assert!(said.contains("in tables of form 5"), "{said}");
    assert_eq!(company.number("SELECT MAX(version) FROM _sqlx_migrations"), 5, "a backup changes nothing");
    for database in [Database::Sqlite, Database::Postgres] {
        let restored = TestCompany::absent(database, NOW);
        restored.ok(&["restore", &file]);
        assert_eq!(scores(&restored), before);
        assert!(restored.ok(&["replay"]).contains(" 0 differ"));
        assert!(!restored.ok(&["doctor"]).contains("BAD"));
    }
}

#[test]
fn a_database_of_a_later_version_is_refused_with_advice_and_left_alone() {
    let company = tickets::company();
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
    assert_eq!(company.tamper(later), 1);
    let said = company.refused(&["people", "list"]);
    assert!(said.contains("use the version that wrote it") && said.contains("9999"), "{said}");
    let file = company.folder().join("later.db").to_str().unwrap().to_owned();
    let said = company.refused(&["backup", &file]);
    assert!(said.contains("has form 9999") && said.contains("or a newer one"), "{said}");
    assert!(!Path::new(&file).exists());
    let said = company.run(&["doctor"]);
    assert!(!said.succeeded && said.output.contains("migration 9999 of the database is unknown"), "{}", said.output);
}
