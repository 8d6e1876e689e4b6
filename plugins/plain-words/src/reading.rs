//! What a chart shows: the latest complete value, its gap to the target, its trend, and the item that stands out.
//!
//! A period that is still running has no complete value, so it is named and never compared. A missing value is not
//! zero: it ends the row of periods that a trend may look at.

use std::cell::OnceCell;

use daybreak_sdk::insight::{Chart, Point};
use daybreak_sdk::localized::{readable, shortened, told_apart};
use daybreak_sdk::{Context, Localized, PeriodLength};

use crate::template::{Keywords, Placeholder, stands_apart};

/// With fewer items there is nothing that one of them could stand out from.
const ITEMS_MIN: usize = 3;
const NAME_CHARACTERS_MAX: usize = 60;
const DETAIL_CHARACTERS_MAX: usize = 120;
const UNIT_CHARACTERS_MAX: usize = 20;
/// From here on a change is told in the chart's unit: "up 4,900%" says little.
const CHANGE_PERCENT_MAX: f64 = 1_000.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Chinese,
    English,
}

pub struct Reading<'a> {
    chart: &'a Chart,
    context: &'a Context<'a>,
    keywords: &'a Keywords,
    unit: String,
    /// Complete periods with a value, each beginning where the one before it ends; the last is the latest.
    row: Vec<(&'a Point, f64)>,
    /// The latest complete period after the row; it has no value.
    missing: Option<&'a Point>,
    /// The latest period that is still running, if it comes after the row.
    running: Option<&'a Point>,
    change: Option<Change>,
    outlier: OnceCell<Option<Outlier>>,
    // Both languages write numbers alike, so that each is written once for a chart.
    value_and_target: OnceCell<(String, String)>,
    gap: OnceCell<String>,
    change_percent: OnceCell<String>,
    period: OnceCell<Localized>,
}

/// From the period before to the latest.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// None where the two are equal.
    pub up: Option<bool>,
    /// Of the value before, without a sign; infinite where that was 0.
    pub percent: f64,
    /// How many periods in a row it has moved this way.
    pub periods: u32,
}

pub struct Gap {
    pub met: bool,
    /// Of the target, without a sign; infinite where that is 0 and the value is not.
    pub percent: f64,
}

#[derive(Clone, Copy)]
struct Outlier {
    item: u32,
    /// How far it is from the median of the others, of that median, without a sign.
    percent: f64,
}

impl<'a> Reading<'a> {
    pub fn of(chart: &'a Chart, context: &'a Context<'a>, keywords: &'a Keywords) -> Self {
        let series = chart.series.first();
        let mut points: Vec<&Point> = series.map(|series| series.points.iter().collect()).unwrap_or_default();
        points.sort_by_key(|point| point.during.start);
        let known = |point: &&'a Point| point.value.filter(|value| value.is_finite() && point.complete);
        let latest = points.iter().rposition(|point| known(point).is_some());
        let mut row: Vec<(&Point, f64)> = Vec::new();
        for point in points[..latest.map_or(0, |latest| latest + 1)].iter().rev() {
            let follows = |(next, _): &(&Point, f64)| point.during.end == next.during.start && alike(point, next);
            let Some(value) = known(point).filter(|_| row.last().is_none_or(follows)) else { break };
            row.push((point, value));
        }
        row.reverse();
        let after = row.last().map_or(i64::MIN, |(latest, _)| latest.during.end);
        let later = |complete: bool| {
            let mut later = points.iter().rev().take_while(|point| point.during.start >= after);
            later.find(|point| point.complete == complete).copied()
        };
        // Where nothing is known at all, no period is missed more than the others.
        let missing = later(true).filter(|_| !row.is_empty());
        let running = later(false);
        let unit = series.map(|series| shortened(series.unit.trim(), UNIT_CHARACTERS_MAX)).unwrap_or_default();
        let change = change(&row);
        Self {
            chart,
            context,
            keywords,
            unit,
            row,
            missing,
            running,
            change,
            outlier: OnceCell::new(),
            value_and_target: OnceCell::new(),
            gap: OnceCell::new(),
            change_percent: OnceCell::new(),
            period: OnceCell::new(),
        }
    }

    pub fn higher_is_better(&self) -> bool {
        self.chart.higher_is_better
    }

    pub fn has_points(&self) -> bool {
        self.chart.series.first().is_some_and(|series| !series.points.is_empty())
    }

    /// How many complete periods in a row, up to the latest, have a value.
    pub fn periods_known(&self) -> u32 {
        self.row.len() as u32
    }

    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    pub fn change(&self) -> Option<Change> {
        self.change
    }

    pub fn gap_to_target(&self) -> Option<Gap> {
        let (value, target) = (self.value()?, self.target()?);
        let equal = same(value, target);
        let met = equal || (value > target) == self.chart.higher_is_better;
        let percent = if equal { 0.0 } else { 100.0 * (value - target).abs() / target.abs() };
        Some(Gap { met, percent })
    }

    /// None without a baseline, or where the value is the baseline.
    pub fn better_than_baseline(&self) -> Option<bool> {
        let (value, baseline) = (self.value()?, self.baseline()?);
        (!same(value, baseline)).then_some((value > baseline) == self.chart.higher_is_better)
    }

    /// The item farthest from the median of the others, if it is at least so many percent of it away.
    pub fn outlier(&self, percent_min: f64) -> Option<u32> {
        let outlier = *self.outlier.get_or_init(|| outlier(self.chart));
        outlier.filter(|outlier| outlier.percent >= percent_min).map(|outlier| outlier.item)
    }

    /// What the placeholder stands for; none where the chart does not say.
    pub fn word(&self, placeholder: Placeholder, language: Language, stand_out_percent_min: f64) -> Option<String> {
        let item = || self.chart.items.get(self.outlier(stand_out_percent_min)? as usize);
        match placeholder {
            Placeholder::Title => named(&self.chart.title, language),
            Placeholder::Period => {
                let latest = self.row.last()?.0;
                named(self.period.get_or_init(|| self.context.name_of(latest.during)), language)
            }
            Placeholder::Value => Some(self.value_and_target()?.0.clone()),
            Placeholder::Unit => Some(self.unit.clone()),
            Placeholder::Target => {
                self.target()?;
                Some(self.value_and_target()?.1.clone())
            }
            Placeholder::Gap => {
                let (value, target) = (self.value()?, self.target()?);
                Some(self.with_unit(self.gap.get_or_init(|| distance(value, target)), language))
            }
            Placeholder::Baseline => self.baseline().map(readable),
            Placeholder::Previous => {
                let previous = self.previous()?;
                Some(told_apart(previous.1, self.value()?).0)
            }
            Placeholder::PreviousPeriod => self.name_of(self.previous()?.0, language),
            Placeholder::Change => self.change_in_words(language),
            Placeholder::Moved => {
                let direction = if self.change?.up? { "up" } else { "down" };
                self.keywords.get(direction, language).map(str::to_owned)
            }
            Placeholder::Months => self.periods_in_words(language),
            Placeholder::Item => item().map(|item| shortened(item.label.trim(), NAME_CHARACTERS_MAX)),
            Placeholder::ItemValue => item().map(|item| readable(item.value)),
            Placeholder::Detail => {
                let detail = shortened(item()?.detail.as_deref()?.trim(), DETAIL_CHARACTERS_MAX);
                (!detail.is_empty()).then_some(detail)
            }
            Placeholder::MissingPeriod => self.name_of(self.missing?, language),
            Placeholder::RunningPeriod => self.name_of(self.running?, language),
            Placeholder::RunningValue => self.running?.value.filter(|value| value.is_finite()).map(readable),
        }
    }

    fn value(&self) -> Option<f64> {
        self.row.last().map(|&(_, value)| value)
    }

    fn previous(&self) -> Option<(&'a Point, f64)> {
        self.row.len().checked_sub(2).and_then(|index| self.row.get(index)).copied()
    }

    fn target(&self) -> Option<f64> {
        self.chart.target.filter(|target| target.is_finite())
    }

    fn baseline(&self) -> Option<f64> {
        self.chart.baseline.filter(|baseline| baseline.is_finite())
    }

    fn name_of(&self, point: &Point, language: Language) -> Option<String> {
        named(&self.context.name_of(point.during), language)
    }

    /// In percent, but in the chart's unit where a percentage says little or the chart shows percentages.
    fn change_in_words(&self, language: Language) -> Option<String> {
        let (value, previous) = (self.value()?, self.previous()?.1);
        let percent = self.change?.percent;
        if self.unit == "%" || percent >= CHANGE_PERCENT_MAX || value * previous < 0.0 {
            return Some(self.with_unit(&distance(value, previous), language));
        }
        Some(self.change_percent.get_or_init(|| readable(percent) + "%").clone())
    }

    /// A distance in the chart's unit; percentages are percentage points apart.
    fn with_unit(&self, size: &str, language: Language) -> String {
        match language {
            Language::Chinese if self.unit == "%" => format!("{size} 个百分点"),
            Language::English if self.unit == "%" && size == "1" => "1 percentage point".to_owned(),
            Language::English if self.unit == "%" => format!("{size} percentage points"),
            _ if stands_apart(size, &self.unit) => format!("{size} {}", self.unit),
            _ => format!("{size}{}", self.unit),
        }
    }

    /// As texts that differ where the numbers do; without a target the second is empty.
    fn value_and_target(&self) -> Option<&(String, String)> {
        let value = self.value()?;
        Some(self.value_and_target.get_or_init(|| match self.target() {
            Some(target) => told_apart(value, target),
            None => (readable(value), String::new()),
        }))
    }

    /// "3 months"; none for a single period, of which nobody says "in a row".
    fn periods_in_words(&self, language: Language) -> Option<String> {
        let periods = self.change.filter(|change| change.up.is_some() && change.periods > 1)?.periods;
        let (zh_cn, en) = match self.context.length_of(self.row.last()?.0.during) {
            PeriodLength::Day => ("天", "days"),
            PeriodLength::Week => ("周", "weeks"),
            PeriodLength::Month => ("个月", "months"),
            PeriodLength::Quarter => ("个季度", "quarters"),
            PeriodLength::Year => ("年", "years"),
            PeriodLength::Days(_) => ("个周期", "periods"),
        };
        Some(match language {
            Language::Chinese => format!("{periods} {zh_cn}"),
            Language::English => format!("{periods} {en}"),
        })
    }
}

/// Equal but for what adding up left behind: 0.1 + 0.2 is 0.3.
fn same(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(right.abs())
}

fn distance(left: f64, right: f64) -> String {
    readable(if same(left, right) { 0.0 } else { (left - right).abs() })
}

/// Months differ by three days; a month and a quarter are not compared.
fn alike(left: &Point, right: &Point) -> bool {
    let length = |point: &Point| point.during.end.saturating_sub(point.during.start) as f64;
    let (left, right) = (length(left), length(right));
    left.max(right) <= 1.25 * left.min(right)
}

fn change(row: &[(&Point, f64)]) -> Option<Change> {
    let direction = |from: f64, to: f64| if same(from, to) { None } else { Some(to > from) };
    let [.., (_, previous), (_, latest)] = row else { return None };
    let up = direction(*previous, *latest);
    let percent = match up {
        None => 0.0,
        Some(_) => 100.0 * ((latest - previous) / previous).abs(),
    };
    let steps = row.windows(2).rev().take_while(|step| up.is_some() && direction(step[0].1, step[1].1) == up);
    Some(Change { up, percent, periods: steps.count() as u32 })
}

/// The farthest from the median of the others is the largest or the smallest; of two that are equally far neither
/// stands out.
fn outlier(chart: &Chart) -> Option<Outlier> {
    let known = chart.items.iter().zip(0_u32..).filter(|(item, _)| item.value.is_finite());
    let mut items: Vec<(f64, u32)> = known.map(|(item, index)| (item.value, index)).collect();
    if items.len() < ITEMS_MIN {
        return None;
    }
    items.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (smallest, largest) = (items[0], items[items.len() - 1]);
    let from_others = |(value, item): (f64, u32), others: &[(f64, u32)]| {
        let middle = others.len() / 2;
        let median =
            if others.len() % 2 == 1 { others[middle].0 } else { others[middle - 1].0.midpoint(others[middle].0) };
        let distance = (value - median).abs();
        let percent = if same(value, median) { 0.0 } else { 100.0 * distance / median.abs() };
        (distance, Outlier { item, percent })
    };
    let low = from_others(smallest, &items[1..]);
    let high = from_others(largest, &items[..items.len() - 1]);
    let ((distance, outlier), own, next) =
        if low.0 > high.0 { (low, smallest, items[1]) } else { (high, largest, items[items.len() - 2]) };
    let label = &chart.items.get(outlier.item as usize)?.label;
    let is_named = !shortened(label, NAME_CHARACTERS_MAX).trim().is_empty();
    let is_alone = !same(own.0, next.0) && !same(low.0, high.0);
    (is_named && is_alone && distance > 0.0).then_some(outlier)
}

fn named(text: &Localized, language: Language) -> Option<String> {
    let tag = match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    };
    let (_, words) = text.iter().find(|(it, _)| it == tag)?;
    Some(shortened(words.trim(), NAME_CHARACTERS_MAX)).filter(|words| !words.is_empty())
}
