//! Scores with their receipts, and the faults that left a score as it was.

use daybreak_domain::digest::Digest;
use daybreak_domain::indicator::Outcome;
use daybreak_domain::period::Period;
use daybreak_domain::plugin::{Fault, Interface, PluginKind};
use daybreak_domain::receipt::{BatchReceipt, ScoreReceipt};
use daybreak_domain::time::Instant;

use crate::stale::period;
use crate::store::{
    ListOf, Store, StoreError, Write, document, inconsistent, inserting, reading, word, writing, written,
};

/// Rows in one INSERT.
const ROWS_AT_ONCE: usize = 500;

pub struct NewBatch<'a> {
    pub receipt: &'a BatchReceipt,
    pub scores: &'a [NewScore],
    /// The host gave these outcomes itself; see [`StoredScore::by_host`].
    pub by_host: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct NewScore {
    pub receipt: ScoreReceipt,
    pub outcome: Outcome,
    /// The sequences of the facts that the outcome's evidence names, in its order.
    pub evidence: Vec<i64>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredBatch {
    pub batch: i64,
    /// How many scores it was stored with.
    pub scores: usize,
    pub receipt: BatchReceipt,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredScore {
    pub sequence: i64,
    pub batch: i64,
    pub indicator: String,
    pub period: Period,
    pub receipt: ScoreReceipt,
    pub outcome: Outcome,
    pub evidence: Vec<i64>,
    /// The host did not ask the plugin, because a row lacked what the plugin requires.
    pub by_host: bool,
    /// The columns that lists are made from say the same as the receipt and the outcome.
    pub columns_agree: bool,
    /// All that was known when it was computed: of two scores of a key, the one that knew more is current.
    pub known_to: i64,
}

pub struct NewFault<'a> {
    pub indicator: &'a str,
    pub component: &'a Digest,
    pub period: Period,
    pub subject: &'a str,
    pub fault: &'a Fault,
    pub occurred_at: Instant,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFault {
    pub sequence: i64,
    pub kind: PluginKind,
    /// The indicator, or for other kinds the enablement.
    pub indicator: String,
    pub component: Digest,
    pub period: Period,
    pub subject: String,
    pub fault: Fault,
    pub occurred_at: Instant,
}

/// Which current scores are wanted. None: any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScoreQuery {
    pub indicator: Option<String>,
    pub subject: Option<String>,
    pub period: Option<Period>,
    /// Every score that was ever given, not only the current ones.
    pub history: bool,
    /// Only scores with a sequence above this one.
    pub after: i64,
    pub most: u32,
}

impl Write {
    /// Appends one batch with its scores and returns its number; its scores follow it in the sequence.
    pub async fn append_scores(&mut self, new: &NewBatch<'_>) -> Result<i64, StoreError> {
        let last = self.take_sequences(new.scores.len() + 1);
        let batch = last - new.scores.len() as i64;
        let receipt = new.receipt;
        writing!(self, execute, sqlx::query(
            "INSERT INTO batch (company, batch, indicator, subject_kind, period_first, period_end, component, interface, \
             adapter, definition, parameters, permission, requirements, context, rules, known_to, fuel, engine, \
             computed_at, scores) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        )
        .bind(&self.company)
        .bind(batch)
        .bind(&receipt.indicator)
        .bind(receipt.subject_kind.name())
        .bind(i64::from(receipt.period.first().0))
        .bind(i64::from(receipt.period.end().0))
        .bind(receipt.component.to_string())
        .bind(written("batch", &receipt.interface)?)
        .bind(&receipt.adapter)
        .bind(receipt.definition)
        .bind(receipt.parameters)
        .bind(receipt.grant)
        .bind(receipt.requirements.to_string())
        .bind(written("batch", &receipt.context)?)
        .bind(written("batch", &receipt.rules)?)
        .bind(receipt.known_to)
        .bind(i64::try_from(receipt.fuel).unwrap_or(i64::MAX))
        .bind(&receipt.engine)
        .bind(receipt.computed_at.0)
        .bind(new.scores.len() as i64))?;
        let mut sequence = batch;
        for chunk in new.scores.chunks(ROWS_AT_ONCE) {
            let mut rows = Vec::with_capacity(chunk.len());
            for score in chunk {
                sequence += 1;
                rows.push((
                    sequence,
                    score,
                    written("score", &score.receipt)?,
                    written("score", &score.outcome)?,
                    written("score", &score.evidence)?,
                ));
            }
            inserting!(
                self,
                "INSERT INTO score (company, sequence, batch, indicator, subject, period_first, period_end, raw, sample, \
                 points, receipt, outcome, evidence, by_host, known_to) ",
                &rows,
                |values, (sequence, score, receipt_json, outcome_json, evidence_json)| {
                    let (raw, sample, points) = columns(&score.outcome);
                    values
                        .push_bind(&self.company)
                        .push_bind(sequence)
                        .push_bind(batch)
                        .push_bind(&receipt.indicator)
                        .push_bind(&score.receipt.subject.id)
                        .push_bind(i64::from(receipt.period.first().0))
                        .push_bind(i64::from(receipt.period.end().0))
                        .push_bind(raw)
                        .push_bind(sample)
                        .push_bind(points)
                        .push_bind(receipt_json)
                        .push_bind(outcome_json)
                        .push_bind(evidence_json)
                        .push_bind(i64::from(new.by_host))
                        .push_bind(receipt.known_to);
                },
                ""
            )?;
        }
        Ok(batch)
    }

    /// A fault of an indicator's plugin.
    pub async fn append_fault(&mut self, new: &NewFault<'_>) -> Result<i64, StoreError> {
        self.append_fault_of(PluginKind::Indicator, new).await
    }

    /// A fault of a plugin of this kind; what is no indicator has the id of its enablement in the indicator's place.
    pub async fn append_fault_of(&mut self, kind: PluginKind, new: &NewFault<'_>) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO fault (company, sequence, indicator, component, period_first, period_end, subject, fault, \
             occurred_at, kind) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            )
            .bind(&self.company)
            .bind(sequence)
            .bind(new.indicator)
            .bind(new.component.to_string())
            .bind(i64::from(new.period.first().0))
            .bind(i64::from(new.period.end().0))
            .bind(new.subject)
            .bind(written("fault", new.fault)?)
            .bind(new.occurred_at.0)
            .bind(kind.name())
        )?;
        Ok(sequence)
    }
}

const SCORE_COLUMNS: &str = "sequence, batch, indicator, subject, period_first, period_end, raw, sample, points, \
                             receipt, outcome, evidence, by_host, known_to";

impl Store {
    /// Scores by indicator, period and subject.
    pub async fn scores(&self, company: &str, query: &ScoreQuery) -> Result<Vec<StoredScore>, StoreError> {
        let current = if query.history {
            ""
        } else {
            "AND NOT EXISTS (SELECT 1 FROM score AS newer WHERE newer.company = $1 AND newer.indicator = score.indicator \
             AND newer.period_first = score.period_first AND newer.period_end = score.period_end \
             AND newer.subject = score.subject \
             AND (newer.known_to, newer.sequence) > (score.known_to, score.sequence))"
        };
        let rows: Vec<ScoreRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {SCORE_COLUMNS} FROM score WHERE company = $1 AND ($2 IS NULL OR indicator = $2) \
             AND ($3 IS NULL OR subject = $3) AND ($4 IS NULL OR (period_first = $4 AND period_end = $5)) \
             AND sequence > $6 {current} ORDER BY sequence LIMIT $7"
            )))
            .bind(company)
            .bind(&query.indicator)
            .bind(&query.subject)
            .bind(query.period.map(|period| i64::from(period.first().0)))
            .bind(query.period.map(|period| i64::from(period.end().0)))
            .bind(query.after)
            .bind(i64::from(query.most))
        )?;
        rows.into_iter().map(score_of).collect()
    }

    /// The subjects with a score of the indicator for some period within these days, known at the sequence, by id.
    pub async fn subjects_scored_within(
        &self,
        company: &str,
        indicator: &str,
        days: Period,
        known_to: i64,
    ) -> Result<Vec<String>, StoreError> {
        Ok(reading!(
            self,
            fetch_all,
            sqlx::query_scalar(
                "SELECT DISTINCT subject FROM score WHERE company = $1 AND indicator = $2 AND period_first >= $3 \
                 AND period_end <= $4 AND sequence <= $5 ORDER BY subject",
            )
            .bind(company)
            .bind(indicator)
            .bind(i64::from(days.first().0))
            .bind(i64::from(days.end().0))
            .bind(known_to)
        )?)
    }

    /// The scores of these subjects for periods within these days that were current at the sequence, by subject and
    /// period.
    pub async fn scores_within(
        &self,
        company: &str,
        indicator: &str,
        subjects: &[String],
        days: Period,
        known_to: i64,
    ) -> Result<Vec<StoredScore>, StoreError> {
        let these = self.among("$6", ListOf::Texts);
        let text = format!(
            "SELECT {SCORE_COLUMNS} FROM score WHERE company = $1 AND indicator = $2 AND period_first >= $3 \
             AND period_end <= $4 AND sequence <= $5 AND subject {these} \
             AND NOT EXISTS (SELECT 1 FROM score AS newer WHERE newer.company = $1 AND newer.indicator = score.indicator \
             AND newer.period_first = score.period_first AND newer.period_end = score.period_end \
             AND newer.subject = score.subject AND newer.sequence <= $5 \
             AND (newer.known_to, newer.sequence) > (score.known_to, score.sequence)) \
             ORDER BY subject, period_first, period_end"
        );
        let rows: Vec<ScoreRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(indicator)
                .bind(i64::from(days.first().0))
                .bind(i64::from(days.end().0))
                .bind(known_to)
                .bind(written("score", &subjects)?)
        )?;
        rows.into_iter().map(score_of).collect()
    }

    /// All scores of one batch, in the order of its subjects.
    pub async fn scores_of_batch(&self, company: &str, batch: i64) -> Result<Vec<StoredScore>, StoreError> {
        let rows: Vec<ScoreRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {SCORE_COLUMNS} FROM score WHERE company = $1 AND batch = $2 ORDER BY sequence"
            )))
            .bind(company)
            .bind(batch)
        )?;
        rows.into_iter().map(score_of).collect()
    }

    /// The numbers of the batches after this one, in their order; at most `most`.
    pub async fn batches_after(&self, company: &str, after: i64, most: u32) -> Result<Vec<i64>, StoreError> {
        Ok(reading!(
            self,
            fetch_all,
            sqlx::query_scalar("SELECT batch FROM batch WHERE company = $1 AND batch > $2 ORDER BY batch LIMIT $3")
                .bind(company)
                .bind(after)
                .bind(i64::from(most))
        )?)
    }

    /// The period's current scores of the indicator for these subjects, of all that is known at the sequence.
    pub async fn scores_known(
        &self,
        company: &str,
        indicator: &str,
        period: Period,
        subjects: &[&str],
        known_to: i64,
    ) -> Result<Vec<StoredScore>, StoreError> {
        let these = self.among("$6", ListOf::Texts);
        let rows: Vec<ScoreRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {SCORE_COLUMNS} FROM score WHERE company = $1 AND indicator = $2 AND period_first = $3 \
                 AND period_end = $4 AND sequence <= $5 AND subject {these} \
                 AND NOT EXISTS (SELECT 1 FROM score AS newer WHERE newer.company = $1 AND newer.indicator = $2 \
                 AND newer.period_first = $3 AND newer.period_end = $4 AND newer.subject = score.subject \
                 AND newer.sequence <= $5 AND (newer.known_to, newer.sequence) > (score.known_to, score.sequence))"
            )))
            .bind(company)
            .bind(indicator)
            .bind(i64::from(period.first().0))
            .bind(i64::from(period.end().0))
            .bind(known_to)
            .bind(written("score", &subjects)?)
        )?;
        rows.into_iter().map(score_of).collect()
    }

    /// The scores with these numbers.
    pub async fn scores_numbered(&self, company: &str, sequences: &[i64]) -> Result<Vec<StoredScore>, StoreError> {
        let these = self.among("$2", ListOf::Numbers);
        let rows: Vec<ScoreRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(format!(
                "SELECT {SCORE_COLUMNS} FROM score WHERE company = $1 AND sequence {these} ORDER BY sequence"
            )))
            .bind(company)
            .bind(written("score", &sequences)?)
        )?;
        rows.into_iter().map(score_of).collect()
    }

    /// The number of the batch to which the score belongs.
    pub async fn batch_of_score(&self, company: &str, score: i64) -> Result<Option<i64>, StoreError> {
        Ok(reading!(
            self,
            fetch_optional,
            sqlx::query_scalar("SELECT batch FROM score WHERE company = $1 AND sequence = $2")
                .bind(company)
                .bind(score)
        )?)
    }

    /// When the indicator was last scored for the period.
    pub async fn last_scored_at(
        &self,
        company: &str,
        indicator: &str,
        period: Period,
    ) -> Result<Option<Instant>, StoreError> {
        let at: Option<i64> = reading!(
            self,
            fetch_one,
            sqlx::query_scalar(
                "SELECT MAX(computed_at) FROM batch WHERE company = $1 AND indicator = $2 AND period_first = $3 \
             AND period_end = $4",
            )
            .bind(company)
            .bind(indicator)
            .bind(i64::from(period.first().0))
            .bind(i64::from(period.end().0))
        )?;
        Ok(at.map(Instant))
    }

    /// The subjects that have a score of the indicator for the period.
    pub async fn scored_subjects(
        &self,
        company: &str,
        indicator: &str,
        period: Period,
    ) -> Result<Vec<String>, StoreError> {
        Ok(reading!(
            self,
            fetch_all,
            sqlx::query_scalar(
                "SELECT DISTINCT subject FROM score WHERE company = $1 AND indicator = $2 AND period_first = $3 \
             AND period_end = $4",
            )
            .bind(company)
            .bind(indicator)
            .bind(i64::from(period.first().0))
            .bind(i64::from(period.end().0))
        )?)
    }

    /// The batch with this number.
    pub async fn batch(&self, company: &str, batch: i64) -> Result<Option<StoredBatch>, StoreError> {
        let row: Option<BatchRow> = reading!(
            self,
            fetch_optional,
            sqlx::query_as("SELECT * FROM batch WHERE company = $1 AND batch = $2").bind(company).bind(batch)
        )?;
        row.map(batch_of).transpose()
    }

    /// The keys of the indicator that have a score: (subject, period).
    pub async fn scored_keys(&self, company: &str, indicator: &str) -> Result<Vec<(String, Period)>, StoreError> {
        let rows: Vec<(String, i64, i64)> =
            reading!(self, fetch_all, sqlx::query_as(
            "SELECT DISTINCT subject, period_first, period_end FROM score WHERE company = $1 AND indicator = $2",
        )
        .bind(company)
        .bind(indicator))?;
        rows.into_iter().map(|(subject, first, end)| Ok((subject, period("score", indicator, first, end)?))).collect()
    }

    /// The faults before the one with this number, the newest first; at most `most`.
    pub async fn faults(&self, company: &str, before: i64, most: u32) -> Result<Vec<StoredFault>, StoreError> {
        type FaultRow = (i64, String, String, i64, i64, String, String, i64, String);
        let rows: Vec<FaultRow> = reading!(self, fetch_all, sqlx::query_as(
            "SELECT sequence, indicator, component, period_first, period_end, subject, fault, occurred_at, kind FROM fault \
             WHERE company = $1 AND sequence < $2 ORDER BY sequence DESC LIMIT $3",
        )
        .bind(company)
        .bind(before)
        .bind(i64::from(most)))?;
        rows.into_iter()
            .map(|(sequence, indicator, component, first, end, subject, fault, occurred_at, kind)| {
                Ok(StoredFault {
                    sequence,
                    kind: word("fault", sequence, &kind)?,
                    indicator,
                    component: word("fault", sequence, &component)?,
                    period: period("fault", sequence, first, end)?,
                    subject,
                    fault: document("fault", sequence, &fault)?,
                    occurred_at: Instant(occurred_at),
                })
            })
            .collect()
    }
}

#[derive(sqlx::FromRow)]
struct ScoreRow {
    sequence: i64,
    batch: i64,
    indicator: String,
    subject: String,
    period_first: i64,
    period_end: i64,
    raw: Option<f64>,
    sample: Option<i64>,
    points: Option<f64>,
    receipt: String,
    outcome: String,
    evidence: String,
    by_host: i64,
    known_to: i64,
}

fn score_of(row: ScoreRow) -> Result<StoredScore, StoreError> {
    let sequence = row.sequence;
    let receipt: ScoreReceipt = document("score", sequence, &row.receipt)?;
    let outcome: Outcome = document("score", sequence, &row.outcome)?;
    let (raw, sample, points) = columns(&outcome);
    let bits = |value: Option<f64>| value.map(f64::to_bits);
    let columns_agree = row.subject == receipt.subject.id
        && bits(row.raw) == bits(raw)
        && bits(row.points) == bits(points)
        && row.sample == sample;
    Ok(StoredScore {
        sequence,
        batch: row.batch,
        indicator: row.indicator,
        period: period("score", sequence, row.period_first, row.period_end)?,
        receipt,
        outcome,
        evidence: document("score", sequence, &row.evidence)?,
        by_host: row.by_host != 0,
        columns_agree,
        known_to: row.known_to,
    })
}

/// What an outcome says in the columns that lists are made from: raw, sample and points.
fn columns(outcome: &Outcome) -> (Option<f64>, Option<i64>, Option<f64>) {
    match outcome {
        Outcome::Computed(computed) => (Some(computed.raw), Some(i64::from(computed.sample)), computed.points),
        Outcome::NotComputable { .. } => (None, None, None),
    }
}

#[derive(sqlx::FromRow)]
struct BatchRow {
    batch: i64,
    indicator: String,
    subject_kind: String,
    period_first: i64,
    period_end: i64,
    component: String,
    interface: String,
    adapter: String,
    definition: i64,
    parameters: i64,
    permission: i64,
    requirements: String,
    context: String,
    rules: String,
    known_to: i64,
    fuel: i64,
    engine: String,
    computed_at: i64,
    scores: i64,
}

fn batch_of(row: BatchRow) -> Result<StoredBatch, StoreError> {
    let batch = row.batch;
    Ok(StoredBatch {
        batch,
        scores: usize::try_from(row.scores).map_err(|error| inconsistent("batch", batch, error))?,
        receipt: BatchReceipt {
            indicator: row.indicator,
            subject_kind: word("batch", batch, &row.subject_kind)?,
            period: period("batch", batch, row.period_first, row.period_end)?,
            component: word("batch", batch, &row.component)?,
            interface: document::<Interface>("batch", batch, &row.interface)?,
            adapter: row.adapter,
            definition: row.definition,
            parameters: row.parameters,
            grant: row.permission,
            requirements: word("batch", batch, &row.requirements)?,
            context: document("batch", batch, &row.context)?,
            rules: document("batch", batch, &row.rules)?,
            known_to: row.known_to,
            fuel: u64::try_from(row.fuel).map_err(|error| inconsistent("batch", batch, error))?,
            engine: row.engine,
            computed_at: Instant(row.computed_at),
        },
    })
}
