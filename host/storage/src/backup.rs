//! Backups: the whole database as it was at one moment in one file, and a database made from such a file.
//!
//! The file is always a SQLite database with the tables of the form that the database had, whichever database it came
//! from; so a backup also moves companies from SQLite to PostgreSQL and back. Writers go on while it is written. What
//! must not live on in another place is left out: sessions, links that let somebody in, secrets of webhooks, and claims on
//! work.
//!
//! What never lives here: bringing a live database to another form. A backup is taken before that.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::{Connection as FileConnection, OpenFlags};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{ConnectOptions, Connection};

use crate::backup::server::{copy_from_server, copy_to_server};
use crate::store::{Address, POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS};

mod lines;
mod server;

/// "Dayb": stands in the head of a file that `backup` wrote, and of no other SQLite file.
const APPLICATION_ID: i32 = 0x4461_7962;

/// Tables whose rows let somebody in. They are in no backup: who restores one does not know who still holds them.
const LETTING_IN: [&str; 3] = ["session", "access_link", "webhook_secret"];

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("there is no database {}; name the right folder with --data or DAYBREAK_DATA", .0.display())]
    NoDatabase(PathBuf),
    #[error("{} exists already; choose another name, so that no earlier backup is lost", .0.display())]
    Exists(PathBuf),
    #[error("{} cannot be read or written; check that its folder exists, can be written and has room", .path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("{} is no backup; name a file that `daybreak backup` wrote", .0.display())]
    NoBackup(PathBuf),
    #[error("the backup {} is damaged ({problem}); use another one", .path.display())]
    Damaged { path: PathBuf, problem: String },
    #[error(
        "{what} has form {found}, this version of Daybreak knows forms up to {known}; use the version that wrote it, or a \
         newer one"
    )]
    Later { what: String, found: i64, known: i64 },
    #[error(
        "migration {version} of {what} is not the one that this version of Daybreak has; use the version that wrote it"
    )]
    OtherMigration { what: String, version: i64 },
    #[error("{what} holds no tables of Daybreak; run `daybreak init` to make a company")]
    NoTables { what: String },
    #[error("{address} is not empty ({holds}); name an empty database with --database, or another folder with --data")]
    NotEmpty { address: Address, holds: String },
    #[error("rows of {companies} in the backup have higher numbers than the company's counter; use another backup")]
    AheadOfCounter { companies: String },
    #[error("the database {address} cannot be reached; `daybreak doctor` says more")]
    Connect { address: Address, source: sqlx::Error },
    #[error("the database could not be given the form of this version; `daybreak doctor` says more")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    #[error("the database refused")]
    Database(#[from] sqlx::Error),
    #[error("the database file refused; check that its folder can be written and has room")]
    FileDatabase(#[from] rusqlite::Error),
    #[error("a row of {table} cannot be carried over: {problem}")]
    Row { table: String, problem: String },
    #[error("a task of the host ended early")]
    Task(#[from] tokio::task::JoinError),
}

/// What a backup holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BackupContents {
    /// The number of the newest migration.
    pub form: i64,
    /// Each company with the last number that its counter gave.
    pub companies: Vec<(String, i64)>,
    pub facts: i64,
    pub scores: i64,
    /// How large the file is.
    pub bytes: u64,
}

/// A table as a file has it.
pub(crate) struct TableForm {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
}

pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: ColumnKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnKind {
    Integer,
    Real,
    Text,
    Bytes,
}

impl TableForm {
    /// The columns' names, as they stand in a statement for either database.
    pub(crate) fn columns_text(&self) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| format!("\"{}\"", column.name)).collect();
        names.join(", ")
    }

    fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|other| other.name == column)
    }
}

/// Writes everything that the database holds at this moment into a new file, while others go on writing to it.
pub async fn backup(address: &Address, file: &Path) -> Result<BackupContents, BackupError> {
    if file.exists() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let partial = Partial::beside(file, "backup")?;
    match address {
        Address::File(path) => {
            let (from, into) = (path.clone(), partial.path.clone());
            tokio::task::spawn_blocking(move || copy_from_file(&from, &into)).await??;
        }
        Address::Server(url) => copy_from_server(url, address, &partial.path).await?,
    }
    let path = partial.path.clone();
    let mut contents = tokio::task::spawn_blocking(move || finish(&path)).await??;
    contents.bytes = partial.keep_as(file)?;
    Ok(contents)
}

/// Fills an empty database from a backup, all of it or nothing. `scratch` is a folder with room for a copy of the file.
pub async fn restore(file: &Path, address: &Address, scratch: &Path) -> Result<BackupContents, BackupError> {
    let checked = file.to_owned();
    tokio::task::spawn_blocking(move || check(&checked)).await??;
    // Brought to this version's form in a copy, so that the backup stays what it is.
    let copy = Partial::beside(&scratch.join("restore.db"), "restore")?;
    fs::copy(file, &copy.path).map_err(|source| BackupError::File { path: copy.path.clone(), source })?;
    migrate_file(&copy.path, None, SqliteJournalMode::Delete).await?;
    let path = copy.path.clone();
    let tables = tokio::task::spawn_blocking(move || {
        let connection = open_for_writing(&path)?;
        forget_what_lets_in(&connection)?;
        tables(&connection)
    });
    let tables = tables.await??;
    match address {
        Address::File(path) => {
            migrate_file(path, None, SqliteJournalMode::Wal).await?;
            let (from, into, address) = (copy.path.clone(), path.clone(), address.clone());
            tokio::task::spawn_blocking(move || copy_to_file(&from, &into, &tables, &address)).await??;
        }
        Address::Server(url) => copy_to_server(&copy.path, url, address, tables).await?,
    }
    let path = copy.path.clone();
    tokio::task::spawn_blocking(move || contents(&open_for_reading(&path)?)).await?
}

/// A consistent copy: SQLite reads it in one transaction, which keeps no writer waiting.
fn copy_from_file(from: &Path, into: &Path) -> Result<(), BackupError> {
    if !from.is_file() {
        return Err(BackupError::NoDatabase(from.to_owned()));
    }
    let connection = open_for_reading(from)?;
    check_form(&SQLITE_MIGRATIONS, applied(&connection)?, &from.display().to_string())?;
    connection.execute("VACUUM INTO ?1", [text_of(into)?])?;
    Ok(())
}

/// Appends all rows in one transaction, which nobody else can enter: not even an empty database is left half filled.
fn copy_to_file(from: &Path, into: &Path, tables: &[TableForm], address: &Address) -> Result<(), BackupError> {
    let mut connection = open_for_writing(into)?;
    connection.execute("ATTACH DATABASE ?1 AS backup", [text_of(from)?])?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for table in tables {
        let is_filled = format!("SELECT EXISTS (SELECT 1 FROM main.\"{}\")", table.name);
        if transaction.query_row(&is_filled, [], |row| row.get(0))? {
            return Err(BackupError::NotEmpty { address: address.clone(), holds: format!("rows of {}", table.name) });
        }
    }
    for table in tables {
        let (name, columns) = (&table.name, table.columns_text());
        let copy = format!("INSERT INTO main.\"{name}\" ({columns}) SELECT {columns} FROM backup.\"{name}\"");
        transaction.execute(&copy, [])?;
    }
    transaction.commit()?;
    Ok(())
}

/// Makes a copy of a database a backup, and looks whether it is whole.
fn finish(path: &Path) -> Result<BackupContents, BackupError> {
    let connection = open_for_writing(path)?;
    forget_what_lets_in(&connection)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    // One file, which can be read where nothing can be written beside it.
    connection.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    check_pages(&connection, path, "quick_check")?;
    let contents = contents(&connection)?;
    connection.close().map_err(|(_, error)| error)?;
    Ok(contents)
}

/// Also from pages that are no longer used.
fn forget_what_lets_in(connection: &FileConnection) -> Result<(), BackupError> {
    connection.pragma_update(None, "secure_delete", true)?;
    for table in tables(connection)? {
        if LETTING_IN.contains(&table.name.as_str()) {
            connection.execute(&format!("DELETE FROM \"{}\"", table.name), [])?;
        }
        // The scorers that claimed the work do not know of this copy.
        if table.name == "work" {
            connection.execute("UPDATE work SET claimed_by = NULL, claimed_until = NULL", [])?;
        }
        if table.name == "job" {
            connection.execute(
                "UPDATE job SET state = 'waiting', claimed_by = NULL, claimed_until = NULL WHERE state = 'running'",
                [],
            )?;
            connection.execute(
                "UPDATE job SET state = 'failed', ended_at = created_at, checkpoint = NULL, \
                 problem = 'the file stayed where the backup was taken: send it again' \
                 WHERE state = 'waiting' AND file IS NOT NULL",
                [],
            )?;
        }
    }
    Ok(())
}

/// Whether the file is a backup that this version can use.
fn check(path: &Path) -> Result<(), BackupError> {
    let connection = open_for_reading(path)?;
    let id: i32 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(|_| BackupError::NoBackup(path.to_owned()))?;
    if id != APPLICATION_ID {
        return Err(BackupError::NoBackup(path.to_owned()));
    }
    check_pages(&connection, path, "integrity_check")?;
    check_form(&SQLITE_MIGRATIONS, applied(&connection)?, &format!("the backup {}", path.display()))?;
    let mut ahead = std::collections::BTreeSet::new();
    for table in tables(&connection)?.iter().filter(|table| table.has("company") && table.has("sequence")) {
        let text = format!(
            "SELECT company FROM \"{name}\" AS rows GROUP BY company HAVING MAX(sequence) > \
             COALESCE((SELECT sequence FROM company WHERE company.company = rows.company), -1)",
            name = table.name
        );
        let mut statement = connection.prepare(&text)?;
        for company in statement.query_map([], |row| row.get::<_, String>(0))? {
            ahead.insert(company?);
        }
    }
    if !ahead.is_empty() {
        let companies = ahead.into_iter().collect::<Vec<_>>().join(", ");
        return Err(BackupError::AheadOfCounter { companies });
    }
    Ok(())
}

fn check_pages(connection: &FileConnection, path: &Path, how: &str) -> Result<(), BackupError> {
    let damaged = |problem: String| BackupError::Damaged { path: path.to_owned(), problem };
    let checked: Result<Vec<String>, rusqlite::Error> = connection
        .prepare(&format!("PRAGMA {how}(5)"))
        .and_then(|mut statement| statement.query_map([], |row| row.get(0))?.collect());
    match checked {
        Ok(lines) if lines == ["ok"] => Ok(()),
        Ok(lines) => Err(damaged(lines.join("; "))),
        Err(error) => Err(damaged(error.to_string())),
    }
}

/// The newest migration of those that a database says it has, if this version knows all of them.
pub(crate) fn check_form(migrator: &Migrator, applied: Vec<(i64, Vec<u8>)>, what: &str) -> Result<i64, BackupError> {
    let newest = migrator.iter().map(|migration| migration.version).max().unwrap_or_default();
    let mut form = None;
    for (version, checksum) in applied {
        match migrator.iter().find(|migration| migration.version == version) {
            None => return Err(BackupError::Later { what: what.to_owned(), found: version, known: newest }),
            Some(known) if known.checksum.as_ref() != checksum => {
                return Err(BackupError::OtherMigration { what: what.to_owned(), version });
            }
            Some(_) => form = form.max(Some(version)),
        }
    }
    form.ok_or_else(|| BackupError::NoTables { what: what.to_owned() })
}

fn applied(connection: &FileConnection) -> Result<Vec<(i64, Vec<u8>)>, BackupError> {
    let known = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = '_sqlx_migrations')";
    if !connection.query_row(known, [], |row| row.get::<_, bool>(0))? {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare("SELECT version, checksum FROM _sqlx_migrations ORDER BY version DESC")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Brings a file, which is made if it is absent, to the form; without one, to this version's.
async fn migrate_file(path: &Path, form: Option<i64>, journal: SqliteJournalMode) -> Result<(), BackupError> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true).journal_mode(journal);
    let mut connection = options
        .connect()
        .await
        .map_err(|source| BackupError::Connect { address: Address::File(path.to_owned()), source })?;
    match form {
        Some(form) => SQLITE_MIGRATIONS.run_to(form, &mut connection).await?,
        None => SQLITE_MIGRATIONS.run(&mut connection).await?,
    }
    Ok(connection.close().await?)
}

/// All tables of the file but the one that tells of migrations.
fn tables(connection: &FileConnection) -> Result<Vec<TableForm>, BackupError> {
    let mut statement = connection.prepare(
        "SELECT tables.name, columns.name, columns.type FROM sqlite_master AS tables \
         JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' \
         AND tables.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND tables.name NOT LIKE 'sqlite%' \
         ORDER BY tables.name, columns.cid",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)))?;
    let mut tables: Vec<TableForm> = Vec::new();
    for row in rows {
        let (table, name, kind): (String, String, String) = row?;
        let kind = match kind.to_ascii_uppercase().as_str() {
            "BIGINT" => ColumnKind::Integer,
            "DOUBLE PRECISION" => ColumnKind::Real,
            "BLOB" => ColumnKind::Bytes,
            _ => ColumnKind::Text,
        };
        let column = Column { name, kind };
        match tables.last_mut().filter(|last| last.name == table) {
            Some(last) => last.columns.push(column),
            None => tables.push(TableForm { name: table, columns: vec![column] }),
        }
    }
    Ok(tables)
}

fn contents(connection: &FileConnection) -> Result<BackupContents, BackupError> {
    let number = |query: &str| connection.query_row(query, [], |row| row.get::<_, i64>(0));
    let mut statement = connection.prepare("SELECT company, sequence FROM company ORDER BY company")?;
    let companies = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(BackupContents {
        form: number("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations")?,
        companies,
        facts: number("SELECT COUNT(*) FROM fact")?,
        scores: number("SELECT COUNT(*) FROM score")?,
        bytes: 0,
    })
}

fn open_for_reading(path: &Path) -> Result<FileConnection, BackupError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open(path, flags)
}

fn open_for_writing(path: &Path) -> Result<FileConnection, BackupError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open(path, flags)
}

fn open(path: &Path, flags: OpenFlags) -> Result<FileConnection, BackupError> {
    if let Err(source) = fs::metadata(path) {
        return Err(BackupError::File { path: path.to_owned(), source });
    }
    let connection = FileConnection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}

fn text_of(path: &Path) -> Result<&str, BackupError> {
    let not_text = || std::io::Error::new(std::io::ErrorKind::InvalidFilename, "the path is no UTF-8");
    path.to_str().ok_or_else(|| BackupError::File { path: path.to_owned(), source: not_text() })
}

/// A file that is being written beside the one it will be; it goes away if it never becomes that.
struct Partial {
    path: PathBuf,
}

impl Partial {
    /// An empty file that only its owner may read: it will hold everything that a company knows of its people.
    fn beside(file: &Path, what: &str) -> Result<Self, BackupError> {
        let mut name = std::ffi::OsString::from(".");
        name.push(file.file_name().unwrap_or_default());
        // Two that are written at once by different processes are two files.
        name.push(format!(".{what}-{}", std::process::id()));
        let path = file.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path).map_err(|source| BackupError::File { path: path.clone(), source })?;
        Ok(Self { path })
    }

    /// Gives the file its name once it is on the disk; returns how large it is.
    fn keep_as(self, file: &Path) -> Result<u64, BackupError> {
        let kept = (|| {
            let written = OpenOptions::new().read(true).write(true).open(&self.path)?;
            written.sync_all()?;
            let bytes = written.metadata()?.len();
            fs::rename(&self.path, file)?;
            // The name, too, has to be on the disk.
            let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder)?.sync_all()?;
            Ok(bytes)
        })();
        kept.map_err(|source| BackupError::File { path: file.to_owned(), source })
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Renamed, it is not there any more; otherwise nobody needs it, and nothing else can be done about it here.
        for ending in ["", "-journal", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(ending);
            drop(fs::remove_file(path));
        }
    }
}

/// Of a server, in the snapshot that the transaction sees.
pub(crate) async fn form_of_server(connection: &mut sqlx::PgConnection, address: &Address) -> Result<i64, BackupError> {
    let known: bool =
        sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(&mut *connection).await?;
    let applied: Vec<(i64, Vec<u8>)> = if known {
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version DESC")
            .fetch_all(connection)
            .await?
    } else {
        Vec::new()
    };
    check_form(&POSTGRES_MIGRATIONS, applied, &address.to_string())
}
