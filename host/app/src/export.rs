//! Everything out again: scores with their receipts and facts with every revision, as CSV or as lines of JSON.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Write;

use daybreak_domain::company::Company;
use daybreak_domain::indicator::Outcome;
use daybreak_storage::{ScoreQuery, StoredBatch, StoredScore};
use serde_json::json;

use crate::{AppError, Daybreak};

const ROWS_AT_ONCE: u32 = 5_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
}

impl Daybreak {
    /// Writes the scores that the query names; its `after` and `most` are set here. Returns how many.
    pub async fn export_scores(
        &self,
        company: &Company,
        query: ScoreQuery,
        format: Format,
        output: &mut (dyn Write + Send),
    ) -> Result<u64, AppError> {
        let mut rows = Rows::new(format, &SCORE_COLUMNS, output)?;
        let mut query = ScoreQuery { after: 0, most: ROWS_AT_ONCE, ..query };
        let mut batches: BTreeMap<i64, StoredBatch> = BTreeMap::new();
        loop {
            let scores = self.store.scores(&company.id, &query).await?;
            let Some(last) = scores.last().map(|score| score.sequence) else { return rows.finish() };
            for score in &scores {
                let batch = match batches.entry(score.batch) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => unknown.insert(self.batch(company, score.batch).await?),
                };
                rows.write(&score_row(score, batch))?;
            }
            batches.clear();
            query.after = last;
        }
    }

    /// Writes every revision of every fact, in the order in which they were recorded. Returns how many.
    pub async fn export_facts(
        &self,
        company: &Company,
        format: Format,
        output: &mut (dyn Write + Send),
    ) -> Result<u64, AppError> {
        let mut rows = Rows::new(format, &FACT_COLUMNS, output)?;
        let mut after = 0;
        loop {
            let facts = self.store.facts_after(&company.id, after, ROWS_AT_ONCE).await?;
            let Some(last) = facts.last().map(|fact| fact.sequence) else { return rows.finish() };
            for fact in facts {
                rows.write(&[
                    json!(fact.sequence),
                    json!(fact.source),
                    json!(fact.external_id),
                    json!(fact.revision),
                    json!(fact.kind),
                    json!(fact.occurred_at.to_string()),
                    json!(fact.recorded_at.to_string()),
                    json!(fact.actor),
                    json!(fact.document),
                    json!(fact.customer),
                    json!(fact.value),
                    json!(fact.capture.name()),
                    json!(fact.attributes),
                    json!(fact.withdrawn),
                    json!(fact.digest),
                ])?;
            }
            after = last;
        }
    }
}

const SCORE_COLUMNS: [&str; 21] = [
    "score",
    "indicator",
    "period",
    "subject",
    "outcome",
    "raw",
    "sample",
    "points",
    "reason_zh_cn",
    "reason_en",
    "parts",
    "figures",
    "evidence_facts",
    "as_of",
    "known_to",
    "component",
    "interface",
    "parameters",
    "rows_digest",
    "outcome_digest",
    "computed_at",
];

const FACT_COLUMNS: [&str; 15] = [
    "sequence",
    "source",
    "external_id",
    "revision",
    "kind",
    "occurred_at",
    "recorded_at",
    "actor",
    "document",
    "customer",
    "value",
    "capture",
    "attributes",
    "withdrawn",
    "digest",
];

fn score_row(score: &StoredScore, batch: &StoredBatch) -> Vec<serde_json::Value> {
    let none = || json!(null);
    let (outcome, raw, sample, points, reasons, parts, figures) = match &score.outcome {
        Outcome::Computed(computed) => (
            "computed",
            json!(computed.raw),
            json!(computed.sample),
            json!(computed.points),
            [none(), none()],
            json!(computed.parts),
            json!(computed.figures),
        ),
        Outcome::NotComputable { reason } => (
            "not-computable",
            none(),
            none(),
            none(),
            [json!(reason.get("zh-CN")), json!(reason.get("en"))],
            none(),
            none(),
        ),
    };
    let [zh_cn, en] = reasons;
    vec![
        json!(score.sequence),
        json!(score.indicator),
        json!(score.period.to_string()),
        json!(score.receipt.subject.id),
        json!(outcome),
        raw,
        sample,
        points,
        zh_cn,
        en,
        parts,
        figures,
        json!(score.evidence),
        json!(batch.receipt.context.as_of.to_string()),
        json!(batch.receipt.known_to),
        json!(batch.receipt.component),
        json!(batch.receipt.interface.name),
        json!(batch.receipt.parameters),
        json!(score.receipt.rows),
        json!(score.receipt.outcome),
        json!(batch.receipt.computed_at.to_string()),
    ]
}

/// Rows of either format, column by column.
enum Rows<'a> {
    Csv { writer: Box<csv::Writer<&'a mut (dyn Write + Send)>>, rows: u64 },
    JsonLines { columns: &'a [&'a str], output: &'a mut (dyn Write + Send), rows: u64 },
}

impl<'a> Rows<'a> {
    fn new(format: Format, columns: &'a [&'a str], output: &'a mut (dyn Write + Send)) -> Result<Self, AppError> {
        match format {
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(output);
                writer.write_record(columns).map_err(std::io::Error::other)?;
                Ok(Self::Csv { writer: Box::new(writer), rows: 0 })
            }
            Format::JsonLines => Ok(Self::JsonLines { columns, output, rows: 0 }),
        }
    }

    fn write(&mut self, values: &[serde_json::Value]) -> Result<(), AppError> {
        match self {
            Self::Csv { writer, rows } => {
                let cells = values.iter().map(|value| match value {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(text) => shielded(text),
                    other => other.to_string(),
                });
                writer.write_record(cells).map_err(std::io::Error::other)?;
                *rows += 1;
            }
            Self::JsonLines { columns, output, rows } => {
                let object: serde_json::Map<String, serde_json::Value> =
                    columns.iter().map(|name| (*name).to_owned()).zip(values.iter().cloned()).collect();
                writeln!(output, "{}", serde_json::Value::Object(object))?;
                *rows += 1;
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<u64, AppError> {
        match self {
            Self::Csv { mut writer, rows } => {
                writer.flush()?;
                Ok(rows)
            }
            Self::JsonLines { output, rows, .. } => {
                output.flush()?;
                Ok(rows)
            }
        }
    }
}

/// A text that a spreadsheet would take for a formula is put behind an apostrophe.
fn shielded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
