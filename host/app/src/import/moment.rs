//! Times as files write them, and the zone in which a time without an offset is read.

use daybreak_domain::time::{Instant, Zone};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::fmt::strtime::BrokenDownTime;

/// How the texts of one column become instants.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    format: Format,
    zone: Option<Zone>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Format {
    /// RFC 3339, or year-month-day hour:minute with or without seconds.
    Usual,
    Rfc3339,
    Pattern {
        pattern: String,
        reads: Reads,
    },
}

/// What times in a pattern carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reads {
    offset: bool,
    time_of_day: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    #[error("{format:?} is no time format ({problem}): write \"rfc3339\", or for example \"%Y/%m/%d %H:%M:%S%.f\"")]
    BadFormat { format: String, problem: String },
    #[error(
        "the format {0:?} loses a part of the time: name year, month and day (%Y %m %d), and the hour as %H, or as %I \
         together with %p"
    )]
    Incomplete(String),
    #[error(
        "times in the format {0:?} carry no offset: add the zone in which they are to be read, \
         for example zone = \"Asia/Shanghai\" or zone = \"Etc/UTC\""
    )]
    NoZone(String),
}

impl Moment {
    /// `format` is `rfc3339` or a pattern of strftime; none tries RFC 3339 and year-month-day hour:minute. The zone
    /// is used for times without an offset only.
    pub fn new(format: Option<&str>, zone: Option<Zone>) -> Result<Self, MomentError> {
        let format = match format {
            None => Format::Usual,
            Some("rfc3339") => Format::Rfc3339,
            Some(pattern) => {
                let reads = probe(pattern)?;
                if !reads.offset && zone.is_none() {
                    return Err(MomentError::NoZone(pattern.to_owned()));
                }
                Format::Pattern { pattern: pattern.to_owned(), reads }
            }
        };
        Ok(Self { format, zone })
    }

    /// The instant, or what is wrong with the text and what to do. A local time that the clock shows twice is the
    /// earlier one; one that it skips is moved past the gap.
    pub fn read(&self, text: &str) -> Result<Instant, String> {
        let shown = || text.chars().take(60).collect::<String>();
        let instant = match &self.format {
            Format::Pattern { pattern, .. } => self.read_pattern(pattern, text)?,
            Format::Rfc3339 => of(text.parse::<Timestamp>().map_err(|_| {
                format!("{:?} is no RFC 3339 time such as 2026-03-01T09:30:00+08:00: name its format", shown())
            })?),
            Format::Usual => match (text.parse::<Timestamp>(), text.parse::<DateTime>()) {
                (Ok(timestamp), _) => of(timestamp),
                // A day alone also parses, as its midnight, but a file in which a day stands for a time should say so.
                (Err(_), Ok(local)) if text.contains(':') => self.local(local, text)?,
                _ => {
                    return Err(format!(
                        "{:?} is no time such as 2026-03-01 09:30: name its format, for example \
                         format = \"%Y/%m/%d %H:%M:%S\"",
                        shown()
                    ));
                }
            },
        };
        Instant::checked(instant.0).map_err(|error| format!("{error}: correct the time {:?}", shown()))
    }

    /// The instant of a cell that the file holds as a date, as year-month-day with or without a time of day. Its format
    /// is known, so the mapping's own does not matter; but a day alone stands for a time only where days are read.
    pub fn read_date(&self, text: &str) -> Result<Instant, String> {
        let names_time = text.contains(':');
        let own_format = match &self.format {
            Format::Usual => false,
            Format::Rfc3339 => names_time,
            Format::Pattern { reads, .. } => names_time || !reads.time_of_day,
        };
        match text.parse::<DateTime>() {
            Ok(local) if own_format => {
                let instant = self.local(local, text)?;
                Instant::checked(instant.0).map_err(|error| format!("{error}: correct the time {text:?}"))
            }
            _ => self.read(text),
        }
    }

    fn read_pattern(&self, pattern: &str, text: &str) -> Result<Instant, String> {
        let wrong = |error: jiff::Error| {
            format!(
                "{:?} does not follow the format {pattern:?} ({error}): correct the cell or the format",
                text.chars().take(60).collect::<String>()
            )
        };
        let parsed = BrokenDownTime::parse(pattern, text).map_err(wrong)?;
        if carries_offset(&parsed) {
            return parsed
                .to_timestamp()
                .or_else(|_| parsed.to_zoned_datetime().map(|zoned| zoned.timestamp()))
                .map(of)
                .map_err(wrong);
        }
        self.local(parsed.to_datetime().map_err(wrong)?, text)
    }

    fn local(&self, local: DateTime, text: &str) -> Result<Instant, String> {
        let zone = self.zone.as_ref().ok_or_else(|| {
            format!(
                "the time {:?} carries no offset: add the zone in which it is to be read, \
                 for example zone = \"Asia/Shanghai\"",
                text.chars().take(60).collect::<String>()
            )
        })?;
        Ok(zone.instant_of(local))
    }
}

fn of(timestamp: Timestamp) -> Instant {
    Instant(timestamp.as_millisecond())
}

fn carries_offset(parsed: &BrokenDownTime) -> bool {
    parsed.offset().is_some() || parsed.timestamp().is_some() || parsed.iana_time_zone().is_some()
}

/// Writes a known time in the pattern and reads it back, so that a pattern which cannot work is refused before the
/// first row. Says what times in the pattern carry.
fn probe(pattern: &str) -> Result<Reads, MomentError> {
    let bad = |error: jiff::Error| MomentError::BadFormat { format: pattern.to_owned(), problem: error.to_string() };
    let known = DateTime::constant(2021, 11, 22, 13, 14, 15, 123_000_000);
    let zoned = known.to_zoned_datetime(jiff::tz::TimeZone::UTC).map_err(bad)?;
    let written = BrokenDownTime::from(&zoned).to_string(pattern).map_err(bad)?;
    let parsed = BrokenDownTime::parse(pattern, &written).map_err(bad)?;
    if let Some(timestamp) = parsed.timestamp() {
        return if timestamp.as_second() == zoned.timestamp().as_second() {
            Ok(Reads { offset: true, time_of_day: true })
        } else {
            Err(MomentError::Incomplete(pattern.to_owned()))
        };
    }
    let read = parsed.to_datetime().map_err(|_| MomentError::Incomplete(pattern.to_owned()))?;
    // Less exact is fine, for example a day alone; anything else is a pattern that reads another time than it writes.
    let rounded = [
        known,
        DateTime::constant(2021, 11, 22, 13, 14, 15, 0),
        DateTime::constant(2021, 11, 22, 13, 14, 0, 0),
        DateTime::constant(2021, 11, 22, 13, 0, 0, 0),
        DateTime::constant(2021, 11, 22, 0, 0, 0, 0),
    ];
    if !rounded.contains(&read) {
        return Err(MomentError::Incomplete(pattern.to_owned()));
    }
    Ok(Reads { offset: carries_offset(&parsed), time_of_day: parsed.hour().is_some() })
}
