//! Marks and stale keys: what changed, and which scores therefore have to be computed again.

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
            let mut query =
                QueryBuilder::new("INSERT INTO stale (company, indicator, period_first, period_end, subject, mark) ");
            query.push_values(chunk, |mut row, (key, mark)| {
                row.push_bind(company)
                    .push_bind(&key.indicator)
                    .push_bind(i64::from(key.period.first().0))
                    .push_bind(i64::from(key.period.end().0))
                    .push_bind(&key.subject)
                    .push_bind(mark);
            });
            query.push(
                " ON CONFLICT (company, indicator, period_first, period_end, subject) DO UPDATE \
                 SET mark = CASE WHEN excluded.mark > stale.mark THEN excluded.mark ELSE stale.mark END",
            );
            query.build().execute(self.connection()).await?;
        }
        Ok(())
    }

    /// Clears keys that were scored at `known_to`; one that was marked later stays.
    pub async fn clear_stale(&mut self, company: &str, keys: &[StaleKey], known_to: i64) -> Result<(), StoreError> {
        for key in keys {
            sqlx::query(
                "DELETE FROM stale WHERE company = $1 AND indicator = $2 AND period_first = $3 AND period_end = $4 \
                 AND subject = $5 AND mark <= $6",
            )
            .bind(company)
            .bind(&key.indicator)
            .bind(i64::from(key.period.first().0))
            .bind(i64::from(key.period.end().0))
            .bind(&key.subject)
            .bind(known_to)
            .execute(self.connection())
            .await?;
        }
        Ok(())
    }

    /// Clears every key of the indicator and period that was not marked after `known_to`; the key's subject does not
    /// count.
    pub async fn clear_stale_period(&mut self, company: &str, key: &StaleKey, known_to: i64) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM stale WHERE company = $1 AND indicator = $2 AND period_first = $3 AND period_end = $4 \
             AND mark <= $5",
        )
        .bind(company)
        .bind(&key.indicator)
        .bind(i64::from(key.period.first().0))
        .bind(i64::from(key.period.end().0))
        .bind(known_to)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}

impl Store {
    /// Stale keys, ordered by indicator, period and subject; at most `most` of them.
    pub async fn stale_keys(&self, company: &str, most: usize) -> Result<Vec<StaleKey>, StoreError> {
        let rows: Vec<(String, i64, i64, String)> = sqlx::query_as(
            "SELECT indicator, period_first, period_end, subject FROM stale WHERE company = $1 \
             ORDER BY indicator, period_first, period_end, subject LIMIT $2",
        )
        .bind(company)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|(indicator, first, end, subject)| {
                let period = period("stale", &indicator, first, end)?;
                Ok(StaleKey { indicator, period, subject })
            })
            .collect()
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
