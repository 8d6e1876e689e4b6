//! Reading many facts of one kind straight into columns.
//!
//! With SQLite this path alone uses rusqlite: it reads several times as fast as the general driver, through a read-only
//! connection of its own. With PostgreSQL the rows are streamed.

use std::collections::HashSet;
use std::path::Path;

use daybreak_domain::fact_set::{FactRow, FactSet};
use daybreak_domain::time::{Instant, Span};
use futures_util::TryStreamExt;
use rusqlite::{Connection, OpenFlags, ToSql};
use sqlx::postgres::{PgArguments, PgPool, PgRow};
use sqlx::query::{Query, QueryScalar};
use sqlx::{Postgres, Row};

use crate::store::{CACHE_KIBIBYTES, Database, Store, StoreError, inconsistent};

/// Which facts of one kind are wanted, as they were current at one sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactQuery {
    pub company: String,
    pub kind: String,
    pub span: Span,
    /// Also every fact of the kind before this instant on a document with a fact in the span.
    pub whole_documents_until: Option<Instant>,
    /// Only facts with a sequence up to this one.
    pub known_to: i64,
    pub attributes: Vec<String>,
    /// Whether `source:external id` is wanted for each row.
    pub labels: bool,
}

impl Store {
    /// Reads the facts, ordered by time, then sequence.
    pub async fn fact_set(&self, query: FactQuery) -> Result<FactSet, StoreError> {
        match &self.database {
            Database::Sqlite(sqlite) => {
                let path = sqlite.path.clone();
                tokio::task::spawn_blocking(move || read_file(&path, &query)).await?
            }
            Database::Postgres(postgres) => read_server(&postgres.readers, &query).await,
        }
    }
}

/// The sequences of rows that a later row, known at the sequence, has replaced. Few facts are ever corrected, so this
/// is a short list from an index of its own.
const REPLACED: &str = "SELECT replaces FROM fact WHERE company = $1 AND replaced_kind = $2 AND replaced_at >= $3 \
                        AND replaced_at < $4 AND replaces IS NOT NULL AND sequence <= $5";

impl FactQuery {
    /// The instants within which every row lies that can come.
    fn reach(&self) -> (i64, i64) {
        match self.whole_documents_until {
            Some(until) => (i64::MIN, until.0.max(self.span.end.0)),
            None => (self.span.start.0, self.span.end.0),
        }
    }

    /// The text of the query, whose parameters first stand in it in the order of their numbers, as SQLite counts them: $1 company, $2 kind, $3 start, $4 end, $5 known to and, for whole documents, $6 until.
    /// `attribute` writes how the database reads one attribute, `by_document` names the table so that it is read by
    /// document.
    fn text(&self, attribute: impl Fn(&str) -> String, by_document: &str) -> String {
        let mut columns = String::new();
        for name in &self.attributes {
            columns.extend([", ", &attribute(name)]);
        }
        if self.labels {
            columns.push_str(", source, external_id");
        }
        let select = |from: &str, which: &str| {
            format!(
                "SELECT sequence, occurred_at, recorded_at, earlier, actor, document, customer, value, capture{columns} \
                 FROM {from} WHERE company = $1 AND kind = $2 AND {which} AND sequence <= $5 AND withdrawn = 0 \
                 AND outranked = 0"
            )
        };
        let in_span = "occurred_at >= $3 AND occurred_at < $4";
        let mut text = select("fact", in_span);
        if self.whole_documents_until.is_some() {
            let elsewhere = format!(
                "occurred_at < $6 AND (occurred_at < $3 OR occurred_at >= $4) AND document IN (SELECT document FROM fact \
                 WHERE company = $1 AND kind = $2 AND {in_span} AND document IS NOT NULL)"
            );
            text = format!("{text} UNION ALL {}", select(by_document, &elsewhere));
        }
        format!("{text} ORDER BY occurred_at, sequence")
    }
}

/// The values of one row beyond its envelope, in the order in which the query named them.
struct Extra<'a> {
    attributes: Vec<Option<&'a str>>,
    label: Option<String>,
}

fn push(set: &mut FactSet, fact: &FactRow<'_>, extra: Extra<'_>) {
    let mut values = extra.attributes.into_iter();
    // The set asks for its attributes in the order in which the query named them.
    set.push(fact, |_| values.next().flatten());
    set.label.extend(extra.label);
}

fn read_file(path: &Path, query: &FactQuery) -> Result<FactSet, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "cache_size", CACHE_KIBIBYTES)?;
    let reach = query.reach();
    let mut statement = connection.prepare(REPLACED)?;
    let replaced: HashSet<i64> = statement
        .query_map((&query.company, &query.kind, reach.0, reach.1, query.known_to), |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    // Attribute names are letters, digits, dots, dashes and underscores, so quoting them is enough. Left to itself,
    // SQLite reads the whole kind instead of looking the few documents up.
    let text = query.text(|name| format!("attributes ->> '$.\"{name}\"'"), "fact INDEXED BY fact_document");
    let mut statement = connection.prepare(&text)?;
    let until = query.whole_documents_until.map(|until| until.0);
    let (start, end) = (query.span.start.0, query.span.end.0);
    let mut values: Vec<&dyn ToSql> = vec![&query.company, &query.kind, &start, &end, &query.known_to];
    if let Some(until) = &until {
        values.push(until);
    }
    let mut rows = statement.query(values.as_slice())?;
    let mut set = FactSet::new(&query.kind, &query.attributes);
    while let Some(row) = rows.next()? {
        let sequence: i64 = row.get(0)?;
        if replaced.contains(&sequence) {
            continue;
        }
        let text = |column: usize| row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from);
        let capture: &str = text(8)?.unwrap_or_default();
        let fact = FactRow {
            sequence,
            occurred_at: row.get(1)?,
            recorded_at: row.get(2)?,
            revision: row.get(3)?,
            actor: text(4)?,
            document: text(5)?,
            customer: text(6)?,
            value: row.get(7)?,
            capture: capture.parse().map_err(|error| inconsistent("fact", sequence, error))?,
        };
        let first = 9 + query.attributes.len();
        let attributes = (9..first).map(text).collect::<Result<_, _>>()?;
        let label = if query.labels {
            Some(format!("{}:{}", text(first)?.unwrap_or_default(), text(first + 1)?.unwrap_or_default()))
        } else {
            None
        };
        push(&mut set, &fact, Extra { attributes, label });
    }
    Ok(set)
}

async fn read_server(pool: &PgPool, query: &FactQuery) -> Result<FactSet, StoreError> {
    let reach = query.reach();
    let replaced: QueryScalar<'_, Postgres, i64, PgArguments> = sqlx::query_scalar(REPLACED);
    let replaced: HashSet<i64> = replaced
        .bind(&query.company)
        .bind(&query.kind)
        .bind(reach.0)
        .bind(reach.1)
        .bind(query.known_to)
        .fetch(pool)
        .try_collect()
        .await?;
    let text = query.text(|name| format!("attributes ->> '{name}'"), "fact");
    let statement: Query<'_, Postgres, PgArguments> = sqlx::query(sqlx::AssertSqlSafe(text.as_str()));
    let mut statement = statement
        .bind(&query.company)
        .bind(&query.kind)
        .bind(query.span.start.0)
        .bind(query.span.end.0)
        .bind(query.known_to);
    if let Some(until) = query.whole_documents_until {
        statement = statement.bind(until.0);
    }
    let mut rows = statement.fetch(pool);
    let mut set = FactSet::new(&query.kind, &query.attributes);
    while let Some(row) = rows.try_next().await? {
        let sequence: i64 = row.try_get(0)?;
        if !replaced.contains(&sequence) {
            push_server_row(&mut set, &row, sequence, query)?;
        }
    }
    Ok(set)
}

fn push_server_row(set: &mut FactSet, row: &PgRow, sequence: i64, query: &FactQuery) -> Result<(), StoreError> {
    let text = |column: usize| row.try_get::<Option<&str>, _>(column);
    let revision: i64 = row.try_get(3)?;
    let fact = FactRow {
        sequence,
        occurred_at: row.try_get(1)?,
        recorded_at: row.try_get(2)?,
        revision: u32::try_from(revision).map_err(|error| inconsistent("fact", sequence, error))?,
        actor: text(4)?,
        document: text(5)?,
        customer: text(6)?,
        value: row.try_get(7)?,
        capture: row.try_get::<&str, _>(8)?.parse().map_err(|error| inconsistent("fact", sequence, error))?,
    };
    let first = 9 + query.attributes.len();
    let attributes = (9..first).map(text).collect::<Result<_, _>>()?;
    let label = if query.labels {
        Some(format!("{}:{}", row.try_get::<&str, _>(first)?, row.try_get::<&str, _>(first + 1)?))
    } else {
        None
    };
    push(set, &fact, Extra { attributes, label });
    Ok(())
}
