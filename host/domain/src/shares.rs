//! Shares: how much each indicator of a scorecard counts on a day and in a month, and what changed it.
//!
//! What lives here: the arithmetic, in integer millionths that total exactly [`WHOLE`], and what explains it. What never
//! lives here: where shares and adjustments are stored, who may make one, and what is done about one that is refused.
//!
//! # From signed shares to the shares of a month
//!
//! ```ignore
//! // 1. The scorecard of the month, and the days that count.
//! let on = scorecard_of_month(month, |day| scorecard_id_on(day))?; // None: no scorecard, no composite
//! let signed = SignedShares::new(shares_of(&on.scorecard, on.last))?;
//! // 2. What policies answered for this month, and what managers ordered.
//! let adjustments: Vec<Adjustment> = …;
//! // 3. The days, cut wherever another set of adjustments holds, and the mean over them; `month.intervals` is for display.
//! let (month, refused) = signed.of_month(&on.days, &adjustments, &company.zone)?;
//! ```
//!
//! # The rules of a day
//!
//! 1. Everything begins with the signed shares; a locked share never changes.
//! 2. All policies' adjustments see the signed shares. Of several on the same target the largest share counts; equal
//!    ones make no difference but for the cause, which then is the one with the smallest id.
//! 3. A manager's adjustment wins over policies on the same target. Of several managers' adjustments on the same
//!    target the one known last (with the highest id) counts, as for everything else that is appended.
//! 4. A target is an indicator or a dimension. The new share of a dimension is spread over its unlocked indicators in
//!    proportion to their signed shares. An indicator inside that is a target of its own keeps its own new share, whoever
//!    ordered either, and a locked one its signed share; the others share what is left of the dimension.
//! 5. Then, once, the unlocked unnamed shares are scaled to what is left of the whole.
//!
//! Every division is rounded to whole millionths by largest remainder: first everything is rounded down, then the
//! indicators with the largest remainders get one millionth more, ties by indicator id, until the total is exact.
//!
//! # What is refused
//!
//! [`SignedShares::on_day`] takes all adjustments of a day or none: what a [`Refusal`] leaves in force is for the caller to
//! say. A manager's adjustment is tried on all of its days before it is accepted, so that the manager reads the
//! reason. When a month is computed, adjustments that were fine alone may still contradict each other: then
//! [`SignedShares::of_month`] takes fewer of them (the policies' alone, then none) and names the refusal. Without any
//! adjustment nothing is refused.
//!
//! # Days and months
//!
//! - A policy's adjustment holds on all days of every month that its circumstance overlaps, a manager's on its own days:
//!   [`Cause::holds_on`].
//! - A month has one scorecard: that of the last day of the month on which the employee has any. The days that count are
//!   all days of the month on that scorecard, before and after an interruption; days on another scorecard do not count.
//!   See [`scorecard_of_month`].
//! - A month's share is the mean over those days. A month that is still running has all of its days, as far as they are
//!   known: as-of cuts what has occurred, not what is agreed, and the shares do not move with every morning.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::fact::is_name;
use crate::period::Period;
use crate::reweighting::{Share, Target, WHOLE};
use crate::text::Localized;
use crate::time::{Day, Span, Zone};

/// Most indicators of one scorecard.
pub const INDICATORS_MAX: usize = 64;
/// Most adjustments that may hold for one employee on one day.
pub const ADJUSTMENTS_MAX: usize = 256;

/// The shares that an employee signed: at least one, each indicator once, exactly [`WHOLE`] together, ordered by
/// indicator id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Share>", into = "Vec<Share>")]
pub struct SignedShares(Vec<Share>);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignedSharesError {
    #[error("a scorecard without indicators: give it at least one, with a share of 100%")]
    Empty,
    #[error("{0} indicators: a scorecard has at most {INDICATORS_MAX}, leave out those that count least")]
    TooMany(usize),
    #[error(
        "the {what} {id:?} is no name: use lower-case letters, digits, dots, dashes and underscores, a letter first, at \
         most {} bytes",
        crate::fact::NAME_BYTES_MAX
    )]
    BadName { what: &'static str, id: String },
    #[error("the indicator {0} stands twice: give it one share")]
    Twice(String),
    #[error(
        "the shares total {}: {} {} so that they total exactly 100%",
        percent(*.0), if *.0 < u64::from(WHOLE) { "add" } else { "take away" }, percent(.0.abs_diff(u64::from(WHOLE)))
    )]
    Total(u64),
}

/// Who or what changes a share, and when that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum Cause {
    /// A reweighting plugin, because of a circumstance.
    Policy {
        /// The id under which the plugin is enabled.
        policy: String,
        circumstance: String,
        /// The circumstance's own time; the adjustment holds for every whole month that this overlaps.
        during: Span,
    },
    /// A manager, for so many days.
    Manager {
        /// The sequence of the row that holds it: the higher one is known later.
        adjustment: i64,
        days: Period,
    },
}

/// A weight adjustment: the new share of an indicator or of a whole dimension.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adjustment {
    pub target: Target,
    /// Millionths.
    pub share: u32,
    pub cause: Cause,
    /// A manager writes in one language: then the same words stand in both.
    pub reason: Localized,
}

/// The shares of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayShares {
    /// Ordered by indicator id; they total [`WHOLE`].
    pub shares: Vec<DayShare>,
    /// All adjustments of the day, also those that did not prevail, in an order that does not depend on how they came.
    pub adjustments: Vec<Adjustment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayShare {
    pub indicator: String,
    pub dimension: String,
    /// Millionths, before any adjustment.
    pub signed: u32,
    /// Millionths, on this day.
    pub share: u32,
    pub locked: bool,
    /// What the adjustments had to do with it, in their order. Empty if nothing concerned it.
    pub touched: Vec<Touch>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    pub how: How,
    /// Index into the day's adjustments.
    pub adjustment: usize,
}

/// How an adjustment concerns the share of an indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It says the share.
    Set,
    /// It says the share of the dimension, of which this is a part.
    Spread,
    /// It changed others, and this took up the difference. Only where the share differs from the signed one.
    Scaled,
    /// It wanted to say the share, of the indicator or of its dimension, but another one on the same target prevailed.
    Overruled,
}

/// Why a day's adjustments cannot all hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{0} adjustments on one day: at most {ADJUSTMENTS_MAX}; end some of them")]
    TooMany(usize),
    #[error("a share of {} for {}: choose at most 100%", percent(u64::from(*.share)), words(.target).1)]
    ShareTooLarge { target: Target, share: u32 },
    #[error("the scorecard has no such part: {}; choose an indicator or a dimension of the scorecard", words(.0).1)]
    UnknownTarget(Target),
    #[error("the same cause changes {} twice: let it say one share", words(.0).1)]
    Twice(Target),
    #[error("the share of {} is locked: choose another one, or unlock it in the scorecard", words(.0).1)]
    Locked(Target),
    #[error(
        "the parts of the dimension {dimension} that are locked or have shares of their own need {}, its own new share is \
         {}: raise that or lower those",
        percent(*.fixed), percent(u64::from(*.share))
    )]
    DimensionOverfull { dimension: String, share: u32, fixed: u64 },
    #[error(
        "{} of the dimension {dimension} is left, and no unlocked indicator with a signed share is there to take them: \
         lower the dimension's share or raise one inside",
        percent(u64::from(*.left))
    )]
    DimensionNothingToSpread { dimension: String, left: u32 },
    #[error(
        "what is locked and what is set totals {}, {} over the whole: lower one of the shares",
        percent(*.0), percent(.0.saturating_sub(u64::from(WHOLE)))
    )]
    Overfull(u64),
    #[error(
        "{} of the whole is left, and no unlocked indicator with a signed share is there to take them: raise one of \
         the shares",
        percent(u64::from(*.0))
    )]
    NothingToScale(u32),
}

/// Days in a row on which the same adjustments hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch<'a> {
    pub days: Period,
    pub adjustments: Vec<&'a Adjustment>,
}

/// Days in a row with the same shares for the same reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    pub days: Period,
    #[serde(flatten)]
    pub shares: DayShares,
}

/// The shares of a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthShares {
    /// Days on the scorecard.
    pub day_count: u32,
    /// Ordered by indicator id; they total [`WHOLE`].
    pub shares: Vec<MonthShare>,
    /// In the order of days; equal neighbours are one.
    pub intervals: Vec<Interval>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthShare {
    pub indicator: String,
    pub dimension: String,
    /// Millionths, before any adjustment.
    pub signed: u32,
    /// Millionths: the mean over the days.
    pub share: u32,
}

/// The shares of a month with everything that explains them; the document that a composite keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplainedShares {
    pub month: MonthShares,
    /// In the order of days.
    pub refused: Vec<Refused>,
    /// Policies that could not be asked and so changed nothing, by id.
    pub failed: Vec<FailedPolicy>,
}

/// Days on which adjustments contradicted each other, so that not all of them hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub days: Period,
    /// The policies' adjustments alone could hold, so only the managers' do not; otherwise none holds.
    pub policies_hold: bool,
    pub reason: Localized,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedPolicy {
    pub policy: String,
    /// What the plugin did, in English as all faults are.
    pub fault: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MonthError {
    #[error("no day on the scorecard: there are no shares to take the mean of")]
    NoDays,
    #[error("the days from {} to {} stand in two intervals: give each day once", .0.first(), .0.last())]
    Overlap(Period),
    #[error("the shares from {} on are those of another scorecard: a month has one", .0.first())]
    OtherScorecard(Period),
}

/// The scorecard of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScorecardOfMonth<T> {
    pub scorecard: T,
    /// The last day of the month on it: the revision of that day is in force for the whole month.
    pub last: Day,
    /// All days of the month on it, ascending, neighbours joined.
    pub days: Vec<Period>,
}

impl SignedShares {
    /// Takes the shares in any order.
    pub fn new(mut shares: Vec<Share>) -> Result<Self, SignedSharesError> {
        if shares.is_empty() {
            return Err(SignedSharesError::Empty);
        }
        if shares.len() > INDICATORS_MAX {
            return Err(SignedSharesError::TooMany(shares.len()));
        }
        for share in &shares {
            for (what, id) in [("indicator", &share.indicator), ("dimension", &share.dimension)] {
                if !is_name(id) {
                    return Err(SignedSharesError::BadName { what, id: id.chars().take(80).collect() });
                }
            }
        }
        shares.sort_by(|one, other| one.indicator.cmp(&other.indicator));
        if let Some(twice) = shares.windows(2).find(|pair| pair[0].indicator == pair[1].indicator) {
            return Err(SignedSharesError::Twice(twice[0].indicator.clone()));
        }
        let total = shares.iter().map(|share| u64::from(share.share)).sum();
        if total != u64::from(WHOLE) {
            return Err(SignedSharesError::Total(total));
        }
        Ok(Self(shares))
    }

    /// Ordered by indicator id.
    #[must_use]
    pub fn shares(&self) -> &[Share] {
        &self.0
    }

    /// The shares of a day on which exactly these adjustments hold, in any order. All of them are taken or none.
    pub fn on_day(&self, adjustments: &[&Adjustment]) -> Result<DayShares, Refusal> {
        if adjustments.len() > ADJUSTMENTS_MAX {
            return Err(Refusal::TooMany(adjustments.len()));
        }
        let mut adjustments: Vec<Adjustment> = adjustments.iter().copied().cloned().collect();
        adjustments.sort_by(|one, other| one.order().cmp(&other.order()));
        self.check(&adjustments)?;
        let prevailing = prevailing(&adjustments);
        let named = self.name(&adjustments, &prevailing)?;
        let shares = self.scale(&named)?;
        let shares = self.0.iter().zip(shares).enumerate().map(|(index, (signed, share))| DayShare {
            indicator: signed.indicator.clone(),
            dimension: signed.dimension.clone(),
            signed: signed.share,
            share,
            locked: signed.locked,
            touched: self.touches(index, share, &adjustments, &prevailing),
        });
        Ok(DayShares { shares: shares.collect(), adjustments })
    }

    /// The shares of a month on these days of it, with the adjustments that hold on some of them. Where adjustments
    /// contradict each other the policies' alone hold or, if those do too, none.
    pub fn of_month(
        &self,
        days: &[Period],
        adjustments: &[Adjustment],
        zone: &Zone,
    ) -> Result<(MonthShares, Vec<Refused>), MonthError> {
        let (mut intervals, mut refused) = (Vec::new(), Vec::new());
        for stretch in stretches(days, adjustments, zone) {
            let shares = match self.on_day(&stretch.adjustments) {
                Ok(shares) => shares,
                Err(refusal) => {
                    let policies: Vec<&Adjustment> =
                        stretch.adjustments.into_iter().filter(|one| !one.cause.is_manager()).collect();
                    let by_policies = self.on_day(&policies).ok();
                    refused.push(Refused {
                        days: stretch.days,
                        policies_hold: by_policies.is_some(),
                        reason: refusal.reason(),
                    });
                    by_policies.unwrap_or_else(|| self.unadjusted())
                }
            };
            intervals.push(Interval { days: stretch.days, shares });
        }
        Ok((month_mean(intervals)?, refused))
    }

    /// The signed shares as those of a day.
    fn unadjusted(&self) -> DayShares {
        let shares = self.0.iter().map(|signed| DayShare {
            indicator: signed.indicator.clone(),
            dimension: signed.dimension.clone(),
            signed: signed.share,
            share: signed.share,
            locked: signed.locked,
            touched: Vec::new(),
        });
        DayShares { shares: shares.collect(), adjustments: Vec::new() }
    }

    /// Each adjustment by itself. One that is wrong is refused even where another one would prevail over it.
    fn check(&self, adjustments: &[Adjustment]) -> Result<(), Refusal> {
        for (index, adjustment) in adjustments.iter().enumerate() {
            let target = || adjustment.target.clone();
            if adjustment.share > WHOLE {
                return Err(Refusal::ShareTooLarge { target: target(), share: adjustment.share });
            }
            let mut concerned = self.0.iter().filter(|share| concerns(&adjustment.target, share)).peekable();
            if concerned.peek().is_none() {
                return Err(Refusal::UnknownTarget(target()));
            }
            if concerned.all(|share| share.locked) {
                return Err(Refusal::Locked(target()));
            }
            // They are sorted by what is compared here.
            if index > 0 && adjustments[index - 1].order() == adjustment.order() {
                return Err(Refusal::Twice(target()));
            }
        }
        Ok(())
    }

    /// The new share of every indicator that an adjustment names, itself or through its dimension.
    fn name(&self, adjustments: &[Adjustment], prevailing: &BTreeSet<usize>) -> Result<Vec<Option<u32>>, Refusal> {
        let mut named = vec![None; self.0.len()];
        let prevailing = || prevailing.iter().map(|&index| &adjustments[index]);
        for adjustment in prevailing() {
            if let Target::Indicator(indicator) = &adjustment.target
                && let Ok(index) = self.0.binary_search_by(|share| share.indicator.cmp(indicator))
            {
                named[index] = Some(adjustment.share);
            }
        }
        for adjustment in prevailing() {
            let Target::Dimension(dimension) = &adjustment.target else { continue };
            let (mut fixed, mut members) = (0, Vec::new());
            for (index, share) in self.0.iter().enumerate().filter(|(_, share)| share.dimension == *dimension) {
                match named[index] {
                    Some(own) => fixed += u64::from(own),
                    None if share.locked => fixed += u64::from(share.share),
                    None => members.push(index),
                }
            }
            let left = u64::from(adjustment.share).checked_sub(fixed);
            let left = left.and_then(|left| u32::try_from(left).ok()).ok_or_else(|| Refusal::DimensionOverfull {
                dimension: dimension.clone(),
                share: adjustment.share,
                fixed,
            })?;
            let parts = apportion(left, &self.signed(&members))
                .ok_or_else(|| Refusal::DimensionNothingToSpread { dimension: dimension.clone(), left })?;
            for (index, part) in members.into_iter().zip(parts) {
                named[index] = Some(part);
            }
        }
        Ok(named)
    }

    /// All shares: the unlocked unnamed ones times (1 − locked − named) / Σ unnamed.
    fn scale(&self, named: &[Option<u32>]) -> Result<Vec<u32>, Refusal> {
        let mut shares: Vec<u32> =
            self.0.iter().zip(named).map(|(signed, named)| named.unwrap_or(signed.share)).collect();
        let (free, fixed): (Vec<usize>, Vec<usize>) =
            (0..shares.len()).partition(|&index| named[index].is_none() && !self.0[index].locked);
        let taken: u64 = fixed.iter().map(|&index| u64::from(shares[index])).sum();
        let left = u64::from(WHOLE).checked_sub(taken).and_then(|left| u32::try_from(left).ok());
        let left = left.ok_or(Refusal::Overfull(taken))?;
        let parts = apportion(left, &self.signed(&free)).ok_or(Refusal::NothingToScale(left))?;
        for (index, part) in free.into_iter().zip(parts) {
            shares[index] = part;
        }
        Ok(shares)
    }

    fn signed(&self, indices: &[usize]) -> Vec<u64> {
        indices.iter().map(|&index| u64::from(self.0[index].share)).collect()
    }

    fn touches(
        &self,
        index: usize,
        share: u32,
        adjustments: &[Adjustment],
        prevailing: &BTreeSet<usize>,
    ) -> Vec<Touch> {
        let signed = &self.0[index];
        if signed.locked {
            return Vec::new();
        }
        let target_of = |&adjustment: &usize| &adjustments[adjustment].target;
        let names = |dimension: &str| {
            prevailing
                .iter()
                .map(target_of)
                .any(|target| matches!(target, Target::Dimension(named) if named == dimension))
        };
        let is_set = prevailing
            .iter()
            .map(target_of)
            .any(|target| matches!(target, Target::Indicator(indicator) if *indicator == signed.indicator));
        let is_spread = names(&signed.dimension);
        // Within a named dimension only what is set inside takes from the others; what is set there moves nothing
        // outside, because the dimension's own share stands.
        let moves = |target: &Target| {
            let home = match target {
                Target::Indicator(indicator) => {
                    self.0.iter().find(|share| share.indicator == *indicator).map(|share| share.dimension.as_str())
                }
                Target::Dimension(_) => None,
            };
            match home.filter(|home| names(home)) {
                Some(home) => home == signed.dimension,
                None => !is_spread,
            }
        };
        let touches = adjustments.iter().enumerate().filter_map(|(adjustment, Adjustment { target, .. })| {
            let how = match (concerns(target, signed), target) {
                (true, _) if !prevailing.contains(&adjustment) => How::Overruled,
                (true, Target::Indicator(_)) => How::Set,
                (true, Target::Dimension(_)) if !is_set => How::Spread,
                (false, _) if !is_set && share != signed.share && prevailing.contains(&adjustment) && moves(target) => {
                    How::Scaled
                }
                _ => return None,
            };
            Some(Touch { how, adjustment })
        });
        touches.collect()
    }
}

impl TryFrom<Vec<Share>> for SignedShares {
    type Error = SignedSharesError;

    fn try_from(shares: Vec<Share>) -> Result<Self, Self::Error> {
        Self::new(shares)
    }
}

impl From<SignedShares> for Vec<Share> {
    fn from(signed: SignedShares) -> Self {
        signed.0
    }
}

impl Cause {
    /// Whether the adjustment holds on the local day.
    #[must_use]
    pub fn holds_on(&self, day: Day, zone: &Zone) -> bool {
        self.holds(day, Period::month_of(day).span(zone))
    }

    fn holds(&self, day: Day, month: Span) -> bool {
        match self {
            // Half-open: what ends at the month's first midnight does not reach into it, and what is empty overlaps nothing.
            Self::Policy { during, .. } => {
                during.start < during.end && during.start < month.end && month.start < during.end
            }
            Self::Manager { days, .. } => days.contains(day),
        }
    }

    /// The id, by which ties are decided.
    fn id(&self) -> (i64, &str, &str) {
        match self {
            Self::Policy { policy, circumstance, .. } => (i64::MIN, policy, circumstance),
            Self::Manager { adjustment, .. } => (*adjustment, "", ""),
        }
    }

    fn is_manager(&self) -> bool {
        matches!(self, Self::Manager { .. })
    }
}

impl Adjustment {
    /// Policies, then managers; equal only for the same cause and target.
    fn order(&self) -> (bool, (i64, &str, &str), (bool, &str)) {
        (self.cause.is_manager(), self.cause.id(), target_order(&self.target))
    }
}

impl Refusal {
    /// The same in both languages, for pages.
    #[must_use]
    pub fn reason(&self) -> Localized {
        let part = |millionths: u32| percent(u64::from(millionths));
        let zh_cn = match self {
            Self::TooMany(count) => format!("同一天有 {count} 项调权，最多 {ADJUSTMENTS_MAX} 项：请先结束其中一些"),
            Self::ShareTooLarge { target, share } => {
                format!("{}的权重为 {}：请选择不超过 100% 的值", words(target).0, part(*share))
            }
            Self::UnknownTarget(target) => {
                format!("考核方案中没有{}：请选择方案中的指标或维度", words(target).0)
            }
            Self::Twice(target) => format!("同一原因两次调整{}：请只给出一个权重", words(target).0),
            Self::Locked(target) => format!("{}的权重已锁定：请选择其他对象，或在考核方案中解锁", words(target).0),
            Self::DimensionOverfull { dimension, share, fixed } => format!(
                "维度 {dimension} 内已锁定或单独设定的部分需要 {}，而该维度的新权重为 {}：请提高维度权重或降低其中的权重",
                percent(*fixed),
                part(*share)
            ),
            Self::DimensionNothingToSpread { dimension, left } => format!(
                "维度 {dimension} 还剩 {}，但没有未锁定且已签权重大于零的指标可以承接：请降低维度权重或提高其中的权重",
                part(*left)
            ),
            Self::Overfull(total) => format!(
                "锁定与设定的权重合计 {}，超出 {}：请降低其中一个权重",
                percent(*total),
                percent(total.saturating_sub(u64::from(WHOLE)))
            ),
            Self::NothingToScale(left) => {
                format!("还剩 {} 的权重，但没有未锁定且已签权重大于零的指标可以承接：请提高其中一个权重", part(*left))
            }
        };
        Localized::new(zh_cn, self.to_string())
    }
}

/// Cuts the days wherever another set of adjustments holds. Days may come in any order; each counts once.
///
/// A policy is asked for one month at a time, so give the days of one month with what policies answered for that month.
#[must_use]
pub fn stretches<'a>(days: &[Period], adjustments: &'a [Adjustment], zone: &Zone) -> Vec<Stretch<'a>> {
    let days: BTreeSet<Day> = days.iter().flat_map(Period::days).collect();
    let mut stretches: Vec<Stretch<'a>> = Vec::new();
    let mut month: Option<(Period, Span)> = None;
    for day in days {
        let span = match month {
            Some((month, span)) if month.contains(day) => span,
            _ => {
                let this = Period::month_of(day);
                month.insert((this, this.span(zone))).1
            }
        };
        let holding: Vec<_> = adjustments.iter().filter(|adjustment| adjustment.cause.holds(day, span)).collect();
        let day = Period::of_day(day);
        if let Some(last) = stretches.last_mut()
            && last.adjustments == holding
            && let Some(longer) = last.days.followed_by(&day)
        {
            last.days = longer;
        } else {
            stretches.push(Stretch { days: day, adjustments: holding });
        }
    }
    stretches
}

/// The mean share of every indicator over the days, rounded by largest remainder. Intervals may come in any order and
/// need not touch each other; they are of one scorecard.
pub fn month_mean(mut intervals: Vec<Interval>) -> Result<MonthShares, MonthError> {
    intervals.sort_by_key(|interval| interval.days);
    let first = intervals.first().ok_or(MonthError::NoDays)?;
    let mut shares: Vec<MonthShare> = first.shares.shares.iter().map(DayShare::of_month).collect();
    let mut sums = vec![0_u64; shares.len()];
    let mut day_count = 0;
    for (index, interval) in intervals.iter().enumerate() {
        if index > 0 && interval.days.first() < intervals[index - 1].days.end() {
            return Err(MonthError::Overlap(interval.days));
        }
        let day_shares = &interval.shares.shares;
        let is_same = |(share, month): (&DayShare, &MonthShare)| share.of_month() == *month;
        if day_shares.len() != shares.len() || !day_shares.iter().zip(&shares).all(is_same) {
            return Err(MonthError::OtherScorecard(interval.days));
        }
        let days = interval.days.day_count();
        day_count += days;
        for (sum, share) in sums.iter_mut().zip(day_shares) {
            *sum += u64::from(days) * u64::from(share.share);
        }
    }
    // A day's shares total the whole, so the sums are not all zero.
    let means = apportion(WHOLE, &sums).ok_or(MonthError::NoDays)?;
    for (share, mean) in shares.iter_mut().zip(means) {
        share.share = mean;
    }
    Ok(MonthShares { day_count, shares, intervals: joined(intervals) })
}

/// The one scorecard of a month and the days that count; none where the employee has no scorecard on any day.
///
/// `on` says which scorecard the employee has on a day, by an identity that a new revision keeps. "The employee's last
/// day" in the month is the last one with a scorecard: who leaves the company, or goes where there is none, is still
/// assessed for the days before.
pub fn scorecard_of_month<T: PartialEq>(month: Period, on: impl Fn(Day) -> Option<T>) -> Option<ScorecardOfMonth<T>> {
    let held: Vec<(Day, T)> = month.days().filter_map(|day| Some((day, on(day)?))).collect();
    let mut days: Vec<Period> = Vec::new();
    for (day, _) in held.iter().filter(|(_, scorecard)| held.last().is_some_and(|(_, last)| scorecard == last)) {
        let day = Period::of_day(*day);
        match days.last_mut() {
            Some(run) if run.end() == day.first() => *run = run.followed_by(&day).unwrap_or(*run),
            _ => days.push(day),
        }
    }
    let (last, scorecard) = held.into_iter().next_back()?;
    Some(ScorecardOfMonth { scorecard, last, days })
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no share: write it in percent with at most four decimals, for example 30% or 28.8235%")]
pub struct PercentError(String);

/// Millionths of a share as people write it, exactly: 28.8235% is 288235. More than 100% is for others to refuse.
pub fn of_percent(text: &str) -> Result<u32, PercentError> {
    let wrong = || PercentError(text.chars().take(40).collect());
    let number = text.trim().strip_suffix('%').ok_or_else(wrong)?.trim_end();
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(decimals) || whole.len() > 4 || decimals.len() > 4 {
        return Err(wrong());
    }
    let millionths = format!("{whole}{decimals:0<4}").parse();
    millionths.map_err(|_| wrong())
}

/// Millionths as people read them, exactly: 288235 is 28.8235%.
#[must_use]
pub fn percent(millionths: u64) -> String {
    let (whole, rest) = (millionths / 10_000, millionths % 10_000);
    if rest == 0 { format!("{whole}%") } else { format!("{}%", format!("{whole}.{rest:04}").trim_end_matches('0')) }
}

impl DayShare {
    /// Without what is the day's own; the share is filled in by the mean.
    fn of_month(&self) -> MonthShare {
        MonthShare {
            indicator: self.indicator.clone(),
            dimension: self.dimension.clone(),
            signed: self.signed,
            share: 0,
        }
    }
}

fn concerns(target: &Target, share: &Share) -> bool {
    match target {
        Target::Indicator(indicator) => share.indicator == *indicator,
        Target::Dimension(dimension) => share.dimension == *dimension,
    }
}

/// The adjustments that count, one for each target; both are indices. They come sorted by cause.
fn prevailing(adjustments: &[Adjustment]) -> BTreeSet<usize> {
    let mut by_target: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    for (index, adjustment) in adjustments.iter().enumerate() {
        let best = by_target.entry(target_order(&adjustment.target)).or_insert(index);
        // Managers come after policies and the later ones after the earlier; of equal policies the first one stays.
        if adjustment.cause.is_manager() || adjustment.share > adjustments[*best].share {
            *best = index;
        }
    }
    by_target.into_values().collect()
}

fn target_order(target: &Target) -> (bool, &str) {
    match target {
        Target::Indicator(indicator) => (false, indicator),
        Target::Dimension(dimension) => (true, dimension),
    }
}

/// How messages name a target, in Chinese and in English.
fn words(target: &Target) -> (String, String) {
    match target {
        Target::Indicator(indicator) => (format!("指标 {indicator} "), format!("the indicator {indicator}")),
        Target::Dimension(dimension) => (format!("维度 {dimension} "), format!("the dimension {dimension}")),
    }
}

/// Divides the total in proportion to the weights, exactly, by largest remainder; ties go to the earlier one. None where
/// there is something to divide and nobody with a weight to take it.
fn apportion(total: u32, weights: &[u64]) -> Option<Vec<u32>> {
    let sum: u128 = weights.iter().copied().map(u128::from).sum();
    if sum == 0 {
        return (total == 0).then(|| vec![0; weights.len()]);
    }
    let exact = |weight: u64| u128::from(total) * u128::from(weight);
    // No part exceeds the total, which has 32 bits.
    let mut parts: Vec<u32> = weights.iter().map(|&weight| (exact(weight) / sum) as u32).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(exact(weights[index]) % sum));
    // What is missing is the sum of the remainders, so it is less than the number of parts that have one.
    let missing = total - parts.iter().sum::<u32>();
    for index in order.into_iter().take(missing as usize) {
        parts[index] += 1;
    }
    Some(parts)
}

/// Intervals in order, equal neighbours joined.
fn joined(intervals: Vec<Interval>) -> Vec<Interval> {
    let mut joined: Vec<Interval> = Vec::new();
    for interval in intervals {
        if let Some(last) = joined.last_mut()
            && last.shares == interval.shares
            && let Some(longer) = last.days.followed_by(&interval.days)
        {
            last.days = longer;
        } else {
            joined.push(interval);
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;

    use proptest::prelude::*;

    use super::*;
    use crate::time::Instant;

    fn shanghai() -> Zone {
        Zone::named("Asia/Shanghai").unwrap()
    }

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    fn share(indicator: &str, dimension: &str, share: u32) -> Share {
        Share { indicator: indicator.into(), dimension: dimension.into(), share, locked: false }
    }

    fn locked(indicator: &str, dimension: &str, share: u32) -> Share {
        Share { locked: true, ..self::share(indicator, dimension, share) }
    }

    /// The article's scorecard: 35/30/20/15, in the order in which ids do not stand.
    fn article() -> SignedShares {
        let shares = vec![
            share("delivery", "results", 350_000),
            share("quality", "results", 300_000),
            share("growth", "learning", 200_000),
            share("collaboration", "teamwork", 150_000),
        ];
        SignedShares::new(shares).unwrap()
    }

    fn indicator(id: &str) -> Target {
        Target::Indicator(id.into())
    }

    fn dimension(id: &str) -> Target {
        Target::Dimension(id.into())
    }

    fn because(policy: &str, circumstance: &str, target: Target, share: u32) -> Adjustment {
        // A crisis from the 12th of June, noon, to the 14th, noon.
        let noon = |day: &str| Instant(shanghai().midnight(day.parse().unwrap()).0 + 12 * 3_600_000);
        let during = Span { start: noon("2026-06-12"), end: noon("2026-06-14") };
        let cause = Cause::Policy { policy: policy.into(), circumstance: circumstance.into(), during };
        Adjustment { target, share, cause, reason: Localized::new("危机", "Crisis") }
    }

    fn crisis(target: Target, share: u32) -> Adjustment {
        because("crisis-response", "crisis-1", target, share)
    }

    fn ordered(adjustment: i64, days: &str, target: Target, share: u32) -> Adjustment {
        let cause = Cause::Manager { adjustment, days: period(days) };
        Adjustment { target, share, cause, reason: Localized::new("紧急交付", "Urgent delivery") }
    }

    fn on_day(signed: &SignedShares, adjustments: &[Adjustment]) -> Result<DayShares, Refusal> {
        signed.on_day(&adjustments.iter().collect::<Vec<_>>())
    }

    fn millionths(day: &DayShares) -> Vec<(&str, u32)> {
        day.shares.iter().map(|share| (share.indicator.as_str(), share.share)).collect()
    }

    /// How each adjustment concerned an indicator: `set 0` is the first adjustment of the day.
    fn touched(day: &DayShares, indicator: &str) -> Vec<(How, usize)> {
        let share = day.shares.iter().find(|share| share.indicator == indicator).unwrap();
        share.touched.iter().map(|touch| (touch.how, touch.adjustment)).collect()
    }

    /// As the module's documentation shows it.
    fn month_of(signed: &SignedShares, days: &[Period], adjustments: &[Adjustment]) -> MonthShares {
        let mut intervals = Vec::new();
        for stretch in stretches(days, adjustments, &shanghai()) {
            let shares = signed.on_day(&stretch.adjustments).unwrap();
            intervals.push(Interval { days: stretch.days, shares });
        }
        month_mean(intervals).unwrap()
    }

    fn means(month: &MonthShares) -> Vec<(&str, u32)> {
        month.shares.iter().map(|share| (share.indicator.as_str(), share.share)).collect()
    }

    #[test]
    fn a_share_reads_back_what_it_writes() {
        for millionths in [0, 1, 150_000, 288_235, 1_000_000, 1_050_000] {
            assert_eq!(of_percent(&percent(u64::from(millionths))), Ok(millionths));
        }
        for text in ["30", "", "%", ".5%", "5.%", "-3%", "28.82351%", "30,5%", "99999%"] {
            assert!(of_percent(text).is_err(), "{text}");
        }
    }

    #[test]
    fn signed_shares_are_checked_and_what_is_wrong_says_what_to_do() {
        let refused = |shares: Vec<Share>| SignedShares::new(shares).unwrap_err();
        assert_eq!(refused(vec![]), SignedSharesError::Empty);
        let many: Vec<_> = (0..=INDICATORS_MAX).map(|index| share(&format!("i{index}"), "d", 1)).collect();
        assert_eq!(refused(many), SignedSharesError::TooMany(65));
        assert!(matches!(
            refused(vec![share("Delivery", "d", WHOLE)]),
            SignedSharesError::BadName { what: "indicator", .. }
        ));
        assert!(matches!(refused(vec![share("a", "", WHOLE)]), SignedSharesError::BadName { what: "dimension", .. }));
        let twice = vec![share("b", "d", 1), share("a", "d", 2), share("b", "e", 999_997)];
        assert_eq!(refused(twice), SignedSharesError::Twice("b".into()));
        assert_eq!(
            refused(vec![share("a", "d", 999_999)]).to_string(),
            "the shares total 99.9999%: add 0.0001% so that they total exactly 100%"
        );
        assert_eq!(
            refused(vec![share("a", "d", u32::MAX), share("b", "d", 0)]).to_string(),
            "the shares total 429496.7295%: take away 429396.7295% so that they total exactly 100%"
        );
        // What is read back is checked, too.
        let document = serde_json::to_string(&article()).unwrap();
        assert_eq!(serde_json::from_str::<SignedShares>(&document).unwrap(), article());
        assert!(serde_json::from_str::<SignedShares>(&document.replace("350000", "350001")).is_err());
    }

    #[test]
    fn the_articles_example_holds_to_the_last_digit() {
        let day = on_day(&article(), &[crisis(indicator("collaboration"), 300_000)]).unwrap();
        // The others had 850000 and get 700000:
        //   delivery 350000 · 700000 / 850000 = 288235.294
        //   growth   200000 · 700000 / 850000 = 164705.882
        //   quality  300000 · 700000 / 850000 = 247058.824
        // Rounded down they total 699998, so the two largest remainders, .882 and .824, get one more.
        let expected = [("collaboration", 300_000), ("delivery", 288_235), ("growth", 164_706), ("quality", 247_059)];
        assert_eq!(millionths(&day), expected);
        assert_eq!(touched(&day, "collaboration"), [(How::Set, 0)]);
        assert_eq!(touched(&day, "quality"), [(How::Scaled, 0)]);
        assert_eq!(day.shares[3].signed, 300_000);
        assert_eq!(day.adjustments[0].reason.get("en"), "Crisis");
    }

    #[test]
    fn equal_remainders_go_to_the_smaller_id() {
        let signed = SignedShares::new(vec![
            share("d", "x", 100_000),
            share("c", "y", 300_000),
            share("b", "y", 300_000),
            share("a", "y", 300_000),
        ]);
        // 1000000 − 500000 = 500000 for three equal ones: 166666.667 each; 166666 each leave two, for a and b.
        let day = on_day(&signed.unwrap(), &[crisis(indicator("d"), 500_000)]).unwrap();
        assert_eq!(millionths(&day), [("a", 166_667), ("b", 166_667), ("c", 166_666), ("d", 500_000)]);
    }

    #[test]
    fn of_policies_the_largest_share_counts_and_then_the_smaller_id() {
        let collaboration = || indicator("collaboration");
        let adjustments = [
            because("crisis-response", "crisis-2", collaboration(), 300_000),
            because("crisis-response", "crisis-1", collaboration(), 300_000),
            because("absence", "leave-1", collaboration(), 50_000),
        ];
        let day = on_day(&article(), &adjustments).unwrap();
        // Sorted by policy and circumstance: leave-1, crisis-1, crisis-2.
        assert_eq!(touched(&day, "collaboration"), [(How::Overruled, 0), (How::Set, 1), (How::Overruled, 2)]);
        assert_eq!(touched(&day, "delivery"), [(How::Scaled, 1)]);
        assert_eq!(millionths(&day)[0], ("collaboration", 300_000));
    }

    #[test]
    fn a_manager_wins_on_the_same_target_and_of_managers_the_one_known_last() {
        let adjustments = [
            ordered(9, "2026-06", indicator("collaboration"), 200_000),
            crisis(indicator("collaboration"), 300_000),
            ordered(7, "2026-06", indicator("collaboration"), 600_000),
        ];
        let day = on_day(&article(), &adjustments).unwrap();
        // 800000 / 850000 of the others: delivery 329411.765, growth 188235.294, quality 282352.941; rounded down they
        // total 799998, and quality and delivery get one more.
        let expected = [("collaboration", 200_000), ("delivery", 329_412), ("growth", 188_235), ("quality", 282_353)];
        assert_eq!(millionths(&day), expected);
        assert_eq!(touched(&day, "collaboration"), [(How::Overruled, 0), (How::Overruled, 1), (How::Set, 2)]);
        assert_eq!(touched(&day, "growth"), [(How::Scaled, 2)]);
    }

    #[test]
    fn a_dimension_is_spread_over_what_is_unlocked_and_unnamed_inside() {
        let signed = |first: Share| {
            let others =
                [share("b", "results", 200_000), share("c", "conduct", 300_000), share("d", "conduct", 200_000)];
            SignedShares::new([vec![first], others.to_vec()].concat()).unwrap()
        };
        let open = signed(share("a", "results", 300_000));
        let results = || ordered(1, "2026-06", dimension("results"), 600_000);

        // 60% in the proportion 30 : 20, and the other dimension gets 40% in the same proportion.
        let day = on_day(&open, &[results()]).unwrap();
        assert_eq!(millionths(&day), [("a", 360_000), ("b", 240_000), ("c", 240_000), ("d", 160_000)]);
        assert_eq!(touched(&day, "a"), [(How::Spread, 0)]);
        assert_eq!(touched(&day, "c"), [(How::Scaled, 0)]);

        // A policy names b, a manager its dimension: both hold, and a gets what is left of the 60%.
        let day = on_day(&open, &[results(), crisis(indicator("b"), 150_000)]).unwrap();
        assert_eq!(millionths(&day), [("a", 450_000), ("b", 150_000), ("c", 240_000), ("d", 160_000)]);
        assert_eq!(touched(&day, "a"), [(How::Scaled, 0), (How::Spread, 1)]);
        assert_eq!(touched(&day, "b"), [(How::Set, 0)]);
        // What happens inside of a named dimension moves nothing outside.
        assert_eq!(touched(&day, "c"), [(How::Scaled, 1)]);

        // A locked a keeps its 30%, so that b gets the other 30%.
        let day = on_day(&signed(locked("a", "results", 300_000)), &[results()]).unwrap();
        assert_eq!(millionths(&day), [("a", 300_000), ("b", 300_000), ("c", 240_000), ("d", 160_000)]);
        assert_eq!(touched(&day, "a"), []);
    }

    #[test]
    fn a_named_share_that_stays_as_it_was_is_not_scaled() {
        // delivery keeps its 35% because it is named; growth and quality had 50% and get 35%: times 0.7.
        let adjustments = [crisis(indicator("collaboration"), 300_000), crisis(indicator("delivery"), 350_000)];
        let day = on_day(&article(), &adjustments).unwrap();
        let expected = [("collaboration", 300_000), ("delivery", 350_000), ("growth", 140_000), ("quality", 210_000)];
        assert_eq!(millionths(&day), expected);
    }

    #[test]
    fn what_cannot_hold_is_refused_with_the_reason() {
        let signed = SignedShares::new(vec![
            locked("a", "x", 400_000),
            share("b", "x", 300_000),
            share("c", "y", 300_000),
            share("zero", "z", 0),
            locked("zero-locked", "w", 0),
        ]);
        let signed = signed.unwrap();
        let refused = |adjustments: &[Adjustment]| on_day(&signed, adjustments).unwrap_err();

        // Locked: the indicator itself, or all there is in the dimension.
        assert_eq!(refused(&[crisis(indicator("a"), 400_000)]), Refusal::Locked(indicator("a")));
        assert_eq!(refused(&[crisis(dimension("w"), 0)]), Refusal::Locked(dimension("w")));
        // 40% locked + 70% named = 110%.
        assert_eq!(refused(&[crisis(indicator("b"), 700_000)]), Refusal::Overfull(1_100_000));
        // 40% locked + 30% + 20%: nothing can take the last 10%, for zero has no signed share.
        let all = [crisis(indicator("b"), 300_000), crisis(indicator("c"), 200_000)];
        assert_eq!(refused(&all), Refusal::NothingToScale(100_000));
        // The same where every indicator is named or locked.
        let all = [&all[..], &[crisis(indicator("zero"), 0)]].concat();
        assert_eq!(refused(&all), Refusal::NothingToScale(100_000));
        // The locked 40% inside do not fit into 39.9999%.
        let small = Refusal::DimensionOverfull { dimension: "x".into(), share: 399_999, fixed: 400_000 };
        assert_eq!(refused(&[crisis(dimension("x"), 399_999)]), small);
        // Locked 40% and an own share of 10% of 60%: nobody inside can take 10%.
        let inside = [crisis(dimension("x"), 600_000), crisis(indicator("b"), 100_000)];
        assert_eq!(refused(&inside), Refusal::DimensionNothingToSpread { dimension: "x".into(), left: 100_000 });
        assert_eq!(
            refused(&[crisis(dimension("z"), 50_000)]),
            Refusal::DimensionNothingToSpread { dimension: "z".into(), left: 50_000 }
        );
        assert_eq!(refused(&[crisis(indicator("x"), 1)]), Refusal::UnknownTarget(indicator("x")));
        assert_eq!(refused(&[crisis(dimension("a"), 1)]), Refusal::UnknownTarget(dimension("a")));
        assert_eq!(
            refused(&[crisis(indicator("b"), 1_000_001)]),
            Refusal::ShareTooLarge { target: indicator("b"), share: 1_000_001 }
        );
        let twice = [crisis(indicator("b"), 1), crisis(indicator("c"), 1), crisis(indicator("b"), 2)];
        assert_eq!(refused(&twice), Refusal::Twice(indicator("b")));
        let many: Vec<_> = (0..257).map(|id| ordered(id, "2026-06", indicator("b"), 1)).collect();
        assert_eq!(refused(&many), Refusal::TooMany(257));

        let overfull = Refusal::Overfull(1_100_000).reason();
        assert_eq!(
            overfull.get("en"),
            "what is locked and what is set totals 110%, 10% over the whole: lower one of the shares"
        );
        assert_eq!(overfull.get("zh-CN"), "锁定与设定的权重合计 110%，超出 10%：请降低其中一个权重");
    }

    #[test]
    fn the_bounds_of_what_is_refused_are_exact() {
        let shares = vec![locked("a", "x", 400_000), share("b", "x", 300_000), share("c", "y", 300_000)];
        let signed = SignedShares::new(shares).unwrap();
        // 40% locked + 60% named leave exactly nothing for c.
        let day = on_day(&signed, &[crisis(indicator("b"), 600_000)]).unwrap();
        assert_eq!(millionths(&day), [("a", 400_000), ("b", 600_000), ("c", 0)]);
        // The dimension has exactly what is locked inside.
        let day = on_day(&signed, &[crisis(dimension("x"), 400_000)]).unwrap();
        assert_eq!(millionths(&day), [("a", 400_000), ("b", 0), ("c", 600_000)]);
        // Nothing is left and nothing there to scale.
        let day = on_day(&signed, &[crisis(indicator("b"), 500_000), crisis(indicator("c"), 100_000)]).unwrap();
        assert_eq!(millionths(&day), [("a", 400_000), ("b", 500_000), ("c", 100_000)]);
    }

    #[test]
    fn a_policy_holds_for_every_month_that_its_circumstance_overlaps() {
        let zone = shanghai();
        let on = |start: &str, end: &str, day: &str| {
            let at = |day: &str| zone.midnight(day.parse().unwrap());
            let during = Span { start: at(start), end: at(end) };
            let cause = Cause::Policy { policy: "p".into(), circumstance: "c".into(), during };
            cause.holds_on(day.parse().unwrap(), &zone)
        };
        assert!(on("2026-06-30", "2026-07-02", "2026-06-01"));
        assert!(on("2026-06-30", "2026-07-02", "2026-07-31"));
        assert!(!on("2026-06-30", "2026-07-02", "2026-05-31"));
        assert!(!on("2026-06-30", "2026-07-02", "2026-08-01"));
        // It ends with June's last day, at Shanghai's midnight, which is still June in UTC.
        assert!(on("2026-06-10", "2026-07-01", "2026-06-30"));
        assert!(!on("2026-06-10", "2026-07-01", "2026-07-01"));
        assert!(!on("2026-06-10", "2026-06-10", "2026-06-10"), "what is empty overlaps nothing");

        let manager = Cause::Manager { adjustment: 1, days: period("2026-06-10..2026-06-12") };
        let holds = |day: &str| manager.holds_on(day.parse().unwrap(), &zone);
        assert_eq!(["2026-06-09", "2026-06-10", "2026-06-11", "2026-06-12"].map(holds), [false, true, true, false]);
    }

    #[test]
    fn ten_days_of_a_managers_adjustment_count_ten_of_thirty_one() {
        let shares = vec![share("a", "x", 400_000), share("b", "x", 350_000), share("c", "x", 250_000)];
        let signed = SignedShares::new(shares).unwrap();
        let adjustments = [ordered(1, "2026-10-06..2026-10-16", indicator("a"), 600_000)];
        let month = month_of(&signed, &[period("2026-10")], &adjustments);
        // On the ten days b and c get 400000 of their 600000: 233333.333 and 166666.667, so 233333 and 166667.
        //   a (10 · 600000 + 21 · 400000) / 31 = 14400000 / 31 = 464516 rest  4
        //   b (10 · 233333 + 21 · 350000) / 31 =  9683330 / 31 = 312365 rest 15, the largest: one more
        //   c (10 · 166667 + 21 · 250000) / 31 =  6916670 / 31 = 223118 rest 12
        assert_eq!(means(&month), [("a", 464_516), ("b", 312_366), ("c", 223_118)]);
        assert_eq!(month.day_count, 31);
        let days: Vec<_> = month.intervals.iter().map(|interval| interval.days.to_string()).collect();
        assert_eq!(days, ["2026-10-01..2026-10-06", "2026-10-06..2026-10-16", "2026-10-16..2026-11-01"]);
        assert_eq!(millionths(&month.intervals[1].shares), [("a", 600_000), ("b", 233_333), ("c", 166_667)]);
        let document = serde_json::to_string(&month).unwrap();
        assert_eq!(serde_json::from_str::<MonthShares>(&document).unwrap(), month);
    }

    #[test]
    fn a_crisis_overlaps_a_managers_adjustment() {
        // The crisis of three days holds for the whole of June; the manager's adjustment for its last ten days.
        let adjustments = [
            ordered(1, "2026-06-21..2026-07-11", indicator("delivery"), 400_000),
            crisis(indicator("collaboration"), 300_000),
        ];
        let june = month_of(&article(), &[period("2026-06")], &adjustments);
        // Days 1 to 20: 300000, 288235, 164706, 247059 as in the example. Days 21 to 30: 300000 and 400000 are named, the
        // other 300000 go to growth and quality, times 300000 / 500000: 120000 and 180000.
        //   delivery (20 · 288235 + 10 · 400000) / 30 = 325490
        //   growth   (20 · 164706 + 10 · 120000) / 30 = 149804
        //   quality  (20 · 247059 + 10 · 180000) / 30 = 224706
        let expected = [("collaboration", 300_000), ("delivery", 325_490), ("growth", 149_804), ("quality", 224_706)];
        assert_eq!(means(&june), expected);
        assert_eq!(touched(&june.intervals[1].shares, "growth"), [(How::Scaled, 0), (How::Scaled, 1)]);
        // In July the crisis is over, and the manager's adjustment holds for ten days more.
        let july = month_of(&article(), &[period("2026-07")], &adjustments[..1]);
        // delivery (10 · 400000 + 21 · 350000) / 31 = 11350000 / 31 = 366129.03
        assert_eq!(july.shares[1].share, 366_129);
    }

    #[test]
    fn days_not_on_the_scorecard_do_not_count() {
        // Twenty days on it, five of them under a manager's adjustment that lasts for ten.
        let days = [period("2026-06-11..2026-06-21"), period("2026-06-01..2026-06-11")];
        let adjustments = [ordered(1, "2026-06-16..2026-06-26", indicator("collaboration"), 550_000)];
        let month = month_of(&article(), &days, &adjustments);
        // collaboration (5 · 550000 + 15 · 150000) / 20 = 250000
        assert_eq!(month.shares[0].share, 250_000);
        assert_eq!(month.day_count, 20);
        let days: Vec<_> = month.intervals.iter().map(|interval| interval.days.to_string()).collect();
        assert_eq!(days, ["2026-06-01..2026-06-16", "2026-06-16..2026-06-21"]);
    }

    #[test]
    fn intervals_that_do_not_fit_together_are_refused() {
        let interval =
            |days: &str, signed: &SignedShares| Interval { days: period(days), shares: on_day(signed, &[]).unwrap() };
        assert_eq!(month_mean(vec![]), Err(MonthError::NoDays));
        let (first, second) = ("2026-06-01..2026-06-11", "2026-06-10..2026-06-20");
        let overlap = vec![interval(first, &article()), interval(second, &article())];
        assert_eq!(month_mean(overlap), Err(MonthError::Overlap(period(second))));
        let other = SignedShares::new(vec![share("delivery", "results", WHOLE)]).unwrap();
        let mixed = vec![interval("2026-06-01..2026-06-02", &article()), interval(second, &other)];
        assert_eq!(month_mean(mixed), Err(MonthError::OtherScorecard(period(second))));
    }

    #[test]
    fn a_month_has_the_scorecard_of_its_last_day_with_one() {
        // Sales until the 9th, service until the 14th, sales again until the 24th, then none.
        let scorecard = |day: Day| match day.date().day() {
            1..=9 | 15..=24 => Some("sales"),
            10..=14 => Some("service"),
            _ => None,
        };
        let month = scorecard_of_month(period("2026-06"), scorecard).unwrap();
        assert_eq!((month.scorecard, month.last.to_string()), ("sales", "2026-06-24".into()));
        let days: Vec<_> = month.days.iter().map(ToString::to_string).collect();
        assert_eq!(days, ["2026-06-01..2026-06-10", "2026-06-15..2026-06-25"]);
        assert_eq!(scorecard_of_month(period("2026-06"), |_| None::<&str>), None);
        assert_eq!(scorecard_of_month(period("2026-06"), |_| Some(1)).unwrap().days, [period("2026-06")]);
    }

    #[test]
    fn percentages_are_exact() {
        let texts = [0, 1, 288_235, 300_000, 1_000_000, 1_100_000].map(percent);
        assert_eq!(texts, ["0%", "0.0001%", "28.8235%", "30%", "100%", "110%"]);
    }

    const INDICATORS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
    const DIMENSIONS: [&str; 3] = ["x", "y", "z"];

    fn any_signed() -> impl Strategy<Value = SignedShares> {
        let one =
            (0..DIMENSIONS.len(), prop_oneof![4 => 1_u64..1_000_000, 1 => Just(0_u64)], prop::bool::weighted(0.1));
        let shares = prop::collection::vec(one, 1..=INDICATORS.len()).prop_filter_map("no weight", |drawn| {
            let weights: Vec<u64> = drawn.iter().map(|one| one.1).collect();
            let parts = apportion(WHOLE, &weights)?;
            let shares = drawn.iter().zip(parts).zip(INDICATORS);
            Some(
                shares
                    .map(|((&(dimension, _, locked), part), id)| Share {
                        locked,
                        ..share(id, DIMENSIONS[dimension], part)
                    })
                    .collect::<Vec<_>>(),
            )
        });
        shares.prop_shuffle().prop_map(|shares| SignedShares::new(shares).unwrap())
    }

    /// Adjustments of July 2026 for the scorecard, some of which contradict each other.
    fn any_adjustments(signed: &SignedShares) -> impl Strategy<Value = Vec<Adjustment>> + use<> {
        let targets: BTreeSet<(bool, String)> = signed
            .shares()
            .iter()
            .flat_map(|share| [(false, share.indicator.clone()), (true, share.dimension.clone())])
            .collect();
        let target = prop::sample::select(targets.into_iter().collect::<Vec<_>>());
        let share = prop_oneof![9 => 0_u32..200_000, 1 => 0..=WHOLE];
        let one = (target, share, 0_i64..4, 0..31_i32, 1..31_i32).prop_map(
            |((is_dimension, id), share, cause, from, count)| {
                let target = if is_dimension { dimension(&id) } else { indicator(&id) };
                let first = period("2026-07").first();
                let days = Period::new(first.plus(from), first.plus(from + count)).unwrap();
                let during = days.span(&shanghai());
                let cause = match cause {
                    0 | 1 => Cause::Policy { policy: "p".into(), circumstance: format!("c{cause}"), during },
                    id => Cause::Manager { adjustment: id, days },
                };
                Adjustment { target, share, cause, reason: Localized::new("原因", "Reason") }
            },
        );
        prop::collection::vec(one, 0..5).prop_map(|mut adjustments| {
            adjustments.sort_by(|one, other| one.order().cmp(&other.order()));
            adjustments.dedup_by(|one, other| one.order() == other.order());
            adjustments
        })
    }

    fn any_day() -> impl Strategy<Value = (SignedShares, Vec<Adjustment>)> {
        any_signed().prop_flat_map(|signed| (Just(signed.clone()), any_adjustments(&signed)))
    }

    fn shuffled_day() -> impl Strategy<Value = (SignedShares, Vec<Adjustment>, Vec<Adjustment>)> {
        any_day().prop_flat_map(|(signed, adjustments)| {
            (Just(signed), Just(adjustments.clone()), Just(adjustments).prop_shuffle())
        })
    }

    fn total(shares: impl Iterator<Item = u32>) -> u64 {
        shares.map(u64::from).sum()
    }

    proptest! {
        #[test]
        fn what_is_accepted_totals_exactly_the_whole_and_does_what_it_says((signed, adjustments) in any_day()) {
            let Ok(day) = on_day(&signed, &adjustments) else { return Ok(()) };
            prop_assert_eq!(total(day.shares.iter().map(|share| share.share)), u64::from(WHOLE));
            // Whoever prevails on a target gets exactly the share that was asked for, indicator or dimension.
            for index in prevailing(&day.adjustments) {
                let Adjustment { target, share, .. } = &day.adjustments[index];
                let concerned = signed.shares().iter().zip(&day.shares).filter(|(signed, _)| concerns(target, signed));
                prop_assert_eq!(total(concerned.map(|(_, day)| day.share)), u64::from(*share));
            }
            for share in &day.shares {
                prop_assert!(!share.locked || share.share == share.signed);
                prop_assert!(!share.touched.is_empty() || share.share == share.signed);
                let sets = share.touched.iter().filter(|touch| matches!(touch.how, How::Set | How::Spread)).count();
                prop_assert!(sets <= 1, "one adjustment says the share");
            }
            // Whatever is scaled together keeps its order and lies within one millionth of the exact share.
            let scaled: Vec<_> = day
                .shares
                .iter()
                .filter(|share| !share.locked && share.touched.iter().all(|touch| touch.how == How::Scaled))
                .collect();
            let (before, after) =
                (total(scaled.iter().map(|share| share.signed)), total(scaled.iter().map(|share| share.share)));
            for one in &scaled {
                let exact = f64::from(one.signed) * after as f64 / (before as f64).max(1.0);
                prop_assert!((exact - f64::from(one.share)).abs() < 1.000_001);
                prop_assert!(scaled.iter().all(|other| one.signed <= other.signed || one.share >= other.share));
            }
        }

        #[test]
        fn the_order_of_causes_changes_nothing((signed, adjustments, shuffled) in shuffled_day()) {
            prop_assert_eq!(on_day(&signed, &adjustments), on_day(&signed, &shuffled));
            let month = period("2026-07");
            let of = |adjustments: &[Adjustment]| -> Result<Vec<_>, Refusal> {
                stretches(&[month], adjustments, &shanghai())
                    .into_iter()
                    .map(|stretch| Ok((stretch.days, signed.on_day(&stretch.adjustments)?)))
                    .collect()
            };
            prop_assert_eq!(of(&adjustments), of(&shuffled));
        }

        #[test]
        fn without_adjustments_the_signed_shares_hold(signed in any_signed()) {
            let day = on_day(&signed, &[]).unwrap();
            prop_assert!(day.shares.iter().all(|share| share.share == share.signed && share.touched.is_empty()));
            let month = month_of(&signed, &[period("2026-07")], &[]);
            prop_assert!(month.shares.iter().all(|share| share.share == share.signed));
            prop_assert_eq!(month.intervals.len(), 1);
        }

        #[test]
        fn a_month_totals_exactly_the_whole_and_splitting_its_days_changes_nothing(
            (signed, adjustments) in any_day(),
            cuts in prop::collection::btree_set(1..31_i32, 0..6),
            skipped in 0..31_i32,
        ) {
            let july = period("2026-07");
            let skipped = july.first().plus(skipped);
            let days: Vec<Period> = [(july.first(), skipped), (skipped.plus(1), july.end())]
                .into_iter()
                .filter_map(|(first, end)| Period::new(first, end).ok())
                .collect();
            let stretches = stretches(&days, &adjustments, &shanghai());
            let covered: u32 = stretches.iter().map(|stretch| stretch.days.day_count()).sum();
            prop_assert_eq!(covered, 30);
            let intervals: Result<Vec<_>, _> = stretches
                .iter()
                .map(|stretch| signed.on_day(&stretch.adjustments).map(|shares| Interval { days: stretch.days, shares }))
                .collect();
            let Ok(intervals) = intervals else { return Ok(()) };
            let whole = month_mean(intervals.clone()).unwrap();
            prop_assert_eq!(total(whole.shares.iter().map(|share| share.share)), u64::from(WHOLE));
            for share in &whole.shares {
                let of_day = |interval: &Interval| {
                    interval.shares.shares.iter().find(|other| other.indicator == share.indicator).unwrap().share
                };
                let (least, most) = (intervals.iter().map(of_day).min(), intervals.iter().map(of_day).max());
                prop_assert!(least.unwrap() <= share.share + 1 && share.share <= most.unwrap() + 1);
            }

            let mut split = Vec::new();
            for interval in intervals {
                let mut first = interval.days.first();
                let inside = cuts.iter().map(|&cut| july.first().plus(cut)).chain([interval.days.end()]);
                for end in inside.filter(|&end| end <= interval.days.end()) {
                    if let Ok(days) = Period::new(first, end) {
                        split.push(Interval { days, shares: interval.shares.clone() });
                        first = end;
                    }
                }
            }
            split.reverse();
            prop_assert_eq!(month_mean(split).unwrap(), whole);
        }

        #[test]
        fn dividing_is_exact_and_fair(amount in 0..=WHOLE, weights in prop::collection::vec(prop_oneof![0..1_000_000_u64, 0..3_u64], 1..20)) {
            let sum: u64 = weights.iter().sum();
            let Some(parts) = apportion(amount, &weights) else {
                prop_assert!(sum == 0 && amount > 0);
                return Ok(());
            };
            prop_assert_eq!(total(parts.iter().copied()), u64::from(amount));
            for (part, weight) in parts.iter().zip(&weights) {
                let exact = u64::from(amount) * weight;
                let floor = exact.checked_div(sum).unwrap_or_default();
                prop_assert!((floor..=floor + u64::from(exact % sum.max(1) > 0)).contains(&u64::from(*part)));
            }
            // Whoever was rounded up has a larger remainder than whoever was not, or the same and a smaller id.
            let rounded = parts.iter().zip(&weights).enumerate().map(|(index, (&part, weight))| {
                let exact = u64::from(amount) * weight;
                (u64::from(part) > exact.checked_div(sum).unwrap_or_default(), (exact % sum.max(1), Reverse(index)))
            });
            let (up, down): (Vec<_>, Vec<_>) = rounded.partition(|(is_up, _)| *is_up);
            let least_up = up.iter().map(|(_, rank)| rank).min();
            let most_down = down.iter().map(|(_, rank)| rank).max();
            prop_assert!(least_up.is_none() || most_down.is_none() || least_up > most_down);
        }
    }
}
