//! How the shares of a month came about, as people read it.

use daybreak_domain::shares::{
    Adjustment, Cause, DayShare, ExplainedShares, FailedPolicy, Interval, MonthShare, Refused, Touch,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::resources::shares::{WireHow, WireTarget};
use crate::wire::{Text, WireInstant, WirePeriod, WireText};

/// The share of an indicator in a month: the mean over the days on the scorecard.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CompositeMonthShare)]
pub(super) struct MonthShareView {
    indicator: String,
    dimension: String,
    /// Millionths, before any change.
    signed: u32,
    /// Millionths.
    share: u32,
}

impl From<&MonthShare> for MonthShareView {
    fn from(share: &MonthShare) -> Self {
        Self {
            indicator: share.indicator.clone(),
            dimension: share.dimension.clone(),
            signed: share.signed,
            share: share.share,
        }
    }
}

/// Who or what changed a share, and when that holds.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "by", rename_all = "kebab-case")]
#[schema(as = CompositeShareCause)]
enum CauseView {
    /// A policy of the company, because of a circumstance.
    Policy { policy: String, circumstance: String, start: WireInstant, end: WireInstant },
    /// A manager, for so many days.
    Manager { adjustment: i64, days: WirePeriod },
}

/// A change of one share.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ShareAdjustment)]
struct AdjustmentView {
    target: WireTarget,
    /// Millionths.
    share: u32,
    cause: CauseView,
    reason: WireText,
}

impl From<&Adjustment> for AdjustmentView {
    fn from(adjustment: &Adjustment) -> Self {
        Self {
            target: (&adjustment.target).into(),
            share: adjustment.share,
            cause: match &adjustment.cause {
                Cause::Policy { policy, circumstance, during } => CauseView::Policy {
                    policy: policy.clone(),
                    circumstance: circumstance.clone(),
                    start: Text(during.start),
                    end: Text(during.end),
                },
                Cause::Manager { adjustment, days } => {
                    CauseView::Manager { adjustment: *adjustment, days: Text(*days) }
                }
            },
            reason: (&adjustment.reason).into(),
        }
    }
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = CompositeShareTouch)]
struct TouchView {
    how: WireHow,
    /// The place of the change in the list of the same days, from 0.
    adjustment: usize,
}

impl From<&Touch> for TouchView {
    fn from(touch: &Touch) -> Self {
        Self { how: touch.how.into(), adjustment: touch.adjustment }
    }
}

/// The share of an indicator on some days.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CompositeDayShare)]
struct DayShareView {
    indicator: String,
    dimension: String,
    /// Millionths, before any change.
    signed: u32,
    /// Millionths.
    share: u32,
    /// No change touches it.
    locked: bool,
    touched: Vec<TouchView>,
}

impl From<&DayShare> for DayShareView {
    fn from(share: &DayShare) -> Self {
        Self {
            indicator: share.indicator.clone(),
            dimension: share.dimension.clone(),
            signed: share.signed,
            share: share.share,
            locked: share.locked,
            touched: share.touched.iter().map(TouchView::from).collect(),
        }
    }
}

/// Days in a row with the same shares for the same reasons.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CompositeShareInterval)]
struct IntervalView {
    days: WirePeriod,
    shares: Vec<DayShareView>,
    adjustments: Vec<AdjustmentView>,
}

impl From<&Interval> for IntervalView {
    fn from(interval: &Interval) -> Self {
        Self {
            days: Text(interval.days),
            shares: interval.shares.shares.iter().map(DayShareView::from).collect(),
            adjustments: interval.shares.adjustments.iter().map(AdjustmentView::from).collect(),
        }
    }
}

/// Days on which changes contradicted each other, so that not all of them hold.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ShareRefusal)]
struct RefusedView {
    days: WirePeriod,
    /// The policies' changes hold, only the managers' do not; otherwise none does.
    policies_hold: bool,
    reason: WireText,
}

impl From<&Refused> for RefusedView {
    fn from(refused: &Refused) -> Self {
        Self { days: Text(refused.days), policies_hold: refused.policies_hold, reason: (&refused.reason).into() }
    }
}

/// A policy that could not be asked and so changed nothing.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CompositeFailedPolicy)]
struct FailedPolicyView {
    policy: String,
    /// What its plugin did.
    fault: String,
}

impl From<&FailedPolicy> for FailedPolicyView {
    fn from(failed: &FailedPolicy) -> Self {
        Self { policy: failed.policy.clone(), fault: failed.fault.clone() }
    }
}

/// The shares of a month with everything that explains them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ExplainedShares)]
pub(super) struct SharesView {
    /// Days on the scorecard.
    day_count: u32,
    /// They total 1,000,000.
    shares: Vec<MonthShareView>,
    intervals: Vec<IntervalView>,
    refused: Vec<RefusedView>,
    failed: Vec<FailedPolicyView>,
}

impl From<&ExplainedShares> for SharesView {
    fn from(shares: &ExplainedShares) -> Self {
        Self {
            day_count: shares.month.day_count,
            shares: shares.month.shares.iter().map(MonthShareView::from).collect(),
            intervals: shares.month.intervals.iter().map(IntervalView::from).collect(),
            refused: shares.refused.iter().map(RefusedView::from).collect(),
            failed: shares.failed.iter().map(FailedPolicyView::from).collect(),
        }
    }
}
