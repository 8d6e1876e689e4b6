//! Opening the database, transactions, and the one counter per company.
//!
//! One text of SQL serves both databases nearly everywhere; [`reading`] and [`writing`] run it on whichever it is. Where
//! the two differ, the difference stands at the query.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::watch;

use crate::glance::Glances;

/// Connections that read. They are never those that write: whoever holds a company's counter may have to read before it
/// can let go of it.
const READERS: u32 = 4;

/// Connections that write to PostgreSQL; to SQLite only one can.
const WRITERS: u32 = 4;

/// How long a connection to PostgreSQL may take.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Memory for pages, of each connection; negative, because it would count pages otherwise.
pub(crate) const CACHE_KIBIBYTES: &str = "-32768";

/// How many pages may stand in the log of a SQLite file before they are brought into the file itself: 32 MiB. A delivery of
/// a thousand facts changes more pages than SQLite's own bound, so each one would bring them over, though the next one
/// changes most of them again. What was committed is in the log and on the disk either way.
const LOG_PAGES: &str = "8192";

pub(crate) static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
pub(crate) static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database {address} cannot be opened; {}", .address.advice())]
    Open { address: Address, source: sqlx::Error },
    #[error(
        "the database could not be brought to this version's form; restore the backup or use the version that wrote it"
    )]
    Migrate(#[source] sqlx::migrate::MigrateError),
    #[error("another process is writing to this database; try again when it has finished")]
    Busy(#[source] sqlx::Error),
    #[error("the database does not answer; `daybreak doctor` says more")]
    Unreachable(#[source] sqlx::Error),
    #[error("the database refused")]
    Database(#[source] sqlx::Error),
    #[error("the facts could not be read")]
    Read(#[from] rusqlite::Error),
    #[error("the rows could not be written")]
    Write(#[source] rusqlite::Error),
    #[error("a task of the host ended early")]
    Task(#[from] tokio::task::JoinError),
    /// A row that this host did not write like that.
    #[error("the row {key} of {table} cannot be read: {problem}")]
    Inconsistent { table: &'static str, key: String, problem: String },
    #[error("there is no {what} {id:?}")]
    Unknown { what: &'static str, id: String },
    #[error("the {what} {id:?} exists already")]
    Exists { what: &'static str, id: String },
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        /// Serialisation failure, deadlock, lock not available.
        const BUSY: [&str; 3] = ["40001", "40P01", "55P03"];
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        // SQLITE_BUSY and its extended codes are numbers, the codes of PostgreSQL have five letters or digits.
        let busy = code.is_some_and(|code| match code.len() {
            5 => BUSY.contains(&code.as_ref()),
            _ => code.parse::<i64>().is_ok_and(|code| code & 0xff == 5),
        });
        match error {
            error if busy => Self::Busy(error),
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Self::Unreachable(error),
            error => Self::Database(error),
        }
    }
}

/// Where the rows are kept: a SQLite file, or a PostgreSQL server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    File(PathBuf),
    /// `postgres://user:password@host:port/database`
    Server(String),
}

#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{0:?} is no address of a database: write postgres://user:password@host/database or sqlite:path/of/a/file")]
pub struct AddressError(String);

impl Address {
    fn advice(&self) -> &'static str {
        match self {
            Self::File(_) => "check that the folder exists and can be written",
            Self::Server(_) => {
                "check that the server runs, that the address names an existing database and the right user and \
                 password; `daybreak doctor` says more"
            }
        }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Server(text.to_owned()));
        }
        match text.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest)) {
            Some(path) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            // The text may hold a password.
            _ => Err(AddressError(text.split([':', '@', '?']).next().unwrap_or_default().chars().take(40).collect())),
        }
    }
}

/// Without the password and the options.
impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "{}", path.display()),
            Self::Server(url) => {
                let plain = url.split('?').next().unwrap_or_default();
                let (scheme, rest) = plain.split_once("://").unwrap_or(("postgres", plain));
                let (user, place) = rest.rsplit_once('@').unwrap_or(("", rest));
                let user = user.split(':').next().unwrap_or_default();
                let at = if user.is_empty() { "" } else { "@" };
                write!(formatter, "{scheme}://{user}{at}{place}")
            }
        }
    }
}

/// The database of one host.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) database: Database,
    /// Counts what this process has committed; whoever waits for something new is woken.
    committed: watch::Sender<u64>,
    watcher: Option<Watcher>,
}

/// Is told how long the transactions of [`Write`] take. The clock is its own: storage reads none.
pub trait TransactionWatcher: Send + Sync {
    /// The time since some moment that never changes.
    fn elapsed(&self) -> Duration;
    /// A transaction that began at `begun` has come to its end.
    fn ended(&self, begun: Duration, committed: bool);
}

#[derive(Clone)]
struct Watcher(Arc<dyn TransactionWatcher>);

impl fmt::Debug for Watcher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Watcher")
    }
}

/// One transaction that is being watched. Let go of before it was committed, it was rolled back.
struct Watched {
    watcher: Watcher,
    begun: Duration,
    committed: bool,
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.watcher.0.ended(self.begun, self.committed);
    }
}

/// An enum rather than a trait: most queries are one text for both, and what differs is seen where it differs.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    Sqlite(SqliteDatabase),
    Postgres(PostgresDatabase),
}

#[derive(Clone, Debug)]
pub(crate) struct PostgresDatabase {
    pub(crate) writers: PgPool,
    pub(crate) readers: PgPool,
}

/// One writing connection, some reading ones.
#[derive(Clone, Debug)]
pub(crate) struct SqliteDatabase {
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    pub(crate) glances: Arc<Glances>,
    pub(crate) path: PathBuf,
}

/// A transaction that appends for one company, whose counter it has locked: nobody else appends for that company until
/// it ends, and what it reads cannot change before it writes. What it appended counts when `commit` has returned, and
/// not before.
pub struct Write {
    pub(crate) company: String,
    /// In a box, because use cases hold it across many waits.
    pub(crate) transaction: Box<AnyTransaction>,
    /// The last number given out, and the one that stands in the company's row.
    sequence: i64,
    stored_sequence: i64,
    committed: watch::Sender<u64>,
    watched: Option<Box<Watched>>,
}

pub(crate) enum AnyTransaction {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs a query of sqlx on a connection that reads: `reading!(store, fetch_all, query)`.
macro_rules! reading {
    ($store:expr, $method:ident, $query:expr) => {
        match &$store.database {
            crate::store::Database::Sqlite(sqlite) => {
                $query.$method(&sqlite.readers).await.map_err(crate::StoreError::from)
            }
            crate::store::Database::Postgres(postgres) => {
                $query.$method(&postgres.readers).await.map_err(crate::StoreError::from)
            }
        }
    };
}

/// Runs a query of sqlx inside a transaction: `running!(transaction, fetch_all, query)`. `execute` returns how many rows
/// it touched.
macro_rules! running {
    ($transaction:expr, execute, $query:expr) => {
        match &mut $transaction {
            crate::store::AnyTransaction::Sqlite(transaction) => $query
                .execute(&mut **transaction)
                .await
                .map(|done| done.rows_affected())
                .map_err(crate::StoreError::from),
            crate::store::AnyTransaction::Postgres(transaction) => $query
                .execute(&mut **transaction)
                .await
                .map(|done| done.rows_affected())
                .map_err(crate::StoreError::from),
        }
    };
    ($transaction:expr, $method:ident, $query:expr) => {
        match &mut $transaction {
            crate::store::AnyTransaction::Sqlite(transaction) => {
                $query.$method(&mut **transaction).await.map_err(crate::StoreError::from)
            }
            crate::store::AnyTransaction::Postgres(transaction) => {
                $query.$method(&mut **transaction).await.map_err(crate::StoreError::from)
            }
        }
    };
}

/// Runs a query of sqlx inside the transaction of a [`Write`]: `writing!(write, execute, query)`.
macro_rules! writing {
    ($write:expr, $method:ident, $query:expr) => {
        crate::store::running!(*$write.transaction, $method, $query)
    };
}

/// Inserts many rows: `inserting!(write, "INSERT INTO t (a, b) ", rows, |values, row| {…}, suffix)`, where the closure binds
/// one row's values. PostgreSQL takes them in one statement, so the caller keeps their number within its bounds.
macro_rules! inserting {
    ($write:expr, $into:expr, $rows:expr, |$values:ident, $row:pat_param| $push:block, $suffix:expr) => {
        match &mut *$write.transaction {
            crate::store::AnyTransaction::Sqlite(transaction) => {
                crate::bulk::insert(transaction, $into, $rows, |$values, $row| $push, $suffix).await
            }
            crate::store::AnyTransaction::Postgres(transaction) => {
                let mut query = sqlx::QueryBuilder::<sqlx::Postgres>::new($into);
                query.push_values($rows, |mut $values, $row| $push);
                query.push($suffix);
                query.build().execute(&mut **transaction).await.map(|_| ()).map_err(crate::StoreError::from)
            }
        }
    };
}

pub(crate) use {inserting, reading, running, writing};

impl Store {
    /// Opens the database, creates the file if it is one and is absent, and brings it to this version's form.
    pub async fn open(address: &Address) -> Result<Self, StoreError> {
        let cannot_open = |source| StoreError::Open { address: address.clone(), source };
        let database = match address {
            Address::File(path) => open_file(path).await?,
            Address::Server(url) => {
                let writers = connect(url, WRITERS).await.map_err(cannot_open)?;
                POSTGRES_MIGRATIONS.run(&writers).await.map_err(StoreError::Migrate)?;
                let readers = connect(url, READERS).await.map_err(cannot_open)?;
                Database::Postgres(PostgresDatabase { writers, readers })
            }
        };
        Ok(Self { database, watcher: None, committed: watch::Sender::new(0) })
    }

    /// Changes whenever this process has committed something that has a number.
    #[must_use]
    pub fn committed(&self) -> watch::Receiver<u64> {
        self.committed.subscribe()
    }

    /// The same store, which tells the watcher about its transactions.
    #[must_use]
    pub fn watched_by(mut self, watcher: Arc<dyn TransactionWatcher>) -> Self {
        self.watcher = Some(Watcher(watcher));
        self
    }

    /// Begins a transaction that appends for the company.
    pub async fn write(&self, company: &str) -> Result<Write, StoreError> {
        let watched = self.watcher.clone().map(|watcher| {
            // Waiting for the other writers is part of how long it takes.
            Box::new(Watched { begun: watcher.0.elapsed(), watcher, committed: false })
        });
        // In boxes: nearly every use case waits here, and would have to keep room for it.
        let mut write = self.write_of_new_company(company, Box::pin(self.begin()).await?);
        write.watched = watched;
        write.sequence = Box::pin(write.lock_sequence()).await?;
        write.stored_sequence = write.sequence;
        Ok(write)
    }

    /// A transaction that has just made the company's row.
    pub(crate) fn write_of_new_company(&self, company: &str, transaction: AnyTransaction) -> Write {
        let committed = self.committed.clone();
        let transaction = Box::new(transaction);
        Write { company: company.to_owned(), transaction, sequence: 0, stored_sequence: 0, committed, watched: None }
    }

    pub(crate) async fn begin(&self) -> Result<AnyTransaction, StoreError> {
        Ok(match &self.database {
            // At once, so that what it reads cannot change before it writes.
            Database::Sqlite(sqlite) => {
                AnyTransaction::Sqlite(sqlite.writer.begin_with("BEGIN IMMEDIATE").await.map_err(busy_if_taken)?)
            }
            Database::Postgres(postgres) => AnyTransaction::Postgres(postgres.writers.begin().await?),
        })
    }

    pub async fn close(self) {
        match self.database {
            Database::Sqlite(sqlite) => {
                sqlite.glances.close();
                sqlite.readers.close().await;
                sqlite.writer.close().await;
            }
            Database::Postgres(postgres) => {
                postgres.readers.close().await;
                postgres.writers.close().await;
            }
        }
    }

    /// The condition that what stands before it is in the list that is bound to the parameter as a JSON document.
    pub(crate) fn among(&self, parameter: &'static str, of: ListOf) -> String {
        among(matches!(self.database, Database::Postgres(_)), parameter, of)
    }
}

/// What a list holds that is bound to a query as a JSON document.
#[derive(Clone, Copy)]
pub(crate) enum ListOf {
    Texts,
    Numbers,
}

fn among(postgres: bool, parameter: &str, of: ListOf) -> String {
    // As an array PostgreSQL looks each one up in an index; joined to a set it would read the table once for each.
    match (postgres, of) {
        (false, _) => format!("IN (SELECT value FROM json_each({parameter}))"),
        (true, ListOf::Texts) => format!("= ANY(ARRAY(SELECT jsonb_array_elements_text(CAST({parameter} AS jsonb))))"),
        (true, ListOf::Numbers) => {
            format!("= ANY(ARRAY(SELECT CAST(jsonb_array_elements_text(CAST({parameter} AS jsonb)) AS BIGINT)))")
        }
    }
}

/// The one connection that writes to a file is always there; who waits for it in vain has waited for another writer.
fn busy_if_taken(error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::PoolTimedOut => StoreError::Busy(error),
        error => error.into(),
    }
}

async fn open_file(path: &Path) -> Result<Database, StoreError> {
    let cannot_open = |source| StoreError::Open { address: Address::File(path.to_owned()), source };
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // What we acknowledge is on the disk.
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .pragma("cache_size", CACHE_KIBIBYTES)
        .pragma("wal_autocheckpoint", LOG_PAGES)
        .foreign_keys(true);
    // A connection to a file does not break, so that it need not be tried out each time before it is used.
    let pool = || SqlitePoolOptions::new().test_before_acquire(false);
    let writer = pool().max_connections(1).connect_with(options.clone()).await.map_err(cannot_open)?;
    SQLITE_MIGRATIONS.run(&writer).await.map_err(StoreError::Migrate)?;
    let readers = pool()
        .max_connections(READERS)
        .connect_with(options.read_only(true).create_if_missing(false))
        .await
        .map_err(cannot_open)?;
    let glances = Arc::new(Glances::new(path.to_owned()));
    Ok(Database::Sqlite(SqliteDatabase { writer, readers, glances, path: path.to_owned() }))
}

async fn connect(url: &str, connections: u32) -> Result<PgPool, sqlx::Error> {
    let options = PgConnectOptions::from_str(url)?.application_name("daybreak").options([
        // What we acknowledge is on the disk, whatever the server does for others.
        ("synchronous_commit", "on"),
        // A transaction that waited for the company's counter must see what was appended meanwhile.
        ("default_transaction_isolation", "read committed"),
    ]);
    PgPoolOptions::new().max_connections(connections).acquire_timeout(CONNECT_TIMEOUT).connect_with(options).await
}

impl AnyTransaction {
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}

impl Write {
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let is_new = self.sequence != self.stored_sequence;
        if is_new {
            let update = "UPDATE company SET sequence = $2 WHERE company = $1";
            writing!(self, execute, sqlx::query(update).bind(&self.company).bind(self.sequence))?;
        }
        self.transaction.commit().await?;
        if let Some(watched) = &mut self.watched {
            watched.committed = true;
        }
        if is_new {
            self.committed.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    /// The company's last number, those included that this transaction has taken.
    #[must_use]
    pub fn sequence(&self) -> i64 {
        self.sequence
    }

    /// Takes the next `count` numbers and returns the last of them.
    pub(crate) fn take_sequences(&mut self, count: usize) -> i64 {
        self.sequence += i64::try_from(count).unwrap_or(i64::MAX);
        self.sequence
    }

    /// Takes the next number.
    pub(crate) fn next_sequence(&mut self) -> i64 {
        self.take_sequences(1)
    }

    /// See [`Store::among`].
    pub(crate) fn among(&self, parameter: &'static str, of: ListOf) -> String {
        among(matches!(*self.transaction, AnyTransaction::Postgres(_)), parameter, of)
    }

    /// The company's last number, with its row locked until the end of the transaction. SQLite has locked everything.
    async fn lock_sequence(&mut self) -> Result<i64, StoreError> {
        let plain = "SELECT sequence FROM company WHERE company = $1";
        let locking = "SELECT sequence FROM company WHERE company = $1 FOR UPDATE";
        let text = if matches!(*self.transaction, AnyTransaction::Postgres(_)) { locking } else { plain };
        let last = writing!(self, fetch_optional, sqlx::query_scalar::<_, i64>(text).bind(&self.company))?;
        last.ok_or_else(|| StoreError::Unknown { what: "company", id: self.company.clone() })
    }
}

/// Reads a document that this host wrote.
pub(crate) fn document<T: serde::de::DeserializeOwned>(
    table: &'static str,
    key: impl fmt::Display,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| inconsistent(table, key, error))
}

/// Writes a document. Everything that is written this way holds only texts, finite numbers and lists of them.
pub(crate) fn written<T: serde::Serialize>(table: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| inconsistent(table, "new", error))
}

pub(crate) fn inconsistent(table: &'static str, key: impl fmt::Display, problem: impl fmt::Display) -> StoreError {
    StoreError::Inconsistent { table, key: key.to_string(), problem: problem.to_string() }
}

/// Reads a stored word back into its type.
pub(crate) fn word<T: FromStr>(table: &'static str, key: impl fmt::Display, text: &str) -> Result<T, StoreError>
where
    T::Err: fmt::Display,
{
    text.parse().map_err(|error: T::Err| inconsistent(table, key, error))
}

/// Reads a stored day.
pub(crate) fn day(
    table: &'static str,
    key: impl fmt::Display,
    days: i64,
) -> Result<daybreak_domain::time::Day, StoreError> {
    i32::try_from(days).map(daybreak_domain::time::Day).map_err(|error| inconsistent(table, key, error))
}

/// Reads from when until when a stored row holds.
pub(crate) fn validity(
    table: &'static str,
    sequence: i64,
    from: i64,
    until: Option<i64>,
) -> Result<daybreak_domain::company::Validity, StoreError> {
    let until = until.map(|until| day(table, sequence, until)).transpose()?;
    Ok(daybreak_domain::company::Validity { sequence, from: day(table, sequence, from)?, until })
}
