//! Files as rows of texts, whatever their format: delimited text or a worksheet of an Excel workbook.
//!
//! Which of the two a file is, its first bytes say, never its name. What lives here and below knows lines, rows and
//! columns; it never knows what a column means.

use std::fmt;
use std::io::{self, Read, Seek};

use csv::StringRecord;

use super::cells::ROW_BYTES_MAX;
use super::delimited::DelimitedRows;
use super::template::{ColumnError, Header};
use super::unchanged::Unchanged;
use super::workbook::{Workbook, WorkbookError};
use super::worksheet::WorksheetRows;

pub const COLUMNS_MAX: usize = 4_096;

/// How a file is taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileOptions {
    /// What separates the cells of a delimited file. Workbooks have no use for it.
    pub delimiter: u8,
    /// The worksheet to read; without one, the first visible one that holds anything. Only workbooks have sheets.
    pub sheet: Option<String>,
}

impl Default for FileOptions {
    fn default() -> Self {
        Self { delimiter: b',', sheet: None }
    }
}

/// A file that can be read row by row as often as needed, and is the same each time.
pub struct TableFile<F>(Source<F>);

enum Source<F> {
    Delimited { input: Unchanged<F>, delimiter: u8 },
    Workbook(Box<Workbook>),
}

/// The rows of a file below the one that names the columns, one after the other.
pub struct Records<'a> {
    rows: Rows<'a>,
    header: Header,
    row: u64,
    finished: bool,
    stopped_early: bool,
}

enum Rows<'a> {
    Delimited(Box<DelimitedRows<'a>>),
    Worksheet(Box<WorksheetRows<'a>>),
}

/// The cells of one row. Reading the next row into them reuses their memory.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    pub(super) line: u64,
    row: u64,
    pub(super) texts: StringRecord,
    /// Columns that the file itself holds as a date, not as a text that looks like one.
    pub(super) dates: Vec<usize>,
    /// Columns whose cells have no text, and why.
    pub(super) unreadable: Vec<(usize, String)>,
}

/// What is wrong with one row, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The line of the file, from 1, on which the row starts; in a worksheet the number of the row.
    pub line: u64,
    /// The number of the row, from 1, without the header and without empty rows.
    pub row: u64,
    pub column: Option<String>,
    pub problem: String,
}

/// A row that could not be taken apart.
pub(super) struct Broken {
    pub line: u64,
    pub column: Option<usize>,
    pub problem: String,
    /// Whether nothing after it can be read either.
    pub last: bool,
}

impl fmt::Display for RowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {} (row {})", self.line, self.row)?;
        if let Some(column) = &self.column {
            write!(formatter, ", column {column}")?;
        }
        write!(formatter, ": {}", self.problem)
    }
}

impl std::error::Error for RowError {}

/// Why no row of the file can be read.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    #[error("the file could not be read: {0}")]
    Io(io::Error),
    #[error("the file is empty: its first line must name the columns")]
    Empty,
    #[error("the file is UTF-16: save it as \"CSV UTF-8\"")]
    Utf16,
    #[error("the first line is not UTF-8: save the file as \"CSV UTF-8\"")]
    NotUtf8,
    #[error("the first line is longer than {ROW_BYTES_MAX} bytes: check the delimiter and the quotation marks")]
    TooLong,
    #[error("a quotation mark in the first line is never closed: close it, or double it if it belongs to a name")]
    OpenQuote,
    #[error("{0} columns: remove some, at most {COLUMNS_MAX} are read")]
    TooManyColumns(usize),
    #[error("{0:?} cannot separate cells: use a comma, a semicolon, a tab or a vertical bar")]
    BadDelimiter(char),
    #[error(
        "the file is a web page or XML, whatever its name says: open it in Excel and save it as .xlsx or \"CSV UTF-8\""
    )]
    Markup,
    #[error("the file is delimited text and has no sheets: leave the sheet out")]
    NoSheets,
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    #[error("{key}: {problem}")]
    Column { key: String, problem: ColumnError },
}

impl<F: Read + Seek + Send> TableFile<F> {
    /// Looks at the file's first bytes, and opens it if it is a workbook.
    pub fn open(mut input: F, options: &FileOptions) -> Result<Self, HeaderError> {
        input.rewind().map_err(HeaderError::Io)?;
        let mut head = Vec::new();
        (&mut input).take(Workbook::HEAD_BYTES).read_to_end(&mut head).map_err(HeaderError::Io)?;
        input.rewind().map_err(HeaderError::Io)?;
        if Workbook::begins_like(&head) {
            let workbook = Workbook::read(input, options.sheet.as_deref())?;
            return Ok(Self(Source::Workbook(Box::new(workbook))));
        }
        if options.sheet.is_some() {
            return Err(HeaderError::NoSheets);
        }
        if begins_like_markup(&head) {
            return Err(HeaderError::Markup);
        }
        Ok(Self(Source::Delimited { input: Unchanged::new(input), delimiter: options.delimiter }))
    }

    /// The file's rows from the first one on. The second time, a delimited file that was changed since fails where the
    /// change begins, before a row of it is handed out; of a workbook the host holds its own copy.
    pub fn records(&mut self) -> Result<Records<'_>, HeaderError> {
        match &mut self.0 {
            Source::Delimited { input, delimiter } => {
                input.rewind().map_err(HeaderError::Io)?;
                Records::delimited(input, *delimiter)
            }
            Source::Workbook(workbook) => {
                let (rows, names) = WorksheetRows::open(workbook)?;
                Ok(Records::new(Rows::Worksheet(Box::new(rows)), names))
            }
        }
    }
}

impl<'a> Records<'a> {
    /// The rows of delimited text that is read once, from wherever it comes.
    pub fn delimited(input: impl Read + Send + 'a, delimiter: u8) -> Result<Self, HeaderError> {
        let (rows, names) = DelimitedRows::open(Box::new(input), delimiter)?;
        Ok(Self::new(Rows::Delimited(Box::new(rows)), names))
    }

    fn new(rows: Rows<'a>, names: Vec<String>) -> Self {
        Self { rows, header: Header::new(names), row: 0, finished: false, stopped_early: false }
    }

    /// The names in the file's first row.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.header.names()
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// Reads the next row into the cells. One broken row does not end the reading, but a quotation mark that is never
    /// closed or an unreadable file does.
    pub fn read(&mut self, cells: &mut Cells) -> Option<Result<(), RowError>> {
        if self.finished {
            return None;
        }
        cells.clear();
        let read = match &mut self.rows {
            Rows::Delimited(rows) => rows.read(cells),
            Rows::Worksheet(rows) => rows.read(cells),
        };
        if let Ok(false) = read {
            self.finished = true;
            return None;
        }
        self.row += 1;
        cells.row = self.row;
        Some(read.map(drop).map_err(|broken| {
            self.finished = broken.last;
            self.stopped_early = broken.last;
            RowError {
                line: broken.line,
                row: self.row,
                column: broken.column.and_then(|position| self.columns().get(position).cloned()),
                problem: broken.problem,
            }
        }))
    }

    /// An error in the column of the row that was read last.
    #[must_use]
    pub fn error(&self, cells: &Cells, column: Option<usize>, problem: String) -> RowError {
        let column = column.and_then(|position| self.columns().get(position).cloned());
        RowError { line: cells.line, row: cells.row, column, problem }
    }

    /// Bytes taken from the input so far, for a progress bar; of a worksheet the same part of the file as of its rows.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        match &self.rows {
            Rows::Delimited(rows) => rows.bytes_read(),
            Rows::Worksheet(rows) => rows.bytes_read(),
        }
    }

    /// Whether the last row ended the reading before the file's end, so that nothing is known of what comes after it.
    #[must_use]
    pub fn stopped_early(&self) -> bool {
        self.stopped_early
    }
}

impl Cells {
    /// The cells of a row that stands in no file.
    pub(super) fn of<'a>(row: u64, texts: impl IntoIterator<Item = &'a str>) -> Self {
        Self { row, texts: StringRecord::from_iter(texts), ..Self::default() }
    }

    /// The line of the file, from 1, on which the row starts; in a worksheet the number of the row.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The number of the row, from 1, without the header and without empty rows.
    #[must_use]
    pub fn row(&self) -> u64 {
        self.row
    }

    /// The text of a cell without the blanks around it; empty where there is none.
    #[must_use]
    pub fn text(&self, column: usize) -> &str {
        self.texts.get(column).unwrap_or_default().trim()
    }

    /// Whether the file itself holds the cell as a date, so that no format has to be known to read it.
    #[must_use]
    pub fn is_date(&self, column: usize) -> bool {
        self.dates.contains(&column)
    }

    /// Why the cell has no text although it is not empty, and what to do.
    #[must_use]
    pub fn unreadable(&self, column: usize) -> Option<&str> {
        self.unreadable.iter().find(|(position, _)| *position == column).map(|(_, problem)| problem.as_str())
    }

    fn clear(&mut self) {
        self.texts.clear();
        self.dates.clear();
        self.unreadable.clear();
    }
}

/// Other systems call web pages "Excel": a table in HTML, or the XML of Excel 2003.
fn begins_like_markup(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    ["<html", "<!doctype", "<table", "<?xml", "<meta", "<head", "<body"].iter().any(|tag| text.starts_with(tag))
}
