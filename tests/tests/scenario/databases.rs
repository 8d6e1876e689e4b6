//! The two databases: the same tables, and what `daybreak doctor` says of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use daybreak_tests::company::TestCompany;
use daybreak_tests::database::Database;

use crate::postgres::claims::Desk;
use crate::sqlite::tickets::NOW;

/// By table and column: type, whether it may be absent, and the collation of texts.
type Columns = BTreeMap<(String, String), (String, bool, String)>;

fn columns(company: &TestCompany, query: &str) -> Columns {
    company
        .rows(query)
        .into_iter()
        .map(|row| {
            let [table, column, kind, optional, collation] = row.try_into().expect("five texts");
            ((table, column), (kind.to_uppercase(), optional == "1", collation))
        })
        .collect()
}

/// Of what is not word for word as an index has it, no database knows that the index holds it.
#[test]
fn the_indexes_of_what_people_gave_and_got_hold_what_queries_ask_for() {
    let storage = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("host/storage");
    let source = std::fs::read_to_string(storage.join("src/recognition.rs")).unwrap();
    let condition = source.split_once("const RECOGNISED: &str").and_then(|(_, rest)| rest.split('"').nth(1)).unwrap();
    let kinds: Vec<String> = daybreak_domain::recognition::KINDS.iter().map(|kind| format!("'{kind}'")).collect();
    assert_eq!(condition, format!("kind IN ({})", kinds.join(", ")));
    for database in ["sqlite", "postgres"] {
        let migration = storage.join("migrations").join(database).join("0016_growth.sql");
        let migration = std::fs::read_to_string(migration).unwrap();
        assert_eq!(migration.matches(&format!("WHERE {condition};")).count(), 2, "{database}");
    }
}

#[test]
fn both_databases_have_the_same_tables_in_the_same_forms() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("host/storage/migrations");
    let names = |database: &str| {
        let mut names: Vec<_> =
            std::fs::read_dir(folder.join(database)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));

    let file = TestCompany::on(Database::Sqlite, "Asia/Shanghai", NOW);
    let server = TestCompany::on(Database::Postgres, "Asia/Shanghai", NOW);
    let versions = "SELECT CAST(version AS TEXT) FROM _sqlx_migrations ORDER BY _sqlx_migrations.version";
    assert_eq!(file.rows(versions), server.rows(versions));

    let in_file = columns(
        &file,
        "SELECT tables.name, columns.name, columns.type, CAST(columns.\"notnull\" = 0 AND columns.pk = 0 AS TEXT), '' \
         FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' \
         AND tables.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND tables.name NOT LIKE 'sqlite%'",
    );
    let on_server = columns(
        &server,
        "SELECT table_name::text, column_name::text, data_type::text, CASE is_nullable WHEN 'YES' THEN '1' ELSE '0' END, \
         COALESCE(collation_name::text, '') FROM information_schema.columns WHERE table_schema = 'public' \
         AND table_name NOT LIKE '\\_sqlx%'",
    );
    assert!(in_file.len() > 100, "{} columns", in_file.len());
    assert_eq!(in_file.keys().collect::<Vec<_>>(), on_server.keys().collect::<Vec<_>>());
    for (place, (kind, optional, collation)) in &on_server {
        let (file_kind, file_optional, _) = &in_file[place];
        let same = match kind.as_str() {
            "BYTEA" => file_kind == "BLOB",
            "JSONB" => file_kind == "TEXT",
            kind => file_kind == kind,
        };
        assert!(same, "{place:?} is {file_kind} in SQLite and {kind} in PostgreSQL");
        assert_eq!(file_optional, optional, "{place:?}");
        // Else the server's language would decide in which order rows come.
        assert_eq!(collation, if kind == "TEXT" { "C" } else { "" }, "{place:?}");
    }
}

/// Every primary key and every index: its table, its name (none for a primary key), whether it is unique, its columns in
/// order, and what its rows must fulfil.
const INDEXES_IN_FILE: &str = "\
    SELECT tables.name, '', '1', (SELECT GROUP_CONCAT(name, ' ') FROM \
        (SELECT name FROM pragma_table_info(tables.name) WHERE pk > 0 ORDER BY pk)) AS columns, '' \
    FROM sqlite_master AS tables WHERE tables.type = 'table' AND columns IS NOT NULL \
    AND tables.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND tables.name NOT LIKE 'sqlite%' \
    UNION ALL \
    SELECT tables.name, indexes.name, CAST(indexes.\"unique\" AS TEXT), (SELECT GROUP_CONCAT(name, ' ') FROM \
        (SELECT name FROM pragma_index_info(indexes.name) ORDER BY seqno)), \
        CASE indexes.partial WHEN 1 THEN SUBSTR(made.sql, INSTR(made.sql, ' WHERE ') + 7) ELSE '' END \
    FROM sqlite_master AS tables JOIN pragma_index_list(tables.name) AS indexes \
    JOIN sqlite_master AS made ON made.type = 'index' AND made.name = indexes.name \
    WHERE tables.type = 'table' AND indexes.origin <> 'pk' \
    AND tables.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND tables.name NOT LIKE 'sqlite%'";

const INDEXES_ON_SERVER: &str = "\
    SELECT tables.relname::text, CASE WHEN indisprimary THEN '' ELSE indexes.relname::text END, \
        CASE WHEN indisunique THEN '1' ELSE '0' END, (SELECT STRING_AGG(attname::text, ' ' ORDER BY place) \
        FROM UNNEST(indkey::int2[]) WITH ORDINALITY AS key(number, place) \
        JOIN pg_attribute ON attrelid = indrelid AND attnum = key.number), \
        COALESCE(TRIM(BOTH '()' FROM PG_GET_EXPR(indpred, indrelid)), '') \
    FROM pg_index JOIN pg_class AS tables ON tables.oid = indrelid JOIN pg_class AS indexes ON indexes.oid = indexrelid \
    JOIN pg_namespace ON pg_namespace.oid = tables.relnamespace \
    WHERE nspname = 'public' AND tables.relname NOT LIKE '\\_sqlx%'";

#[test]
fn both_databases_have_the_same_primary_keys_and_indexes() {
    let file = TestCompany::on(Database::Sqlite, "Asia/Shanghai", NOW);
    let server = TestCompany::on(Database::Postgres, "Asia/Shanghai", NOW);
    let in_file: BTreeSet<Vec<String>> = file.rows(INDEXES_IN_FILE).into_iter().collect();
    let on_server: BTreeSet<Vec<String>> = server.rows(INDEXES_ON_SERVER).into_iter().collect();
    let tables: BTreeSet<&String> = in_file.iter().map(|index| &index[0]).collect();
    assert!(tables.len() > 30 && in_file.len() > tables.len() + 15, "{} indexes", in_file.len());
    let differing: Vec<_> = in_file.symmetric_difference(&on_server).collect();
    assert!(differing.is_empty(), "{differing:#?}");
}

#[test]
fn the_doctor_finds_a_healthy_file_healthy_and_names_what_is_wrong_with_others() {
    let company = TestCompany::on(Database::Sqlite, "Asia/Shanghai", NOW);
    let said = company.ok(&["doctor"]);
    assert!(said.contains("its pages are whole") && said.contains("all is well"), "{said}");

    // Rows of another database, put under a counter that knows nothing of them.
    company.install("measure");
    assert_eq!(company.tamper("UPDATE component SET bytes = X'00'"), 1);
    let said = company.run(&["doctor"]);
    assert!(!said.succeeded && said.output.contains("the stored bytes of measure"), "{}", said.output);

    assert_eq!(company.tamper("UPDATE _sqlx_migrations SET version = version + 1000 WHERE version = 1"), 1);
    let said = company.run(&["doctor"]);
    assert!(!said.succeeded && said.output.contains("migration 1001 of the database is unknown"), "{}", said.output);

    std::fs::write(company.database(), "this was a database").unwrap();
    let said = company.run(&["doctor"]);
    assert!(!said.succeeded && said.output.contains("restore a backup"), "{}", said.output);

    let absent = TestCompany::absent(Database::Sqlite, NOW);
    let said = absent.run(&["doctor"]);
    assert!(!said.succeeded && said.output.contains("run `daybreak init`"), "{}", said.output);
    assert!(!absent.database().exists(), "the doctor makes nothing");
}

#[test]
fn the_doctor_tells_what_is_wrong_with_a_server() {
    let company = TestCompany::on(Database::Postgres, "Asia/Shanghai", NOW);
    let said = company.ok(&["doctor"]);
    // The tests' own server does not sync, which is exactly what the doctor has to notice.
    assert!(said.contains("PostgreSQL") && said.contains("fsync is off"), "{said}");
    assert!(said.contains("no row has a higher number"), "{said}");

    let url = company.url().expect("it is on a server");
    let elsewhere = url.replace("/story", "/no_story");
    let said = company.run(&["--database", &elsewhere, "doctor"]);
    assert!(!said.succeeded && said.output.contains("CREATE DATABASE"), "{}", said.output);
    let nobody = url.replace("postgres@", "nobody:secret@");
    let said = company.run(&["--database", &nobody, "doctor"]);
    assert!(!said.succeeded && said.output.contains("correct user and password"), "{}", said.output);
    assert!(!said.output.contains("secret"), "{}", said.output);
    let said = company.run(&["--database", "postgres://postgres@127.0.0.1:1/story", "doctor"]);
    assert!(!said.succeeded && said.output.contains("start the server"), "{}", said.output);

    assert_eq!(company.tamper("UPDATE company SET sequence = 0"), 1);
    let mixed = "INSERT INTO fact SELECT 'acme', 'k', 0, 5, 's', 'e', 0, 0, NULL, NULL, NULL, NULL, 'typed', '{}', 0, 0, NULL, 0, 'd'";
    assert_eq!(company.tamper(mixed), 1);
    let said = company.run(&["doctor"]);
    assert!(!said.succeeded && said.output.contains("rows of acme have higher numbers"), "{}", said.output);
}

#[test]
fn the_configuration_of_the_data_folder_chooses_the_database_and_the_command_line_outranks_it() {
    let company = TestCompany::on(Database::Sqlite, "Asia/Shanghai", NOW);
    let elsewhere = company.folder().join("elsewhere.db");
    let configuration = company.folder().join("data/daybreak.toml");
    std::fs::write(&configuration, format!("database = \"sqlite:{}\"\n", elsewhere.display())).unwrap();
    assert!(company.refused(&["people", "list"]).contains("daybreak init"));
    company.ok(&["init", "other", "--name", "Other", "--time-zone", "Etc/UTC", "--admin", "Li"]);
    assert!(elsewhere.is_file());
    assert!(company.ok(&["people", "list"]).contains("Li"));
    let first = format!("sqlite:{}", company.database().display());
    assert!(company.ok(&["--database", &first, "people", "list"]).contains("王芳"));
    std::fs::write(&configuration, "database_url = 1\n").unwrap();
    assert!(company.refused(&["people", "list"]).contains("daybreak.toml"));
    assert!(company.refused(&["--database", "mysql://root:secret@host/x", "people", "list"]).contains("sqlite:"));
}

/// The company on a server where nobody waits for a lock for long.
fn impatient() -> Desk {
    let desk = Desk::on(Database::Postgres);
    let _ = desk.place.tamper(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = ''2s''', current_database()); END $$",
    );
    desk
}

#[test]
fn on_a_server_a_scorer_passes_over_work_that_another_is_just_claiming() {
    let desk = impatient();
    let held = desk.place.hold("SELECT 1 FROM work WHERE indicator = 'calls' FOR UPDATE");
    // Waiting for the row would end in an error, because nobody lets go of it.
    assert_eq!(desk.claim("next").as_deref(), Some("visits"));
    assert_eq!(desk.claim("last"), None);
    held.roll_back();
    assert_eq!(desk.claim("last").as_deref(), Some("calls"));
}

#[test]
fn on_a_server_a_claim_is_given_back_although_the_database_is_busy_at_first() {
    let desk = Desk::on(Database::Postgres);
    // A number that a sequence has given stays given when the transaction is rolled back.
    for statement in [
        "CREATE SEQUENCE refusal",
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \
         IF nextval('refusal') <= 2 THEN RAISE EXCEPTION 'busy' USING ERRCODE = '40001'; END IF; RETURN NEW; END $$",
        "CREATE TRIGGER refuse BEFORE UPDATE ON work FOR EACH ROW WHEN (NEW.claimed_by IS NULL) \
         EXECUTE FUNCTION refuse()",
    ] {
        let _ = desk.place.tamper(statement);
    }
    let report = desk.score();
    assert_eq!((report.scored.computed, report.claimed), (4, None), "{report:?}");
    assert_eq!(desk.place.number("SELECT COUNT(*) FROM work"), 0);
    assert!(desk.place.number("SELECT last_value FROM refusal") > 2);
}
