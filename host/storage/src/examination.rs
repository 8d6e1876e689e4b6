//! What is wrong with a database, in words: for an operator whose host does not start, or who wants to be sure.
//!
//! Looks and changes nothing, and needs no database that opens.

use std::path::Path;
use std::str::FromStr;

use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, SqliteConnection};

use crate::store::{Address, POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS};

/// The oldest PostgreSQL on which Daybreak is tested.
const POSTGRES_OLDEST: i64 = 14;

/// Transactions of others that are open for longer keep PostgreSQL from cleaning up after us.
const IDLE_MINUTES_MAX: i64 = 15;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// It works, but not as it should.
    Warning,
    /// Daybreak cannot work, or what it keeps is not safe.
    Bad,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub verdict: Verdict,
    pub what: String,
    /// What to do about it; empty where nothing has to be done.
    pub advice: String,
}

impl Finding {
    fn good(what: impl Into<String>) -> Self {
        Self { verdict: Verdict::Good, what: what.into(), advice: String::new() }
    }

    fn warning(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warning, what: what.into(), advice: advice.into() }
    }

    fn bad(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { verdict: Verdict::Bad, what: what.into(), advice: advice.into() }
    }
}

/// What was found of a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examination {
    pub findings: Vec<Finding>,
    /// It holds this version's tables, so opening it would change nothing.
    pub is_current: bool,
}

/// Examines the database at the address.
pub async fn examine(address: &Address) -> Examination {
    let mut findings = Vec::new();
    // A query that fails ends the examination with a finding of its own.
    let examined = match address {
        Address::File(path) => examine_file(path, &mut findings).await,
        Address::Server(url) => examine_server(url, address, &mut findings).await,
    };
    if let Err(error) = examined {
        findings.push(Finding::bad(
            format!("the database refused to be looked at: {error}"),
            "restore a backup if the message says that something is damaged",
        ));
    }
    let newest = current_form(match address {
        Address::File(_) => &SQLITE_MIGRATIONS,
        Address::Server(_) => &POSTGRES_MIGRATIONS,
    });
    let is_current = findings.contains(&newest);
    Examination { findings, is_current }
}

/// What is found of a database that has this version's tables.
fn current_form(migrator: &Migrator) -> Finding {
    let newest = migrator.iter().map(|migration| migration.version).max().unwrap_or_default();
    Finding::good(format!("its tables have form {newest}"))
}

async fn examine_file(path: &Path, findings: &mut Vec<Finding>) -> Result<(), sqlx::Error> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !path.is_file() {
        findings.push(Finding::bad(
            format!("there is no database {}", path.display()),
            "run `daybreak init` to make one, or name the right folder with --data or DAYBREAK_DATA",
        ));
        return Ok(());
    }
    if std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly())
        || std::fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().readonly())
    {
        findings.push(Finding::bad(
            format!("{} or its folder is write-protected", path.display()),
            "give the user who runs Daybreak the right to write both: SQLite keeps two more files beside the database",
        ));
    }
    let options = SqliteConnectOptions::new().filename(path).read_only(true).create_if_missing(false);
    let mut connection = match options.connect().await {
        Ok(connection) => connection,
        Err(error) => {
            findings.push(Finding::bad(
                format!("{} cannot be opened: {error}", path.display()),
                "check whose file it is; if it is damaged, restore a backup",
            ));
            return Ok(());
        }
    };
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut connection).await?;
    findings.push(Finding::good(format!("SQLite {version}, {}", path.display())));
    let checked: Vec<String> = match sqlx::query_scalar("PRAGMA quick_check(5)").fetch_all(&mut connection).await {
        Ok(checked) => checked,
        Err(error) => vec![error.to_string()],
    };
    if checked == ["ok"] {
        findings.push(Finding::good("its pages are whole"));
    } else {
        let advice = "stop Daybreak, keep a copy of the file and restore a backup";
        findings.push(Finding::bad(format!("the file is damaged: {}", checked.join("; ")), advice));
        return Ok(());
    }
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await?;
    if mode != "wal" {
        findings.push(Finding::warning(
            format!("its journal mode is {mode}, not wal: readers and the writer wait for each other"),
            "start Daybreak once, which sets it; it cannot be set on a network drive: keep the file on a local one",
        ));
    }
    let applied = applied_in_file(&mut connection).await?;
    examine_migrations(&SQLITE_MIGRATIONS, applied, findings);
    if findings.iter().all(|finding| finding.verdict != Verdict::Bad) {
        let ahead: Vec<String> = sqlx::query_scalar(AHEAD).fetch_all(&mut connection).await?;
        examine_counters(&ahead, findings);
    }
    connection.close().await
}

async fn examine_server(url: &str, address: &Address, findings: &mut Vec<Finding>) -> Result<(), sqlx::Error> {
    let options = match PgConnectOptions::from_str(url) {
        Ok(options) => options,
        Err(error) => {
            findings.push(Finding::bad(
                format!("{address} is no address: {error}"),
                "write postgres://user:password@host:5432/database; signs like @ and / in a password as %40 and %2F",
            ));
            return Ok(());
        }
    };
    let connecting = tokio::time::timeout(crate::store::CONNECT_TIMEOUT, options.connect()).await;
    let mut connection = match connecting {
        Ok(Ok(connection)) => connection,
        Ok(Err(error)) => {
            findings.push(Finding::bad(format!("{address} cannot be reached: {error}"), advice_for(&error)));
            return Ok(());
        }
        Err(_) => {
            findings.push(Finding::bad(
                format!("{address} does not answer within {} seconds", crate::store::CONNECT_TIMEOUT.as_secs()),
                "check the host name and that no firewall lies between",
            ));
            return Ok(());
        }
    };
    let version: String = setting(&mut connection, "server_version").await?;
    let number: i64 = setting(&mut connection, "server_version_num").await?.parse().unwrap_or_default();
    findings.push(Finding::good(format!("PostgreSQL {version}, {address}")));
    if number / 10_000 < POSTGRES_OLDEST {
        findings.push(Finding::warning(
            format!("PostgreSQL {version} is older than those that Daybreak is tested on"),
            format!("upgrade the server to {POSTGRES_OLDEST} or newer"),
        ));
    }
    let encoding = setting(&mut connection, "server_encoding").await?;
    if encoding != "UTF8" {
        findings.push(Finding::bad(
            format!("the database keeps texts as {encoding}: Chinese names would be refused"),
            "make a new one: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
        ));
    }
    for (name, harm) in [
        ("fsync", "what was acknowledged is lost when the machine stops"),
        ("full_page_writes", "the database may be damaged when the machine stops"),
    ] {
        if setting(&mut connection, name).await? != "on" {
            let advice = format!("set {name} = on in postgresql.conf and reload the server");
            findings.push(Finding::warning(format!("{name} is off: {harm}"), advice));
        }
    }
    let standby: bool = sqlx::query_scalar("SELECT pg_is_in_recovery()").fetch_one(&mut connection).await?;
    if standby {
        findings.push(Finding::bad(
            "the server is a standby, which only reads",
            "name the primary server in the address, or promote this one",
        ));
    }
    let tables: bool =
        sqlx::query_scalar("SELECT to_regclass('company') IS NOT NULL").fetch_one(&mut connection).await?;
    let may: bool = sqlx::query_scalar("SELECT has_schema_privilege(current_schema(), 'CREATE')")
        .fetch_optional(&mut connection)
        .await?
        .flatten()
        .unwrap_or(false);
    if !may {
        let advice = "GRANT CREATE ON SCHEMA public TO the user of the address, or make that user the database's owner";
        let what = "the user may not make tables";
        findings.push(if tables { Finding::warning(what, advice) } else { Finding::bad(what, advice) });
    }
    if tables {
        examine_server_tables(&mut connection, findings).await?;
    } else {
        findings.push(Finding::warning("there is no company in it yet", "run `daybreak init`"));
    }
    connection.close().await
}

async fn examine_server_tables(connection: &mut PgConnection, findings: &mut Vec<Finding>) -> Result<(), sqlx::Error> {
    let writes: bool =
        sqlx::query_scalar("SELECT has_table_privilege('fact', 'SELECT, INSERT')").fetch_one(&mut *connection).await?;
    if !writes {
        findings.push(Finding::bad(
            "the user may not read and write the tables",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO the user of the address",
        ));
        return Ok(());
    }
    let rows: Vec<(i64, bool, Vec<u8>)> =
        sqlx::query_as("SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version")
            .fetch_all(&mut *connection)
            .await?;
    examine_migrations(&POSTGRES_MIGRATIONS, rows, findings);
    let idle: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%' \
         AND xact_start < now() - make_interval(mins => CAST($1 AS INT))",
    )
    .bind(IDLE_MINUTES_MAX)
    .fetch_one(&mut *connection)
    .await?;
    if idle > 0 {
        findings.push(Finding::warning(
            format!("{idle} connections have had a transaction open for over {IDLE_MINUTES_MAX} minutes"),
            "look at pg_stat_activity and end those sessions; they may hold a company's counter",
        ));
    }
    if findings.iter().all(|finding| finding.verdict != Verdict::Bad) {
        let ahead: Vec<String> = sqlx::query_scalar(AHEAD).fetch_all(&mut *connection).await?;
        examine_counters(&ahead, findings);
    }
    Ok(())
}

async fn setting(connection: &mut PgConnection, name: &str) -> Result<String, sqlx::Error> {
    sqlx::query_scalar("SELECT current_setting($1)").bind(name).fetch_one(connection).await
}

async fn applied_in_file(connection: &mut SqliteConnection) -> Result<Vec<(i64, bool, Vec<u8>)>, sqlx::Error> {
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'")
        .fetch_one(&mut *connection)
        .await?;
    if kept == 0 {
        return Ok(Vec::new());
    }
    sqlx::query_as("SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version")
        .fetch_all(connection)
        .await
}

/// Companies whose rows have higher numbers than their counter.
const AHEAD: &str = "SELECT company FROM company WHERE sequence < (SELECT COALESCE(MAX(sequence), 0) FROM fact \
                     WHERE fact.company = company.company) OR sequence < (SELECT COALESCE(MAX(sequence), 0) FROM score \
                     WHERE score.company = company.company) ORDER BY company";

fn examine_counters(ahead: &[String], findings: &mut Vec<Finding>) {
    if ahead.is_empty() {
        findings.push(Finding::good("no row has a higher number than its company's counter"));
    } else {
        findings.push(Finding::bad(
            format!("rows of {} have higher numbers than the company's counter", ahead.join(", ")),
            "rows of two databases were mixed, or a table was restored by itself: restore a whole backup",
        ));
    }
}

/// (version, success, checksum) of each migration that the database says it has, against those of this binary.
fn examine_migrations(migrator: &Migrator, applied: Vec<(i64, bool, Vec<u8>)>, findings: &mut Vec<Finding>) {
    let newest = migrator.iter().map(|migration| migration.version).max().unwrap_or_default();
    let found = applied.iter().map(|(version, ..)| *version).max().unwrap_or_default();
    for (version, success, checksum) in applied {
        let known = migrator.iter().find(|migration| migration.version == version);
        let what = format!("migration {version} of the database");
        match known {
            _ if !success => {
                findings.push(Finding::bad(format!("{what} was begun and not finished"), "restore a backup"));
            }
            None => findings.push(Finding::bad(
                format!("{what} is unknown to this version of Daybreak"),
                "use the version that wrote the database, or a newer one",
            )),
            Some(known) if known.checksum.as_ref() != checksum => findings.push(Finding::bad(
                format!("{what} is not the one that this version of Daybreak has"),
                "use the version that wrote the database; a version under development may not open a released one's",
            )),
            Some(_) => {}
        }
    }
    if found < newest {
        findings.push(Finding::warning(
            format!("the tables have form {found}, this version uses form {newest}"),
            "make a backup; the next command brings them to the new form",
        ));
    } else {
        findings.push(current_form(migrator));
    }
}

fn advice_for(error: &sqlx::Error) -> &'static str {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    match (error, code.as_deref()) {
        (sqlx::Error::Io(_), _) => "start the server, or correct host and port in the address",
        (sqlx::Error::Tls(_), _) => "add ?sslmode=require or ?sslrootcert=FILE, as the server's certificate asks",
        (_, Some("28P01" | "28000")) => "correct user and password in the address, or allow the host in pg_hba.conf",
        (_, Some("3D000")) => "make the database: CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0",
        (_, Some("53300")) => "the server has no connection left: raise max_connections, or stop other programs",
        (_, Some("57P03")) => "the server is still starting: try again in a moment",
        _ => "correct the address",
    }
}
