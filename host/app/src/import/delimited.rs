//! Rows of delimited text.

use std::io::{self, Read};

use csv::{ByteRecord, ErrorKind, StringRecord};

use super::cells::{ROW_BYTES_MAX, RowTooLong, WatchedInput};
use super::records::{Broken, COLUMNS_MAX, Cells, HeaderError};
use super::unchanged::FileChanged;

pub struct DelimitedRows<'a> {
    rows: csv::Reader<WatchedInput<Box<dyn Read + Send + 'a>>>,
    record: ByteRecord,
    columns: usize,
}

impl<'a> DelimitedRows<'a> {
    /// Reads the first row and returns the names in it. Rows are separated as in any CSV; cells by `delimiter`.
    pub fn open(input: Box<dyn Read + Send + 'a>, delimiter: u8) -> Result<(Self, Vec<String>), HeaderError> {
        if !delimiter.is_ascii() || matches!(delimiter, b'"' | b'\r' | b'\n' | 0) || delimiter.is_ascii_alphanumeric() {
            return Err(HeaderError::BadDelimiter(char::from(delimiter)));
        }
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(false)
            .delimiter(delimiter)
            .from_reader(WatchedInput::new(input, delimiter));
        let mut record = ByteRecord::new();
        let found = rows.read_byte_record(&mut record).map_err(|error| match error.into_kind() {
            ErrorKind::Io(error) if is::<RowTooLong>(&error) => HeaderError::TooLong,
            ErrorKind::Io(error) => HeaderError::Io(error),
            other => HeaderError::Io(io::Error::other(format!("{other:?}"))),
        })?;
        if !found {
            return Err(HeaderError::Empty);
        }
        rows.get_mut().next_start();
        if rows.get_ref().open_quote_line().is_some() {
            return Err(HeaderError::OpenQuote);
        }
        if record.len() > COLUMNS_MAX {
            return Err(HeaderError::TooManyColumns(record.len()));
        }
        let first = record.get(0).unwrap_or_default();
        if first.starts_with(&[0xff, 0xfe]) || first.starts_with(&[0xfe, 0xff]) {
            return Err(HeaderError::Utf16);
        }
        let names = record.iter().map(|name| std::str::from_utf8(name).map(|name| name.trim().to_owned()));
        let names: Vec<String> = names.collect::<Result<_, _>>().map_err(|_| HeaderError::NotUtf8)?;
        let columns = names.len();
        Ok((Self { rows, record, columns }, names))
    }

    pub fn bytes_read(&self) -> u64 {
        self.rows.get_ref().bytes_read()
    }

    /// Reads the next row into the cells, or returns false after the last one.
    pub fn read(&mut self, cells: &mut Cells) -> Result<bool, Broken> {
        let read = self.rows.read_byte_record(&mut self.record);
        if let Ok(false) = read {
            return Ok(false);
        }
        if let Err(failed) = read
            && !matches!(failed.kind(), ErrorKind::UnequalLengths { .. })
        {
            let line = self.rows.get_ref().row_line();
            return Err(Broken { line, column: None, problem: unreadable(failed), last: true });
        }
        let line = self.rows.get_mut().next_start();
        if let Some(quote_line) = self.rows.get_ref().open_quote_line() {
            let problem = format!(
                "the quotation mark that opens a cell on line {quote_line} is never closed: \
                 close it, or double it if it belongs to the text"
            );
            return Err(Broken { line, column: None, problem, last: true });
        }
        let (found, columns) = (self.record.len(), self.columns);
        if found != columns {
            let what = if found < columns { "too few" } else { "too many" };
            let problem = format!(
                "{found} cells for {columns} columns, {what}: put a cell that holds the delimiter or a line break \
                 in quotation marks, and double a quotation mark inside it"
            );
            return Err(Broken { line, column: None, problem, last: false });
        }
        cells.line = line;
        // The two records take turns, so that neither row allocates anew.
        let spare = std::mem::take(&mut cells.texts).into_byte_record();
        match StringRecord::from_byte_record(std::mem::replace(&mut self.record, spare)) {
            Ok(texts) => {
                cells.texts = texts;
                Ok(true)
            }
            Err(failed) => Err(Broken {
                line,
                column: Some(failed.utf8_error().field()),
                problem: "the cell is not UTF-8: save the file as \"CSV UTF-8\"".to_owned(),
                last: false,
            }),
        }
    }
}

fn is<E: std::error::Error + 'static>(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<E>)
}

fn unreadable(error: csv::Error) -> String {
    match error.into_kind() {
        ErrorKind::Io(error) if is::<RowTooLong>(&error) => format!(
            "the row is longer than {ROW_BYTES_MAX} bytes: close its quotation mark, or double it if it belongs to the text"
        ),
        ErrorKind::Io(error) if is::<FileChanged>(&error) => FileChanged.to_string(),
        ErrorKind::Io(error) => {
            format!("the file could not be read any further ({error}): check the file and try again")
        }
        other => format!("the file could not be read any further ({other:?}): check the file and try again"),
    }
}
