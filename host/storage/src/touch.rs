//! Who touched a document: everybody with a fact on it, or on documents that name it.

use daybreak_domain::time::{Instant, Span};

use crate::store::{Database, ListOf, Store, StoreError, reading, written};

/// Most people that one answer holds.
const PEOPLE_MAX: i64 = 20_000;

/// Whose facts count as having touched a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TouchQuery {
    pub document: String,
    /// A field in which other facts name the document: those facts count too, and so does every fact on their documents.
    /// With it every fact of the company is looked at.
    pub linked_by: Option<String>,
    /// Only facts of these kinds; without any, of every kind. Whatever their kind, facts link documents.
    pub kinds: Vec<String>,
    /// Only facts that occurred in the span. Whenever they occurred, facts link documents.
    pub span: Span,
    /// Facts as they were current at this sequence.
    pub known_to: i64,
}

/// One person's facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// None: facts of which nobody knows whose they are.
    pub person: Option<String>,
    pub facts: u64,
    pub first: Instant,
    pub last: Instant,
}

/// A fact of this table that no later one has replaced, as known at $5.
fn current(table: &str) -> String {
    format!(
        "{table}.sequence <= $5 AND {table}.withdrawn = 0 AND {table}.outranked = 0 AND NOT EXISTS \
         (SELECT 1 FROM fact AS later WHERE later.company = $1 AND later.replaced_kind = {table}.kind \
         AND later.replaced_at = {table}.occurred_at AND later.replaces = {table}.sequence AND later.sequence <= $5)"
    )
}

/// The text of the query. `$1` company, `$2` document, `$3` and `$4` the span, `$5` known to, `$6` whether every kind
/// counts, `$7` the kinds, `$8` most people and, where facts link documents, `$9` the field.
fn text(kinds: &str, linked: bool) -> String {
    let document = if linked {
        format!(
            "(touch.document = $2 OR touch.attributes ->> $9 = $2 OR touch.document IN (SELECT link.document \
             FROM fact AS link WHERE link.company = $1 AND link.document IS NOT NULL \
             AND link.attributes ->> $9 = $2 AND {}))",
            current("link")
        )
    } else {
        "touch.document = $2".to_owned()
    };
    format!(
        "SELECT touch.actor, COUNT(*), MIN(touch.occurred_at), MAX(touch.occurred_at) FROM fact AS touch \
         WHERE touch.company = $1 AND {document} AND touch.occurred_at >= $3 AND touch.occurred_at < $4 \
         AND ($6 = 1 OR touch.kind IN {kinds}) AND {} GROUP BY touch.actor ORDER BY touch.actor LIMIT $8",
        current("touch")
    )
}

impl Store {
    /// Everybody who touched the document, by id.
    pub async fn touches(&self, company: &str, query: &TouchQuery) -> Result<Vec<Touch>, StoreError> {
        let text = text(&self.listed("$7", ListOf::Texts), query.linked_by.is_some());
        let field = query.linked_by.as_ref().map(|name| match &self.database {
            // SQLite takes a path, in which names that hold dots or dashes are quoted.
            Database::Sqlite(_) => format!("$.\"{name}\""),
            Database::Postgres(_) => name.clone(),
        });
        let kinds = written("fact", &query.kinds)?;
        let (start, end) = (query.span.start.0, query.span.end.0);
        let any_kind = i64::from(query.kinds.is_empty());
        let rows: Vec<TouchRow> = match field {
            None => reading!(
                self,
                fetch_all,
                sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                    .bind(company)
                    .bind(&query.document)
                    .bind(start)
                    .bind(end)
                    .bind(query.known_to)
                    .bind(any_kind)
                    .bind(&kinds)
                    .bind(PEOPLE_MAX)
            )?,
            Some(field) => reading!(
                self,
                fetch_all,
                sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                    .bind(company)
                    .bind(&query.document)
                    .bind(start)
                    .bind(end)
                    .bind(query.known_to)
                    .bind(any_kind)
                    .bind(&kinds)
                    .bind(PEOPLE_MAX)
                    .bind(&field)
            )?,
        };
        let touch = |(person, facts, first, last): TouchRow| Touch {
            person,
            facts: u64::try_from(facts).unwrap_or_default(),
            first: Instant(first),
            last: Instant(last),
        };
        Ok(rows.into_iter().map(touch).collect())
    }
}

type TouchRow = (Option<String>, i64, i64, i64);
