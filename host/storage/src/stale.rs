//! Marks and stale keys: what changed, and which scores therefore have to be computed again.

use std::collections::BTreeSet;

use daybreak_domain::period::Period;
use daybreak_domain::time::Day;
use sqlx::QueryBuilder;

use crate::store::{Store, StoreError, Write, day, inconsistent, word};

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
}

impl MarkCause {
    fn name(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::Indicator => "indicator",
            Self::Goal => "goal",
            Self::Person => "person",
        }
    }
}

impl std::str::FromStr for MarkCause {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Fact, Self::Indicator, Self::Goal, Self::Person]
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
    pub day: Option<Day>,
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

impl Write {
    /// Appends marks that the row with this sequence caused.
    pub(crate) async fn append_marks(
        &mut self,
        company: &str,
        sequence: i64,
        marks: &[Mark],
    ) -> Result<(), StoreError> {
        let marks: Vec<(i64, i64, &Mark)> =
            marks.iter().enumerate().map(|(position, mark)| (sequence, position as i64, mark)).collect();
        self.append_numbered_marks(company, &marks).await
    }

    /// Appends (sequence, position, mark).
    pub(crate) async fn append_numbered_marks(
        &mut self,
        company: &str,
        marks: &[(i64, i64, &Mark)],
    ) -> Result<(), StoreError> {
        for chunk in marks.chunks(1_000) {
            let mut query = QueryBuilder::new(
                "INSERT INTO mark (company, sequence, position, cause, kind, actor, document, customer, day, \
                 indicator, subject) ",
            );
            query.push_values(chunk, |mut row, (sequence, position, mark)| {
                row.push_bind(company)
                    .push_bind(sequence)
                    .push_bind(position)
                    .push_bind(mark.cause.name())
                    .push_bind(&mark.kind)
                    .push_bind(&mark.actor)
                    .push_bind(&mark.document)
                    .push_bind(&mark.customer)
                    .push_bind(mark.day.map(|day| i64::from(day.0)))
                    .push_bind(&mark.indicator)
                    .push_bind(&mark.subject);
            });
            query.build().execute(self.connection()).await?;
        }
        Ok(())
    }

    /// The oldest marks of the queue, each with its sequence. They stay in the queue until [`Write::drop_marks`].
    pub async fn oldest_marks(&mut self, company: &str) -> Result<Vec<(i64, i64, Mark)>, StoreError> {
        type Row = (
            i64,
            i64,
            String,
            Option<String>,
            Option<String>,
            Option<String>,
            Option<String>,
            Option<i64>,
            Option<String>,
            Option<String>,
        );
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT sequence, position, cause, kind, actor, document, customer, day, indicator, subject \
             FROM mark WHERE company = $1 ORDER BY sequence, position LIMIT $2",
        )
        .bind(company)
        .bind(MARKS_AT_ONCE)
        .fetch_all(self.connection())
        .await?;
        rows.into_iter()
            .map(|(sequence, position, cause, kind, actor, document, customer, marked_day, indicator, subject)| {
                let cause = word("mark", sequence, &cause)?;
                let day = marked_day.map(|days| day("mark", sequence, days)).transpose()?;
                Ok((sequence, position, Mark { cause, kind, actor, document, customer, day, indicator, subject }))
            })
            .collect()
    }

    /// Takes the marks up to and including this one out of the queue.
    pub async fn drop_marks(&mut self, company: &str, sequence: i64, position: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM mark WHERE company = $1 AND (sequence, position) <= ($2, $3)")
            .bind(company)
            .bind(sequence)
            .bind(position)
            .execute(self.connection())
            .await?;
        Ok(())
    }

    /// Notes stale keys, each with the mark that touched it; a key keeps its highest mark.
    pub async fn add_stale(&mut self, company: &str, keys: &[(StaleKey, i64)]) -> Result<(), StoreError> {
        for chunk in keys.chunks(1_000) {
            let mut query = QueryBuilder::new(
                "INSERT INTO stale (company, indicator, period_first, period_end, subject, due, mark) ",
            );
            query.push_values(chunk, |mut row, (key, mark)| {
                row.push_bind(company)
                    .push_bind(&key.indicator)
                    .push_bind(i64::from(key.period.first().0))
                    .push_bind(i64::from(key.period.end().0))
                    .push_bind(&key.subject)
                    .push_bind(i64::from(key.due.0))
                    .push_bind(mark);
            });
            query.push(
                " ON CONFLICT (company, indicator, period_first, period_end, subject, due) DO UPDATE \
                 SET mark = CASE WHEN excluded.mark > stale.mark THEN excluded.mark ELSE stale.mark END",
            );
            query.build().execute(self.connection()).await?;
        }
        Ok(())
    }

    /// Clears what was scored as known at `known_to` and assessed on a day: of these subjects or, without any, of all.
    /// What was marked later, or is due later, stays.
    pub async fn clear_stale(
        &mut self,
        company: &str,
        indicator: &str,
        period: Period,
        subjects: Option<&BTreeSet<String>>,
        known_to: i64,
        assessed_on: Day,
    ) -> Result<(), StoreError> {
        let text = "DELETE FROM stale WHERE company = $1 AND indicator = $2 AND period_first = $3 AND period_end = $4 \
                    AND mark <= $5 AND due <= $6";
        let one = "DELETE FROM stale WHERE company = $1 AND indicator = $2 AND period_first = $3 AND period_end = $4 \
                   AND mark <= $5 AND due <= $6 AND subject = $7";
        let clear = |text: &'static str| {
            sqlx::query(text)
                .bind(company)
                .bind(indicator)
                .bind(i64::from(period.first().0))
                .bind(i64::from(period.end().0))
                .bind(known_to)
                .bind(i64::from(assessed_on.0))
        };
        match subjects {
            None => {
                clear(text).execute(self.connection()).await?;
            }
            Some(subjects) => {
                for subject in subjects {
                    clear(one).bind(subject).execute(self.connection()).await?;
                }
            }
        }
        Ok(())
    }
}

impl Store {
    /// What has stale keys that are due: indicators and periods, in that order.
    pub async fn stale_orders(&self, company: &str, on: Day) -> Result<Vec<(String, Period)>, StoreError> {
        let rows: Vec<(String, i64, i64)> = sqlx::query_as(
            "SELECT DISTINCT indicator, period_first, period_end FROM stale WHERE company = $1 AND due <= $2 \
             ORDER BY indicator, period_first, period_end",
        )
        .bind(company)
        .bind(i64::from(on.0))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|(indicator, first, end)| {
                let period = period("stale", &indicator, first, end)?;
                Ok((indicator, period))
            })
            .collect()
    }

    /// The subjects that are stale and due.
    pub async fn stale_subjects(
        &self,
        company: &str,
        indicator: &str,
        period: Period,
        on: Day,
    ) -> Result<BTreeSet<String>, StoreError> {
        let subjects: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT subject FROM stale WHERE company = $1 AND indicator = $2 AND period_first = $3 \
             AND period_end = $4 AND due <= $5",
        )
        .bind(company)
        .bind(indicator)
        .bind(i64::from(period.first().0))
        .bind(i64::from(period.end().0))
        .bind(i64::from(on.0))
        .fetch_all(&self.readers)
        .await?;
        Ok(subjects.into_iter().collect())
    }
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
