//! Lists of people, read as entries. Whether somebody is new is not known here.

use daybreak_domain::fact::is_name;
use daybreak_domain::time::Day;

use super::records::{Cells, Records, RowError};
use super::template::nearest;
use crate::organise::PersonEntry;

/// The columns of a list of people. The first two are needed.
pub const PEOPLE_COLUMNS: [&str; 6] = ["id", "name", "department", "manager", "from", "identities"];

/// Row errors that are kept to be shown; more are counted.
const ERRORS_SHOWN_MAX: usize = 1_000;

/// Longest text of a cell, in bytes.
const CELL_BYTES_MAX: usize = 4_096;

/// Why a list of people cannot be taken, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    #[error("the column {name:?} is unknown{}; columns are {}", hint(.nearest.as_deref()), PEOPLE_COLUMNS.join(", "))]
    UnknownColumn { name: String, nearest: Option<String> },
    #[error("the file needs the columns id and name, but has no {name}; columns are {}", PEOPLE_COLUMNS.join(", "))]
    MissingColumn { name: &'static str },
    #[error("the column {name} stands twice in the file: keep one")]
    ColumnTwice { name: &'static str },
    #[error("the list has {} mistakes, so nobody was imported; correct them and import it again", .errors.len() as u64 + more)]
    BadRows { errors: Vec<RowError>, more: u64 },
    #[error("nothing after row {row} of the file could be read, so nobody was imported: {problem}")]
    StoppedEarly { row: u64, problem: String },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(" (did you mean {nearest:?}?)")).unwrap_or_default()
}

/// Reads all entries, or says what is wrong with every cell that cannot be taken.
pub fn read_people(records: &mut Records<'_>) -> Result<Vec<PersonEntry>, PeopleError> {
    let columns = Columns::of(records.columns())?;
    let mut entries = Vec::new();
    let (mut errors, mut more) = (Vec::new(), 0);
    let mut cells = Cells::default();
    while let Some(read) = records.read(&mut cells) {
        let problems = match read {
            Ok(()) => match columns.entry(&cells) {
                Ok(entry) => {
                    entries.push(entry);
                    continue;
                }
                Err(problems) => {
                    problems.into_iter().map(|(column, problem)| records.error(&cells, column, problem)).collect()
                }
            },
            Err(error) if records.stopped_early() => {
                return Err(PeopleError::StoppedEarly { row: error.row, problem: error.to_string() });
            }
            Err(error) => vec![error],
        };
        for error in problems {
            if errors.len() < ERRORS_SHOWN_MAX {
                errors.push(error);
            } else {
                more += 1;
            }
        }
    }
    if errors.is_empty() { Ok(entries) } else { Err(PeopleError::BadRows { errors, more }) }
}

/// Where each column stands in the file, in the order of [`PEOPLE_COLUMNS`].
struct Columns([Option<usize>; PEOPLE_COLUMNS.len()]);

/// What is wrong with a row: the column, if it is one, and what to do.
type Problems = Vec<(Option<usize>, String)>;

impl Columns {
    fn of(names: &[String]) -> Result<Self, PeopleError> {
        let mut positions = [None; PEOPLE_COLUMNS.len()];
        // A column without a name is one that nothing refers to.
        for (position, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let Some(column) = PEOPLE_COLUMNS.iter().position(|known| known == name) else {
                let nearest = nearest(name, &PEOPLE_COLUMNS);
                return Err(PeopleError::UnknownColumn { name: name.chars().take(80).collect(), nearest });
            };
            if positions[column].replace(position).is_some() {
                return Err(PeopleError::ColumnTwice { name: PEOPLE_COLUMNS[column] });
            }
        }
        for (column, name) in PEOPLE_COLUMNS.iter().enumerate().take(2) {
            if positions[column].is_none() {
                return Err(PeopleError::MissingColumn { name });
            }
        }
        Ok(Self(positions))
    }

    fn entry(&self, cells: &Cells) -> Result<PersonEntry, Problems> {
        let mut row = Row { columns: self, cells, problems: Vec::new() };
        let entry = PersonEntry {
            id: row.required("id", name),
            name: row.required("name", |text| Ok(text.to_owned())),
            department: row.optional("department", name),
            manager: row.optional("manager", name),
            from: row.optional("from", day),
            identities: row.optional("identities", identities).unwrap_or_default(),
        };
        if row.problems.is_empty() { Ok(entry) } else { Err(row.problems) }
    }
}

/// One row on its way to an entry: it collects what is wrong, so that one import names every mistake.
struct Row<'a> {
    columns: &'a Columns,
    cells: &'a Cells,
    problems: Problems,
}

impl Row<'_> {
    fn position(&self, column: &str) -> Option<usize> {
        PEOPLE_COLUMNS.iter().position(|known| *known == column).and_then(|index| self.columns.0[index])
    }

    fn optional<T>(&mut self, column: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let position = self.position(column)?;
        let text = self.cells.text(position);
        let value = match self.cells.unreadable(position) {
            Some(problem) => Err(problem.to_owned()),
            None if text.is_empty() => return None,
            None if text.len() > CELL_BYTES_MAX => {
                Err(format!("the cell has {} bytes: shorten it to at most {CELL_BYTES_MAX}", text.len()))
            }
            None => read(text),
        };
        value.map_err(|problem| self.problems.push((Some(position), problem))).ok()
    }

    /// Where the cell cannot be taken, the value does not matter: the row has a problem.
    fn required<T: Default>(&mut self, column: &str, read: impl Fn(&str) -> Result<T, String>) -> T {
        let before = self.problems.len();
        self.optional(column, read).unwrap_or_else(|| {
            if self.problems.len() == before {
                self.problems.push((self.position(column), "the cell is empty: fill it".to_owned()));
            }
            T::default()
        })
    }
}

fn name(text: &str) -> Result<String, String> {
    if is_name(text) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "{:?} is no id: use lower-case letters, digits, dots, dashes and underscores, beginning with a letter",
        shown(text)
    ))
}

/// A day; a workbook may hold it with the midnight at which it begins.
fn day(text: &str) -> Result<Day, String> {
    let day = text.strip_suffix(" 00:00:00").unwrap_or(text);
    day.parse().map_err(|error: daybreak_domain::time::TimeError| error.to_string())
}

/// `source:name` pairs with semicolons between them.
fn identities(text: &str) -> Result<Vec<(String, String)>, String> {
    let texts = text.split(';').map(str::trim).filter(|identity| !identity.is_empty());
    texts
        .map(|identity| match identity.split_once(':').map(|(source, name)| (source.trim(), name.trim())) {
            Some((source, name)) if is_name(source) && !name.is_empty() => Ok((source.to_owned(), name.to_owned())),
            _ => {
                Err(format!("{:?} is no identity: write source:name, for example helpdesk:wang.fang", shown(identity)))
            }
        })
        .collect()
}

fn shown(text: &str) -> String {
    text.chars().take(80).collect()
}
