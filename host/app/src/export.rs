//! Everything out again: scores with their receipts and facts with every revision, as CSV, as lines of JSON or as an
//! Excel workbook.
//!
//! CSV and JSON hold instants in UTC. A workbook holds them as dates in the company's zone, because that is what people
//! filter and sort by; Excel knows no zone.

mod composites;
mod workbook;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Write;

use daybreak_domain::company::Company;
use daybreak_domain::indicator::Outcome;
use daybreak_domain::time::Instant;
use daybreak_storage::{ScoreQuery, StoredBatch, StoredScore};
use serde_json::{Value, json};

use self::workbook::WorkbookWriter;
use crate::{AppError, Daybreak};

const ROWS_AT_ONCE: u32 = 5_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    JsonLines,
    Xlsx,
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
        let mut rows = self.rows(company, format, "scores", &SCORE_COLUMNS, output)?;
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
        let mut rows = self.rows(company, format, "facts", &FACT_COLUMNS, output)?;
        let mut after = 0;
        loop {
            let facts = self.store.facts_after(&company.id, after, ROWS_AT_ONCE).await?;
            let Some(last) = facts.last().map(|fact| fact.sequence) else { return rows.finish() };
            for fact in facts {
                rows.write(&[
                    json!(fact.sequence).into(),
                    json!(fact.source).into(),
                    json!(fact.external_id).into(),
                    json!(fact.revision).into(),
                    json!(fact.kind).into(),
                    fact.occurred_at.into(),
                    fact.recorded_at.into(),
                    json!(fact.actor).into(),
                    json!(fact.document).into(),
                    json!(fact.customer).into(),
                    json!(fact.value).into(),
                    json!(fact.capture.name()).into(),
                    json!(fact.attributes).into(),
                    json!(fact.withdrawn).into(),
                    json!(fact.digest).into(),
                ])?;
            }
            after = last;
        }
    }

    fn rows<'a>(
        &self,
        company: &'a Company,
        format: Format,
        title: &'a str,
        columns: &'static [&'static str],
        output: Output<'a>,
    ) -> Result<Rows<'a>, AppError> {
        Ok(match format {
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(output);
                writer.write_record(columns).map_err(std::io::Error::other)?;
                Rows::Csv { writer: Box::new(writer), rows: 0 }
            }
            Format::JsonLines => Rows::JsonLines { columns, output, rows: 0 },
            Format::Xlsx => {
                let writer = WorkbookWriter::new(title, columns, &company.zone, self.clock.now())?;
                Rows::Xlsx { writer: Box::new(writer), output }
            }
        })
    }
}

type Output<'a> = &'a mut (dyn Write + Send);

/// One cell, before it is known in which format it is written.
#[derive(Clone, Debug, PartialEq)]
enum Cell {
    Value(Value),
    Instant(Instant),
}

impl From<Value> for Cell {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}

impl From<Instant> for Cell {
    fn from(instant: Instant) -> Self {
        Self::Instant(instant)
    }
}

impl Cell {
    fn json(&self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Instant(instant) => json!(instant.to_string()),
        }
    }

    fn csv(&self) -> String {
        match self {
            Self::Value(Value::Null) => String::new(),
            Self::Value(Value::String(text)) => shielded(text),
            Self::Value(other) => other.to_string(),
            Self::Instant(instant) => instant.to_string(),
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

fn score_row(score: &StoredScore, batch: &StoredBatch) -> Vec<Cell> {
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
        json!(score.sequence).into(),
        json!(score.indicator).into(),
        json!(score.period.to_string()).into(),
        json!(score.receipt.subject.id).into(),
        json!(outcome).into(),
        raw.into(),
        sample.into(),
        points.into(),
        zh_cn.into(),
        en.into(),
        parts.into(),
        figures.into(),
        json!(score.evidence).into(),
        batch.receipt.context.as_of.into(),
        json!(batch.receipt.known_to).into(),
        json!(batch.receipt.component).into(),
        json!(batch.receipt.interface.name).into(),
        json!(batch.receipt.parameters).into(),
        json!(score.receipt.rows).into(),
        json!(score.receipt.outcome).into(),
        batch.receipt.computed_at.into(),
    ]
}

/// Rows of any format, column by column.
enum Rows<'a> {
    Csv { writer: Box<csv::Writer<Output<'a>>>, rows: u64 },
    JsonLines { columns: &'static [&'static str], output: Output<'a>, rows: u64 },
    Xlsx { writer: Box<WorkbookWriter<'a>>, output: Output<'a> },
}

impl Rows<'_> {
    fn write(&mut self, cells: &[Cell]) -> Result<(), AppError> {
        match self {
            Self::Csv { writer, rows } => {
                writer.write_record(cells.iter().map(Cell::csv)).map_err(std::io::Error::other)?;
                *rows += 1;
            }
            Self::JsonLines { columns, output, rows } => {
                let object: serde_json::Map<String, Value> =
                    columns.iter().map(|name| (*name).to_owned()).zip(cells.iter().map(Cell::json)).collect();
                writeln!(output, "{}", Value::Object(object))?;
                *rows += 1;
            }
            Self::Xlsx { writer, .. } => writer.write(cells)?,
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
            Self::Xlsx { writer, output } => writer.finish(output),
        }
    }
}

/// A text that a spreadsheet would take for a formula is put behind an apostrophe, which the spreadsheet does not show.
/// An ordinary number is no formula and stays as it is, so that what is below zero can be read back. Full-width signs
/// count as signs where Chinese or Japanese is typed.
fn shielded(text: &str) -> String {
    let begins_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if begins_formula && !is_ordinary_number(text) { format!("'{text}") } else { text.to_owned() }
}

fn is_ordinary_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    unsigned.split_once('.').map_or_else(|| digits(unsigned), |(whole, rest)| digits(whole) && digits(rest))
}
