//! Sentences under charts, and the calls of insight plugins that said them.

use daybreak_domain::digest::Digest;
use daybreak_domain::insight::Sentence;
use daybreak_domain::narration::{Drawn, NarrationReceipt, digest_of};
use daybreak_domain::period::Period;
use daybreak_domain::time::{Day, Instant};

use crate::store::{
    ListOf, Store, StoreError, Write, day, document, inconsistent, inserting, reading, word, writing, written,
};

/// Rows in one INSERT; each holds a chart.
const ROWS_AT_ONCE: usize = 200;

#[derive(Clone, Debug, PartialEq)]
pub struct NewSentence {
    pub drawn: Drawn,
    pub sentence: Option<Sentence>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredSentence {
    pub sequence: i64,
    pub batch: i64,
    /// The last month of its chart.
    pub month: Period,
    pub narrated_on: Day,
    pub known_to: i64,
    pub drawn: Drawn,
    /// None: the plugin had nothing to say any more.
    pub sentence: Option<Sentence>,
    pub digest: Digest,
}

#[derive(Clone, Debug, PartialEq)]
pub struct StoredNarration {
    pub batch: i64,
    /// How many sentences it was stored with.
    pub sentences: usize,
    pub receipt: NarrationReceipt,
}

/// Which sentences are wanted: the newest of each of these subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentenceQuery<'a> {
    pub indicator: &'a str,
    pub month: Period,
    pub subjects: &'a [String],
}

/// Which sentences are wanted. None: any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentenceFilter {
    pub indicator: Option<String>,
    pub subject: Option<String>,
    /// The last month of the chart.
    pub month: Option<Period>,
    /// Every sentence that was ever kept, not only the newest under each chart.
    pub history: bool,
    /// Only sentences with a sequence above this one.
    pub after: i64,
    pub most: u32,
}

impl Write {
    /// Appends what one call said; the sentences follow it in the sequence. Returns its number.
    pub async fn append_narration(
        &mut self,
        receipt: &NarrationReceipt,
        sentences: &[NewSentence],
    ) -> Result<i64, StoreError> {
        let batch = self.next_sequence();
        writing!(
            self,
            execute,
            sqlx::query(
                "INSERT INTO narration (company, batch, enablement, revision, component, interface, adapter, narrated_on, \
                 context, known_to, fuel, engine, computed_at, sentences) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            )
            .bind(&self.company)
            .bind(batch)
            .bind(&receipt.enablement)
            .bind(receipt.revision)
            .bind(receipt.component.to_string())
            .bind(written("narration", &receipt.interface)?)
            .bind(&receipt.adapter)
            .bind(i64::from(receipt.narrated_on.0))
            .bind(written("narration", &receipt.context)?)
            .bind(receipt.known_to)
            .bind(i64::try_from(receipt.fuel).unwrap_or(i64::MAX))
            .bind(&receipt.engine)
            .bind(receipt.computed_at.0)
            .bind(i64::try_from(sentences.len()).unwrap_or(i64::MAX))
        )?;
        let month_first = i64::from(Period::month_of(receipt.narrated_on).first().0);
        for chunk in sentences.chunks(ROWS_AT_ONCE) {
            let mut rows = Vec::with_capacity(chunk.len());
            for NewSentence { drawn, sentence } in chunk {
                rows.push((
                    self.next_sequence(),
                    drawn,
                    written("sentence", &drawn.chart)?,
                    written("sentence", &drawn.scores)?,
                    sentence.as_ref().map(|sentence| written("sentence", sentence)).transpose()?,
                    digest_of(sentence.as_ref()).to_string(),
                ));
            }
            inserting!(
                self,
                "INSERT INTO sentence (company, sequence, batch, subject_kind, subject, indicator, month_first, \
                 narrated_on, known_to, chart, scores, sentence, digest) ",
                &rows,
                |values, (sequence, drawn, chart, scores, sentence, digest)| {
                    values
                        .push_bind(&self.company)
                        .push_bind(sequence)
                        .push_bind(batch)
                        .push_bind(drawn.subject_kind.name())
                        .push_bind(&drawn.subject)
                        .push_bind(&drawn.indicator)
                        .push_bind(month_first)
                        .push_bind(i64::from(receipt.narrated_on.0))
                        .push_bind(receipt.known_to)
                        .push_bind(chart)
                        .push_bind(scores)
                        .push_bind(sentence)
                        .push_bind(digest);
                },
                ""
            )?;
        }
        Ok(batch)
    }
}

const COLUMNS: &str = "sequence, batch, subject_kind, subject, indicator, month_first, narrated_on, known_to, chart, \
                       scores, sentence, digest";

impl Store {
    /// The newest sentence of each subject under the chart that ends with the month, by subject.
    pub async fn newest_sentences(
        &self,
        company: &str,
        query: &SentenceQuery<'_>,
    ) -> Result<Vec<StoredSentence>, StoreError> {
        let these = self.among("$4", ListOf::Texts);
        let text = format!(
            "SELECT {COLUMNS} FROM sentence WHERE company = $1 AND indicator = $2 AND month_first = $3 \
             AND subject {these} AND NOT EXISTS (SELECT 1 FROM sentence AS later WHERE later.company = $1 \
             AND later.indicator = $2 AND later.month_first = $3 AND later.subject = sentence.subject \
             AND later.sequence > sentence.sequence) ORDER BY subject"
        );
        let rows: Vec<SentenceRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(query.indicator)
                .bind(i64::from(query.month.first().0))
                .bind(written("sentence", &query.subjects)?)
        )?;
        rows.into_iter().map(sentence_of).collect()
    }

    /// Sentences in the order in which they were kept.
    pub async fn sentences(&self, company: &str, filter: &SentenceFilter) -> Result<Vec<StoredSentence>, StoreError> {
        let newest = if filter.history {
            ""
        } else {
            "AND NOT EXISTS (SELECT 1 FROM sentence AS later WHERE later.company = $1 \
             AND later.indicator = sentence.indicator AND later.month_first = sentence.month_first \
             AND later.subject = sentence.subject AND later.sequence > sentence.sequence)"
        };
        let text = format!(
            "SELECT {COLUMNS} FROM sentence WHERE company = $1 AND sequence > $2 \
             AND (CAST($3 AS TEXT) IS NULL OR indicator = $3) AND (CAST($4 AS TEXT) IS NULL OR subject = $4) \
             AND (CAST($5 AS BIGINT) IS NULL OR month_first = $5) {newest} ORDER BY sequence LIMIT $6"
        );
        let rows: Vec<SentenceRow> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(filter.after)
                .bind(&filter.indicator)
                .bind(&filter.subject)
                .bind(filter.month.map(|month| i64::from(month.first().0)))
                .bind(i64::from(filter.most))
        )?;
        rows.into_iter().map(sentence_of).collect()
    }

    /// The sentence with this number.
    pub async fn sentence(&self, company: &str, sequence: i64) -> Result<Option<StoredSentence>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM sentence WHERE company = $1 AND sequence = $2");
        let row: Option<SentenceRow> = reading!(
            self,
            fetch_optional,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(sequence)
        )?;
        row.map(sentence_of).transpose()
    }

    /// The narrations after this number, in their order; at most `most`.
    pub async fn narrations_after(&self, company: &str, after: i64, most: u32) -> Result<Vec<i64>, StoreError> {
        Ok(reading!(
            self,
            fetch_all,
            sqlx::query_scalar("SELECT batch FROM narration WHERE company = $1 AND batch > $2 ORDER BY batch LIMIT $3")
                .bind(company)
                .bind(after)
                .bind(i64::from(most))
        )?)
    }

    /// The narration with this number.
    pub async fn narration(&self, company: &str, batch: i64) -> Result<Option<StoredNarration>, StoreError> {
        let row: Option<NarrationRow> = reading!(
            self,
            fetch_optional,
            sqlx::query_as("SELECT * FROM narration WHERE company = $1 AND batch = $2").bind(company).bind(batch)
        )?;
        row.map(narration_of).transpose()
    }

    /// What one narration said, in the order of its charts.
    pub async fn sentences_of_narration(&self, company: &str, batch: i64) -> Result<Vec<StoredSentence>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM sentence WHERE company = $1 AND batch = $2 ORDER BY sequence");
        let rows: Vec<SentenceRow> =
            reading!(self, fetch_all, sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(batch))?;
        rows.into_iter().map(sentence_of).collect()
    }
}

#[derive(sqlx::FromRow)]
struct SentenceRow {
    sequence: i64,
    batch: i64,
    subject_kind: String,
    subject: String,
    indicator: String,
    month_first: i64,
    narrated_on: i64,
    known_to: i64,
    chart: String,
    scores: String,
    sentence: Option<String>,
    digest: String,
}

fn sentence_of(row: SentenceRow) -> Result<StoredSentence, StoreError> {
    let sequence = row.sequence;
    Ok(StoredSentence {
        sequence,
        batch: row.batch,
        month: Period::month_of(day("sentence", sequence, row.month_first)?),
        narrated_on: day("sentence", sequence, row.narrated_on)?,
        known_to: row.known_to,
        drawn: Drawn {
            subject_kind: word("sentence", sequence, &row.subject_kind)?,
            subject: row.subject,
            indicator: row.indicator,
            chart: document("sentence", sequence, &row.chart)?,
            scores: document("sentence", sequence, &row.scores)?,
        },
        sentence: row.sentence.map(|sentence| document("sentence", sequence, &sentence)).transpose()?,
        digest: word("sentence", sequence, &row.digest)?,
    })
}

#[derive(sqlx::FromRow)]
struct NarrationRow {
    batch: i64,
    enablement: String,
    revision: i64,
    component: String,
    interface: String,
    adapter: String,
    narrated_on: i64,
    context: String,
    known_to: i64,
    fuel: i64,
    engine: String,
    computed_at: i64,
    sentences: i64,
}

fn narration_of(row: NarrationRow) -> Result<StoredNarration, StoreError> {
    let batch = row.batch;
    Ok(StoredNarration {
        batch,
        sentences: usize::try_from(row.sentences).map_err(|error| inconsistent("narration", batch, error))?,
        receipt: NarrationReceipt {
            enablement: row.enablement,
            revision: row.revision,
            component: word("narration", batch, &row.component)?,
            interface: document("narration", batch, &row.interface)?,
            adapter: row.adapter,
            narrated_on: day("narration", batch, row.narrated_on)?,
            context: document("narration", batch, &row.context)?,
            known_to: row.known_to,
            fuel: u64::try_from(row.fuel).map_err(|error| inconsistent("narration", batch, error))?,
            engine: row.engine,
            computed_at: Instant(row.computed_at),
        },
    })
}
