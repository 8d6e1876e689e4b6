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

/// A composite of either kind, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CompositeOutcome {
    Month(Composite),
    /// Also of a month in which the employee has no scorecard.
    Months(PeriodComposite),
}

impl CompositeOutcome {
    #[must_use]
    pub fn points(&self) -> &Points {
        match self {
            Self::Month(composite) => &composite.points,
            Self::Months(composite) => &composite.points,
        }
    }

    /// Millionths.
    #[must_use]
    pub fn coverage(&self) -> u32 {
        match self {
            Self::Month(composite) => composite.coverage,
            Self::Months(composite) => composite.coverage,
        }
    }

    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::Month(composite) => composite.digest(),
            Self::Months(composite) => composite.digest(),
        }
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::indicator::Computed;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    fn reason() -> Localized {
        Localized::new("没有工单", "No tickets")
    }

    fn missing() -> Points {
        Points::NotComputable { reason: reason() }
    }

    fn points(points: f64) -> Points {
        Points::Computed { points }
    }

    fn entry(indicator: &str, dimension: &str, share: u32, points: Points) -> Entry {
        Entry { indicator: indicator.into(), dimension: dimension.into(), share, trial: false, points }
    }

    fn number(points: &Points) -> Option<f64> {
        match points {
            Points::Computed { points } => Some(*points),
            Points::NotComputable { .. } => None,
        }
    }

    fn june() -> Vec<Entry> {
        vec![
            entry("quality", "results", 250_000, points(60.0)),
            entry("delivery", "results", 350_000, points(100.0)),
            entry("collaboration", "teamwork", 300_000, points(110.0)),
            entry("growth", "learning", 100_000, missing()),
        ]
    }

    fn month(month: &str, day_count: u32, points: Points) -> MonthEntry {
        MonthEntry { month: period(month), day_count, points }
    }

    #[test]
    fn the_mean_is_of_what_is_computable_and_says_what_is_missing() {
        let composite = of_month(june(), MINIMUM_COVERAGE_DEFAULT).unwrap();
        // (300000 · 110 + 350000 · 100 + 250000 · 60) / 900000 = 83000000 / 900000 = 92.2222…
        assert_eq!(number(&composite.points), Some(83_000_000.0 / 900_000.0));
        assert_eq!(composite.coverage, 900_000);
        assert_eq!(
            composite.missing,
            [MissingIndicator {
                indicator: "growth".into(),
                dimension: "learning".into(),
                share: 100_000,
                reason: reason()
            }]
        );
        let dimension = |index: usize| {
            let dimension = &composite.dimensions[index];
            (dimension.dimension.as_str(), dimension.share, number(&dimension.points), dimension.coverage)
        };
        assert_eq!(dimension(0), ("learning", 100_000, None, 0));
        // (350000 · 100 + 250000 · 60) / 600000 = 83.333…
        assert_eq!(dimension(1), ("results", 600_000, Some(50_000_000.0 / 600_000.0), 1_000_000));
        assert_eq!(dimension(2), ("teamwork", 300_000, Some(110.0), 1_000_000));
    }

    #[test]
    fn terms_are_summed_in_the_order_of_indicator_ids() {
        let entries = vec![
            entry("c", "x", 300_000, points(0.123_456_7)),
            entry("b", "x", 600_000, points(33.3333)),
            entry("a", "x", 100_000, points(33.3333)),
        ];
        let [a, b, c] = [100_000.0 * 33.3333, 600_000.0 * 33.3333, 300_000.0 * 0.123_456_7];
        let in_order = (a + b + c) / 1_000_000.0;
        assert_ne!(in_order, (a + c + b) / 1_000_000.0, "these numbers show in which order they were summed");
        assert_eq!(number(&of_month(entries, 0).unwrap().points), Some(in_order));
    }

    #[test]
    fn an_indicator_without_data_costs_nobody_points() {
        let mut entries = june();
        entries[3].points = points(0.0);
        // With a real zero the same sum is divided by the whole: 83.
        assert_eq!(number(&of_month(entries, MINIMUM_COVERAGE_DEFAULT).unwrap().points), Some(83.0));
    }

    #[test]
    fn below_the_minimum_coverage_there_are_no_points_but_a_reason() {
        let half = |share: u32| {
            let entries = vec![entry("a", "x", share, points(80.0)), entry("b", "x", WHOLE - share, missing())];
            of_month(entries, MINIMUM_COVERAGE_DEFAULT).unwrap()
        };
        assert_eq!(number(&half(500_000).points), Some(80.0), "exactly the minimum is enough");
        let below = half(499_999);
        let Points::NotComputable { reason } = &below.points else { panic!("{below:?}") };
        assert_eq!(
            reason.get("en"),
            "The indicators that could be computed have 49.9999% of the shares; at least 50% are needed."
        );
        assert_eq!(reason.get("zh-CN"), "可计算的指标只占权重的 49.9999%，至少需要 50%");
        // The dimension has the same indicators, and so the same coverage.
        assert_eq!((below.dimensions[0].coverage, number(&below.dimensions[0].points)), (499_999, None));
        // Nothing computable is not computable, whatever the setting.
        let nothing = of_month(vec![entry("a", "x", WHOLE, missing())], 0).unwrap();
        assert_eq!((number(&nothing.points), nothing.coverage), (None, 0));
        let lone = of_month(vec![entry("a", "x", 1, points(70.0)), entry("b", "x", 999_999, missing())], 0).unwrap();
        assert_eq!((number(&lone.points), lone.coverage), (Some(70.0), 1));
    }

    #[test]
    fn an_indicator_on_trial_counts_nowhere() {
        let mut entries = june();
        entries.push(Entry { trial: true, ..entry("novelty", "learning", 0, points(5.0)) });
        entries.push(Entry { trial: true, ..entry("other-novelty", "trials", 0, missing()) });
        assert_eq!(of_month(entries, 0).unwrap(), of_month(june(), 0).unwrap());
    }

    #[test]
    fn a_dimension_without_a_share_has_no_points() {
        let entries = vec![entry("a", "x", WHOLE, points(80.0)), entry("b", "y", 0, points(90.0))];
        let composite = of_month(entries, 0).unwrap();
        assert_eq!(number(&composite.points), Some(80.0));
        let Points::NotComputable { reason } = &composite.dimensions[1].points else { panic!("{composite:?}") };
        assert_eq!(reason.get("en"), "The dimension has no share in this month.");
    }

    #[test]
    fn wrong_entries_are_refused() {
        let refused = |change: fn(&mut Vec<Entry>)| {
            let mut entries = june();
            change(&mut entries);
            of_month(entries, MINIMUM_COVERAGE_DEFAULT).unwrap_err()
        };
        assert_eq!(refused(|entries| entries[0].share = 250_001), CompositeError::Total(1_000_001));
        assert_eq!(refused(|entries| drop(entries.remove(3))), CompositeError::Total(900_000));
        assert_eq!(refused(Vec::clear), CompositeError::Total(0));
        assert_eq!(
            refused(|entries| entries[0].indicator = "growth".into()),
            CompositeError::IndicatorTwice("growth".into())
        );
        assert_eq!(
            refused(|entries| entries[3].trial = true),
            CompositeError::TrialWithShare { indicator: "growth".into(), share: 100_000 }
        );
        assert!(matches!(refused(|entries| entries[0].points = points(f64::NAN)), CompositeError::BadPoints { .. }));
        assert!(matches!(refused(|entries| entries[0].points = points(-0.5)), CompositeError::BadPoints { .. }));
        assert_eq!(
            refused(|entries| entries.extend(vec![entry("x", "x", 0, missing()); 253])),
            CompositeError::TooMany(257)
        );
        assert_eq!(of_month(june(), 1_000_001), Err(CompositeError::MinimumTooLarge(1_000_001)));
    }

    #[test]
    fn a_quarter_is_the_mean_of_its_months_by_days_and_names_those_missing() {
        let months = vec![
            month("2026-06", 30, points(90.0)),
            // On the scorecard since the 11th of April.
            month("2026-04", 20, points(75.0)),
            month("2026-05", 31, missing()),
        ];
        let quarter = of_months(period("2026-Q2"), months, MINIMUM_COVERAGE_DEFAULT).unwrap();
        // (20 · 75 + 30 · 90) / 50 = 4200 / 50 = 84; computable 50 of 81 days: 617283.95 millionths.
        assert_eq!(number(&quarter.points), Some(84.0));
        assert_eq!((quarter.coverage, quarter.day_count), (617_283, 81));
        assert_eq!(quarter.missing, [MissingMonth { month: period("2026-05"), day_count: 31, reason: reason() }]);
        let document = serde_json::to_string(&quarter).unwrap();
        assert_eq!(serde_json::from_str::<PeriodComposite>(&document).unwrap().digest(), quarter.digest());
    }

    #[test]
    fn months_that_were_not_given_are_named_and_do_not_lower_the_coverage() {
        let year = of_months(period("2026"), vec![month("2026-01", 31, points(80.0))], WHOLE).unwrap();
        assert_eq!((number(&year.points), year.coverage), (Some(80.0), 1_000_000));
        let names: Vec<_> = year.missing.iter().map(|missing| missing.month.to_string()).collect();
        assert_eq!((names.len(), names[0].as_str(), names[10].as_str()), (11, "2026-02", "2026-12"));
        assert_eq!(year.missing[0].reason.get("en"), "There is no composite for this month.");

        let none = of_months(period("2026-Q1"), vec![], 0).unwrap();
        assert_eq!((number(&none.points), none.coverage, none.missing.len()), (None, 0, 3));
        let thin = vec![month("2026-01", 31, missing()), month("2026-02", 28, points(80.0))];
        let thin = of_months(period("2026-Q1"), thin, MINIMUM_COVERAGE_DEFAULT).unwrap();
        // 28 of 59 days are 47.4576%.
        let Points::NotComputable { reason } = &thin.points else { panic!("{thin:?}") };
        assert!(reason.get("en").contains("47.4576% of the days"), "{reason:?}");
    }

    #[test]
    fn wrong_months_are_refused() {
        let refused = |text: &str, months: Vec<MonthEntry>| of_months(period(text), months, 0).unwrap_err();
        let whole = || month("2026-02", 28, points(80.0));
        assert_eq!(
            refused("2026-Q2", vec![whole()]),
            CompositeError::OtherMonth { month: period("2026-02"), period: period("2026-Q2") }
        );
        assert_eq!(refused("2026-Q1", vec![whole(), whole()]), CompositeError::MonthTwice(period("2026-02")));
        for day_count in [0, 29] {
            let entry = month("2026-02", day_count, points(80.0));
            let error = CompositeError::BadDayCount { month: period("2026-02"), day_count };
            assert_eq!(refused("2026-Q1", vec![entry]), error);
        }
        assert!(matches!(
            refused("2026-Q1", vec![month("2026-02", 28, points(f64::INFINITY))]),
            CompositeError::BadPoints { .. }
        ));
        for days in ["2026-01-02..2026-03-01", "2026-01-01..2026-02-28"] {
            assert_eq!(refused(days, vec![]), CompositeError::NotOfMonths(period(days)));
        }
    }

    #[test]
    fn outcomes_become_points_and_a_raw_value_alone_is_missing() {
        let outcome = |points| {
            Outcome::Computed(Computed {
                raw: 3.0,
                sample: 1,
                points,
                parts: vec![],
                figures: vec![],
                evidence: vec![],
            })
        };
        assert_eq!(Points::of(&outcome(Some(80.0))), points(80.0));
        assert_eq!(Points::of(&Outcome::NotComputable { reason: reason() }), missing());
        assert_eq!(number(&Points::of(&outcome(None))), None);
    }

    #[test]
    fn every_number_and_name_changes_the_digest_and_words_do_not() {
        let base = of_month(june(), MINIMUM_COVERAGE_DEFAULT).unwrap();
        let changed = |change: fn(&mut Composite)| {
            let mut composite = base.clone();
            change(&mut composite);
            composite.digest()
        };
        let one_bit = |points: &mut Points| {
            if let Points::Computed { points } = points {
                *points = f64::from_bits(points.to_bits() ^ 1);
            }
        };
        assert_ne!(base.digest(), changed(|composite| composite.coverage -= 1));
        assert_ne!(base.digest(), changed(|composite| composite.points = missing()));
        assert_ne!(base.digest(), changed(|composite| composite.dimensions[1].share -= 1));
        assert_ne!(base.digest(), changed(|composite| composite.dimensions[1].coverage -= 1));
        assert_ne!(base.digest(), changed(|composite| composite.dimensions[1].dimension.push('s')));
        assert_ne!(base.digest(), changed(|composite| composite.missing.clear()));
        assert_ne!(base.digest(), changed(|composite| composite.missing[0].share -= 1));
        let mut bits = base.clone();
        one_bit(&mut bits.points);
        assert_ne!(base.digest(), bits.digest());
        let mut bits = base.clone();
        one_bit(&mut bits.dimensions[1].points);
        assert_ne!(base.digest(), bits.digest());
        assert_eq!(base.digest(), changed(|composite| composite.missing[0].reason = Localized::new("无", "None")));

        let quarter = || of_months(period("2026-Q2"), vec![month("2026-06", 30, points(90.0))], 0).unwrap();
        let changed = |change: fn(&mut PeriodComposite)| {
            let mut composite = quarter();
            change(&mut composite);
            composite.digest()
        };
        assert_ne!(quarter().digest(), changed(|quarter| quarter.points = missing()));
        assert_ne!(quarter().digest(), changed(|quarter| quarter.coverage -= 1));
        assert_ne!(quarter().digest(), changed(|quarter| quarter.day_count += 1));
        assert_ne!(quarter().digest(), changed(|quarter| quarter.missing[0].month = quarter.missing[1].month));
        assert_ne!(quarter().digest(), changed(|quarter| quarter.missing[0].day_count += 1));
    }

    #[test]
    fn a_receipt_and_the_scores_it_names_give_the_composite_again() {
        let composite = of_month(june(), MINIMUM_COVERAGE_DEFAULT).unwrap();
        let scores: BTreeMap<i64, Entry> = (101..).zip(june()).collect();
        let used = |(&sequence, entry): (&i64, &Entry)| ShareUsed {
            indicator: entry.indicator.clone(),
            dimension: entry.dimension.clone(),
            share: entry.share,
            score: number(&entry.points).map(|_| sequence),
        };
        let receipt = CompositeReceipt {
            employee: "person_1".into(),
            period: period("2026-06"),
            as_of: Instant(1_782_835_200_000),
            known_to: 200,
            minimum_coverage: MINIMUM_COVERAGE_DEFAULT,
            basis: Basis::Month(MonthBasis {
                scorecard: "sales".into(),
                revision: 12,
                days: vec![period("2026-06")],
                policy_batches: vec![90],
                adjustments: vec![],
                shares: scores.iter().map(used).collect(),
            }),
            outcome: composite.digest(),
            computed_at: Instant(1_782_835_200_001),
        };
        let document = serde_json::to_string(&receipt).unwrap();
        let receipt: CompositeReceipt = serde_json::from_str(&document).unwrap();

        let Basis::Month(basis) = &receipt.basis else { panic!("{receipt:?}") };
        let entries = basis.shares.iter().map(|used| {
            let points = used.score.map_or_else(
                || Points::NotComputable { reason: Localized::new("尚无得分", "No score yet") },
                |score| scores[&score].points.clone(),
            );
            entry(&used.indicator, &used.dimension, used.share, points)
        });
        assert_eq!(of_month(entries.collect(), receipt.minimum_coverage).unwrap().digest(), receipt.outcome);

        let months = vec![MonthUsed { month: period("2026-06"), day_count: 30, composite: Some(201) }];
        let receipt = CompositeReceipt { period: period("2026-Q2"), basis: Basis::Months { months }, ..receipt };
        let document = serde_json::to_string(&receipt).unwrap();
        assert_eq!(serde_json::from_str::<CompositeReceipt>(&document).unwrap(), receipt);
    }

    fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
        let one = (0..3_usize, 0..1_000_000_u32, prop::option::weighted(0.7, 0.0..=120.0_f64));
        prop::collection::vec(one, 1..12).prop_map(|drawn| {
            // Cut the whole where sorted random numbers fall.
            let mut cuts: Vec<u32> = drawn.iter().skip(1).map(|one| one.1).collect();
            cuts.sort_unstable();
            let ends = cuts.iter().copied().chain([WHOLE]);
            let shares = ends.zip([0].into_iter().chain(cuts.iter().copied())).map(|(end, start)| end - start);
            let entries = drawn.iter().zip(shares).enumerate().map(|(index, ((dimension, _, drawn), share))| {
                entry(&format!("i{index}"), ["x", "y", "z"][*dimension], share, drawn.map_or_else(missing, points))
            });
            entries.collect()
        })
    }

    fn any_months() -> impl Strategy<Value = Vec<MonthEntry>> {
        let one = (1_u32..=28, prop::option::weighted(0.8, 0.0..=120.0_f64));
        prop::collection::vec(one, 12).prop_map(|drawn| {
            let months = drawn.into_iter().enumerate().map(|(index, (days, drawn))| {
                month(&format!("2026-{:02}", index + 1), days, drawn.map_or_else(missing, points))
            });
            months.collect()
        })
    }

    fn is_close(one: f64, other: f64) -> bool {
        (one - other).abs() <= 1e-9 * one.abs().max(1.0)
    }

    /// Whether the mean lies between the least and the most, but for the last bits of a division.
    fn is_between(mean: f64, points: impl Iterator<Item = f64> + Clone) -> bool {
        let least = points.clone().fold(f64::INFINITY, f64::min);
        let most = points.fold(f64::NEG_INFINITY, f64::max);
        least - 1e-9 <= mean && mean <= most + 1e-9
    }

    proptest! {
        #[test]
        fn a_composite_lies_between_the_points_it_rests_on(entries in any_entries()) {
            let composite = of_month(entries.clone(), 0).unwrap();
            let counted = || entries.iter().filter(|entry| entry.share > 0);
            match number(&composite.points) {
                Some(mean) => prop_assert!(is_between(mean, counted().filter_map(|entry| number(&entry.points)))),
                None => prop_assert!(counted().all(|entry| number(&entry.points).is_none())),
            }
            for dimension in &composite.dimensions {
                let inside = counted().filter(|entry| entry.dimension == dimension.dimension);
                if let Some(mean) = number(&dimension.points) {
                    prop_assert!(is_between(mean, inside.filter_map(|entry| number(&entry.points))));
                }
            }
            let shares: u32 = composite.dimensions.iter().map(|dimension| dimension.share).sum();
            prop_assert_eq!(shares, WHOLE);
        }

        #[test]
        fn missing_is_not_zero(entries in any_entries()) {
            let composite = of_month(entries.clone(), 0).unwrap();
            let present: Vec<Entry> =
                entries.iter().filter(|entry| number(&entry.points).is_some()).cloned().collect();
            let coverage: u32 = present.iter().map(|entry| entry.share).sum();
            prop_assert_eq!(composite.coverage, coverage);
            prop_assert_eq!(composite.missing.len(), entries.len() - present.len());
            prop_assume!(coverage > 0);
            // What is left when the missing are taken away and the rest is scaled to 100%.
            let scaled: f64 = present
                .iter()
                .map(|entry| f64::from(entry.share) / f64::from(coverage) * number(&entry.points).unwrap())
                .sum();
            prop_assert!(is_close(number(&composite.points).unwrap(), scaled));
            // Whatever takes the place of the missing, it is as if their share were everybody else's.
            let filled = entries.into_iter().map(|entry| match entry.points {
                Points::NotComputable { .. } => Entry { points: composite.points.clone(), ..entry },
                Points::Computed { .. } => entry,
            });
            let filled = of_month(filled.collect(), 0).unwrap();
            prop_assert!(is_close(number(&filled.points).unwrap(), number(&composite.points).unwrap()));
        }

        #[test]
        fn the_order_of_entries_changes_no_bit(
            (entries, shuffled) in any_entries().prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle())),
            minimum in 0..=WHOLE,
        ) {
            let (one, other) = (of_month(entries, minimum).unwrap(), of_month(shuffled, minimum).unwrap());
            prop_assert_eq!(one.digest(), other.digest());
            prop_assert_eq!(number(&one.points).is_some(), one.coverage > 0 && one.coverage >= minimum);
            prop_assert_eq!(one, other);
        }

        #[test]
        fn a_year_lies_between_its_months_in_any_order(
            (months, shuffled) in any_months().prop_flat_map(|months| (Just(months.clone()), Just(months).prop_shuffle())),
        ) {
            let year = of_months(period("2026"), months.clone(), 0).unwrap();
            prop_assert_eq!(of_months(period("2026"), shuffled, 0).unwrap().digest(), year.digest());
            let computed = months.iter().filter_map(|month| number(&month.points));
            prop_assert_eq!(year.missing.len() + computed.clone().count(), 12);
            if let Some(mean) = number(&year.points) {
                prop_assert!(is_between(mean, computed));
            }
        }

        #[test]
        fn months_with_equal_points_give_those_whatever_their_days(months in any_months(), equal in 0..=120_u32) {
            let months = months.into_iter().map(|month| MonthEntry { points: points(f64::from(equal)), ..month });
            let year = of_months(period("2026"), months.collect(), WHOLE).unwrap();
            prop_assert_eq!(number(&year.points), Some(f64::from(equal)));
        }
    }
}
