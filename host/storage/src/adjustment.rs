//! Managers' changes of shares: every revision, append-only.

use daybreak_domain::period::Period;
use daybreak_domain::reweighting::Target;
use daybreak_domain::time::Instant;

use crate::stale::period;
use crate::store::{Store, StoreError, Write, document, inconsistent, reading, writing, written};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareAdjustment {
    pub employee: String,
    pub target: Target,
    /// Millionths.
    pub share: u32,
    pub days: Period,
    pub reason: String,
    /// It never held.
    pub revoked: bool,
    pub recorded_at: Instant,
    /// None: at the host's own command line.
    pub recorded_by: Option<String>,
}

/// One revision of a manager's change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAdjustment {
    /// What a receipt names.
    pub sequence: i64,
    /// The sequence of the first revision: the change's own number, however often it is revised.
    pub adjustment: i64,
    pub content: ShareAdjustment,
}

impl Write {
    /// Appends a revision; without the number of an adjustment it is a new one. Returns the revision's sequence.
    pub async fn add_adjustment(&mut self, adjustment: Option<i64>, new: &ShareAdjustment) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        let insert = "INSERT INTO share_adjustment (company, sequence, adjustment, employee, target, share, valid_from, \
                      valid_until, reason, revoked, recorded_at, recorded_by) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(sequence)
                .bind(adjustment.unwrap_or(sequence))
                .bind(&new.employee)
                .bind(written("share_adjustment", &new.target)?)
                .bind(i64::from(new.share))
                .bind(i64::from(new.days.first().0))
                .bind(i64::from(new.days.end().0))
                .bind(&new.reason)
                .bind(i64::from(new.revoked))
                .bind(new.recorded_at.0)
                .bind(&new.recorded_by)
        )?;
        Ok(sequence)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    sequence: i64,
    adjustment: i64,
    employee: String,
    target: String,
    share: i64,
    valid_from: i64,
    valid_until: i64,
    reason: String,
    revoked: i64,
    recorded_at: i64,
    recorded_by: Option<String>,
}

const CURRENT: &str = "SELECT sequence, adjustment, employee, target, share, valid_from, valid_until, reason, revoked, \
                       recorded_at, recorded_by FROM share_adjustment AS this WHERE company = $1 AND sequence <= $2 \
                       AND NOT EXISTS (SELECT 1 FROM share_adjustment AS later WHERE later.company = this.company \
                       AND later.adjustment = this.adjustment AND later.sequence > this.sequence \
                       AND later.sequence <= $2)";

impl Store {
    /// The changes with a day in the period, each in the revision that counts at the sequence, revoked ones left out, in
    /// the order in which they were made.
    pub async fn adjustments(
        &self,
        company: &str,
        during: Period,
        known_to: i64,
    ) -> Result<Vec<StoredAdjustment>, StoreError> {
        let text = format!("{CURRENT} AND revoked = 0 AND valid_from < $3 AND valid_until > $4 ORDER BY adjustment");
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(known_to)
                .bind(i64::from(during.end().0))
                .bind(i64::from(during.first().0))
        )?;
        rows.into_iter().map(adjustment_of).collect()
    }

    /// The newest changes before the one with this number, of everybody or one employee, revoked ones too, the newest
    /// first; at most `most`.
    pub async fn newest_adjustments(
        &self,
        company: &str,
        employee: Option<&str>,
        before: i64,
        most: u32,
    ) -> Result<Vec<StoredAdjustment>, StoreError> {
        let text = format!(
            "{CURRENT} AND ($3 IS NULL OR employee = $3) AND adjustment < $4 ORDER BY adjustment DESC LIMIT $5"
        );
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(i64::MAX)
                .bind(employee)
                .bind(before)
                .bind(i64::from(most))
        )?;
        rows.into_iter().map(adjustment_of).collect()
    }

    /// The change with this number, in its newest revision.
    pub async fn adjustment(&self, company: &str, adjustment: i64) -> Result<Option<StoredAdjustment>, StoreError> {
        let text = format!("{CURRENT} AND adjustment = $3");
        let row: Option<Row> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(i64::MAX).bind(adjustment)
        )?;
        row.map(adjustment_of).transpose()
    }
}

fn adjustment_of(row: Row) -> Result<StoredAdjustment, StoreError> {
    const TABLE: &str = "share_adjustment";
    let key = row.sequence;
    Ok(StoredAdjustment {
        sequence: key,
        adjustment: row.adjustment,
        content: ShareAdjustment {
            employee: row.employee,
            target: document(TABLE, key, &row.target)?,
            share: u32::try_from(row.share).map_err(|error| inconsistent(TABLE, key, error))?,
            days: period(TABLE, key, row.valid_from, row.valid_until)?,
            reason: row.reason,
            revoked: row.revoked != 0,
            recorded_at: Instant(row.recorded_at),
            recorded_by: row.recorded_by,
        },
    })
}
