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
//! // 3. The days, cut wherever another set of adjustments holds.
//! let mut intervals = Vec::new();
//! for stretch in stretches(&on.days, &adjustments, &company.zone) {
//!     let shares = match signed.on_day(&stretch.adjustments) {
//!         Ok(shares) => shares,
//!         Err(refusal) => …, // See "What is refused".
//!     };
//!     intervals.push(Interval { days: stretch.days, shares });
//! }
//! // 4. The mean over the days; `month.intervals` is for display.
//! let month = month_mean(intervals)?;
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
//! say. A manager's adjustment should be tried on all of its days before it is accepted, so that the manager reads the
//! reason. When a month is computed, adjustments that were fine alone may still contradict each other: then repeat
//! the call with fewer of them (the policies' alone, then none) and show the refusal. Without any adjustment the call
//! never fails.
//!
//! # Days and months
//!
//! - A policy's adjustment holds on all days of every month that its circumstance overlaps, a manager's on its own days:
//!   [`Cause::holds_on`].
//! - A month has one scorecard: that of the last day of the month on which the employee has any. The days that count are
//!   all days of the month on that scorecard, before and after an interruption; days on another scorecard do not count.
//!   See [`scorecard_of_month`].
//! - A month's share is the mean over those days.

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
        "{} of the dimension {dimension} are left, and no unlocked indicator with a signed share is there to take them: \
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
        "{} of the whole are left, and no unlocked indicator with a signed share is there to take them: raise one of \
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

/// Millionths as people read them, exactly: 288235 is 28.8235%.
pub(crate) fn percent(millionths: u64) -> String {
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
