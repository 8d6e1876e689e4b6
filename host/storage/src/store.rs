//! Opening the database, transactions, and the one counter per company.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqliteConnection, Transaction};

const READERS: u32 = 4;

/// Memory for pages, of each connection; negative, because it would count pages otherwise.
pub(crate) const CACHE_KIBIBYTES: &str = "-32768";

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database {path} cannot be opened; check that the folder exists and can be written")]
    Open { path: PathBuf, source: sqlx::Error },
    #[error(
        "the database could not be brought to this version's form; restore the backup or use the version that wrote it"
    )]
    Migrate(#[source] sqlx::migrate::MigrateError),
    #[error("another process is writing to this database; try again when it has finished")]
    Busy(#[source] sqlx::Error),
    #[error("the database refused")]
    Database(#[source] sqlx::Error),
    #[error("the facts could not be read")]
    Read(#[from] rusqlite::Error),
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
        // SQLITE_BUSY and its extended codes.
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        let busy = code.and_then(|code| code.parse::<i64>().ok()).is_some_and(|code| code & 0xff == 5);
        if busy { Self::Busy(error) } else { Self::Database(error) }
    }
}

/// The database of one host: one writing connection, some reading ones.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) writer: SqlitePool,
    pub(crate) readers: SqlitePool,
    pub(crate) path: PathBuf,
}

/// A transaction that appends. What it appended counts when `commit` has returned, and not before.
pub struct Write {
    transaction: Transaction<'static, Sqlite>,
}

impl Store {
    /// Opens the database file, creates it if it is absent, and brings it to this version's form.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let cannot_open = |source| StoreError::Open { path: path.to_owned(), source };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What we acknowledge is on the disk.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .pragma("cache_size", CACHE_KIBIBYTES)
            .foreign_keys(true);
        let writer =
            SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.map_err(cannot_open)?;
        sqlx::migrate!("migrations/sqlite").run(&writer).await.map_err(StoreError::Migrate)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await
            .map_err(cannot_open)?;
        Ok(Self { writer, readers, path: path.to_owned() })
    }

    /// Begins a transaction that takes the write lock at once, so that what it reads cannot change before it writes.
    pub async fn write(&self) -> Result<Write, StoreError> {
        Ok(Write { transaction: self.writer.begin_with("BEGIN IMMEDIATE").await? })
    }

    pub async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Write {
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.transaction.commit().await?)
    }

    pub(crate) fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }

    /// The company's last number, with its counter locked until the end of the transaction.
    pub async fn lock_sequence(&mut self, company: &str) -> Result<i64, StoreError> {
        self.take_sequences(company, 0).await
    }

    /// Takes the next `count` numbers and returns the last of them.
    pub async fn take_sequences(&mut self, company: &str, count: usize) -> Result<i64, StoreError> {
        let last = sqlx::query_scalar::<_, i64>(
            "UPDATE company SET sequence = sequence + $2 WHERE company = $1 RETURNING sequence",
        )
        .bind(company)
        .bind(i64::try_from(count).unwrap_or(i64::MAX))
        .fetch_optional(self.connection())
        .await?;
        last.ok_or_else(|| StoreError::Unknown { what: "company", id: company.to_owned() })
    }

    /// Takes the next number.
    pub async fn next_sequence(&mut self, company: &str) -> Result<i64, StoreError> {
        self.take_sequences(company, 1).await
    }
}

/// Reads a document that this host wrote.
pub(crate) fn document<T: serde::de::DeserializeOwned>(
    table: &'static str,
    key: impl std::fmt::Display,
    text: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| inconsistent(table, key, error))
}

/// Writes a document. Everything that is written this way holds only texts, finite numbers and lists of them.
pub(crate) fn written<T: serde::Serialize>(table: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| inconsistent(table, "new", error))
}

pub(crate) fn inconsistent(
    table: &'static str,
    key: impl std::fmt::Display,
    problem: impl std::fmt::Display,
) -> StoreError {
    StoreError::Inconsistent { table, key: key.to_string(), problem: problem.to_string() }
}

/// Reads a stored word back into its type.
pub(crate) fn word<T: FromStr>(table: &'static str, key: impl std::fmt::Display, text: &str) -> Result<T, StoreError>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| inconsistent(table, key, error))
}

/// Reads a stored day.
pub(crate) fn day(
    table: &'static str,
    key: impl std::fmt::Display,
    days: i64,
) -> Result<daybreak_domain::time::Day, StoreError> {
    i32::try_from(days).map(daybreak_domain::time::Day).map_err(|error| inconsistent(table, key, error))
}
