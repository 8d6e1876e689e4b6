//! Tables for terminals. Chinese characters take two columns, so widths are counted, not guessed.

use clap::ValueEnum;

/// How a list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    /// One JSON array.
    Json,
}
use daybreak_app::AppError;
use daybreak_app::install::ALWAYS;
use daybreak_app::organise::departments::Changed;
use daybreak_domain::time::Day;

/// Prints rows under a header, columns aligned. Nothing is cut.
pub fn table(header: &[&str], rows: &[Vec<String>]) {
    let mut widths: Vec<usize> = header.iter().map(|cell| width(cell)).collect();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            if let Some(known) = widths.get_mut(column) {
                *known = (*known).max(width(cell));
            }
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut text = String::new();
        for (cell, wanted) in cells.zip(&widths) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', wanted + 2 - width(cell)));
        }
        println!("{}", text.trim_end());
    };
    line(&mut header.iter().copied());
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
}

/// Columns that the text takes on a terminal.
fn width(text: &str) -> usize {
    text.chars().map(|character| if is_wide(character) { 2 } else { 1 }).sum()
}

fn is_wide(character: char) -> bool {
    matches!(u32::from(character), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x20000..=0x3fffd)
}

/// A number as people read it: at most four decimals, none that say nothing.
pub fn number(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Most bad entries of a list that are printed; more are counted.
const ERRORS_PRINTED_MAX: usize = 1_000;

/// Prints what is wrong with each entry of a list that was refused.
pub fn bad_entries<T>(outcome: Result<T, AppError>) -> anyhow::Result<T> {
    if let Err(AppError::BadEntries { errors, .. }) = &outcome {
        for error in errors.iter().take(ERRORS_PRINTED_MAX) {
            eprintln!("{error}");
        }
        if errors.len() > ERRORS_PRINTED_MAX {
            eprintln!("and {} more", errors.len() - ERRORS_PRINTED_MAX);
        }
    }
    Ok(outcome?)
}

/// What a list changed.
pub fn changed(what: &str, changed: Changed) {
    println!("{} {what} read, {} rows appended", changed.read, changed.appended);
}

/// A name, or that there is none any more.
pub fn name(name: &str, erased: bool, language: &str) -> String {
    match (erased, language) {
        (false, _) => name.to_owned(),
        (true, "zh-CN") => "(已删除)".to_owned(),
        (true, _) => "(erased)".to_owned(),
    }
}

/// An optional text as a cell.
pub fn cell(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

/// The first and the last day on which something holds, as people read it. `ALWAYS` is the beginning of all records.
pub fn days(from: Day, until: Option<Day>) -> (String, String) {
    let from = if from <= ALWAYS { String::new() } else { from.to_string() };
    (from, until.map(|until| until.to_string()).unwrap_or_default())
}
