//! Composites: one number for a month from the points of its indicators, and for a quarter or a year from its months.
//!
//! What lives here: the weighted means, what is missing in them, and the receipt that lets anybody compute them again.
//! What never lives here: where shares come from (see [`shares`](crate::shares)) and how points are computed.
//!
//! # From scores to a composite
//!
//! ```ignore
//! let entries = month_shares.shares.iter().map(|share| Entry {
//!     indicator: share.indicator.clone(),
//!     dimension: share.dimension.clone(),
//!     share: share.share,
//!     trial: false,
//!     // From the current score of (employee, indicator, month); why there is none, where there is none.
//!     points: score.map_or_else(|| Points::NotComputable { reason }, |score| Points::of(&score.outcome)),
//! });
//! let june = of_month(entries.collect(), MINIMUM_COVERAGE_DEFAULT)?;
//! june.digest(); // goes into the CompositeReceipt
//!
//! let months = [MonthEntry { month: "2026-06".parse()?, day_count: month_shares.day_count, points: june.points }, …];
//! let quarter = of_months("2026-Q2".parse()?, months.to_vec(), MINIMUM_COVERAGE_DEFAULT)?;
//! ```
//!
//! # The rules
//!
//! - The points of a month are Σ share · points ÷ Σ share over the computable indicators, both sums taken in the order of
//!   indicator ids, in 64-bit floating point and never rounded: the same entries in any order give the same bits.
//! - Missing is not zero: what is not computable leaves both sums, so the rest counts as 100%. The coverage says which
//!   part of the shares the points rest on, and `missing` which indicators do not count and why.
//! - Below the minimum coverage there are no points but a reason. Without any coverage there are none, whatever the
//!   minimum.
//! - A dimension is the same mean within itself: its coverage is the computable part of its own share, the minimum is the
//!   same.
//! - An indicator on trial has no share and counts nowhere; its entry, if there is one, leaves no trace in the result.
//! - The points of a quarter or a year are Σ days · points ÷ Σ days over its computable months, in the order of months;
//!   days are those on the scorecard. The coverage is the computable part of all these days, under the same minimum.
//!   Every month of the period that does not count is named; one that was not given (it has not begun, or the employee
//!   had no scorecard in it) has no days and so does not lower the coverage.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::digest::{Canonical, Digest};
use crate::indicator::Outcome;
use crate::period::Period;
use crate::reweighting::WHOLE;
use crate::shares::percent;
use crate::text::Localized;
use crate::time::Instant;

/// Millionths of the shares that must be computable, unless a setting says otherwise.
pub const MINIMUM_COVERAGE_DEFAULT: u32 = 500_000;
/// Most entries of a month, those on trial included.
pub const ENTRIES_MAX: usize = 256;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Points {
    Computed { points: f64 },
    NotComputable { reason: Localized },
}

/// One indicator in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub indicator: String,
    pub dimension: String,
    /// Millionths: the month's share. Zero on trial.
    pub share: u32,
    pub trial: bool,
    pub points: Points,
}

/// The composite of a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Composite {
    pub points: Points,
    /// Millionths of the whole that the points rest on; what is missing was scaled away.
    pub coverage: u32,
    /// Ordered by dimension.
    pub dimensions: Vec<DimensionComposite>,
    /// Ordered by indicator id.
    pub missing: Vec<MissingIndicator>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DimensionComposite {
    pub dimension: String,
    /// Millionths of the whole.
    pub share: u32,
    pub points: Points,
    /// Millionths of the dimension's own share, rounded down.
    pub coverage: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingIndicator {
    pub indicator: String,
    pub dimension: String,
    /// Millionths of the whole.
    pub share: u32,
    pub reason: Localized,
}

/// One month in a quarter or a year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthEntry {
    pub month: Period,
    /// Days on the scorecard.
    pub day_count: u32,
    pub points: Points,
}

/// The composite of a quarter or a year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeriodComposite {
    pub points: Points,
    /// Millionths of the days on the scorecard, rounded down.
    pub coverage: u32,
    /// Days on the scorecard, in all months.
    pub day_count: u32,
    /// In order.
    pub missing: Vec<MissingMonth>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingMonth {
    pub month: Period,
    /// Days on the scorecard.
    pub day_count: u32,
    pub reason: Localized,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CompositeError {
    #[error("{0} entries: a month has at most {ENTRIES_MAX}")]
    TooMany(usize),
    #[error("the indicator {0} stands twice: give its current score once")]
    IndicatorTwice(String),
    #[error("the indicator {indicator} is on trial and has a share of {}: give the share to others or end the trial", percent(u64::from(*.share)))]
    TrialWithShare { indicator: String, share: u32 },
    #[error("the shares total {}: give the shares of the whole month, which total 100%", percent(*.0))]
    Total(u64),
    #[error("{what} has {points} points: only finite numbers from 0 on are points")]
    BadPoints { what: String, points: f64 },
    #[error("a minimum coverage of {}: choose at most 100%", percent(u64::from(*.0)))]
    MinimumTooLarge(u32),
    #[error("{0} does not consist of whole months: use a quarter (2026-Q2), a year (2026) or other whole months")]
    NotOfMonths(Period),
    #[error("{month} is no month of {period}: give the period's own months")]
    OtherMonth { month: Period, period: Period },
    #[error("the month {0} stands twice: give its current composite once")]
    MonthTwice(Period),
    #[error("{month} with {day_count} days on the scorecard: at most those it has, and at least one if it has points")]
    BadDayCount { month: Period, day_count: u32 },
}

/// Everything that a composite rests on: with it and the rows that it names, [`of_month`] or [`of_months`] gives the same
/// outcome digest again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompositeReceipt {
    pub employee: String,
    pub period: Period,
    pub as_of: Instant,
    /// All that was known: rows with a sequence up to this one.
    pub known_to: i64,
    /// Millionths.
    pub minimum_coverage: u32,
    pub basis: Basis,
    /// See [`Composite::digest`] and [`PeriodComposite::digest`].
    pub outcome: Digest,
    pub computed_at: Instant,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "kebab-case")]
pub enum Basis {
    Month(MonthBasis),
    Months { months: Vec<MonthUsed> },
}

/// Numbers are the sequences of the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthBasis {
    pub scorecard: String,
    /// The revision in force on the last day.
    pub revision: i64,
    /// The days on the scorecard.
    pub days: Vec<Period>,
    /// The calls of reweighting plugins whose answers were adjustments of the month.
    pub policy_batches: Vec<i64>,
    /// Managers' adjustments of the month.
    pub adjustments: Vec<i64>,
    /// Ordered by indicator id; they total [`WHOLE`].
    pub shares: Vec<ShareUsed>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareUsed {
    pub indicator: String,
    pub dimension: String,
    /// Millionths: the month's share.
    pub share: u32,
    /// The score's sequence; none where there was no score.
    pub score: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthUsed {
    pub month: Period,
    /// Days on the scorecard.
    pub day_count: u32,
    /// The sequence of the month's composite; none where there was none.
    pub composite: Option<i64>,
}

/// The composite of a month from its indicators, in any order; those that are not on trial total [`WHOLE`]. Minimum
/// coverage in millionths.
pub fn of_month(mut entries: Vec<Entry>, minimum_coverage: u32) -> Result<Composite, CompositeError> {
    check_minimum(minimum_coverage)?;
    if entries.len() > ENTRIES_MAX {
        return Err(CompositeError::TooMany(entries.len()));
    }
    entries.sort_by(|one, other| one.indicator.cmp(&other.indicator));
    if let Some(twice) = entries.windows(2).find(|pair| pair[0].indicator == pair[1].indicator) {
        return Err(CompositeError::IndicatorTwice(twice[0].indicator.clone()));
    }
    for entry in &entries {
        if entry.trial && entry.share > 0 {
            return Err(CompositeError::TrialWithShare { indicator: entry.indicator.clone(), share: entry.share });
        }
        entry.points.check(|| format!("the indicator {}", entry.indicator))?;
    }
    entries.retain(|entry| !entry.trial);
    let total = entries.iter().map(|entry| u64::from(entry.share)).sum();
    if total != u64::from(WHOLE) {
        return Err(CompositeError::Total(total));
    }

    let mean = Mean::of(entries.iter().map(|entry| (entry.share, &entry.points)));
    let coverage = mean.coverage();
    let points = mean.points(coverage, minimum_coverage, || too_little_of_shares(coverage, minimum_coverage));
    let names: BTreeSet<&str> = entries.iter().map(|entry| entry.dimension.as_str()).collect();
    let dimensions = names.into_iter().map(|dimension| {
        let inside = entries.iter().filter(|entry| entry.dimension == dimension);
        let mean = Mean::of(inside.map(|entry| (entry.share, &entry.points)));
        let coverage = mean.coverage();
        DimensionComposite {
            dimension: dimension.to_owned(),
            // Its indicators' shares total at most the whole.
            share: mean.all as u32,
            points: mean.points(coverage, minimum_coverage, || {
                if mean.all == 0 { no_share() } else { too_little_of_shares(coverage, minimum_coverage) }
            }),
            coverage,
        }
    });
    let dimensions = dimensions.collect();
    let missing = entries.into_iter().filter_map(|entry| {
        let Points::NotComputable { reason } = entry.points else { return None };
        Some(MissingIndicator { indicator: entry.indicator, dimension: entry.dimension, share: entry.share, reason })
    });
    Ok(Composite { points, coverage, dimensions, missing: missing.collect() })
}

/// The composite of a period of whole months from those of its months, in any order. Minimum coverage in millionths.
pub fn of_months(
    period: Period,
    months: Vec<MonthEntry>,
    minimum_coverage: u32,
) -> Result<PeriodComposite, CompositeError> {
    check_minimum(minimum_coverage)?;
    let mut given: BTreeMap<Period, Option<MonthEntry>> = months_of(period)?.map(|month| (month, None)).collect();
    for entry in months {
        let month = entry.month;
        let place = given.get_mut(&month).ok_or(CompositeError::OtherMonth { month, period })?;
        let is_computed = matches!(entry.points, Points::Computed { .. });
        if entry.day_count > month.day_count() || (is_computed && entry.day_count == 0) {
            return Err(CompositeError::BadDayCount { month, day_count: entry.day_count });
        }
        entry.points.check(|| month.to_string())?;
        if place.replace(entry).is_some() {
            return Err(CompositeError::MonthTwice(month));
        }
    }
    let mean = Mean::of(given.values().flatten().map(|entry| (entry.day_count, &entry.points)));
    let coverage = mean.coverage();
    let points = mean.points(coverage, minimum_coverage, || too_little_of_days(coverage, minimum_coverage));
    let missing = given.into_iter().filter_map(|(month, entry)| match entry {
        None => Some(MissingMonth { month, day_count: 0, reason: no_composite() }),
        Some(MonthEntry { points: Points::NotComputable { reason }, day_count, .. }) => {
            Some(MissingMonth { month, day_count, reason })
        }
        Some(MonthEntry { points: Points::Computed { .. }, .. }) => None,
    });
    // At most the days of the period, which are bounded.
    Ok(PeriodComposite { points, coverage, day_count: mean.all as u32, missing: missing.collect() })
}

impl Points {
    /// What an indicator's outcome contributes. A raw value without points is missing: there is no goal to measure it
    /// against.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::NotComputable { reason } => Self::NotComputable { reason: reason.clone() },
            Outcome::Computed(computed) => match computed.points {
                Some(points) => Self::Computed { points },
                None => Self::NotComputable {
                    reason: Localized::new(
                        "有原始值，但没有可对照的目标：请先设定目标",
                        "It has a raw value but no goal to measure it against: set a goal.",
                    ),
                },
            },
        }
    }

    fn check(&self, what: impl FnOnce() -> String) -> Result<(), CompositeError> {
        match *self {
            Self::Computed { points } if !points.is_finite() || points < 0.0 => {
                Err(CompositeError::BadPoints { what: what(), points })
            }
            _ => Ok(()),
        }
    }

    fn feed(&self, canonical: &mut Canonical) {
        canonical.optional(
            match self {
                Self::Computed { points } => Some(*points),
                Self::NotComputable { .. } => None,
            },
            Canonical::number,
        );
    }
}

impl Composite {
    /// Over every bit of every number and every name. Reasons are left out: they stand in the scores that the receipt
    /// names, or they are the host's own words for these numbers, which may be put better one day.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut canonical = Canonical::new("daybreak composite 1");
        self.points.feed(&mut canonical);
        canonical.integer(i64::from(self.coverage));
        canonical.count(self.dimensions.len());
        for dimension in &self.dimensions {
            canonical.text(&dimension.dimension);
            canonical.integer(i64::from(dimension.share));
            dimension.points.feed(&mut canonical);
            canonical.integer(i64::from(dimension.coverage));
        }
        canonical.count(self.missing.len());
        for missing in &self.missing {
            canonical.text(&missing.indicator);
            canonical.text(&missing.dimension);
            canonical.integer(i64::from(missing.share));
        }
        canonical.finish()
    }
}

impl PeriodComposite {
    /// Over every bit of every number and every month; reasons are left out as in [`Composite::digest`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut canonical = Canonical::new("daybreak period composite 1");
        self.points.feed(&mut canonical);
        canonical.integer(i64::from(self.coverage));
        canonical.integer(i64::from(self.day_count));
        canonical.count(self.missing.len());
        for missing in &self.missing {
            canonical.integer(i64::from(missing.month.first().0));
            canonical.integer(i64::from(missing.month.end().0));
            canonical.integer(i64::from(missing.day_count));
        }
        canonical.finish()
    }
}

/// A weighted mean of what is computable.
struct Mean {
    all: u64,
    computable: u64,
    sum: f64,
}

impl Mean {
    /// The terms are summed in the order in which they come.
    fn of<'a>(terms: impl Iterator<Item = (u32, &'a Points)>) -> Self {
        let mut mean = Self { all: 0, computable: 0, sum: 0.0 };
        for (weight, points) in terms {
            mean.all += u64::from(weight);
            if let Points::Computed { points } = points {
                mean.computable += u64::from(weight);
                mean.sum += f64::from(weight) * points;
            }
        }
        mean
    }

    /// Millionths, rounded down: what reaches a minimum after rounding has reached it before.
    fn coverage(&self) -> u32 {
        (self.computable * u64::from(WHOLE)).checked_div(self.all).unwrap_or_default() as u32
    }

    fn points(&self, coverage: u32, minimum: u32, too_little: impl FnOnce() -> Localized) -> Points {
        if self.computable == 0 || coverage < minimum {
            Points::NotComputable { reason: too_little() }
        } else {
            // The weights total far less than 2^52.
            Points::Computed { points: self.sum / self.computable as f64 }
        }
    }
}

fn check_minimum(minimum_coverage: u32) -> Result<(), CompositeError> {
    if minimum_coverage > WHOLE { Err(CompositeError::MinimumTooLarge(minimum_coverage)) } else { Ok(()) }
}

fn months_of(period: Period) -> Result<impl Iterator<Item = Period>, CompositeError> {
    let is_whole = Period::month_of(period.first()).first() == period.first()
        && Period::month_of(period.last()).end() == period.end();
    if !is_whole {
        return Err(CompositeError::NotOfMonths(period));
    }
    let following = move |month: &Period| Some(Period::month_of(month.end())).filter(|_| month.end() < period.end());
    Ok(std::iter::successors(Some(Period::month_of(period.first())), following))
}

fn too_little_of_shares(coverage: u32, minimum: u32) -> Localized {
    if coverage == 0 {
        return Localized::new("没有可计算的指标", "None of the indicators could be computed.");
    }
    let (coverage, minimum) = (percent(u64::from(coverage)), percent(u64::from(minimum)));
    Localized::new(
        format!("可计算的指标只占权重的 {coverage}，至少需要 {minimum}"),
        format!("The indicators that could be computed have {coverage} of the shares; at least {minimum} are needed."),
    )
}

fn too_little_of_days(coverage: u32, minimum: u32) -> Localized {
    if coverage == 0 {
        return Localized::new("没有可计算的月份", "None of the months could be computed.");
    }
    let (coverage, minimum) = (percent(u64::from(coverage)), percent(u64::from(minimum)));
    Localized::new(
        format!("可计算的月份只占在方案天数的 {coverage}，至少需要 {minimum}"),
        format!(
            "The months that could be computed have {coverage} of the days on the scorecard; at least {minimum} are needed."
        ),
    )
}

fn no_share() -> Localized {
    Localized::new("该维度在本月没有权重", "The dimension has no share in this month.")
}

fn no_composite() -> Localized {
    Localized::new("该月没有综合得分", "There is no composite for this month.")
}
