//! `GET /api/v1/composites/{sequence}`

use daybreak_app::stored::StoredComposite;
use daybreak_domain::composite::{Basis, CompositeReceipt, MonthUsed, ShareUsed};
use serde::Serialize;
use utoipa::ToSchema;

use super::shares::SharesView;
use super::{CompositeView, composite_in_reach};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::{Text, WireInstant, WirePeriod};

/// The share of an indicator with the score that went into a composite.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ShareUsed)]
pub(super) struct ShareUsedView {
    indicator: String,
    dimension: String,
    /// Millionths.
    share: u32,
    /// The score's number; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<i64>,
}

impl From<&ShareUsed> for ShareUsedView {
    fn from(used: &ShareUsed) -> Self {
        Self {
            indicator: used.indicator.clone(),
            dimension: used.dimension.clone(),
            share: used.share,
            score: used.score,
        }
    }
}

/// The month's composite that went into that of a quarter or a year.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MonthUsed)]
pub(super) struct MonthUsedView {
    month: WirePeriod,
    /// Days on the scorecard.
    day_count: u32,
    /// The composite's number; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    composite: Option<i64>,
}

impl From<&MonthUsed> for MonthUsedView {
    fn from(used: &MonthUsed) -> Self {
        Self { month: Text(used.month), day_count: used.day_count, composite: used.composite }
    }
}

/// Everything that a composite rests on, so that anybody can compute it again.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CompositeReceipt)]
pub(super) struct CompositeReceiptView {
    /// What occurred at or after this moment did not count.
    as_of: WireInstant,
    /// What was known: rows up to this number.
    known_to: i64,
    /// Millionths that had to be computable.
    minimum_coverage: u32,
    /// The scorecard of a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    scorecard: Option<String>,
    /// The number of the scorecard's row in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    scorecard_revision: Option<i64>,
    /// The days on the scorecard.
    days: Vec<WirePeriod>,
    /// The numbers of the calls of policies that changed shares.
    policy_calls: Vec<i64>,
    /// The numbers of managers' changes of shares.
    adjustments: Vec<i64>,
    /// Every share with its score, of a month.
    shares: Vec<ShareUsedView>,
    /// Of a quarter or a year.
    months: Vec<MonthUsedView>,
    /// A digest of the outcome.
    outcome: String,
    computed_at: WireInstant,
}

impl From<&CompositeReceipt> for CompositeReceiptView {
    fn from(receipt: &CompositeReceipt) -> Self {
        let mut view = Self {
            as_of: Text(receipt.as_of),
            known_to: receipt.known_to,
            minimum_coverage: receipt.minimum_coverage,
            scorecard: None,
            scorecard_revision: None,
            days: Vec::new(),
            policy_calls: Vec::new(),
            adjustments: Vec::new(),
            shares: Vec::new(),
            months: Vec::new(),
            outcome: receipt.outcome.to_string(),
            computed_at: Text(receipt.computed_at),
        };
        match &receipt.basis {
            Basis::Month(basis) => {
                view.scorecard = Some(basis.scorecard.clone());
                view.scorecard_revision = Some(basis.revision);
                view.days = basis.days.iter().map(|days| Text(*days)).collect();
                view.policy_calls.clone_from(&basis.policy_batches);
                view.adjustments.clone_from(&basis.adjustments);
                view.shares = basis.shares.iter().map(ShareUsedView::from).collect();
            }
            Basis::Months { months } => view.months = months.iter().map(MonthUsedView::from).collect(),
        }
        view
    }
}

/// A composite with its receipt and with how its shares came about.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CompositeWithReceipt)]
pub(super) struct CompositeWithReceipt {
    composite: CompositeView,
    receipt: CompositeReceiptView,
    /// Of a month with a scorecard.
    #[serde(skip_serializing_if = "Option::is_none")]
    shares: Option<SharesView>,
}

impl From<&StoredComposite> for CompositeWithReceipt {
    fn from(stored: &StoredComposite) -> Self {
        Self {
            composite: stored.into(),
            receipt: (&stored.composite.receipt).into(),
            shares: stored.composite.shares.as_ref().map(SharesView::from),
        }
    }
}

/// Read one composite with its receipt
///
/// With its dimensions, what is missing in it, every share with the score that it weighs, and what changed the shares.
#[utoipa::path(
    get,
    path = "/composites/{sequence}",
    tag = "composites",
    params(("sequence" = i64, Path, description = "The composite's number.")),
    responses((status = 200, body = CompositeWithReceipt, description = "The composite."))
)]
pub(super) async fn read_composite(
    caller: Caller,
    Path(sequence): Path<i64>,
) -> Result<Json<CompositeWithReceipt>, Problem> {
    let stored = composite_in_reach(&caller, sequence).await?;
    Ok(Json(CompositeWithReceipt::from(&stored)))
}
