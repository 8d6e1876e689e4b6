//! Rows of a CSV file whose first line names the columns, read into entries.

use std::collections::HashMap;
use std::io::Read;

use daybreak_domain::time::Day;

use super::entries::{ENTRIES_MAX, EntryError, EntryProblem, Listed, Place, Problem};
use crate::AppError;

/// The cells of one row by the names of their columns.
pub(super) struct Row<'a> {
    cells: &'a [String],
    columns: &'a HashMap<&'static str, usize>,
}

impl<'a> Row<'a> {
    /// The cell without the blanks around it; none if it is empty or there is no such column.
    pub(super) fn text(&self, column: &str) -> Option<&'a str> {
        let cell = self.columns.get(column).and_then(|&place| self.cells.get(place))?;
        Some(cell.trim()).filter(|cell| !cell.is_empty())
    }

    pub(super) fn owned(&self, column: &str) -> Option<String> {
        self.text(column).map(str::to_owned)
    }

    pub(super) fn required(&self, column: &'static str) -> Result<String, Problem> {
        self.owned(column).ok_or((Some(column), EntryProblem::Empty))
    }

    pub(super) fn day(&self, column: &'static str) -> Result<Option<Day>, Problem> {
        let day = |text: &str| {
            text.parse().map_err(|_| (Some(column), EntryProblem::BadDay { text: text.chars().take(40).collect() }))
        };
        self.text(column).map(day).transpose()
    }
}

/// Reads a file whose columns are some of those allowed, in any order, and at least those required. A row that cannot be
/// read is noted, and the others are read.
pub(super) fn read<T>(
    file: impl Read,
    allowed: &[&'static str],
    required: &[&'static str],
    entry: impl Fn(&Row<'_>) -> Result<T, Problem>,
) -> Result<Listed<T>, AppError> {
    let mut records = records(file);
    let allowed_text = || allowed.join(", ");
    let header = match records.next() {
        Some((_, Ok(header))) => header,
        Some((_, Err(problem))) => return Err(AppError::BadHeader { problem: problem.to_string() }),
        None => return Err(AppError::BadHeader { problem: "the file is empty".to_owned() }),
    };
    let mut columns = HashMap::new();
    for (place, name) in header.iter().enumerate() {
        let name = name.trim_start_matches('\u{feff}').trim();
        let Some(known) = allowed.iter().find(|known| **known == name) else {
            let name: String = name.chars().take(80).collect();
            let problem = format!("the column {name:?} is unknown: columns are {}", allowed_text());
            return Err(AppError::BadHeader { problem });
        };
        if columns.insert(*known, place).is_some() {
            return Err(AppError::BadHeader { problem: format!("the column {known} stands twice: remove one") });
        }
    }
    if let Some(missing) = required.iter().find(|name| !columns.contains_key(**name)) {
        let problem = format!("the column {missing} is missing: columns are {}", allowed_text());
        return Err(AppError::BadHeader { problem });
    }
    let mut listed = Listed { entries: Vec::new(), places: Vec::new(), errors: Vec::new() };
    for (index, (line, cells)) in records.enumerate() {
        if index >= ENTRIES_MAX {
            return Err(AppError::TooManyEntries { most: ENTRIES_MAX });
        }
        let place = Place { line, row: index as u64 + 1 };
        let read = cells.map_err(|problem| (None, problem)).and_then(|cells| {
            if cells.len() == header.len() {
                entry(&Row { cells: &cells, columns: &columns })
            } else {
                Err((None, EntryProblem::Cells { found: cells.len(), expected: header.len() }))
            }
        });
        match read {
            Ok(entry) => {
                listed.entries.push(entry);
                listed.places.push(place);
            }
            Err((column, problem)) => listed.errors.push(EntryError { place, column, problem }),
        }
    }
    Ok(listed)
}

/// The records of a delimited file: the line on which each starts, and its cells. Everything that reads files of the
/// organisation reads them here.
fn records(file: impl Read) -> impl Iterator<Item = (u64, Result<Vec<String>, EntryProblem>)> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(file);
    let mut record = csv::ByteRecord::new();
    let mut failed = false;
    std::iter::from_fn(move || {
        if failed {
            return None;
        }
        match reader.read_byte_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line);
                let cells: Result<Vec<String>, EntryProblem> = record
                    .iter()
                    .map(|cell| String::from_utf8(cell.to_vec()).map_err(|_| EntryProblem::NotUtf8))
                    .collect();
                Some((line, cells))
            }
            Err(error) => {
                failed = true;
                let line = error.position().map_or(0, csv::Position::line);
                Some((line, Err(EntryProblem::Unreadable { problem: error.to_string() })))
            }
        }
    })
}
