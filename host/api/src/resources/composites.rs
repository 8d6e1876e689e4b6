//! Composites: one number for an employee's month, quarter or year, with what it is made of and what is missing in it.

use daybreak_app::stored::StoredComposite;
use daybreak_domain::composite::{CompositeOutcome, DimensionComposite, MissingIndicator, MissingMonth, Points};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::wire::{Text, WirePeriod, WireText};

mod list;
mod read;
mod replay;
mod shares;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_composites))
        .routes(routes!(read::read_composite))
        .routes(routes!(replay::replay_composite))
}

/// The points of a whole or of a part of it.
pub(super) fn points_of(points: &Points) -> (Option<f64>, Option<WireText>) {
    match points {
        Points::Computed { points } => (Some(*points), None),
        Points::NotComputable { reason } => (None, Some(reason.into())),
    }
}

/// The mean of a dimension's indicators.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DimensionPoints)]
pub(crate) struct DimensionView {
    dimension: String,
    /// Millionths of the whole.
    share: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// Why there are no points, where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_computable: Option<WireText>,
    /// The part of the dimension's own share, in millionths, that the points rest on.
    coverage: u32,
}

impl From<&DimensionComposite> for DimensionView {
    fn from(dimension: &DimensionComposite) -> Self {
        let (points, not_computable) = points_of(&dimension.points);
        Self {
            dimension: dimension.dimension.clone(),
            share: dimension.share,
            points,
            not_computable,
            coverage: dimension.coverage,
        }
    }
}

/// An indicator that does not count, because there is nothing to count.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MissingIndicator)]
pub(super) struct MissingIndicatorView {
    indicator: String,
    dimension: String,
    /// Millionths of the whole.
    share: u32,
    reason: WireText,
}

impl From<&MissingIndicator> for MissingIndicatorView {
    fn from(missing: &MissingIndicator) -> Self {
        Self {
            indicator: missing.indicator.clone(),
            dimension: missing.dimension.clone(),
            share: missing.share,
            reason: (&missing.reason).into(),
        }
    }
}

/// A month that does not count in a quarter or a year.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MissingMonth)]
pub(super) struct MissingMonthView {
    month: WirePeriod,
    /// Days on the scorecard.
    day_count: u32,
    reason: WireText,
}

impl From<&MissingMonth> for MissingMonthView {
    fn from(missing: &MissingMonth) -> Self {
        Self { month: Text(missing.month), day_count: missing.day_count, reason: (&missing.reason).into() }
    }
}

/// A composite. It is never changed: a newer one of the same employee and period takes its place.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Composite)]
pub(super) struct CompositeView {
    /// Its number in the company's one sequence.
    sequence: i64,
    /// The id of the employee.
    employee: String,
    period: WirePeriod,
    #[serde(skip_serializing_if = "Option::is_none")]
    points: Option<f64>,
    /// Why there are no points, where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_computable: Option<WireText>,
    /// The part of the shares, or of a longer period's days, in millionths, that the points rest on. What is missing was
    /// scaled away.
    coverage: u32,
    /// Of a month.
    dimensions: Vec<DimensionView>,
    /// What does not count in a month, and why.
    missing_indicators: Vec<MissingIndicatorView>,
    /// What does not count in a quarter or a year, and why.
    missing_months: Vec<MissingMonthView>,
    /// Everything that was known when it was computed: rows up to this number.
    known_to: i64,
}

impl From<&StoredComposite> for CompositeView {
    fn from(stored: &StoredComposite) -> Self {
        let receipt = &stored.composite.receipt;
        let outcome = &stored.composite.outcome;
        let (points, not_computable) = points_of(outcome.points());
        let mut view = Self {
            sequence: stored.sequence,
            employee: receipt.employee.clone(),
            period: Text(receipt.period),
            points,
            not_computable,
            coverage: outcome.coverage(),
            dimensions: Vec::new(),
            missing_indicators: Vec::new(),
            missing_months: Vec::new(),
            known_to: receipt.known_to,
        };
        match outcome {
            CompositeOutcome::Month(month) => {
                view.dimensions = month.dimensions.iter().map(DimensionView::from).collect();
                view.missing_indicators = month.missing.iter().map(MissingIndicatorView::from).collect();
            }
            CompositeOutcome::Months(months) => {
                view.missing_months = months.missing.iter().map(MissingMonthView::from).collect();
            }
        }
        view
    }
}

/// The composite with this number, if the caller may see the employee: on the last day of its period.
pub(super) async fn composite_in_reach(caller: &Caller, sequence: i64) -> Result<StoredComposite, Problem> {
    let stored = caller.daybreak.numbered_composite(&caller.company, sequence).await?;
    let receipt = &stored.composite.receipt;
    caller.require_person(&receipt.employee, receipt.period.last())?;
    Ok(stored)
}
