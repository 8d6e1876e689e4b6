//! Short look-ups, with which nearly every request begins.
//!
//! The general driver hands each statement to a thread of its own and waits for the answer; SQLite itself looks a row up in a
//! fraction of that time. So with SQLite these look-ups are done where they are asked, through read-only connections of the
//! bare library that are held ready. They hold their thread up meanwhile: only what is found by an index in a few rows may be
//! asked this way.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use sqlx::FromRow;
use sqlx::postgres::PgRow;

use crate::store::{Database, Store, StoreError};

/// Most connections that are held while nobody asks.
const IDLE_MAX: usize = 4;

/// What is bound to a parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bound<'a> {
    Text(&'a str),
    Number(i64),
}

/// A row of either database, as a tuple of its columns.
pub(crate) trait Glimpsed:
    Send + Unpin + for<'r> FromRow<'r, PgRow> + for<'a> TryFrom<&'a rusqlite::Row<'a>, Error = rusqlite::Error>
{
}

impl<T> Glimpsed for T where
    T: Send + Unpin + for<'r> FromRow<'r, PgRow> + for<'a> TryFrom<&'a rusqlite::Row<'a>, Error = rusqlite::Error>
{
}

/// Connections to a SQLite file that only look up.
pub(crate) struct Glances {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl fmt::Debug for Glances {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Glances").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Glances {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::default() }
    }

    /// Lets go of the connections that are held.
    pub(crate) fn close(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn look_up<T: Glimpsed>(&self, text: &str, bound: &[Bound<'_>]) -> rusqlite::Result<Vec<T>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let found = rows(&connection, text, bound)?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_MAX {
            idle.push(connection);
        }
        Ok(found)
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        Ok(connection)
    }
}

fn rows<T: Glimpsed>(connection: &Connection, text: &str, bound: &[Bound<'_>]) -> rusqlite::Result<Vec<T>> {
    let mut statement = connection.prepare_cached(text)?;
    for (place, value) in bound.iter().enumerate() {
        let name = format!("${}", place + 1);
        let Some(index) = statement.parameter_index(&name)? else { continue };
        match value {
            Bound::Text(text) => statement.raw_bind_parameter(index, text)?,
            Bound::Number(number) => statement.raw_bind_parameter(index, number)?,
        }
    }
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(T::try_from(row)?);
    }
    Ok(found)
}

impl Store {
    /// All rows that the query finds, which must be few and found by an index. `$1` is the first of what is bound.
    pub(crate) async fn glance<T: Glimpsed>(&self, text: &str, bound: &[Bound<'_>]) -> Result<Vec<T>, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => Ok(sqlite.glances.look_up(text, bound)?),
            Database::Postgres(postgres) => {
                let mut query = sqlx::query_as(sqlx::AssertSqlSafe(text));
                for value in bound {
                    query = match *value {
                        Bound::Text(text) => query.bind(text.to_owned()),
                        Bound::Number(number) => query.bind(number),
                    };
                }
                Ok(query.fetch_all(&postgres.readers).await?)
            }
        }
    }
}
