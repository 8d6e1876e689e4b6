//! Marks and stale keys: what changed, and which scores therefore have to be computed again.

use std::collections::BTreeSet;

use daybreak_domain::period::Period;
use daybreak_domain::time::{Day, Instant};

use crate::store::{
    Database, ListOf, Store, StoreError, Write, day, inconsistent, inserting, reading, running, word, writing, written,
};

/// Most marks that one expansion takes from the queue.
const MARKS_AT_ONCE: i64 = 5_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MarkCause {
    /// A fact came, changed or was withdrawn.
    Fact,
    /// A definition, parameters, a permission or a pin changed.
    Indicator,
    /// A goal changed.
    Goal,
    /// A person moved.
    Person,
    /// A circumstance began, changed or was taken back: for the subject, from the day on. It touches shares, and so
    /// composites, but no indicator's score.
    Circumstance,
    /// Somebody else looks after a customer.
    Owner,
}

impl MarkCause {
    fn name(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Indicator => "indicator",
            Self::Goal => "goal",
            Self::Person => "person",
            Self::Circumstance => "circumstance",
            Self::Owner => "owner",
        }
    }
}

impl std::str::FromStr for MarkCause {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Fact, Self::Indicator, Self::Goal, Self::Person, Self::Circumstance, Self::Owner]
            .into_iter()
            .find(|cause| cause.name() == text)
            .ok_or_else(|| format!("{text:?} is no cause of a mark"))
    }
}

/// One coarse note of a change. Which scores it touches is worked out later.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark {
    pub cause: MarkCause,
    pub kind: Option<String>,
    pub actor: Option<String>,
    pub document: Option<String>,
    pub customer: Option<String>,
    /// The local day of the fact, or the first day on which the organisation changed.
    pub day: Option<Day>,
    /// The day after the last one on which the organisation changed; none: all days from `day` on.
    pub day_until: Option<Day>,
    pub indicator: Option<String>,
    pub subject: Option<String>,
}

impl Mark {
    #[must_use]
    pub fn new(cause: MarkCause) -> Self {
        Self {
            cause,
            kind: None,
            actor: None,
            document: None,
            customer: None,
            day: None,
            day_until: None,
            indicator: None,
            subject: None,
        }
    }
}

/// A score that has to be computed again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StaleKey {
    pub indicator: String,
    pub period: Period,
    pub subject: String,
    /// The first day on which computing it again can change anything.
    pub due: Day,
}

/// An indicator and a period with stale keys, claimed by one scorer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkOrder {
    pub indicator: String,
    pub period: Period,
    pub claimed_by: String,
}

/// Who claims work, and how long the claim holds if its holder is never heard of again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    pub claimed_by: &'a str,
    pub now: Instant,
    pub until: Instant,
}

/// Work that scorers have claimed, and when the last of their claims ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClaimedWork {
    /// Indicators and periods.
    pub pieces: usize,
    pub until: Instant,
}

impl Write {
    /// Appends marks that the row with this sequence caused.
    pub(crate) async fn append_marks(&mut self, sequence: i64, marks: &[Mark]) -> Result<(), StoreError> {
        let marks: Vec<(i64, i64, &Mark)> =
            marks.iter().enumerate().map(|(position, mark)| (sequence, position as i64, mark)).collect();
        self.append_numbered_marks(&marks).await
    }

    /// Appends (sequence, position, mark).
    pub(crate) async fn append_numbered_marks(&mut self, marks: &[(i64, i64, &Mark)]) -> Result<(), StoreError> {
        const INTO: &str = "INSERT INTO mark (company, sequence, position, cause, kind, actor, document, customer, day, \
                            day_until, indicator, subject) ";
        for chunk in marks.chunks(1_000) {
            inserting!(
                self,
                INTO,
                chunk,
                |row, (sequence, position, mark)| {
                    row.push_bind(&self.company)
                        .push_bind(sequence)
                        .push_bind(position)
                        .push_bind(mark.cause.name())
                        .push_bind(&mark.kind)
                        .push_bind(&mark.actor)
                        .push_bind(&mark.document)
                        .push_bind(&mark.customer)
                        .push_bind(mark.day.map(|day| i64::from(day.0)))
                        .push_bind(mark.day_until.map(|day| i64::from(day.0)))
                        .push_bind(&mark.indicator)
                        .push_bind(&mark.subject);
                },
                ""
            )?;
        }
        Ok(())
    }

    /// The oldest marks of the queue, each with its sequence. They stay in the queue until [`Write::drop_marks`].
    pub async fn oldest_marks(&mut self) -> Result<Vec<(i64, i64, Mark)>, StoreError> {
        let rows: Vec<MarkRow> = writing!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, position, cause, kind, actor, document, customer, day, day_until, indicator, subject \
             FROM mark WHERE company = $1 ORDER BY sequence, position LIMIT $2",
            )
            .bind(&self.company)
            .bind(MARKS_AT_ONCE)
        )?;
        let mark = |row: MarkRow| {
            let day = |days: Option<i64>| days.map(|days| day("mark", row.sequence, days)).transpose();
            let mark = Mark {
                cause: word("mark", row.sequence, &row.cause)?,
                day: day(row.day)?,
                day_until: day(row.day_until)?,
                kind: row.kind,
                actor: row.actor,
                document: row.document,
                customer: row.customer,
                indicator: row.indicator,
                subject: row.subject,
            };
            Ok((row.sequence, row.position, mark))
        };
        rows.into_iter().map(mark).collect()
    }

    /// Takes the marks up to and including this one out of the queue.
    pub async fn drop_marks(&mut self, sequence: i64, position: i64) -> Result<(), StoreError> {
        writing!(
            self,
            execute,
            sqlx::query("DELETE FROM mark WHERE company = $1 AND (sequence, position) <= ($2, $3)")
                .bind(&self.company)
                .bind(sequence)
                .bind(position)
        )?;
        Ok(())
    }

    /// Notes stale keys, each with the mark that touched it; a key keeps its highest mark.
    pub async fn add_stale(&mut self, keys: &[(StaleKey, i64)]) -> Result<(), StoreError> {
        for chunk in keys.chunks(1_000) {
            inserting!(
                self,
                "INSERT INTO stale (company, indicator, period_first, period_end, subject, due, mark) ",
                chunk,
                |row, (key, mark)| {
                    row.push_bind(&self.company)
                        .push_bind(&key.indicator)
                        .push_bind(i64::from(key.period.first().0))
                        .push_bind(i64::from(key.period.end().0))
                        .push_bind(&key.subject)
                        .push_bind(i64::from(key.due.0))
                        .push_bind(mark);
                },
                " ON CONFLICT (company, indicator, period_first, period_end, subject, due) DO UPDATE \
                 SET mark = CASE WHEN excluded.mark > stale.mark THEN excluded.mark ELSE stale.mark END"
            )?;
        }
        let orders: BTreeSet<(&str, Period)> =
            keys.iter().map(|(key, _)| (key.indicator.as_str(), key.period)).collect();
        let orders: Vec<(&str, Period)> = orders.into_iter().collect();
        for chunk in orders.chunks(1_000) {
            inserting!(
                self,
                "INSERT INTO work (company, indicator, period_first, period_end) ",
                chunk,
                |row, (indicator, period)| {
                    row.push_bind(&self.company)
                        .push_bind(indicator)
                        .push_bind(i64::from(period.first().0))
                        .push_bind(i64::from(period.end().0));
                },
                " ON CONFLICT (company, indicator, period_first, period_end) DO NOTHING"
            )?;
        }
        Ok(())
    }

    /// Gives the claim on the work back; work with no stale key left is gone.
    pub async fn release_work(&mut self, order: &WorkOrder) -> Result<(), StoreError> {
        let (first, end) = (i64::from(order.period.first().0), i64::from(order.period.end().0));
        let release = "UPDATE work SET claimed_by = NULL, claimed_until = NULL WHERE company = $1 AND indicator = $2 \
                       AND period_first = $3 AND period_end = $4 AND claimed_by = $5";
        writing!(
            self,
            execute,
            sqlx::query(release)
                .bind(&self.company)
                .bind(&order.indicator)
                .bind(first)
                .bind(end)
                .bind(&order.claimed_by)
        )?;
        let finish = "DELETE FROM work WHERE company = $1 AND indicator = $2 AND period_first = $3 AND period_end = $4 \
                      AND claimed_by IS NULL AND NOT EXISTS (SELECT 1 FROM stale WHERE stale.company = work.company \
                      AND stale.indicator = work.indicator AND stale.period_first = work.period_first \
                      AND stale.period_end = work.period_end)";
        writing!(self, execute, sqlx::query(finish).bind(&self.company).bind(&order.indicator).bind(first).bind(end))?;
        Ok(())
    }

    /// Clears what was scored as known at `known_to` and assessed on a day: of these subjects or, without any, of all.
    /// What was marked later, or is due later, stays.
    pub async fn clear_stale(
        &mut self,
        indicator: &str,
        period: Period,
        subjects: Option<&BTreeSet<String>>,
        known_to: i64,
        assessed_on: Day,
    ) -> Result<(), StoreError> {
        let text = "DELETE FROM stale WHERE company = $1 AND indicator = $2 AND period_first = $3 AND period_end = $4 \
                    AND mark <= $5 AND due <= $6";
        match subjects {
            None => {
                writing!(
                    self,
                    execute,
                    sqlx::query(text)
                        .bind(&self.company)
                        .bind(indicator)
                        .bind(i64::from(period.first().0))
                        .bind(i64::from(period.end().0))
                        .bind(known_to)
                        .bind(i64::from(assessed_on.0))
                )?;
            }
            Some(subjects) => {
                let subjects = written("stale", subjects)?;
                let these = format!("{text} AND subject {}", self.among("$7", ListOf::Texts));
                writing!(
                    self,
                    execute,
                    sqlx::query(sqlx::AssertSqlSafe(these.as_str()))
                        .bind(&self.company)
                        .bind(indicator)
                        .bind(i64::from(period.first().0))
                        .bind(i64::from(period.end().0))
                        .bind(known_to)
                        .bind(i64::from(assessed_on.0))
                        .bind(&subjects)
                )?;
            }
        }
        Ok(())
    }
}

impl Store {
    /// Whether anything has changed that was not yet turned into stale keys. Asks without locking anything.
    pub async fn has_marks(&self, company: &str) -> Result<bool, StoreError> {
        let mark = "SELECT sequence FROM mark WHERE company = $1 LIMIT 1";
        let mark: Option<i64> = reading!(self, fetch_optional, sqlx::query_scalar(mark).bind(company))?;
        Ok(mark.is_some())
    }

    /// Claims the next work with stale keys that are due on the day and that nobody else has claimed, in the order of
    /// indicators and periods, after the one given. Any number of hosts may claim at once; none waits for another.
    pub async fn claim_work(
        &self,
        company: &str,
        on: Day,
        after: Option<&WorkOrder>,
        claim: &Claim<'_>,
    ) -> Result<Option<WorkOrder>, StoreError> {
        // PostgreSQL passes over rows that another claim is just taking; SQLite takes one writer at a time.
        let skip = match &self.database {
            Database::Sqlite(_) => "",
            Database::Postgres(_) => "FOR UPDATE OF work SKIP LOCKED",
        };
        let text = format!(
            "WITH next AS MATERIALIZED (SELECT work.indicator, work.period_first, work.period_end FROM work \
             WHERE work.company = $1 AND (work.claimed_until IS NULL OR work.claimed_until <= $3) \
             AND (work.indicator, work.period_first, work.period_end) > ($4, $5, $6) \
             AND EXISTS (SELECT 1 FROM stale WHERE stale.company = $1 AND stale.indicator = work.indicator \
             AND stale.period_first = work.period_first AND stale.period_end = work.period_end AND stale.due <= $2) \
             ORDER BY work.indicator, work.period_first, work.period_end LIMIT 1 {skip}) \
             UPDATE work SET claimed_by = $7, claimed_until = $8 FROM next WHERE work.company = $1 \
             AND work.indicator = next.indicator AND work.period_first = next.period_first \
             AND work.period_end = next.period_end RETURNING work.indicator, work.period_first, work.period_end"
        );
        let (indicator, first, end) = match after {
            Some(after) => {
                (after.indicator.as_str(), i64::from(after.period.first().0), i64::from(after.period.end().0))
            }
            None => ("", i64::MIN, i64::MIN),
        };
        let mut transaction = self.begin().await?;
        let claimed: Option<(String, i64, i64)> = running!(
            transaction,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(i64::from(on.0))
                .bind(claim.now.0)
                .bind(indicator)
                .bind(first)
                .bind(end)
                .bind(claim.claimed_by)
                .bind(claim.until.0)
        )?;
        transaction.commit().await?;
        let Some((indicator, first, end)) = claimed else { return Ok(None) };
        let period = period("work", &indicator, first, end)?;
        Ok(Some(WorkOrder { indicator, period, claimed_by: claim.claimed_by.to_owned() }))
    }

    /// How many indicators and periods have stale keys that are due on the day.
    pub async fn waiting_work(&self, company: &str, on: Day) -> Result<usize, StoreError> {
        let text = "SELECT COUNT(*) FROM (SELECT DISTINCT indicator, period_first, period_end FROM stale \
                    WHERE company = $1 AND due <= $2) AS orders";
        let count: i64 = reading!(self, fetch_one, sqlx::query_scalar(text).bind(company).bind(i64::from(on.0)))?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// The work with stale keys due on the day that is claimed at the moment; none if no claim holds.
    pub async fn claimed_work(&self, company: &str, on: Day, now: Instant) -> Result<Option<ClaimedWork>, StoreError> {
        let text = "SELECT COUNT(*), MAX(work.claimed_until) FROM work WHERE work.company = $1 AND work.claimed_until > $3 \
                    AND EXISTS (SELECT 1 FROM stale WHERE stale.company = $1 AND stale.indicator = work.indicator \
                    AND stale.period_first = work.period_first AND stale.period_end = work.period_end AND stale.due <= $2)";
        let (pieces, until): (i64, Option<i64>) =
            reading!(self, fetch_one, sqlx::query_as(text).bind(company).bind(i64::from(on.0)).bind(now.0))?;
        let pieces = usize::try_from(pieces).unwrap_or_default();
        Ok(until.map(|until| ClaimedWork { pieces, until: Instant(until) }))
    }

    /// The subjects that are stale and due.
    pub async fn stale_subjects(
        &self,
        company: &str,
        indicator: &str,
        period: Period,
        on: Day,
    ) -> Result<BTreeSet<String>, StoreError> {
        let subjects: Vec<String> = reading!(
            self,
            fetch_all,
            sqlx::query_scalar(
                "SELECT DISTINCT subject FROM stale WHERE company = $1 AND indicator = $2 AND period_first = $3 \
             AND period_end = $4 AND due <= $5",
            )
            .bind(company)
            .bind(indicator)
            .bind(i64::from(period.first().0))
            .bind(i64::from(period.end().0))
            .bind(i64::from(on.0))
        )?;
        Ok(subjects.into_iter().collect())
    }
}

#[derive(sqlx::FromRow)]
struct MarkRow {
    sequence: i64,
    position: i64,
    cause: String,
    kind: Option<String>,
    actor: Option<String>,
    document: Option<String>,
    customer: Option<String>,
    day: Option<i64>,
    day_until: Option<i64>,
    indicator: Option<String>,
    subject: Option<String>,
}

/// Reads a stored period.
pub(crate) fn period(
    table: &'static str,
    key: impl std::fmt::Display,
    first: i64,
    end: i64,
) -> Result<Period, StoreError> {
    let (first, end) = (day(table, &key, first)?, day(table, &key, end)?);
    Period::new(first, end).map_err(|error| inconsistent(table, key, error))
}
