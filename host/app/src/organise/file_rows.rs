//! Rows of a list whose first row names the columns, read into entries: from a CSV file or a worksheet.

use std::collections::HashMap;
use std::io::{Read, Seek};

use daybreak_domain::time::Day;

use super::entries::{ENTRIES_MAX, EntryError, EntryProblem, Listed, Place, Problem};
use crate::AppError;
use crate::import::{Cells, FileOptions, TableFile, nearest};

/// The cells of one row by the names of their columns.
pub(super) struct Row<'a> {
    cells: &'a Cells,
    columns: &'a HashMap<&'static str, usize>,
}

impl<'a> Row<'a> {
    /// The cell without the blanks around it; none if it is empty or there is no such column.
    pub(super) fn text(&self, column: &str) -> Option<&'a str> {
        let cell = self.columns.get(column).map(|&place| self.cells.text(place))?;
        Some(cell.trim()).filter(|cell| !cell.is_empty())
    }

    pub(super) fn owned(&self, column: &str) -> Option<String> {
        self.text(column).map(str::to_owned)
    }

    pub(super) fn required(&self, column: &'static str) -> Result<String, Problem> {
        self.owned(column).ok_or((Some(column), EntryProblem::Empty))
    }

    /// A day; a worksheet may hold it with the midnight at which it begins.
    pub(super) fn day(&self, column: &'static str) -> Result<Option<Day>, Problem> {
        let day = |text: &str| {
            let day = text.strip_suffix(" 00:00:00").unwrap_or(text);
            day.parse().map_err(|_| (Some(column), EntryProblem::BadDay { text: text.chars().take(40).collect() }))
        };
        self.text(column).map(day).transpose()
    }

    /// Refuses the row if one of its columns has a cell that holds no text, such as an error of a formula.
    fn check(&self) -> Result<(), Problem> {
        let bad = |(column, &place): (&&'static str, &usize)| {
            self.cells.unreadable(place).map(|problem| (*column, problem.to_owned()))
        };
        match self.columns.iter().filter_map(bad).min() {
            Some((column, problem)) => Err((Some(column), EntryProblem::Row { problem })),
            None => Ok(()),
        }
    }
}

/// Reads a file whose columns are some of those allowed, in any order, and at least those required. A row that cannot be
/// read is noted, and the others are read.
pub(super) fn read<T>(
    file: impl Read + Seek + Send,
    options: &FileOptions,
    allowed: &[&'static str],
    required: &[&'static str],
    entry: impl Fn(&Row<'_>) -> Result<T, Problem>,
) -> Result<Listed<T>, AppError> {
    let mut file = TableFile::open(file, options)?;
    let mut records = file.records()?;
    let columns = columns(records.columns(), allowed, required)?;
    let mut listed = Listed { entries: Vec::new(), places: Vec::new(), errors: Vec::new() };
    let mut cells = Cells::default();
    while let Some(read) = records.read(&mut cells) {
        if listed.entries.len() + listed.errors.len() >= ENTRIES_MAX {
            return Err(AppError::TooManyEntries { most: ENTRIES_MAX });
        }
        let row = Row { cells: &cells, columns: &columns };
        let (place, read) = match read {
            Ok(()) => (Place { line: cells.line(), row: cells.row() }, row.check().and_then(|()| entry(&row))),
            Err(error) => {
                let column = error.column.as_deref().and_then(|name| columns.keys().find(|known| **known == name));
                let problem = EntryProblem::Row { problem: error.problem };
                (Place { line: error.line, row: error.row }, Err((column.copied(), problem)))
            }
        };
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

/// Where each column stands in the file.
fn columns(
    names: &[String],
    allowed: &[&'static str],
    required: &[&'static str],
) -> Result<HashMap<&'static str, usize>, AppError> {
    let allowed_text = || allowed.join(", ");
    let mut columns = HashMap::new();
    // A column without a name is one that nothing refers to.
    for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        let Some(known) = allowed.iter().find(|known| **known == name) else {
            let nearest = nearest(name, allowed).map(|nearest| format!(" (did you mean {nearest:?}?)"));
            let name: String = name.chars().take(80).collect();
            let nearest = nearest.unwrap_or_default();
            let problem = format!("the column {name:?} is unknown{nearest}: columns are {}", allowed_text());
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
    Ok(columns)
}
