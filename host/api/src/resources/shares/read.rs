//! `GET /api/v1/people/{id}/shares`

use daybreak_app::shares::MonthView;
use daybreak_domain::period::Period;
use daybreak_domain::shares::{Adjustment, Cause, DayShare, How, Interval};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::WireTarget;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::wire::{Text, WireInstant, WirePeriod, WireText};

/// Which month.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MonthQuery {
    /// A month, for example 2026-06; this month if absent.
    #[param(pattern = "^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$")]
    month: Option<WirePeriod>,
}

/// The share of an indicator in a month.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MonthShare)]
struct MonthShareView {
    indicator: String,
    dimension: String,
    /// Millionths, before any change.
    signed: u32,
    /// Millionths: the mean over the days.
    share: u32,
}

/// How a change concerns the share of an indicator.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ShareTouchKind)]
pub(crate) enum WireHow {
    /// It says the share.
    Set,
    /// It says the share of the dimension, of which this is a part.
    Spread,
    /// It changed others, and this took up the difference.
    Scaled,
    /// Another change of the same share prevailed over it.
    Overruled,
}

impl From<How> for WireHow {
    fn from(how: How) -> Self {
        match how {
            How::Set => Self::Set,
            How::Spread => Self::Spread,
            How::Scaled => Self::Scaled,
            How::Overruled => Self::Overruled,
        }
    }
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ShareTouch)]
struct TouchView {
    how: WireHow,
    /// The place of the change in the list of these days, from 0.
    change: usize,
}

/// The share of an indicator on some days.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DayShare)]
struct DayShareView {
    indicator: String,
    dimension: String,
    /// Millionths, before any change.
    signed: u32,
    /// Millionths.
    share: u32,
    locked: bool,
    touched: Vec<TouchView>,
}

/// What causes a change.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[schema(as = ShareCause)]
enum CauseView {
    /// A policy, because of a circumstance.
    Policy {
        /// The id under which the plugin is enabled.
        policy: String,
        circumstance: String,
        /// The circumstance's own time; the change holds for every whole month that it overlaps.
        begins_at: WireInstant,
        ends_at: WireInstant,
    },
    /// A manager, for so many days.
    Manager {
        /// The number of the reweighting.
        reweighting: i64,
        days: WirePeriod,
    },
}

/// A change of a share.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ShareChange)]
pub(crate) struct ChangeView {
    target: WireTarget,
    /// Millionths.
    share: u32,
    cause: CauseView,
    reason: WireText,
}

/// Days in a row with the same shares for the same reasons.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ShareInterval)]
struct IntervalView {
    days: WirePeriod,
    shares: Vec<DayShareView>,
    /// All changes of these days, also those that did not prevail.
    changes: Vec<ChangeView>,
}

/// Days on which changes contradicted each other, so that not all of them hold.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RefusedChanges)]
struct RefusedView {
    days: WirePeriod,
    /// Only the managers' changes do not hold; otherwise none does.
    policies_hold: bool,
    reason: WireText,
}

/// A policy that could not be asked, and so changed nothing.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = FailedPolicy)]
struct FailedView {
    policy: String,
    /// What the plugin did, for HR partners and administrators.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

/// The shares of a month with everything that explains them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Shares)]
pub(super) struct SharesView {
    employee: String,
    month: WirePeriod,
    /// The id of the scorecard; absent where there is none in the month, and then there are no shares.
    #[serde(skip_serializing_if = "Option::is_none")]
    scorecard: Option<String>,
    /// The number of the row that holds the scorecard.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<i64>,
    /// The days on the scorecard.
    days: Vec<WirePeriod>,
    /// They total 1,000,000.
    shares: Vec<MonthShareView>,
    /// Indicators that are computed and count nowhere.
    trials: Vec<String>,
    intervals: Vec<IntervalView>,
    refused: Vec<RefusedView>,
    failed: Vec<FailedView>,
}

impl SharesView {
    fn without_scorecard(employee: String, month: Period) -> Self {
        Self {
            employee,
            month: Text(month),
            scorecard: None,
            revision: None,
            days: Vec::new(),
            shares: Vec::new(),
            trials: Vec::new(),
            intervals: Vec::new(),
            refused: Vec::new(),
            failed: Vec::new(),
        }
    }

    fn of(caller: &Caller, view: MonthView) -> Self {
        let scorecard = view.scorecard.scorecard;
        let explained = view.shares;
        let trials = scorecard.entries.iter().filter(|entry| entry.trial);
        let month = explained.month.shares.into_iter().map(|share| MonthShareView {
            indicator: share.indicator,
            dimension: share.dimension,
            signed: share.signed,
            share: share.share,
        });
        let refused = explained.refused.iter().map(|refused| RefusedView {
            days: Text(refused.days),
            policies_hold: refused.policies_hold,
            reason: (&refused.reason).into(),
        });
        let failed = explained
            .failed
            .into_iter()
            .map(|failed| FailedView { policy: failed.policy, fault: caller.reads_setup().then_some(failed.fault) });
        Self {
            trials: trials.map(|entry| entry.indicator.clone()).collect(),
            scorecard: Some(scorecard.id),
            revision: Some(view.scorecard.sequence),
            days: view.days.into_iter().map(Text).collect(),
            shares: month.collect(),
            intervals: explained.month.intervals.iter().map(IntervalView::from).collect(),
            refused: refused.collect(),
            failed: failed.collect(),
            employee: view.employee,
            month: Text(view.month),
        }
    }
}

impl From<&Interval> for IntervalView {
    fn from(interval: &Interval) -> Self {
        Self {
            days: Text(interval.days),
            shares: interval.shares.shares.iter().map(DayShareView::from).collect(),
            changes: interval.shares.adjustments.iter().map(ChangeView::from).collect(),
        }
    }
}

impl From<&DayShare> for DayShareView {
    fn from(share: &DayShare) -> Self {
        let touched = share.touched.iter().map(|touch| TouchView { how: touch.how.into(), change: touch.adjustment });
        Self {
            indicator: share.indicator.clone(),
            dimension: share.dimension.clone(),
            signed: share.signed,
            share: share.share,
            locked: share.locked,
            touched: touched.collect(),
        }
    }
}

impl From<&Adjustment> for ChangeView {
    fn from(adjustment: &Adjustment) -> Self {
        let cause = match &adjustment.cause {
            Cause::Policy { policy, circumstance, during } => CauseView::Policy {
                policy: policy.clone(),
                circumstance: circumstance.clone(),
                begins_at: Text(during.start),
                ends_at: Text(during.end),
            },
            Cause::Manager { adjustment, days } => CauseView::Manager { reweighting: *adjustment, days: Text(*days) },
        };
        Self {
            target: (&adjustment.target).into(),
            share: adjustment.share,
            cause,
            reason: (&adjustment.reason).into(),
        }
    }
}

/// Read somebody's shares in a month
///
/// As they are now, with every change, its cause and its times. Policies are asked anew; nothing is stored.
#[utoipa::path(
    get,
    path = "/people/{id}/shares",
    tag = "scorecards",
    params(("id" = String, Path, description = "The person's id."), MonthQuery),
    responses((status = 200, body = SharesView, description = "The shares."))
)]
pub(super) async fn read_shares(
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<MonthQuery>,
) -> Result<Json<SharesView>, Problem> {
    let month = query.month.map_or_else(|| Period::month_of(caller.today()), |month| month.0);
    caller.require_person(&id, month.last())?;
    let view = caller.daybreak.month_shares(&caller.company, &id, month).await?;
    Ok(Json(view.map_or_else(|| SharesView::without_scorecard(id, month), |view| SharesView::of(&caller, view))))
}
