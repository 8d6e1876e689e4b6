//! Backups: taken while others write, restored into either database, and refused where they would do harm.

use std::fmt::Write;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use daybreak_tests::company::TestCompany;
use daybreak_tests::database::Database;
use rusqlite::Connection;
use serde_json::Value;

use super::tickets::{self, NOW};

fn here() -> Database {
    Database::of_module(module_path!())
}

fn elsewhere() -> Database {
    match here() {
        Database::Sqlite => Database::Postgres,
        Database::Postgres => Database::Sqlite,
    }
}

/// A company with facts, corrections, goals, tasks, scores of two spans and composites.
fn lived_in() -> TestCompany {
    let company = tickets::company();
    company.ok(&["goal", "set", "hours-to-resolve", "--target", "8.1"]);
    company.ok(&["score", "--period", "2026-06"]);
    let mapping = company.file("tickets.toml", tickets::MAPPING);
    let log = company.file("tickets.csv", &tickets::LOG.replace("13:00", "14:00"));
    company.ok(&["import", "--mapping", &mapping, &log]);
    let odd =
        "activity,ticket,who,at,customer\n\"back\\slash \"\"quoted\"\"\",T9,\u{5f20}\u{4f1f},2026-06-05 09:00,\\N\n";
    let odd = company.file("odd.csv", odd);
    company.ok(&["import", "--mapping", &mapping, &odd]);
    // Everything that a line of text could be broken by.
    assert_eq!(company.tamper("UPDATE company SET name = 'tab\t line\n return\r back\\n \\N \\. end'"), 1);
    company.ok(&["score"]);
    company
}

fn backup(company: &TestCompany, name: &str) -> String {
    let file = company.folder().join(name).to_str().expect("paths are UTF-8").to_owned();
    let said = company.ok(&["backup", &file]);
    assert!(said.contains("wrote") && said.contains("acme, up to number"), "{said}");
    file
}

fn restored(file: &str, database: Database) -> TestCompany {
    let company = TestCompany::absent(database, NOW);
    let said = company.ok(&["restore", file]);
    assert!(said.contains("acme, up to number"), "{said}");
    company
}

/// All rows that a backup holds: secrets that let somebody in are in none.
fn rows(company: &TestCompany) -> Vec<String> {
    let mut rows = company.every_row();
    let left_out = ["_sqlx_migrations", "access_link", "session", "webhook_secret"];
    rows.retain(|row| !left_out.iter().any(|table| row.starts_with(table)));
    rows.sort();
    rows
}

/// It is the same company, and the host keeps it as well as its own.
fn assert_same(restored: &TestCompany, original: &TestCompany) {
    assert_eq!(restored.facts(), original.facts());
    assert_eq!(restored.scores(true), original.scores(true));
    assert_eq!(restored.ok(&["people", "list"]), original.ok(&["people", "list"]));
    let said = restored.ok(&["doctor"]);
    assert!(!said.contains("BAD") && said.contains("1 of 1 plugin versions as installed"), "{said}");
    let said = restored.ok(&["replay"]);
    let scores = original.scores(true).len();
    assert!(said.contains(&format!("{scores} scores replayed: {scores} equal, bit for bit; 0 differ")), "{said}");
    assert!(said.contains(&format!("fuel compared for {scores}")), "{said}");
}

#[test]
fn a_backup_restored_into_either_database_and_back_is_the_same_company() {
    let original = lived_in();
    let first = backup(&original, "first.db");
    let again = restored(&first, here());
    assert_same(&again, &original);
    assert_eq!(rows(&again), rows(&original));

    let moved = restored(&first, elsewhere());
    assert_same(&moved, &original);
    let second = backup(&moved, "second.db");
    let back = restored(&second, here());
    assert_same(&back, &original);
    assert_eq!(rows(&back), rows(&original));

    // It goes on living: what comes now gets the next numbers, and is scored.
    let mapping = moved.file("tickets.toml", tickets::MAPPING);
    let log = moved.file(
        "more.csv",
        "ticket,activity,who,at,customer\nT7,open,chen,2026-06-20 09:00,H1\nT7,resolve,chen,2026-06-20 10:00,H1\n",
    );
    moved.ok(&["import", "--mapping", &mapping, &log]);
    let said = moved.ok(&["score"]);
    assert!(!said.starts_with("0 computed"), "{said}");
    assert!(moved.ok(&["replay"]).contains(" 0 differ"));
}

fn sequence(value: &Value) -> i64 {
    value["sequence"].as_i64().expect("every line has its number")
}

#[test]
fn a_backup_taken_while_facts_arrive_holds_everything_up_to_one_number() {
    let original = tickets::company();
    let (stop, imported) = (AtomicBool::new(false), AtomicUsize::new(0));
    let wait_for = |more: usize| {
        let seen = imported.load(Ordering::SeqCst);
        while imported.load(Ordering::SeqCst) < seen + more {
            std::thread::yield_now();
        }
    };
    let file = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mapping = original.file("tickets.toml", tickets::MAPPING);
            for batch in 0.. {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let mut log = "ticket,activity,who,at,customer\n".to_owned();
                for ticket in 0..200 {
                    let day = ticket % 28 + 1;
                    writeln!(log, "B{batch}-{ticket},open,chen,2026-06-{day:02} 09:00,H1").unwrap();
                    writeln!(log, "B{batch}-{ticket},resolve,zhao,2026-06-{day:02} 17:00,H1").unwrap();
                }
                let log = original.file("batch.csv", &log);
                original.ok(&["import", "--mapping", &mapping, &log]);
                original.ok(&["score"]);
                imported.fetch_add(1, Ordering::SeqCst);
            }
        });
        // Whatever happens, the writer has to end, or the test would never.
        let backed_up = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            wait_for(1);
            let file = backup(&original, "during.db");
            // The writer was there all the time, and was not kept from writing.
            wait_for(1);
            file
        }));
        stop.store(true, Ordering::SeqCst);
        backed_up.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    for database in [here(), elsewhere()] {
        let copy = restored(&file, database);
        let known = copy.number("SELECT sequence FROM company");
        let until = |values: Vec<Value>| -> Vec<Value> {
            values.into_iter().filter(|value| sequence(value) <= known).collect()
        };
        let (all, facts) = (original.facts(), copy.facts());
        assert!(facts.len() > 400 && facts.len() < all.len(), "{} of {} facts", facts.len(), all.len());
        assert_eq!(facts, until(all));
        let scores = copy.number("SELECT COUNT(*) FROM score");
        assert_eq!(scores, original.number(&format!("SELECT COUNT(*) FROM score WHERE sequence <= {known}")));
        let said = copy.ok(&["replay"]);
        assert!(scores > 0 && said.contains(" 0 differ"), "{said}");
        copy.ok(&["doctor"]);
    }
}

#[test]
fn a_backup_claims_no_work_and_overwrites_nothing() {
    let company = tickets::company();
    company.ok(&["score"]);
    let stale = "INSERT INTO work SELECT 'acme', 'x', 0, 1, 'scorer_1', 9000000000000";
    assert_eq!(company.tamper(stale), 1);
    let file = backup(&company, "backup.db");
    assert!(company.refused(&["backup", &file]).contains("exists already"));
    let copy = restored(&file, here());
    assert_eq!(copy.number("SELECT COUNT(*) FROM work WHERE claimed_by IS NOT NULL"), 0);
    let left: Vec<_> = std::fs::read_dir(company.folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with('.')), "{left:?}");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600, "a backup is its owner's");
    }
}

#[test]
fn what_is_no_sound_backup_or_no_empty_database_is_refused_and_nothing_is_changed() {
    let company = tickets::company();
    let good = backup(&company, "good.db");
    let before = rows(&company);
    let said = company.refused(&["restore", &good]);
    assert!(said.contains("is not empty"), "{said}");
    assert_eq!(rows(&company), before);

    let absent = TestCompany::absent(here(), NOW);
    let refused = |file: &str| absent.refused(&["restore", file]);
    let other = company.file("other.db", "this was a backup");
    assert!(refused(&other).contains("no backup"));
    let nowhere = company.folder().join("nowhere.db");
    assert!(refused(nowhere.to_str().unwrap()).contains("cannot be read"));
    let changed = |name: &str, statement: &str| {
        let path = company.folder().join(name);
        std::fs::copy(&good, &path).unwrap();
        assert!(Connection::open(&path).unwrap().execute(statement, []).unwrap() > 0);
        path.to_str().unwrap().to_owned()
    };
    let later = changed("later.db", "UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1");
    let said = refused(&later);
    assert!(said.contains("has form 9999") && said.contains("or a newer one"), "{said}");
    let ahead = changed("ahead.db", "UPDATE company SET sequence = 3");
    assert!(refused(&ahead).contains("rows of acme in the backup have higher numbers"));
    let damaged = company.folder().join("damaged.db");
    let mut bytes = std::fs::read(&good).unwrap();
    let middle = bytes.len() / 2;
    bytes.truncate(middle);
    std::fs::write(&damaged, bytes).unwrap();
    let said = refused(damaged.to_str().unwrap());
    assert!(said.contains("damaged"), "{said}");

    // After all that the database is still empty, and takes the good one.
    absent.ok(&["restore", &good]);
    assert_eq!(rows(&absent), before);
}
