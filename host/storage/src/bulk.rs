//! Many rows into a SQLite file, through one prepared statement.
//!
//! The general driver hands every statement to a thread of its own and copies what is bound. For single statements that is
//! little; for the thousands of rows of a delivery it is most of the time. So here the connection that holds the
//! transaction is lent to the bare library, until the rows are in.

use rusqlite::{Connection, Statement};
use sqlx::{Sqlite, Transaction};

use crate::store::StoreError;

/// Runs the statement once for each row, inside the transaction; `bind` binds one row's values.
pub(crate) async fn insert<R>(
    transaction: &mut Transaction<'static, Sqlite>,
    text: &str,
    rows: &[R],
    bind: impl Fn(&mut Statement<'_>, &R) -> rusqlite::Result<()>,
) -> Result<(), StoreError> {
    let mut handle = transaction.lock_handle().await?;
    let connection = lent(&mut handle)?;
    let insert = || {
        let mut statement = connection.prepare(text)?;
        for row in rows {
            bind(&mut statement, row)?;
            statement.raw_execute()?;
        }
        Ok(())
    };
    // Writing a thousand rows takes as long as some requests, which other workers take over meanwhile where there are any.
    let written: rusqlite::Result<()> = match tokio::runtime::Handle::current().runtime_flavor() {
        tokio::runtime::RuntimeFlavor::MultiThread => tokio::task::block_in_place(insert),
        _ => insert(),
    };
    written.map_err(StoreError::Write)
}

/// The connection behind the handle, as the bare library knows it. Let go of, it stays open.
#[allow(
    unsafe_code,
    reason = "two libraries share one connection only by its address; the comment below says why it is sound"
)]
fn lent(handle: &mut sqlx::sqlite::LockedSqliteHandle<'_>) -> Result<Connection, StoreError> {
    // SAFETY: both libraries are linked to the same SQLite, which Cargo sees to, because only one crate may link it. While
    // the handle is held the driver's thread leaves the connection alone, and our caller holds it for longer than what is
    // returned here, which neither closes the connection nor keeps a statement of it.
    unsafe { Connection::from_handle(handle.as_raw_handle().as_ptr().cast()) }.map_err(StoreError::Write)
}
