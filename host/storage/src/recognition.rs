//! Facts that tell what somebody gave to others and got from them, found by indexes that hold no other facts; and how the
//! facts behind a score were captured.

use std::collections::BTreeMap;

use daybreak_domain::fact::{Capture, Fact};
use daybreak_domain::time::{Instant, Span};

use crate::fact::{FACT_COLUMNS, FactRow, fact_of};
use crate::store::{ListOf, Store, StoreError, reading, word, written};

/// As the indexes have it, word for word: otherwise no database would use them.
const RECOGNISED: &str = "kind IN ('contribution', 'feedback', 'feedback.given', 'feedback.received', 'task.done')";

/// The fact counts: nothing has replaced it, and it was not taken back.
const CURRENT: &str = "fact.outranked = 0 AND fact.withdrawn = 0 AND NOT EXISTS (SELECT 1 FROM fact AS later \
                       WHERE later.company = fact.company AND later.replaced_kind = fact.kind \
                       AND later.replaced_at = fact.occurred_at AND later.replaces = fact.sequence)";

impl Store {
    /// The person's own among these facts, those that count, the newest occurrence first; at most `most`.
    pub async fn recognised_facts(
        &self,
        company: &str,
        person: &str,
        during: Span,
        kinds: &[&str],
        most: u32,
    ) -> Result<Vec<Fact>, StoreError> {
        let text = format!(
            "SELECT {FACT_COLUMNS} FROM fact WHERE company = $1 AND actor = $2 AND occurred_at >= $3 \
             AND occurred_at < $4 AND {RECOGNISED} AND kind {} AND {CURRENT} \
             ORDER BY occurred_at DESC, sequence DESC LIMIT $6",
            self.among("$5", ListOf::Texts)
        );
        let rows: Vec<FactRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(person)
                .bind(during.start.0)
                .bind(during.end.0)
                .bind(written("fact", &kinds)?)
                .bind(i64::from(most))
        )?;
        rows.into_iter().map(fact_of).collect()
    }

    /// When each of these people last had a fact of one of the kinds, up to and not including the moment. Whoever never
    /// had one is left out.
    pub async fn last_recognised(
        &self,
        company: &str,
        people: &[&str],
        kinds: &[&str],
        before: Instant,
    ) -> Result<BTreeMap<String, Instant>, StoreError> {
        let text = format!(
            "SELECT actor, MAX(occurred_at) FROM fact WHERE company = $1 AND actor {} AND occurred_at < $4 \
             AND {RECOGNISED} AND kind {} AND {CURRENT} GROUP BY actor",
            self.among("$2", ListOf::Texts),
            self.among("$3", ListOf::Texts)
        );
        let rows: Vec<(String, i64)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(written("fact", &people)?)
                .bind(written("fact", &kinds)?)
                .bind(before.0)
        )?;
        Ok(rows.into_iter().map(|(person, at)| (person, Instant(at))).collect())
    }

    /// Whether the company has any fact of one of these kinds.
    pub async fn has_facts_of(&self, company: &str, kinds: &[&str]) -> Result<bool, StoreError> {
        let text = format!(
            "SELECT COUNT(*) FROM (SELECT 1 FROM fact WHERE company = $1 AND kind {} LIMIT 1) AS found",
            self.among("$2", ListOf::Texts)
        );
        let found: i64 = reading!(
            self,
            fetch_one,
            sqlx::query_scalar(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("fact", &kinds)?)
        )?;
        Ok(found > 0)
    }

    /// How each of these facts was captured.
    pub async fn captures(&self, company: &str, sequences: &[i64]) -> Result<BTreeMap<i64, Capture>, StoreError> {
        let text = format!(
            "SELECT sequence, capture FROM fact WHERE company = $1 AND sequence {}",
            self.among("$2", ListOf::Numbers)
        );
        let rows: Vec<(i64, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("fact", &sequences)?)
        )?;
        rows.into_iter().map(|(sequence, capture)| Ok((sequence, word("fact", sequence, &capture)?))).collect()
    }
}

/// The number of the newest of these facts of the company $1.
pub(crate) fn newest_recognised() -> String {
    format!("SELECT MAX(sequence) FROM fact WHERE company = $1 AND {RECOGNISED}")
}
