//! What a person's day begins with, in few queries: a year of scores, sentences, and what has to be computed again.
//!
//! Nothing here looks at rows that are not wanted: of each indicator and month the current score is looked up by its key.

use std::collections::BTreeMap;

use daybreak_domain::insight::Sentence;
use daybreak_domain::period::Period;
use daybreak_domain::time::{Day, Instant};

use crate::glance::Bound;
use crate::recognition::newest_recognised;
use crate::stale::period;
use crate::store::{Database, ListOf, Store, StoreError, day, document, reading, written};

/// The numbers of the newest rows that a person's day is made of: while they are the same, so is the day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayStamp {
    /// Whether there is such a person.
    pub is_known: bool,
    /// The company's last number when it was looked at.
    pub sequence: i64,
    pub newest: [Option<i64>; 7],
    /// Of all tasks: a revision that the person no longer takes part in is news, too.
    pub newest_task: Option<i64>,
    /// Of all facts that tell what somebody gave or got: one that is somebody else's now is news, too.
    pub newest_recognised: Option<i64>,
    /// Of all entries of questions: one by somebody else changes for whom a question waits.
    pub newest_question: Option<i64>,
    /// How many people were erased, whose names are taken out of what others wrote.
    pub erased: i64,
}

impl DayStamp {
    /// Whether everything is as it was but for the tasks, the questions, and what the person gave and got.
    #[must_use]
    pub fn has_same_numbers(&self, other: &Self) -> bool {
        self.newest == other.newest
    }
}

/// What lists show of the current score of a month.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthScore {
    pub sequence: i64,
    pub batch: i64,
    pub indicator: String,
    pub month: Period,
    pub raw: Option<f64>,
    pub points: Option<f64>,
}

/// The newest sentence under the chart that ends with a month.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthSentence {
    pub sequence: i64,
    pub indicator: String,
    pub month_first: Day,
    pub narrated_on: Day,
    /// None: the plugin had nothing to say any more.
    pub sentence: Option<Sentence>,
}

impl Store {
    pub async fn day_stamp(&self, company: &str, person: &str) -> Result<DayStamp, StoreError> {
        type Newest = Option<i64>;
        type Numbers = (i64, i64, i64, Newest, Newest, Newest, Newest, Newest, Newest, Newest, Newest, Newest, Newest);
        // Left to itself, SQLite reads every person of the company.
        let erased = match &self.database {
            Database::Sqlite(_) => "person INDEXED BY person_erased",
            Database::Postgres(_) => "person",
        };
        let text = format!(
            "SELECT (SELECT COUNT(*) FROM person WHERE company = $1 AND person = $2), \
                 (SELECT COUNT(*) FROM {erased} WHERE company = $1 AND erased_at IS NOT NULL), \
                 (SELECT COALESCE(MAX(sequence), 0) FROM company WHERE company = $1), \
                 (SELECT MAX(sequence) FROM score WHERE company = $1 AND subject = $2), \
                 (SELECT MAX(sequence) FROM composite WHERE company = $1 AND employee = $2), \
                 (SELECT MAX(sequence) FROM sentence WHERE company = $1 AND subject = $2), \
                 (SELECT MAX(sequence) FROM fault WHERE company = $1 AND subject = $2), \
                 (SELECT MAX(sequence) FROM indicator WHERE company = $1), \
                 (SELECT MAX(sequence) FROM scorecard WHERE company = $1), \
             (SELECT MAX(sequence) FROM goal WHERE company = $1), \
             (SELECT MAX(sequence) FROM task WHERE company = $1), ({}), \
             (SELECT MAX(sequence) FROM question_entry WHERE company = $1)",
            newest_recognised()
        );
        let found: Vec<Numbers> = self.glance(&text, &[Bound::Text(company), Bound::Text(person)]).await?;
        let Some(numbers) = found.into_iter().next() else { return Ok(DayStamp::default()) };
        let (
            known,
            erased,
            sequence,
            score,
            composite,
            sentence,
            fault,
            indicator,
            scorecard,
            goal,
            task,
            recognised,
            question,
        ) = numbers;
        let newest = [score, composite, sentence, fault, indicator, scorecard, goal];
        Ok(DayStamp {
            is_known: known > 0,
            sequence,
            newest,
            newest_task: task,
            newest_recognised: recognised,
            newest_question: question,
            erased,
        })
    }

    /// The current scores of the subject in these months, as known at the sequence.
    pub async fn scores_of_months(
        &self,
        company: &str,
        subject: &str,
        indicators: &[&str],
        months: &[Period],
        known_to: i64,
    ) -> Result<Vec<MonthScore>, StoreError> {
        type Row = (i64, i64, String, i64, i64, Option<f64>, Option<f64>);
        let text = format!(
            "SELECT score.sequence, score.batch, score.indicator, score.period_first, score.period_end, score.raw, \
             score.points FROM {} CROSS JOIN {} CROSS JOIN score WHERE score.company = $1 AND score.sequence = \
             (SELECT newest.sequence FROM score AS newest WHERE newest.company = $1 AND newest.indicator = wanted.value \
             AND newest.period_first = {FIRST} AND newest.period_end = {END} AND newest.subject = $4 \
             AND newest.sequence <= $5 ORDER BY newest.known_to DESC, newest.sequence DESC LIMIT 1)",
            self.texts("$2", "wanted"),
            self.months("$3", "month"),
        );
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(written("score", &indicators)?)
                .bind(days_of(months)?)
                .bind(subject)
                .bind(known_to)
        )?;
        let score = |(sequence, batch, indicator, first, end, raw, points): Row| {
            let month = period("score", sequence, first, end)?;
            Ok(MonthScore { sequence, batch, indicator, month, raw, points })
        };
        rows.into_iter().map(score).collect()
    }

    /// When these batches were computed.
    pub async fn batch_moments(&self, company: &str, batches: &[i64]) -> Result<BTreeMap<i64, Instant>, StoreError> {
        let text = format!(
            "SELECT batch, computed_at FROM batch WHERE company = $1 AND batch {}",
            self.among("$2", ListOf::Numbers)
        );
        let rows: Vec<(i64, i64)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("batch", &batches)?)
        )?;
        Ok(rows.into_iter().map(|(batch, at)| (batch, Instant(at))).collect())
    }

    /// The newest sentences about the subject under the charts that end with these months, known at the sequence.
    pub async fn sentences_of_months(
        &self,
        company: &str,
        subject: &str,
        indicators: &[&str],
        months: &[Period],
        known_to: i64,
    ) -> Result<Vec<MonthSentence>, StoreError> {
        type Row = (i64, String, i64, i64, Option<String>);
        let text = format!(
            "SELECT sentence.sequence, sentence.indicator, sentence.month_first, sentence.narrated_on, sentence.sentence \
             FROM {} CROSS JOIN {} CROSS JOIN sentence WHERE sentence.company = $1 AND sentence.sequence = \
             (SELECT MAX(newest.sequence) FROM sentence AS newest WHERE newest.company = $1 \
             AND newest.indicator = wanted.value AND newest.month_first = {FIRST} AND newest.subject = $4 \
             AND newest.sequence <= $5)",
            self.texts("$2", "wanted"),
            self.months("$3", "month"),
        );
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(written("sentence", &indicators)?)
                .bind(days_of(months)?)
                .bind(subject)
                .bind(known_to)
        )?;
        let sentence = |(sequence, indicator, month_first, narrated_on, sentence): Row| {
            Ok(MonthSentence {
                sequence,
                indicator,
                month_first: day("sentence", sequence, month_first)?,
                narrated_on: day("sentence", sequence, narrated_on)?,
                sentence: sentence.map(|sentence| document("sentence", sequence, &sentence)).transpose()?,
            })
        };
        rows.into_iter().map(sentence).collect()
    }

    /// The number of the newest fault with the subject, by indicator and the first day of the period.
    pub async fn newest_faults_of(
        &self,
        company: &str,
        subject: &str,
    ) -> Result<BTreeMap<(String, Day), i64>, StoreError> {
        let rows: Vec<(String, i64, i64)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT indicator, period_first, MAX(sequence) FROM fault WHERE company = $1 AND subject = $2 \
                 AND kind = 'indicator' GROUP BY indicator, period_first"
            )
            .bind(company)
            .bind(subject)
        )?;
        let fault = |(indicator, first, sequence): (String, i64, i64)| {
            Ok(((indicator, day("fault", sequence, first)?), sequence))
        };
        rows.into_iter().map(fault).collect()
    }

    /// Which indicators have to be computed again for one of these subjects, by the first days of the months; what is
    /// due on the day.
    pub async fn stale_in_months(
        &self,
        company: &str,
        subjects: &[&str],
        indicators: &[&str],
        months: &[Period],
        on: Day,
    ) -> Result<Vec<(String, Day)>, StoreError> {
        let text = format!(
            "SELECT wanted.value, {FIRST} FROM {} CROSS JOIN {} WHERE EXISTS (SELECT 1 FROM stale \
             WHERE stale.company = $1 AND stale.indicator = wanted.value AND stale.period_first = {FIRST} \
             AND stale.period_end = {END} AND stale.subject {} AND stale.due <= $5)",
            self.texts("$2", "wanted"),
            self.months("$3", "month"),
            self.among("$4", ListOf::Texts),
        );
        let (indicators, months) = (written("stale", &indicators)?, days_of(months)?);
        let subjects = written("stale", &subjects)?;
        let bound = [
            Bound::Text(company),
            Bound::Text(&indicators),
            Bound::Text(&months),
            Bound::Text(&subjects),
            Bound::Number(i64::from(on.0)),
        ];
        let rows: Vec<(String, i64)> = self.glance(&text, &bound).await?;
        rows.into_iter().map(|(indicator, first)| Ok((indicator, day("stale", "", first)?))).collect()
    }

    /// The points of the composite that was current at the moment, of all that is known at the sequence; none if there
    /// was no composite yet.
    pub async fn composite_points_before(
        &self,
        company: &str,
        employee: &str,
        period: Period,
        moment: Instant,
        known_to: i64,
    ) -> Result<Option<Option<f64>>, StoreError> {
        let receipt = match &self.database {
            Database::Sqlite(_) => "receipt",
            Database::Postgres(_) => "CAST(receipt AS jsonb)",
        };
        let text = format!(
            "SELECT points FROM composite WHERE company = $1 AND period_first = $2 AND period_end = $3 \
             AND employee = $4 AND sequence <= $6 AND CAST({receipt} ->> 'computed_at' AS BIGINT) < $5 \
             ORDER BY known_to DESC, sequence DESC LIMIT 1"
        );
        reading!(
            self,
            fetch_optional,
            sqlx::query_scalar(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(i64::from(period.first().0))
                .bind(i64::from(period.end().0))
                .bind(employee)
                .bind(moment.0)
                .bind(known_to)
        )
    }

    /// The texts of a list that is bound as a JSON document, as rows with a value.
    pub(crate) fn texts(&self, parameter: &str, name: &str) -> String {
        match &self.database {
            Database::Sqlite(_) => format!("json_each({parameter}) AS {name}"),
            Database::Postgres(_) => format!("jsonb_array_elements_text(CAST({parameter} AS jsonb)) AS {name}(value)"),
        }
    }

    /// The months of a list that is bound as a JSON document; see [`days_of`].
    pub(crate) fn months(&self, parameter: &str, name: &str) -> String {
        match &self.database {
            Database::Sqlite(_) => format!("json_each({parameter}) AS {name}"),
            Database::Postgres(_) => format!("jsonb_array_elements(CAST({parameter} AS jsonb)) AS {name}(value)"),
        }
    }
}

/// The first day of a month of such a list, and the day after its last one.
pub(crate) const FIRST: &str = "CAST(month.value ->> 0 AS BIGINT)";
pub(crate) const END: &str = "CAST(month.value ->> 1 AS BIGINT)";

pub(crate) fn days_of(months: &[Period]) -> Result<String, StoreError> {
    let days: Vec<[i32; 2]> = months.iter().map(|month| [month.first().0, month.end().0]).collect();
    written("month", &days)
}
