//! Instants, days and the company's time zone.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use jiff::tz::AmbiguousOffset;
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Instant(pub i64);

/// A calendar day, as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Day(pub i32);

/// Half-open: `start <= t < end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: Instant,
    pub end: Instant,
}

/// From `since` on, local time is this many seconds ahead of UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffsetChange {
    pub since: Instant,
    pub seconds: i32,
}

/// The first and the last instant the host accepts: years 1900 to 2200, so that no sum of them overflows.
pub const INSTANT_MIN: Instant = Instant(-2_208_988_800_000);
pub const INSTANT_MAX: Instant = Instant(7_258_118_400_000);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    #[error("{0:?} is no known time zone: use an IANA name such as Asia/Shanghai or Etc/UTC")]
    UnknownZone(String),
    #[error("{0:?} is no date: use year-month-day, for example 2013-06-30")]
    BadDate(String),
    #[error("{0:?} is no moment: write it with its offset, for example 2026-06-01T09:00:00+08:00")]
    BadInstant(String),
    #[error("{0} lies outside the years 1900 to 2199")]
    OutOfRange(String),
}

impl Instant {
    /// Checks that the instant lies within the years the host accepts.
    pub fn checked(milliseconds: i64) -> Result<Self, TimeError> {
        let instant = Self(milliseconds);
        if (INSTANT_MIN..INSTANT_MAX).contains(&instant) {
            Ok(instant)
        } else {
            Err(TimeError::OutOfRange(format!("the instant {milliseconds}")))
        }
    }
}

impl fmt::Display for Instant {
    /// RFC 3339 in UTC, with milliseconds where there are any.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => write!(formatter, "{timestamp}"),
            Err(_) => write!(formatter, "{} ms", self.0),
        }
    }
}

impl FromStr for Instant {
    type Err = TimeError;

    /// RFC 3339, with an offset or in UTC.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let timestamp: jiff::Timestamp =
            text.parse().map_err(|_| TimeError::BadInstant(text.chars().take(40).collect()))?;
        Self::checked(timestamp.as_millisecond())
    }
}

impl Day {
    #[must_use]
    pub fn from_date(date: Date) -> Self {
        let since_epoch = date.since(Date::constant(1970, 1, 1)).map(|span| span.get_days());
        // Both dates lie within jiff's range and the default unit of a difference of dates is days, so there is
        // nothing that could be reported; the fallback only keeps the signature honest.
        Self(since_epoch.unwrap_or_default())
    }

    /// The calendar date; days beyond what a calendar can name become its first or last day.
    #[must_use]
    pub fn date(self) -> Date {
        let span = jiff::Span::new().try_days(self.0);
        span.and_then(|span| Date::constant(1970, 1, 1).checked_add(span)).unwrap_or(if self.0 < 0 {
            Date::MIN
        } else {
            Date::MAX
        })
    }

    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.date())
    }
}

impl FromStr for Day {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date: Date = text.parse().map_err(|_| TimeError::BadDate(text.chars().take(40).collect()))?;
        if (1900..2200).contains(&date.year()) {
            Ok(Self::from_date(date))
        } else {
            Err(TimeError::OutOfRange(format!("the date {date}")))
        }
    }
}

impl Span {
    #[must_use]
    pub fn contains(&self, instant: Instant) -> bool {
        self.start <= instant && instant < self.end
    }
}

/// A time zone by its IANA name. The rules come with the binary, so that two machines cut days alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    name: String,
    rules: jiff::tz::TimeZone,
}

impl Zone {
    pub fn named(name: &str) -> Result<Self, TimeError> {
        let rules = jiff::tz::TimeZone::get(name).ok().filter(|rules| !rules.is_unknown());
        let name_and_rules = rules.and_then(|rules| Some((rules.iana_name()?.to_owned(), rules)));
        match name_and_rules {
            Some((name, rules)) => Ok(Self { name, rules }),
            None => Err(TimeError::UnknownZone(name.chars().take(80).collect())),
        }
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The local day on which the instant falls: the one whose midnight has passed and whose next has not.
    #[must_use]
    pub fn day_of(&self, instant: Instant) -> Day {
        let local = self.local(instant);
        let day = Day::from_date(local.date());
        // Clocks are set back and forward by less than three hours; away from midnight the date alone tells the day.
        if (3..21).contains(&local.hour()) {
            day
        } else if instant >= self.midnight(day.plus(1)) {
            day.plus(1)
        } else if instant < self.midnight(day) {
            day.plus(-1)
        } else {
            day
        }
    }

    /// The local date and time of the instant.
    #[must_use]
    pub fn local(&self, instant: Instant) -> DateTime {
        match jiff::Timestamp::from_millisecond(instant.0) {
            Ok(timestamp) => self.rules.to_datetime(timestamp),
            Err(_) if instant.0 < 0 => DateTime::MIN,
            Err(_) => DateTime::MAX,
        }
    }

    /// The first instant of the local day. Where the clock jumps over midnight, the day begins with the jump; where it
    /// shows midnight twice, with the first time.
    #[must_use]
    pub fn midnight(&self, day: Day) -> Instant {
        let local = day.date().at(0, 0, 0, 0);
        let ambiguous = self.rules.to_ambiguous_timestamp(local);
        if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. })
            && let Ok(before) = ambiguous.earlier()
            && let Some(jump) = self.rules.following(before).next()
        {
            return Instant(jump.timestamp().as_millisecond());
        }
        self.instant_of(local)
    }

    /// The instant of a local time. A time that the clock shows twice is the earlier one; a time that it skips is
    /// moved past the gap by the gap's length. A time that no instant has lies outside of the years the host accepts.
    #[must_use]
    pub fn instant_of(&self, local: DateTime) -> Instant {
        let timestamp = self.rules.to_ambiguous_timestamp(local).compatible();
        let never = Instant(if local.year() < 1970 { INSTANT_MIN.0 - 1 } else { INSTANT_MAX.0 });
        timestamp.map_or(never, |timestamp| Instant(timestamp.as_millisecond()))
    }

    /// Every offset in force within the span, the first one since its start.
    #[must_use]
    pub fn offsets(&self, span: Span) -> Vec<OffsetChange> {
        let Ok(start) = jiff::Timestamp::from_millisecond(span.start.0) else { return Vec::new() };
        let first = OffsetChange { since: span.start, seconds: self.rules.to_offset(start).seconds() };
        let mut changes = vec![first];
        for transition in self.rules.following(start) {
            let since = Instant(transition.timestamp().as_millisecond());
            if since >= span.end {
                break;
            }
            let seconds = transition.offset().seconds();
            if changes.last().is_some_and(|last| last.seconds != seconds) {
                changes.push(OffsetChange { since, seconds });
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_company_zone() {
        let shanghai = Zone::named("Asia/Shanghai").unwrap();
        let day: Day = "2026-01-01".parse().unwrap();
        // Shanghai is eight hours ahead: its first day of 2026 begins at 16:00 UTC on the last day of 2025.
        assert_eq!(shanghai.midnight(day).to_string(), "2025-12-31T16:00:00Z");
        assert_eq!(shanghai.day_of(shanghai.midnight(day)), day);
        assert_eq!(shanghai.day_of(Instant(shanghai.midnight(day).0 - 1)), day.plus(-1));
        assert_eq!(day.to_string(), "2026-01-01");
    }

    #[test]
    fn summer_time_is_listed_as_offsets() {
        let london = Zone::named("Europe/London").unwrap();
        let at = |text: &str| london.midnight(text.parse().unwrap());
        let offsets = london.offsets(Span { start: at("2011-01-01"), end: at("2012-01-01") });
        assert_eq!(offsets.iter().map(|change| change.seconds).collect::<Vec<_>>(), [0, 3600, 0]);
        assert_eq!(offsets[1].since.to_string(), "2011-03-27T01:00:00Z");
    }

    #[test]
    fn a_midnight_that_the_clock_skips_begins_after_the_gap() {
        // In Beirut the clock went from 00:00 to 01:00 on 2021-03-28.
        let beirut = Zone::named("Asia/Beirut").unwrap();
        assert_eq!(beirut.midnight("2021-03-28".parse().unwrap()).to_string(), "2021-03-27T22:00:00Z");
    }

    #[test]
    fn a_day_lasts_from_its_midnight_to_the_next_wherever_clocks_are_set() {
        // St John's set its clocks back across midnight, Toronto once forward across it, Apia skipped a whole day.
        for (zone, first) in
            [("America/St_Johns", "2009-10-30"), ("America/Toronto", "1919-03-29"), ("Pacific/Apia", "2011-12-28")]
        {
            let zone = Zone::named(zone).unwrap();
            let first: Day = first.parse().unwrap();
            let (start, end) = (zone.midnight(first), zone.midnight(first.plus(5)));
            let mut last = first;
            for minute in 0..(end.0 - start.0) / 60_000 {
                let instant = Instant(start.0 + minute * 60_000);
                let day = zone.day_of(instant);
                assert!(
                    zone.midnight(day) <= instant && instant < zone.midnight(day.plus(1)),
                    "{} {instant}",
                    zone.name()
                );
                assert!(last <= day, "days never go back: {} {instant}", zone.name());
                last = day;
            }
        }
    }

    #[test]
    fn an_unknown_zone_says_what_to_use() {
        assert!(Zone::named("Etc/Unknown").is_err());
        assert_eq!(Zone::named("asia/shanghai").unwrap().name(), "Asia/Shanghai");
        assert!(Zone::named("Mars/Base").unwrap_err().to_string().contains("Asia/Shanghai"));
    }
}
