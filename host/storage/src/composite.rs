//! Composites with their receipts, and which of them have to be computed again.
//!
//! Stale composites stand beside stale scores, under names that no indicator can have and that come after all of theirs:
//! so they are claimed by the same scorers, after the scores that they rest on.

use std::collections::BTreeSet;

use daybreak_domain::composite::{CompositeOutcome, CompositeReceipt, Points};
use daybreak_domain::period::Period;
use daybreak_domain::shares::ExplainedShares;
use daybreak_domain::time::Day;

use crate::stale::{StaleKey, period};
use crate::store::{ListOf, Store, StoreError, Write, document, inserting, reading, written};

/// Stands for the composites of months where an indicator's name stands for its scores.
pub const COMPOSITES: &str = "~composites";
/// For those of quarters and years; they come after the months.
pub const COMPOSITES_OF_MONTHS: &str = "~composites-of-months";

/// Rows in one INSERT.
const ROWS_AT_ONCE: usize = 500;

#[derive(Clone, Debug, PartialEq)]
pub struct NewComposite {
    pub receipt: CompositeReceipt,
    pub outcome: CompositeOutcome,
    /// Of a month in which the employee has a scorecard.
    pub shares: Option<ExplainedShares>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredComposite {
    pub sequence: i64,
    pub composite: NewComposite,
    /// The columns that lists are made from say the same as the receipt and the outcome.
    pub columns_agree: bool,
}

/// Which composites are wanted. None: any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompositeQuery {
    pub employee: Option<String>,
    pub period: Option<Period>,
    /// Every composite that was ever computed, not only the current ones.
    pub history: bool,
    /// Only composites with a sequence above this one.
    pub after: i64,
    pub most: u32,
}

impl Write {
    /// Appends composites; their numbers follow each other up to the one returned.
    pub async fn append_composites(&mut self, new: &[NewComposite]) -> Result<i64, StoreError> {
        const TABLE: &str = "composite";
        let last = self.take_sequences(new.len());
        let mut sequence = last - new.len() as i64;
        for chunk in new.chunks(ROWS_AT_ONCE) {
            let mut rows = Vec::with_capacity(chunk.len());
            for composite in chunk {
                sequence += 1;
                rows.push((
                    sequence,
                    composite,
                    written(TABLE, &composite.receipt)?,
                    written(TABLE, &composite.outcome)?,
                    composite.shares.as_ref().map(|shares| written(TABLE, shares)).transpose()?,
                ));
            }
            inserting!(
                self,
                "INSERT INTO composite (company, sequence, employee, period_first, period_end, points, coverage, \
                 receipt, outcome, shares, known_to) ",
                &rows,
                |values, (sequence, composite, receipt, outcome, shares)| {
                    values
                        .push_bind(&self.company)
                        .push_bind(sequence)
                        .push_bind(&composite.receipt.employee)
                        .push_bind(i64::from(composite.receipt.period.first().0))
                        .push_bind(i64::from(composite.receipt.period.end().0))
                        .push_bind(points(&composite.outcome))
                        .push_bind(i64::from(composite.outcome.coverage()))
                        .push_bind(receipt)
                        .push_bind(outcome)
                        .push_bind(shares)
                        .push_bind(composite.receipt.known_to);
                },
                ""
            )?;
        }
        Ok(last)
    }

    /// Marks the month's composites of these employees as stale, because of what this transaction has appended. Does
    /// nothing while the company has no scorecard.
    pub async fn mark_composites<'a>(
        &mut self,
        month: Period,
        employees: impl Iterator<Item = &'a str>,
        today: Day,
    ) -> Result<(), StoreError> {
        if !month.is_month() || !self.has_scorecards().await? {
            return Ok(());
        }
        let mark = self.sequence();
        let key = |employee: &str| composite_key(COMPOSITES, month, employee, today);
        let keys: BTreeSet<StaleKey> = employees.map(key).collect();
        let keys: Vec<(StaleKey, i64)> = keys.into_iter().map(|key| (key, mark)).collect();
        self.add_stale(&keys).await
    }
}

/// A stale composite; it is due when its period has begun.
#[must_use]
pub fn composite_key(which: &str, period: Period, employee: &str, today: Day) -> StaleKey {
    // What is due already is one key, whatever day it was due on.
    let due = if period.first() <= today { period.first().min(today) } else { period.first() };
    StaleKey { indicator: which.to_owned(), period, subject: employee.to_owned(), due }
}

const COLUMNS: &str =
    "sequence, employee, period_first, period_end, points, coverage, receipt, outcome, shares, known_to";

/// No other composite of the key that is known at $2 knew more.
const CURRENT: &str = "NOT EXISTS (SELECT 1 FROM composite AS newer WHERE newer.company = $1 \
                       AND newer.period_first = composite.period_first AND newer.period_end = composite.period_end \
                       AND newer.employee = composite.employee AND newer.sequence <= $2 \
                       AND (newer.known_to, newer.sequence) > (composite.known_to, composite.sequence))";

#[derive(sqlx::FromRow)]
struct Row {
    sequence: i64,
    employee: String,
    period_first: i64,
    period_end: i64,
    points: Option<f64>,
    coverage: i64,
    receipt: String,
    outcome: String,
    shares: Option<String>,
    known_to: i64,
}

impl Store {
    /// Composites in the order in which they were computed.
    pub async fn composites(&self, company: &str, query: &CompositeQuery) -> Result<Vec<StoredComposite>, StoreError> {
        let current = if query.history { "1 = 1" } else { CURRENT };
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {COLUMNS} FROM composite WHERE company = $1 AND sequence <= $2 AND sequence > $3 \
                 AND ($4 IS NULL OR employee = $4) AND ($5 IS NULL OR (period_first = $5 AND period_end = $6)) \
                 AND {current} ORDER BY sequence LIMIT $7"
            )))
            .bind(company)
            .bind(i64::MAX)
            .bind(query.after)
            .bind(&query.employee)
            .bind(query.period.map(|period| i64::from(period.first().0)))
            .bind(query.period.map(|period| i64::from(period.end().0)))
            .bind(i64::from(query.most))
        )?;
        rows.into_iter().map(composite_of).collect()
    }

    /// The period's current composites of these employees, of all that is known at the sequence.
    pub async fn composites_known(
        &self,
        company: &str,
        period: Period,
        employees: &[&str],
        known_to: i64,
    ) -> Result<Vec<StoredComposite>, StoreError> {
        let these = self.among("$5", ListOf::Texts);
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {COLUMNS} FROM composite WHERE company = $1 AND sequence <= $2 AND period_first = $3 \
                 AND period_end = $4 AND employee {these} AND {CURRENT} ORDER BY employee"
            )))
            .bind(company)
            .bind(known_to)
            .bind(i64::from(period.first().0))
            .bind(i64::from(period.end().0))
            .bind(written("composite", &employees)?)
        )?;
        rows.into_iter().map(composite_of).collect()
    }

    /// The composite with this number.
    pub async fn composite(&self, company: &str, sequence: i64) -> Result<Option<StoredComposite>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM composite WHERE company = $1 AND sequence = $2");
        let row: Option<Row> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(sequence)
        )?;
        row.map(composite_of).transpose()
    }

    /// The numbers of the composites after this one, in their order; at most `most`.
    pub async fn composites_after(&self, company: &str, after: i64, most: u32) -> Result<Vec<i64>, StoreError> {
        let numbers = "SELECT sequence FROM composite WHERE company = $1 AND sequence > $2 ORDER BY sequence LIMIT $3";
        reading!(self, fetch_all, sqlx::query_scalar(numbers).bind(company).bind(after).bind(i64::from(most)))
    }

    /// The employees that have a composite of the period.
    pub async fn composed_employees(&self, company: &str, period: Period) -> Result<BTreeSet<String>, StoreError> {
        let text =
            "SELECT DISTINCT employee FROM composite WHERE company = $1 AND period_first = $2 AND period_end = $3";
        let employees: Vec<String> = reading!(
            self,
            fetch_all,
            sqlx::query_scalar(text).bind(company).bind(i64::from(period.first().0)).bind(i64::from(period.end().0))
        )?;
        Ok(employees.into_iter().collect())
    }

    /// The months, and other periods, in which anything was scored or composed; at most `most`, the latest ones.
    pub async fn scored_periods(&self, company: &str, most: u32) -> Result<Vec<Period>, StoreError> {
        let text = "SELECT period_first, period_end FROM batch WHERE company = $1 \
                    UNION SELECT period_first, period_end FROM composite WHERE company = $1 \
                    ORDER BY period_first DESC, period_end DESC LIMIT $2";
        let rows: Vec<(i64, i64)> =
            reading!(self, fetch_all, sqlx::query_as(text).bind(company).bind(i64::from(most)))?;
        rows.into_iter().map(|(first, end)| period("batch", "", first, end)).collect()
    }
}

fn composite_of(row: Row) -> Result<StoredComposite, StoreError> {
    const TABLE: &str = "composite";
    let key = row.sequence;
    let composite = NewComposite {
        receipt: document(TABLE, key, &row.receipt)?,
        outcome: document(TABLE, key, &row.outcome)?,
        shares: row.shares.map(|shares| document(TABLE, key, &shares)).transpose()?,
    };
    let bits = |value: Option<f64>| value.map(f64::to_bits);
    let columns_agree = row.employee == composite.receipt.employee
        && period(TABLE, key, row.period_first, row.period_end)? == composite.receipt.period
        && row.known_to == composite.receipt.known_to
        && row.coverage == i64::from(composite.outcome.coverage())
        && bits(row.points) == bits(points(&composite.outcome));
    Ok(StoredComposite { sequence: key, composite, columns_agree })
}

fn points(outcome: &CompositeOutcome) -> Option<f64> {
    match outcome.points() {
        Points::Computed { points } => Some(*points),
        Points::NotComputable { .. } => None,
    }
}
