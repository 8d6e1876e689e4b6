//! Excel's numbers of days as texts.
//!
//! Excel keeps a date as the days since the end of 1899, or since the first day of 1904, with the time of day as the
//! fraction, and knows no zone. The texts are what a mapping reads without a format: year-month-day hour:minute:second.

use jiff::Span;
use jiff::civil::{Date, date};

const DAY_MILLISECONDS: i64 = 86_400_000;

/// The day that Excel counts although it never was: 29 February 1900.
const PHANTOM_DAY: i64 = 60;

/// What Excel calls a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SerialText {
    /// A day, or a day with a time.
    Date(String),
    /// A time of day without a day: what Excel shows of a number below one.
    TimeOfDay(String),
}

/// A day, with its time if it has one or its format shows one, rounded to the millisecond as Excel does.
pub fn date_text(serial: f64, counts_from_1904: bool, shows_time: bool) -> Result<SerialText, String> {
    let impossible =
        || format!("{serial} is no date that a workbook can hold: correct the cell, or format it as a number");
    if !(0.0..2_958_466.0).contains(&serial) {
        return Err(impossible());
    }
    let milliseconds = (serial * DAY_MILLISECONDS as f64).round() as i64;
    let (days, time) = (milliseconds / DAY_MILLISECONDS, milliseconds % DAY_MILLISECONDS);
    if days == 0 {
        return Ok(SerialText::TimeOfDay(clock_text(time)));
    }
    let first: Date = match days {
        _ if counts_from_1904 => date(1904, 1, 1),
        PHANTOM_DAY => return Err("29 February 1900 never was, although Excel counts it: correct the date".to_owned()),
        ..PHANTOM_DAY => date(1899, 12, 31),
        _ => date(1899, 12, 30),
    };
    let day = Span::new().try_days(days).and_then(|days| first.checked_add(days)).map_err(|_| impossible())?;
    Ok(SerialText::Date(if time == 0 && !shows_time { day.to_string() } else { format!("{day} {}", clock_text(time)) }))
}

/// Hours, minutes and seconds; hours may be more than a day's.
pub fn duration_text(days: f64) -> Result<String, String> {
    // Ten thousand years are more than Excel holds; beyond it the milliseconds would not fit either.
    if !(-3_652_500.0..3_652_500.0).contains(&days) {
        return Err(format!("{days} days are no duration that a workbook can hold: correct the cell"));
    }
    let milliseconds = (days * DAY_MILLISECONDS as f64).round() as i64;
    let sign = if milliseconds < 0 { "-" } else { "" };
    Ok(format!("{sign}{}", clock_text(milliseconds.abs())))
}

/// Whether a number format shows hours or seconds: `m` alone may be months.
pub fn shows_time(format_code: &str) -> bool {
    let mut characters = format_code.chars();
    let mut bracketed = false;
    while let Some(character) = characters.next() {
        match character {
            '"' => while characters.next().is_some_and(|quoted| quoted != '"') {},
            '\\' | '_' | '*' => drop(characters.next()),
            '[' => bracketed = true,
            ']' => bracketed = false,
            ';' => return false,
            'h' | 'H' | 's' | 'S' if !bracketed => return true,
            _ => {}
        }
    }
    false
}

fn clock_text(milliseconds: i64) -> String {
    let (seconds, rest) = (milliseconds / 1_000, milliseconds % 1_000);
    let text = format!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if rest == 0 { text } else { format!("{text}.{rest:03}") }
}
