//! Rows of a worksheet, as texts that a mapping reads like those of delimited text.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, XlsxCellReader, XlsxError};
use jiff::civil::DateTime;

use super::cells::ROW_BYTES_MAX;
use super::records::{Broken, COLUMNS_MAX, Cells, HeaderError};
use super::serial::{SerialText, date_text, duration_text, shows_time};
use super::workbook::{Workbook, WorkbookError, contained, damaged};

pub struct WorksheetRows<'a> {
    cells: XlsxCellReader<'a, Cursor<Vec<u8>>>,
    counts_from_1904: bool,
    /// For each style of the workbook, whether its number format shows a time.
    show_time: Vec<bool>,
    /// The first cell of the next row: a row ends where another one begins.
    pending: Option<SheetCell>,
    columns: usize,
    bytes: u64,
    rows: u32,
    last_row: u32,
    ended: bool,
}

/// A cell that is not empty. Rows and columns count from 0.
struct SheetCell {
    row: u32,
    column: u32,
    content: Content,
}

enum Content {
    Text(String),
    Date(String),
    Unreadable(String),
}

impl<'a> WorksheetRows<'a> {
    /// Reads the sheet's first row that holds anything, and returns the names in it.
    pub fn open(workbook: &'a mut Workbook) -> Result<(Self, Vec<String>), HeaderError> {
        let sheet = workbook.sheet.clone();
        let (bytes, counts_from_1904) = (workbook.bytes, workbook.counts_from_1904);
        let cells = contained(|| workbook.xlsx.worksheet_cells_reader(&sheet)).map_err(damaged)?;
        let format_shows_time = |style: &calamine::Style| {
            style.number_format.as_ref().is_some_and(|format| shows_time(&format.format_code))
        };
        let show_time = cells.styles().iter().map(format_shows_time).collect();
        let rows = cells.dimensions().end.0.saturating_add(1);
        let mut sheet_rows = Self {
            cells,
            counts_from_1904,
            show_time,
            pending: None,
            columns: 0,
            bytes,
            rows,
            last_row: 0,
            ended: false,
        };
        let names = sheet_rows.names(sheet)?;
        sheet_rows.columns = names.len();
        Ok((sheet_rows, names))
    }

    /// The part of the file's length that the rows read so far are of all rows.
    pub fn bytes_read(&self) -> u64 {
        let rows = u64::from(self.rows.max(1));
        if self.ended { self.bytes } else { self.bytes * u64::from(self.last_row).min(rows) / rows }
    }

    /// Reads the next row that holds anything into the cells, or returns false after the last one.
    pub fn read(&mut self, cells: &mut Cells) -> Result<bool, Broken> {
        let Some((row, found)) = contained(|| self.next_row()).map_err(|error| self.stopped(error))? else {
            return Ok(false);
        };
        cells.line = u64::from(row) + 1;
        let mut bytes = 0;
        let mut texts: Vec<(usize, String)> = Vec::with_capacity(found.len());
        for cell in found {
            let column = cell.column as usize;
            if column >= self.columns {
                // Below no name: nothing can refer to it, as to a column that the mapping leaves out.
                continue;
            }
            match cell.content {
                Content::Text(text) => texts.push((column, text)),
                Content::Date(text) => {
                    cells.dates.push(column);
                    texts.push((column, text));
                }
                Content::Unreadable(problem) => cells.unreadable.push((column, problem)),
            }
        }
        texts.sort_by_key(|(column, _)| *column);
        let mut texts = texts.into_iter().peekable();
        for column in 0..self.columns {
            let text = texts.next_if(|(position, _)| *position == column).map(|(_, text)| text).unwrap_or_default();
            bytes += text.len();
            if bytes > ROW_BYTES_MAX {
                let problem = format!("the row is longer than {ROW_BYTES_MAX} bytes: shorten its cells");
                return Err(Broken { line: cells.line, column: None, problem, last: false });
            }
            cells.texts.push_field(&text);
        }
        Ok(true)
    }

    fn names(&mut self, sheet: String) -> Result<Vec<String>, HeaderError> {
        let Some((row, found)) = contained(|| self.next_row()).map_err(damaged)? else {
            return Err(WorkbookError::EmptySheet(sheet).into());
        };
        let width = found.iter().map(|cell| cell.column as usize + 1).max().unwrap_or_default();
        if width > COLUMNS_MAX {
            return Err(HeaderError::TooManyColumns(width));
        }
        let mut names = vec![String::new(); width];
        for cell in found {
            match cell.content {
                Content::Text(name) | Content::Date(name) => name.trim().clone_into(&mut names[cell.column as usize]),
                Content::Unreadable(problem) => {
                    return Err(WorkbookError::BadName { cell: reference(row, cell.column), problem }.into());
                }
            }
        }
        Ok(names)
    }

    /// The next row that holds anything, from 0, with its cells.
    fn next_row(&mut self) -> Result<Option<(u32, Vec<SheetCell>)>, XlsxError> {
        let first = match self.pending.take() {
            Some(cell) => cell,
            None => match self.next_cell()? {
                Some(cell) => cell,
                None => return Ok(None),
            },
        };
        let row = first.row;
        self.last_row = row;
        let mut found = vec![first];
        while let Some(cell) = self.next_cell()? {
            if cell.row != row {
                if cell.row < row {
                    return Err(XlsxError::Unexpected("its rows do not stand in their order"));
                }
                self.pending = Some(cell);
                break;
            }
            if found.last().is_some_and(|last| last.column >= cell.column) {
                return Err(XlsxError::Unexpected("the cells of a row do not stand in their order"));
            }
            found.push(cell);
        }
        Ok(Some((row, found)))
    }

    /// The next cell that is not empty.
    fn next_cell(&mut self) -> Result<Option<SheetCell>, XlsxError> {
        while !self.ended {
            let Some((cell, style)) = self.cells.next_cell_with_style_id()? else {
                self.ended = true;
                break;
            };
            let (row, column) = cell.get_position();
            let content = match cell.get_value() {
                DataRef::Empty => None,
                DataRef::String(text) | DataRef::DurationIso(text) => text_content(text),
                DataRef::SharedString(text) => text_content(text),
                DataRef::Int(number) => Some(Content::Text(number.to_string())),
                DataRef::Float(number) => Some(number_content(*number)),
                DataRef::Bool(truth) => Some(Content::Text(truth.to_string())),
                DataRef::DateTime(serial) => {
                    let shows_time = self.show_time.get(style).copied().unwrap_or_default();
                    Some(serial_content(serial, self.counts_from_1904, shows_time))
                }
                DataRef::DateTimeIso(text) => iso_content(text),
                DataRef::Error(error) => Some(Content::Unreadable(format!(
                    "the cell holds the error {error}: correct its formula, or empty the cell"
                ))),
            };
            if let Some(content) = content {
                return Ok(Some(SheetCell { row, column, content }));
            }
        }
        Ok(None)
    }

    fn stopped(&self, error: XlsxError) -> Broken {
        let line = u64::from(self.last_row) + 1;
        let problem = format!("after row {line} of the sheet, {}", damaged(error));
        Broken { line: line + 1, column: None, problem, last: true }
    }
}

fn text_content(text: &str) -> Option<Content> {
    if text.trim().is_empty() {
        None
    } else if text.len() > ROW_BYTES_MAX {
        Some(Content::Unreadable(format!("the cell is longer than {ROW_BYTES_MAX} bytes: shorten it")))
    } else {
        Some(Content::Text(text.to_owned()))
    }
}

/// The shortest decimal that reads back as the same number.
fn number_content(number: f64) -> Content {
    if number.is_finite() {
        // Adding zero turns minus zero into zero.
        Content::Text((number + 0.0).to_string())
    } else {
        Content::Unreadable("the cell holds no finite number: correct it".to_owned())
    }
}

fn serial_content(serial: &ExcelDateTime, counts_from_1904: bool, shows_time: bool) -> Content {
    if serial.is_duration() {
        return duration_text(serial.as_f64()).map_or_else(Content::Unreadable, Content::Text);
    }
    match date_text(serial.as_f64(), counts_from_1904, shows_time) {
        Ok(SerialText::Date(text)) => Content::Date(text),
        Ok(SerialText::TimeOfDay(text)) => Content::Text(text),
        Err(problem) => Content::Unreadable(problem),
    }
}

/// Few programs write dates as texts of ISO 8601; they are brought into the form of the others.
fn iso_content(text: &str) -> Option<Content> {
    match text.parse::<DateTime>() {
        Ok(local) if text.contains(':') => Some(Content::Date(format!("{} {}", local.date(), local.time()))),
        Ok(local) => Some(Content::Date(local.date().to_string())),
        Err(_) => text_content(text),
    }
}

/// A cell as Excel names it, for example C1.
fn reference(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}
