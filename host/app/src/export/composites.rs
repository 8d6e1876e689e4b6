//! Composites as rows.

use std::io::Write;

use daybreak_domain::company::Company;
use daybreak_domain::composite::{Basis, CompositeOutcome, Points};
use daybreak_storage::{CompositeQuery, StoredComposite};
use serde_json::{Value, json};

use super::{Cell, Format, ROWS_AT_ONCE};
use crate::{AppError, Daybreak};

const COLUMNS: [&str; 19] = [
    "composite",
    "employee",
    "period",
    "outcome",
    "points",
    "coverage_millionths",
    "reason_zh_cn",
    "reason_en",
    "dimensions",
    "missing",
    "shares",
    "scorecard",
    "scorecard_revision",
    "policy_batches",
    "adjustments",
    "as_of",
    "known_to",
    "outcome_digest",
    "computed_at",
];

impl Daybreak {
    /// Writes the composites that the query names; its `after` and `most` are set here. Returns how many.
    pub async fn export_composites(
        &self,
        company: &Company,
        query: CompositeQuery,
        format: Format,
        output: &mut (dyn Write + Send),
    ) -> Result<u64, AppError> {
        let mut rows = self.rows(company, format, "composites", &COLUMNS, output)?;
        let mut query = CompositeQuery { after: 0, most: ROWS_AT_ONCE, ..query };
        loop {
            let composites = self.store.composites(&company.id, &query).await?;
            let Some(last) = composites.last().map(|stored| stored.sequence) else { return rows.finish() };
            for stored in &composites {
                rows.write(&row(stored))?;
            }
            query.after = last;
        }
    }
}

fn row(stored: &StoredComposite) -> Vec<Cell> {
    let (receipt, outcome) = (&stored.composite.receipt, &stored.composite.outcome);
    let none = || json!(null);
    let (word, points, reasons) = match outcome.points() {
        Points::Computed { points } => ("computed", json!(points), [none(), none()]),
        Points::NotComputable { reason } => {
            ("not-computable", none(), [json!(reason.get("zh-CN")), json!(reason.get("en"))])
        }
    };
    let [zh_cn, en] = reasons;
    let (dimensions, missing): (Value, Value) = match outcome {
        CompositeOutcome::Month(month) => (json!(month.dimensions), json!(month.missing)),
        CompositeOutcome::Months(months) => (none(), json!(months.missing)),
    };
    let basis = match &receipt.basis {
        Basis::Month(basis) => [
            json!(basis.shares),
            json!(basis.scorecard),
            json!(basis.revision),
            json!(basis.policy_batches),
            json!(basis.adjustments),
        ],
        Basis::Months { months } => [json!(months), none(), none(), none(), none()],
    };
    let [shares, scorecard, revision, policy_batches, adjustments] = basis;
    vec![
        json!(stored.sequence).into(),
        json!(receipt.employee).into(),
        json!(receipt.period).into(),
        json!(word).into(),
        points.into(),
        json!(outcome.coverage()).into(),
        zh_cn.into(),
        en.into(),
        dimensions.into(),
        missing.into(),
        shares.into(),
        scorecard.into(),
        revision.into(),
        policy_batches.into(),
        adjustments.into(),
        receipt.as_of.into(),
        json!(receipt.known_to).into(),
        json!(receipt.outcome).into(),
        receipt.computed_at.into(),
    ]
}
