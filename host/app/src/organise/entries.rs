//! Lists of entries, from a file or from a caller, and what can be wrong with one of them.

use std::fmt;

use daybreak_domain::fact::ID_BYTES_MAX;
use daybreak_domain::time::Day;

use crate::AppError;

/// Most entries of one list.
pub const ENTRIES_MAX: usize = 500_000;

/// Where an entry stands: the line of the file, from 1, on which it starts, and its number, from 1, without the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub line: u64,
    pub row: u64,
}

/// Entries with their places, and what was found wrong with those that could not even be read.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    pub entries: Vec<T>,
    pub(super) places: Vec<Place>,
    pub(super) errors: Vec<EntryError>,
}

/// What a list says of the days that none of its entries about one thing covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uncovered {
    /// Nothing: what is known of them stays. So a correction says what it corrects and no more.
    Stays,
    /// That it ended: from the first day of the first entry on, the list is everything that holds. So a list that was
    /// exported again says who left meanwhile.
    Ended,
}

/// What is wrong with one entry, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryError {
    pub place: Place,
    pub column: Option<&'static str>,
    pub problem: EntryProblem,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryProblem {
    #[error("it is empty: fill it")]
    Empty,
    #[error("{id:?} is no id: use lower-case letters, digits, dots, dashes and underscores, beginning with a letter")]
    BadId { id: String },
    #[error("it has {length} bytes: shorten it to at most {ID_BYTES_MAX}")]
    TooLong { length: usize },
    #[error("it holds line breaks or control characters: remove them, and close every quotation mark")]
    NotPlain,
    #[error("{text:?} is no date: write year-month-day, for example 2026-06-30")]
    BadDay { text: String },
    #[error("{problem}")]
    Row { problem: String },
    #[error("there is no {what} {id:?}: add it first, or correct the id")]
    Unknown { what: &'static str, id: String },
    #[error(
        "there is no department {id:?} on {on}: it begins later or is closed then; correct the day or the department"
    )]
    DepartmentClosed { id: String, on: Day },
    #[error("{id} was erased and cannot be changed: give a new person or contact another id")]
    Erased { id: String },
    #[error("it ends on {until}, which is not after its first day {from}: the second day is the first one after it")]
    NeverHolds { from: Day, until: Day },
    #[error("row {first} is about the same from the same day on: keep one of them")]
    Twice { first: u64 },
    #[error("{text:?} is no identity: write source:name, for example helpdesk:Value 1")]
    BadIdentity { text: String },
    #[error(
        "{identity} means {person}: hand it over as an identity (`daybreak identity set`), saying from which day on"
    )]
    IdentityTaken { identity: String, person: String },
    #[error("{id} would report to itself: name another manager or none")]
    OwnManager { id: String },
    #[error("the department {id} cannot stand below {parent}: on {on} that one stands below it")]
    DepartmentCycle { id: String, parent: String, on: Day },
    #[error("it left on {left}, before it came on {from}: correct one of the days")]
    LeftBefore { from: Day, left: Day },
    #[error("row {first} says otherwise of {id}: make the rows agree")]
    Disagrees { first: u64, id: String },
}

/// A problem before it is known with which entry.
pub(super) type Problem = (Option<&'static str>, EntryProblem);

impl Place {
    /// The line of the file, from 1; of an entry that stands in none, its place in the list, from 0.
    #[must_use]
    pub fn number(&self) -> u64 {
        if self.line == 0 { self.row.saturating_sub(1) } else { self.line }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(formatter, "entry {}", self.row)
        } else {
            write!(formatter, "line {} (row {})", self.line, self.row)
        }
    }
}

impl fmt::Display for EntryError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.place)?;
        if let Some(column) = self.column {
            write!(formatter, ", column {column}")?;
        }
        write!(formatter, ": {}", self.problem)
    }
}

impl<T> From<Vec<T>> for Listed<T> {
    /// Entries that stand in no file: their line is 0.
    fn from(entries: Vec<T>) -> Self {
        let places = (1..=entries.len() as u64).map(|row| Place { line: 0, row }).collect();
        Self { entries, places, errors: Vec::new() }
    }
}

impl<T> Listed<T> {
    /// Entries that could be read.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn row(&self, index: usize) -> u64 {
        self.places.get(index).map_or(0, |place| place.row)
    }

    /// Refuses the list if anything is wrong with it: what was found while reading it, or now (by index).
    pub(super) fn refuse_if_bad(&self, found: Vec<(usize, Problem)>) -> Result<(), AppError> {
        let errors = found.into_iter().map(|(index, (column, problem))| EntryError {
            place: self.places.get(index).copied().unwrap_or(Place { line: 0, row: index as u64 + 1 }),
            column,
            problem,
        });
        let mut errors: Vec<EntryError> = self.errors.iter().cloned().chain(errors).collect();
        if errors.is_empty() {
            return Ok(());
        }
        errors.sort_by_key(|error| error.place);
        let mut bad: Vec<Place> = errors.iter().map(|error| error.place).collect();
        bad.dedup();
        let unread = self.errors.iter().map(|error| error.place).collect::<std::collections::BTreeSet<_>>().len();
        Err(AppError::BadEntries { bad: bad.len(), entries: self.entries.len() + unread, errors })
    }
}

/// The error of a list that held one entry only, in the words of that entry.
pub(super) fn of_one(error: AppError) -> AppError {
    match error {
        AppError::BadEntries { mut errors, .. } if errors.len() == 1 => {
            let EntryError { column, problem, .. } = errors.remove(0);
            AppError::BadEntry { column, problem }
        }
        other => other,
    }
}
