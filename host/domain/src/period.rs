//! Periods: months, quarters, years and any span of whole days.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::time::{Day, Span, Zone};

/// Whole local days, half-open: from the day `first` until the day before `end`.
///
/// Written `2013-06`, `2013-Q2`, `2013`, or `2010-01-01..2014-02-01` for any other span; a span that happens to be a
/// whole month is that month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Day,
    end: Day,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    #[error(
        "{0:?} is no period: use a month (2013-06), a quarter (2013-Q2), a year (2013) or two days \
         (2010-01-01..2014-02-01, the second one excluded)"
    )]
    Syntax(String),
    #[error("a period ends after it begins: {first} to {end} does not")]
    Empty { first: Day, end: Day },
    #[error("{0} is longer than the 50 years a period may last")]
    TooLong(String),
}

const DAYS_MAX: i32 = 366 * 50;

impl Period {
    pub fn new(first: Day, end: Day) -> Result<Self, PeriodError> {
        if first >= end {
            return Err(PeriodError::Empty { first, end });
        }
        if end.0 - first.0 > DAYS_MAX {
            return Err(PeriodError::TooLong(format!("{first}..{end}")));
        }
        Ok(Self { first, end })
    }

    #[must_use]
    pub fn of_day(day: Day) -> Self {
        Self { first: day, end: day.plus(1) }
    }

    /// The calendar month that holds the day.
    #[must_use]
    pub fn month_of(day: Day) -> Self {
        let date = day.date();
        Self { first: Day::from_date(date.first_of_month()), end: Day::from_date(date.last_of_month()).plus(1) }
    }

    #[must_use]
    pub fn first(&self) -> Day {
        self.first
    }

    /// The day after the last one.
    #[must_use]
    pub fn end(&self) -> Day {
        self.end
    }

    #[must_use]
    pub fn last(&self) -> Day {
        self.end.plus(-1)
    }

    #[must_use]
    pub fn contains(&self, day: Day) -> bool {
        self.first <= day && day < self.end
    }

    /// Every day, in order.
    pub fn days(&self) -> impl Iterator<Item = Day> + use<> {
        (self.first.0..self.end.0).map(Day)
    }

    #[must_use]
    pub fn day_count(&self) -> u32 {
        self.end.0.abs_diff(self.first.0)
    }

    /// Both as one period, if the other begins where this one ends and they are not too long together.
    #[must_use]
    pub fn followed_by(&self, other: &Self) -> Option<Self> {
        if self.end == other.first { Self::new(self.first, other.end).ok() } else { None }
    }

    #[must_use]
    pub fn span(&self, zone: &Zone) -> Span {
        Span { start: zone.midnight(self.first), end: zone.midnight(self.end) }
    }

    #[must_use]
    pub fn is_month(&self) -> bool {
        *self == Self::month_of(self.first)
    }

    fn of_months(first: Date, months: i32) -> Option<Self> {
        let end = first.checked_add(jiff::Span::new().months(months)).ok()?;
        Some(Self { first: Day::from_date(first), end: Day::from_date(end) })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.first.date();
        let is = |months| date.day() == 1 && Self::of_months(date, months) == Some(*self);
        if is(1) {
            write!(formatter, "{:04}-{:02}", date.year(), date.month())
        } else if is(3) && (date.month() - 1) % 3 == 0 {
            write!(formatter, "{:04}-Q{}", date.year(), (date.month() - 1) / 3 + 1)
        } else if is(12) && date.month() == 1 {
            write!(formatter, "{:04}", date.year())
        } else {
            write!(formatter, "{}..{}", self.first, self.end)
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || PeriodError::Syntax(text.chars().take(60).collect());
        if let Some((first, end)) = text.split_once("..") {
            let first = first.parse().map_err(|_| wrong())?;
            return Self::new(first, end.parse().map_err(|_| wrong())?);
        }
        let (year, rest) = text.split_once('-').unwrap_or((text, ""));
        let whole = |digits: &str, width: usize| {
            (digits.len() == width && digits.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| digits.parse::<i16>().ok())
                .flatten()
        };
        let year = whole(year, 4).filter(|year| (1900..2200).contains(year)).ok_or_else(wrong)?;
        let (month, months) = match rest.strip_prefix('Q') {
            Some(quarter) => {
                let quarter = whole(quarter, 1).filter(|quarter| (1..=4).contains(quarter)).ok_or_else(wrong)?;
                (quarter * 3 - 2, 3)
            }
            None if !text.contains('-') => (1, 12),
            None => (whole(rest, 2).ok_or_else(wrong)?, 1),
        };
        let month = i8::try_from(month).map_err(|_| wrong())?;
        let first = Date::new(year, month, 1).map_err(|_| wrong())?;
        Self::of_months(first, months).ok_or_else(wrong)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_read_back_what_they_write() {
        for text in ["2013-06", "2013-Q2", "2013", "2010-01-01..2014-02-01"] {
            let period: Period = text.parse().unwrap();
            assert_eq!(period.to_string(), text);
        }
        // The same days are the same period, whoever wrote them.
        assert_eq!("2013-06-01..2013-07-01".parse::<Period>().unwrap().to_string(), "2013-06");
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in
            ["", "2013-13", "2013-Q5", "13-01", "2013-6", "2013-02-30..2013-03-01", "2014-01-01..2013-01-01", "2013-"]
        {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn periods_follow_each_other_without_a_gap() {
        let part = |text: &str| text.parse::<Period>().unwrap();
        let (first, second) = (part("2026-02-01..2026-02-10"), part("2026-02-10..2026-03-01"));
        assert_eq!(first.followed_by(&second), Some(part("2026-02")));
        assert_eq!(second.followed_by(&first), None);
        assert_eq!(first.followed_by(&part("2026-02-11..2026-03-01")), None);
        assert_eq!((first.day_count(), second.day_count()), (9, 19));
        assert!(part("2026-02").days().eq(first.days().chain(second.days())));
        assert_eq!(Period::of_day(first.last()).to_string(), "2026-02-09..2026-02-10");
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let february: Period = "2024-02".parse().unwrap();
        assert_eq!(february.last().to_string(), "2024-02-29");
        assert_eq!(Period::month_of(february.end()).to_string(), "2024-03");
    }
}
