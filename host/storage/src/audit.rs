//! The audit: who changed what, append-only. Nothing else refers to these rows, and scoring never reads them.

use daybreak_domain::audit::{AuditEntry, AuditQuery, AuditRecord};
use daybreak_domain::author::{Author, AuthorKind};
use daybreak_domain::time::Instant;

use crate::store::{Store, StoreError, Write, document, inserting, reading, word};

/// Rows in one INSERT: 11 values each, under the databases' bounds of 32,766 and 65,535 values.
const ROWS_AT_ONCE: usize = 1_000;

const INTO: &str =
    "INSERT INTO audit (company, audit, at, author_kind, author, request, action, what, id, before, after) ";

impl Write {
    /// Notes who makes the changes of this transaction.
    pub async fn audit(&mut self, author: &Author, at: Instant, entries: &[AuditEntry]) -> Result<(), StoreError> {
        for chunk in entries.chunks(ROWS_AT_ONCE) {
            let first = self.sequence() + 1;
            self.take_sequences(chunk.len());
            inserting!(
                self,
                INTO,
                (first..).zip(chunk),
                |row, (audit, entry)| {
                    row.push_bind(&self.company)
                        .push_bind(audit)
                        .push_bind(at.0)
                        .push_bind(author.kind.word())
                        .push_bind(&author.id)
                        .push_bind(&author.request)
                        .push_bind(entry.action)
                        .push_bind(entry.what())
                        .push_bind(&entry.id)
                        .push_bind(&entry.before)
                        .push_bind(&entry.after);
                },
                ""
            )?;
        }
        Ok(())
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    audit: i64,
    at: i64,
    author_kind: String,
    author: String,
    request: Option<String>,
    action: String,
    what: String,
    id: String,
    before: Option<String>,
    after: Option<String>,
}

impl Store {
    /// The entries that the query wants, the newest first; at most `most`, whatever page they are for.
    pub async fn audit(&self, company: &str, query: &AuditQuery) -> Result<Vec<AuditRecord>, StoreError> {
        let mut text = "SELECT audit, at, author_kind, author, request, action, what, id, before, after FROM audit \
                        WHERE company = $1 AND audit < $2"
            .to_owned();
        // Only what is asked for stands in the text, so that each database sees which index it can use.
        let conditions = [
            ("what", query.what.as_deref()),
            ("id", query.id.as_deref()),
            ("author_kind", query.author_kind.map(AuthorKind::word)),
            ("author", query.author.as_deref()),
            ("SUBSTR(action, 1, LENGTH(CAST({value} AS TEXT)))", query.action.as_deref()),
        ];
        let mut values = Vec::new();
        for (column, value) in conditions {
            let Some(value) = value else { continue };
            values.push(value);
            let place = format!("${}", values.len() + 3);
            text.extend([" AND ", &column.replace("{value}", &place), " = ", &place]);
        }
        text.push_str(" ORDER BY audit DESC LIMIT $3");
        let rows: Vec<Row> = reading!(self, fetch_all, {
            let statement = sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()));
            let newest = query.before_audit.unwrap_or(i64::MAX);
            let statement = statement.bind(company).bind(newest).bind(i64::from(query.most));
            values.iter().fold(statement, |statement, value| statement.bind(*value))
        })?;
        rows.into_iter().map(record_of).collect()
    }
}

fn record_of(row: Row) -> Result<AuditRecord, StoreError> {
    const TABLE: &str = "audit";
    let key = row.audit;
    let read = |text: Option<String>| text.map(|text| document(TABLE, key, &text)).transpose();
    Ok(AuditRecord {
        audit: key,
        at: Instant(row.at),
        author: Author { kind: word(TABLE, key, &row.author_kind)?, id: row.author, request: row.request },
        action: row.action,
        what: row.what,
        id: row.id,
        before: read(row.before)?,
        after: read(row.after)?,
    })
}
