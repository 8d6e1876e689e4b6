//! Reading many facts of one kind straight into columns.
//!
//! This path alone uses rusqlite: it reads several times as fast as the general driver, through a read-only connection
//! of its own.

use std::collections::HashSet;

use daybreak_domain::fact_set::{FactRow, FactSet};
use daybreak_domain::time::{Instant, Span};
use rusqlite::{Connection, OpenFlags, ToSql, named_params};

use crate::store::{CACHE_KIBIBYTES, Store, StoreError, inconsistent};

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
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            read(&Connection::open_with_flags(path, flags)?, &query)
        })
        .await?
    }
}

fn read(connection: &Connection, query: &FactQuery) -> Result<FactSet, StoreError> {
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.pragma_update(None, "cache_size", CACHE_KIBIBYTES)?;
    let replaced = replaced(connection, query)?;
    // Attribute names are letters, digits, dots, dashes and underscores, so quoting them is enough.
    let mut attributes = String::new();
    for name in &query.attributes {
        attributes.extend([", attributes ->> '$.\"", name, "\"'"]);
    }
    let labels = if query.labels { ", source, external_id" } else { "" };
    let select = |from: &str, which: &str| {
        format!(
            "SELECT sequence, occurred_at, recorded_at, earlier, actor, document, customer, value, \
             capture{attributes}{labels} FROM {from} WHERE company = :company AND kind = :kind AND {which} \
             AND sequence <= :known_to AND withdrawn = 0 AND outranked = 0"
        )
    };
    let in_span = "occurred_at >= :start AND occurred_at < :end";
    let mut text = select("fact", in_span);
    if query.whole_documents_until.is_some() {
        // Left to itself, SQLite reads the whole kind instead of looking the few documents up.
        let elsewhere = format!(
            "occurred_at < :until AND (occurred_at < :start OR occurred_at >= :end) AND document IN (SELECT document \
             FROM fact WHERE company = :company AND kind = :kind AND {in_span} AND document IS NOT NULL)"
        );
        text = format!("{text} UNION ALL {}", select("fact INDEXED BY fact_document", &elsewhere));
    }
    let mut statement = connection.prepare(&format!("{text} ORDER BY occurred_at, sequence"))?;
    let mut values: Vec<(&str, &dyn ToSql)> = vec![
        (":company", &query.company),
        (":kind", &query.kind),
        (":start", &query.span.start.0),
        (":end", &query.span.end.0),
        (":known_to", &query.known_to),
    ];
    let until = query.whole_documents_until.map(|until| until.0);
    if let Some(until) = &until {
        values.push((":until", until));
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
        let mut values = Vec::with_capacity(query.attributes.len());
        for index in 0..query.attributes.len() {
            values.push(text(9 + index)?);
        }
        let mut values = values.into_iter();
        // The set asks for its attributes in the order in which the query named them.
        set.push(&fact, |_| values.next().flatten());
        if query.labels {
            let first = 9 + query.attributes.len();
            let (source, id) = (text(first)?.unwrap_or_default(), text(first + 1)?.unwrap_or_default());
            set.label.push(format!("{source}:{id}"));
        }
    }
    Ok(set)
}

/// The sequences of rows that a later row, known at the sequence, has replaced. Few facts are ever corrected, so this
/// is a short list from an index of its own.
fn replaced(connection: &Connection, query: &FactQuery) -> Result<HashSet<i64>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT replaces FROM fact WHERE company = :company AND replaces IS NOT NULL AND sequence <= :known_to",
    )?;
    let parameters = named_params! { ":company": query.company, ":known_to": query.known_to };
    let sequences = statement.query_map(parameters, |row| row.get(0))?;
    Ok(sequences.collect::<Result<_, _>>()?)
}
