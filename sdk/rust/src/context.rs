//! When a plugin is asked: the period, the instant of assessment and the company's local time.

use std::fmt;

use crate::bindings::types::daybreak::common::types;
use crate::{Localized, Row, Span, text};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Instant = types::Instant;

const MILLISECONDS_PER_DAY: i64 = 86_400_000;

/// Further than any day of a fact, so that the arithmetic of dates cannot overflow.
const DAYS_MAX: i64 = 100_000_000;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Hours from one instant to another; negative if `to` is earlier.
#[must_use]
pub fn hours_between(from: Instant, to: Instant) -> f64 {
    // Differences of instants that the host accepts stay far below 2^53.
    (to - from) as f64 / 3_600_000.0
}

/// How long the periods of a chart are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodLength {
    Day,
    Week,
    Month,
    Quarter,
    Year,
    /// So many days.
    Days(i64),
}

/// When and for which period the plugin is asked. There is no other clock.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    given: &'a types::Context,
}

impl<'a> Context<'a> {
    pub(crate) fn new(given: &'a types::Context) -> Self {
        Self { given }
    }

    /// The local midnight that ends the day of assessment. Nothing that happened at or after it comes.
    #[must_use]
    pub fn as_of(&self) -> Instant {
        self.given.as_of
    }

    /// The period that is scored; it may end after as-of.
    #[must_use]
    pub fn period(&self) -> Span {
        self.given.period
    }

    /// The company's time zone, for example `Asia/Shanghai`.
    #[must_use]
    pub fn time_zone(&self) -> &'a str {
        &self.given.time_zone
    }

    /// Seconds that the company's local time is ahead of UTC at the instant.
    #[must_use]
    pub fn offset_seconds(&self, at: Instant) -> i32 {
        let changes = &self.given.utc_offsets;
        let since = changes.partition_point(|change| change.since <= at);
        let in_force = if since == 0 { changes.first() } else { changes.get(since - 1) };
        in_force.map_or(0, |change| change.seconds)
    }

    /// The local day as days since 1970-01-01.
    #[must_use]
    pub fn day_of(&self, at: Instant) -> i64 {
        at.saturating_add(i64::from(self.offset_seconds(at)) * 1_000).div_euclid(MILLISECONDS_PER_DAY)
    }

    /// The local day as it stands in a calendar.
    #[must_use]
    pub fn date_of(&self, at: Instant) -> Date {
        Date::of_day(self.day_of(at))
    }

    /// The day of assessment, which as-of ends: the last day whose facts come, as days since 1970-01-01.
    #[must_use]
    pub fn last_day(&self) -> i64 {
        // The midnight itself may be skipped by the clocks; the moment before it never lies in another day.
        self.day_of(self.given.as_of - 1)
    }

    /// 0 for Monday to 6 for Sunday, in local time.
    #[must_use]
    pub fn weekday_of(&self, at: Instant) -> u8 {
        // 1970-01-01 was a Thursday.
        (self.day_of(at) + 3).rem_euclid(7) as u8
    }

    /// Whether the span is a month, a quarter or the like of the company's calendar.
    #[must_use]
    pub fn length_of(&self, span: Span) -> PeriodLength {
        let (first, end) = self.days_of(span);
        let (from, to) = (Date::of_day(first), Date::of_day(end));
        let months = 12 * i64::from(to.year - from.year) + i64::from(to.month) - i64::from(from.month);
        match (end - first, months) {
            (1, _) => PeriodLength::Day,
            (7, _) if (first + 3).rem_euclid(7) == 0 => PeriodLength::Week,
            (_, 1) if from.day == 1 && to.day == 1 => PeriodLength::Month,
            (_, 3) if from.day == 1 && to.day == 1 && from.month % 3 == 1 => PeriodLength::Quarter,
            (_, 12) if from.day == 1 && to.day == 1 && from.month == 1 => PeriodLength::Year,
            (days, _) => PeriodLength::Days(days),
        }
    }

    /// The span as people call it: `2026年3月`, `March 2026`.
    #[must_use]
    pub fn name_of(&self, span: Span) -> Localized {
        let (first, end) = self.days_of(span);
        let from = Date::of_day(first);
        let Date { year, month, day } = from;
        let in_english = MONTHS[usize::from(month - 1)];
        match self.length_of(span) {
            PeriodLength::Month => text(format!("{year}年{month}月"), format!("{in_english} {year}")),
            PeriodLength::Quarter => {
                let quarter = month.div_ceil(3);
                text(format!("{year}年第{quarter}季度"), format!("Q{quarter} {year}"))
            }
            PeriodLength::Year => text(format!("{year}年"), format!("{year}")),
            PeriodLength::Day => text(format!("{year}年{month}月{day}日"), format!("{day} {in_english} {year}")),
            PeriodLength::Week | PeriodLength::Days(_) => {
                let last = Date::of_day(end - 1);
                let last_in_english = MONTHS[usize::from(last.month - 1)];
                text(
                    format!("{year}年{month}月{day}日至{}年{}月{}日", last.year, last.month, last.day),
                    format!("{day} {in_english} {year} to {} {last_in_english} {}", last.day, last.year),
                )
            }
        }
    }

    /// The first local day of the span, and the one after its last. Spans begin at local midnight; noon is looked at,
    /// because the offsets that a context lists need not reach back to the span, and an hour must not move its day.
    fn days_of(&self, span: Span) -> (i64, i64) {
        let noon = MILLISECONDS_PER_DAY / 2;
        let first = self.day_of(span.start.saturating_add(noon));
        (first, self.day_of(span.end.saturating_add(noon)).max(first + 1))
    }
}

/// A day of the calendar, written as 2026-03-05.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    pub year: i32,
    /// 1 for January to 12 for December.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl Date {
    /// The date of a day that is counted from 1970-01-01, for example by [`Context::day_of`].
    #[must_use]
    pub fn of_day(day: i64) -> Self {
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years begin in March, so that
        // the leap day is their last, and 400 of them always have 146,097 days.
        let since_march = day.clamp(-DAYS_MAX, DAYS_MAX) + 719_468;
        let (era, day_of_era) = (since_march.div_euclid(146_097), since_march.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let (month, next_year) =
            if month_from_march < 10 { (month_from_march + 3, 0) } else { (month_from_march - 9, 1) };
        Self { year: (year_of_era + era * 400 + next_year) as i32, month: month as u8, day: day as u8 }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Span {
    /// What the two spans have in common; none where they only touch, because the end of a span does not belong to it.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> Option<Self> {
        let common = Self { start: self.start.max(other.start), end: self.end.min(other.end) };
        (common.start < common.end).then_some(common)
    }

    /// Whether the instant lies in the span, whose end does not belong to it.
    #[must_use]
    pub fn contains(&self, at: Instant) -> bool {
        self.start <= at && at < self.end
    }

    /// Whether the row's fact happened in the span.
    #[must_use]
    pub fn holds(&self, row: &Row<'_>) -> bool {
        self.contains(row.at())
    }
}
