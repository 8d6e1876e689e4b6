//! Many rows into a SQLite file, through one prepared statement.
//!
//! The general driver hands every statement to a thread of its own and copies what is bound. For single statements that is
//! little; for the thousands of rows of a delivery or of a month's scores it is most of the time. So here the connection that
//! holds the transaction is lent to the bare library, until the rows are in.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Statement, ToSql};
use serde::Serialize;
use sqlx::encode::IsNull;
use sqlx::postgres::{PgArgumentBuffer, PgTypeInfo};
use sqlx::types::Json;
use sqlx::{Encode, Postgres, Sqlite, Transaction, Type};

use crate::store::StoreError;

/// From how many rows on other work of the thread is taken over by other threads, where there are any.
const MANY: usize = 100;

/// One row's values, in the order of the columns.
pub(crate) struct Row<'s, 'c> {
    statement: &'s mut Statement<'c>,
    bound: usize,
    done: rusqlite::Result<()>,
}

impl Row<'_, '_> {
    pub(crate) fn push_bind(&mut self, value: impl ToSql) -> &mut Self {
        self.bound += 1;
        if self.done.is_ok() {
            self.done = self.statement.raw_bind_parameter(self.bound, value);
        }
        self
    }
}

/// A value that is stored as a JSON document.
#[derive(Debug)]
pub(crate) struct Document<'a, T>(pub(crate) &'a T);

impl<T: Serialize> ToSql for Document<'_, T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text = serde_json::to_string(self.0);
        text.map(Into::into).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
    }
}

impl<T> Type<Postgres> for Document<'_, T> {
    fn type_info() -> PgTypeInfo {
        <Json<()> as Type<Postgres>>::type_info()
    }
}

impl<T: Serialize> Encode<'_, Postgres> for Document<'_, T> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, sqlx::error::BoxDynError> {
        Encode::<Postgres>::encode_by_ref(&Json(self.0), buffer)
    }
}

/// Runs `{into} VALUES (…) {suffix}` once for each row, inside the transaction; `bind` binds one row's values, one for each
/// of the columns that `into` names in parentheses.
pub(crate) async fn insert<R>(
    transaction: &mut Transaction<'static, Sqlite>,
    into: &str,
    rows: impl IntoIterator<Item = R>,
    bind: impl Fn(&mut Row<'_, '_>, R),
    suffix: &str,
) -> Result<(), StoreError> {
    let mut handle = transaction.lock_handle().await?;
    let connection = lent(&mut handle)?;
    let values = "?, ".repeat(into.matches(',').count());
    let text = format!("{into} VALUES ({values}?) {suffix}");
    let mut rows = rows.into_iter();
    let are_many = rows.size_hint().0 >= MANY;
    let mut insert = || {
        let mut statement = connection.prepare(&text)?;
        rows.try_for_each(|values| {
            let mut row = Row { statement: &mut statement, bound: 0, done: Ok(()) };
            bind(&mut row, values);
            row.done?;
            statement.raw_execute().map(drop)
        })
    };
    let has_others =
        || tokio::runtime::Handle::current().runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread;
    let written: rusqlite::Result<()> =
        if are_many && has_others() { tokio::task::block_in_place(insert) } else { insert() };
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
