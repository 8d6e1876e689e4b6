//! Days and minutes as the company's clocks show them, in China, which knows one zone and no summer time; and on which
//! days how much is done.

use std::fmt;

/// Chinese clocks are this far ahead of UTC.
const ZONE_MINUTES: i64 = 8 * 60;
const DAY_MINUTES: i64 = 24 * 60;

/// Days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub i64);

/// Minutes since 1970-01-01 00:00 on the company's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minute(pub i64);

/// First days of holidays that follow the moon, as (year, month, day): Spring Festival from its eve, Dragon Boat, Mid-Autumn.
const MOON_HOLIDAYS: [(i64, [(i64, i64); 3]); 9] = [
    (2024, [(2, 9), (6, 10), (9, 16)]),
    (2025, [(1, 28), (5, 31), (10, 6)]),
    (2026, [(2, 16), (6, 19), (9, 25)]),
    (2027, [(2, 5), (6, 9), (9, 15)]),
    (2028, [(1, 25), (5, 28), (10, 3)]),
    (2029, [(2, 12), (6, 16), (9, 22)]),
    (2030, [(2, 2), (6, 5), (9, 12)]),
    (2031, [(1, 22), (6, 24), (10, 1)]),
    (2032, [(2, 10), (6, 12), (9, 19)]),
];
/// How many days each of them is off.
const MOON_HOLIDAY_DAYS: [i64; 3] = [8, 3, 3];
/// Holidays by the sun: month, first day, days off.
const SUN_HOLIDAYS: [(i64, i64, i64); 4] = [(1, 1, 1), (4, 4, 3), (5, 1, 5), (10, 1, 7)];
/// How busy each month is: little around Spring Festival and in the heat, most before the year ends.
const SEASON: [f64; 12] = [0.97, 0.93, 1.06, 1.0, 1.0, 1.04, 0.96, 0.93, 1.05, 1.0, 1.06, 1.1];
/// Monday to Sunday.
const WEEK: [f64; 7] = [0.92, 1.08, 1.05, 1.08, 0.92, 0.1, 0.04];

impl Day {
    #[must_use]
    pub fn of(year: i64, month: i64, day: i64) -> Self {
        // Days of the proleptic Gregorian calendar, counted from March on so that leap days come last.
        let shifted = if month <= 2 { year - 1 } else { year };
        let era = shifted.div_euclid(400);
        let year_of_era = shifted.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Self(era * 146_097 + day_of_era - 719_468)
    }

    /// Year, month, day.
    #[must_use]
    pub fn parts(self) -> (i64, i64, i64) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        (era * 400 + year_of_era + i64::from(month <= 2), month, day)
    }

    #[must_use]
    pub fn first_of_month(self) -> Self {
        let (year, month, _) = self.parts();
        Self::of(year, month, 1)
    }

    /// The first day of the month that lies so many months later, or earlier.
    #[must_use]
    pub fn month_away(self, months: i64) -> Self {
        let (year, month, _) = self.parts();
        let count = year * 12 + month - 1 + months;
        Self::of(count.div_euclid(12), count.rem_euclid(12) + 1, 1)
    }

    /// 0 is Monday.
    #[must_use]
    pub fn weekday(self) -> usize {
        (self.0 + 3).rem_euclid(7) as usize
    }

    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self(self.0 + days)
    }

    #[must_use]
    pub fn at(self, hour: i64, minute: i64) -> Minute {
        Minute(self.0 * DAY_MINUTES + hour * 60 + minute)
    }

    #[must_use]
    pub fn is_holiday(self) -> bool {
        let (year, _, _) = self.parts();
        let within = |first: Self, days: i64| (first.0..first.0 + days).contains(&self.0);
        SUN_HOLIDAYS.iter().any(|&(month, day, days)| within(Self::of(year, month, day), days))
            || MOON_HOLIDAYS.iter().filter(|(of, _)| *of == year).any(|(_, holidays)| {
                let days = holidays.iter().zip(MOON_HOLIDAY_DAYS);
                days.into_iter().any(|(&(month, day), days)| within(Self::of(year, month, day), days))
            })
    }

    #[must_use]
    pub fn is_workday(self) -> bool {
        self.weekday() < 5 && !self.is_holiday()
    }

    /// This day or the first workday after it.
    #[must_use]
    pub fn workday_from(self) -> Self {
        (0..30).map(|days| self.plus(days)).find(|day| day.is_workday()).unwrap_or(self)
    }

    /// How much is done on this day, 1 on an ordinary one.
    #[must_use]
    pub fn business(self) -> f64 {
        let (_, month, _) = self.parts();
        let season = SEASON[(month - 1).clamp(0, 11).unsigned_abs() as usize];
        if self.is_holiday() { 0.03 } else { WEEK[self.weekday()] * season }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl Minute {
    /// What the company's clocks show so many seconds after 1970-01-01 00:00 UTC.
    #[must_use]
    pub fn of_unix_seconds(seconds: i64) -> Self {
        Self(seconds.div_euclid(60) + ZONE_MINUTES)
    }

    #[must_use]
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(DAY_MINUTES))
    }

    #[must_use]
    pub fn plus(self, minutes: i64) -> Self {
        Self(self.0 + minutes)
    }

    /// As RFC 3339 in UTC.
    #[must_use]
    pub fn instant(self) -> String {
        let utc = Self(self.0 - ZONE_MINUTES);
        let minute = utc.0.rem_euclid(DAY_MINUTES);
        format!("{}T{:02}:{:02}:00Z", utc.day(), minute / 60, minute % 60)
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minute = self.0.rem_euclid(DAY_MINUTES);
        write!(formatter, "{} {:02}:{:02}", self.day(), minute / 60, minute % 60)
    }
}

/// Reads an instant such as `2026-07-01T01:00:00Z`. Seconds are cut to minutes.
#[must_use]
pub fn parse_instant(text: &str) -> Option<Minute> {
    let (day, time) = text.strip_suffix('Z')?.split_once('T')?;
    let numbers = |text: &str, sign: char| text.split(sign).map(|part| part.parse().ok()).collect::<Option<Vec<i64>>>();
    let (day, time) = (numbers(day, '-')?, numbers(time, ':')?);
    let (&[year, month, day], &[hour, minute, ..]) = (day.as_slice(), time.as_slice()) else { return None };
    let there = (1..=12).contains(&month) && (1..=31).contains(&day) && (0..24).contains(&hour);
    (there && (0..60).contains(&minute)).then(|| Minute(Day::of(year, month, day).at(hour, minute).0 + ZONE_MINUTES))
}
