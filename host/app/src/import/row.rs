//! Rows of a delimited file, read one after the other: a fact or an error for each.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::{self, Read};

use csv::{ByteRecord, ErrorKind, StringRecord};
use daybreak_domain::digest::Digest;
use daybreak_domain::fact::{FactError, NewFact};
use daybreak_domain::time::Instant;

use super::cells::{ROW_BYTES_MAX, RowTooLong, WatchedInput};
use super::mapping::{FieldType, Mapping, TimeMapping};
use super::moment::Moment;
use super::template::{BoundTemplate, ColumnError, Header, Template};

pub const COLUMNS_MAX: usize = 4_096;

/// Most different texts whose occurrences are counted; each costs some forty bytes of memory.
pub const OCCURRENCES_MAX: usize = 20_000_000;

/// Longest piece of a cell that an error shows, in characters.
const SHOWN_CHARACTERS_MAX: usize = 60;

/// A row as a fact. Its actor is none as yet: `who` is the identity in the source, and the caller knows the people.
#[derive(Clone, Debug, PartialEq)]
pub struct RowFact {
    /// The line of the file, from 1, on which the row starts.
    pub line: u64,
    /// The number of the row, from 1, without the header.
    pub row: u64,
    pub who: Option<String>,
    pub fact: NewFact,
}

/// What is wrong with one row, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowError {
    /// The line of the file, from 1, on which the row starts.
    pub line: u64,
    /// The number of the row, from 1, without the header.
    pub row: u64,
    pub column: Option<String>,
    pub problem: String,
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
    #[error("{key}: {problem}")]
    Column { key: String, problem: ColumnError },
}

/// Reads a file's rows, in order, as facts. One broken row does not end the reading, but a row that is never closed or
/// an unreadable file does.
pub struct Reader<R> {
    rows: csv::Reader<WatchedInput<R>>,
    record: ByteRecord,
    header: Header,
    columns: Columns,
    row: u64,
    occurrences: HashMap<[u8; 16], u64>,
    finished: bool,
    stopped_early: bool,
}

/// The mapping with every column found.
struct Columns {
    source: String,
    capture: daybreak_domain::fact::Capture,
    kind: BoundTemplate,
    external_id: BoundTemplate,
    who: Option<BoundTemplate>,
    document: Option<BoundTemplate>,
    customer: Option<BoundTemplate>,
    value: Option<BoundTemplate>,
    time: (BoundTemplate, Moment),
    recorded: Option<(BoundTemplate, Moment)>,
    fields: Vec<(String, BoundTemplate, FieldType)>,
}

/// A problem before it is known in which row it stands.
struct Problem {
    column: Option<usize>,
    text: String,
}

impl<R: Read> Reader<R> {
    /// Reads the header and looks up every column that the mapping names. Rows are separated as in any CSV; cells by
    /// `delimiter`.
    pub fn new(mapping: &Mapping, input: R, delimiter: u8) -> Result<Self, HeaderError> {
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
            ErrorKind::Io(error) if is_too_long(&error) => HeaderError::TooLong,
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
        let header = Header::new(names.collect::<Result<_, _>>().map_err(|_| HeaderError::NotUtf8)?);
        let columns = Columns::bind(mapping, &header)?;
        Ok(Self {
            rows,
            record,
            header,
            columns,
            row: 0,
            occurrences: HashMap::new(),
            finished: false,
            stopped_early: false,
        })
    }

    /// The names in the first line.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.header.names()
    }

    /// Bytes taken from the input so far, for a progress bar.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.rows.get_ref().bytes_read()
    }

    /// Whether the last row ended the reading before the file's end, so that nothing is known of what comes after it.
    #[must_use]
    pub fn stopped_early(&self) -> bool {
        self.stopped_early
    }

    fn next_row(&mut self) -> Option<Result<RowFact, RowError>> {
        if self.finished {
            return None;
        }
        let read = self.rows.read_byte_record(&mut self.record);
        if let Ok(false) = read {
            self.finished = true;
            return None;
        }
        self.row += 1;
        let error = |line, row, problem: String| Some(Err(RowError { line, row, column: None, problem }));
        if let Err(failed) = read
            && !matches!(failed.kind(), ErrorKind::UnequalLengths { .. })
        {
            self.finished = true;
            self.stopped_early = true;
            let line = self.rows.get_ref().row_line();
            return error(line, self.row, unreadable(failed));
        }
        let line = self.rows.get_mut().next_start();
        if let Some(quote_line) = self.rows.get_ref().open_quote_line() {
            self.finished = true;
            self.stopped_early = true;
            return error(
                line,
                self.row,
                format!(
                    "the quotation mark that opens a cell on line {quote_line} is never closed: \
                     close it, or double it if it belongs to the text"
                ),
            );
        }
        let (cells, columns) = (self.record.len(), self.header.names().len());
        if cells != columns {
            let what = if cells < columns { "too few" } else { "too many" };
            return error(
                line,
                self.row,
                format!(
                    "{cells} cells for {columns} columns, {what}: put a cell that holds the delimiter or a line break \
                     in quotation marks, and double a quotation mark inside it"
                ),
            );
        }
        let converted = match StringRecord::from_byte_record(std::mem::take(&mut self.record)) {
            Ok(record) => {
                let converted = self.convert(&record, line);
                self.record = record.into_byte_record();
                converted
            }
            Err(failed) => Err(Problem {
                column: Some(failed.utf8_error().field()),
                text: "the cell is not UTF-8: save the file as \"CSV UTF-8\"".to_owned(),
            }),
        };
        Some(converted.map_err(|problem| RowError {
            line,
            row: self.row,
            column: problem.column.and_then(|position| self.header.names().get(position).cloned()),
            problem: problem.text,
        }))
    }

    fn convert(&mut self, record: &StringRecord, line: u64) -> Result<RowFact, Problem> {
        let external_id = self.external_id(record)?;
        let columns = &self.columns;
        let cell = |position: usize| record.get(position).unwrap_or_default().trim();
        let row = self.row;
        let required = |template: &BoundTemplate, what: &str| {
            template.render(cell, row, None).map_err(|empty| Problem::empty(empty.0, what))
        };
        let optional = |template: &Option<BoundTemplate>| {
            template.as_ref().and_then(|template| template.render(cell, row, None).ok())
        };
        let moment = |(template, moment): &(BoundTemplate, Moment), text: &str| {
            moment.read(text).map_err(|text| Problem { column: template.only_column(), text })
        };
        let occurred_at = moment(&columns.time, &required(&columns.time.0, "the time")?)?;
        let recorded_at = match &columns.recorded {
            Some(recorded) => {
                recorded.0.render(cell, row, None).ok().map(|text| moment(recorded, &text)).transpose()?
            }
            None => None,
        };
        let value = match &columns.value {
            Some(template) => optional(&columns.value)
                .map(|text| number(&text).map_err(|text| Problem { column: template.only_column(), text }))
                .transpose()?,
            None => None,
        };
        let mut attributes = BTreeMap::new();
        for (name, template, field) in &columns.fields {
            if let Ok(text) = template.render(cell, row, None) {
                let normalised =
                    normalise(text, field).map_err(|text| Problem { column: template.only_column(), text })?;
                attributes.insert(name.clone(), normalised);
            }
        }
        let fact = NewFact {
            source: columns.source.clone(),
            external_id,
            revision: None,
            kind: required(&columns.kind, "the kind")?,
            occurred_at,
            recorded_at,
            actor: None,
            document: optional(&columns.document),
            customer: optional(&columns.customer),
            value,
            capture: columns.capture,
            attributes,
            withdrawn: false,
        };
        fact.check().map_err(|error| columns.explain(&error))?;
        let who = optional(&columns.who);
        if let (Some(who), Some(template)) = (&who, &columns.who) {
            check_who(who).map_err(|text| Problem { column: template.only_column(), text })?;
        }
        Ok(RowFact { line, row, who, fact })
    }

    /// Renders the external id and counts its occurrence: the same file gives the same ids whenever it is read.
    fn external_id(&mut self, record: &StringRecord) -> Result<String, Problem> {
        let cell = |position: usize| record.get(position).unwrap_or_default().trim();
        let template = &self.columns.external_id;
        let render = |occurrence| {
            template.render(cell, self.row, occurrence).map_err(|empty| Problem::empty(empty.0, "the external id"))
        };
        let text = render(None)?;
        if !template.counts_occurrences() {
            return Ok(text);
        }
        let mut key = [0; 16];
        key.copy_from_slice(&Digest::of(text.as_bytes()).as_bytes()[..16]);
        if self.occurrences.len() >= OCCURRENCES_MAX && !self.occurrences.contains_key(&key) {
            return Err(Problem {
                column: None,
                text: format!("more than {OCCURRENCES_MAX} different external ids to count: split the file"),
            });
        }
        let occurrence = self.occurrences.entry(key).or_insert(0);
        *occurrence += 1;
        let occurrence = *occurrence;
        render(Some(occurrence))
    }
}

impl<R: Read> Iterator for Reader<R> {
    type Item = Result<RowFact, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row()
    }
}

impl Columns {
    fn bind(mapping: &Mapping, header: &Header) -> Result<Self, HeaderError> {
        let bind = |key: &str, template: &Template| {
            template.bind(header).map_err(|problem| HeaderError::Column { key: key.to_owned(), problem })
        };
        let optional =
            |key: &str, template: &Option<Template>| template.as_ref().map(|template| bind(key, template)).transpose();
        let time = |key: &str, time: &TimeMapping| Ok((bind(key, &time.text)?, time.moment.clone()));
        let fields = mapping.fields.iter().map(|(name, field)| {
            Ok((name.clone(), bind(&format!("fields.{name}"), &field.text)?, field.field.clone()))
        });
        Ok(Self {
            source: mapping.source.clone(),
            capture: mapping.capture,
            kind: bind("kind", &mapping.kind)?,
            external_id: bind("external_id", &mapping.external_id)?,
            who: optional("who", &mapping.who)?,
            document: optional("document", &mapping.document)?,
            customer: optional("customer", &mapping.customer)?,
            value: optional("value", &mapping.value)?,
            time: time("time.text", &mapping.time)?,
            recorded: mapping.recorded.as_ref().map(|recorded| time("recorded.text", recorded)).transpose()?,
            fields: fields.collect::<Result<_, HeaderError>>()?,
        })
    }

    /// Says which column a bound of facts was broken by, and what to change.
    fn explain(&self, error: &FactError) -> Problem {
        let field =
            |wanted: &str| self.fields.iter().find(|(name, ..)| name == wanted).map(|(_, template, _)| template);
        let named = |what: &str| match what {
            "external id" => Some(&self.external_id),
            "document" => self.document.as_ref(),
            "customer" => self.customer.as_ref(),
            "the kind" => Some(&self.kind),
            _ => None,
        };
        let (template, advice) = match error {
            FactError::BadName { what, .. } => (named(what), "correct the cell or the mapping"),
            FactError::Empty(what) => (named(what), "fill it"),
            FactError::TooLong { what, .. } => (named(what), "shorten the cell, or use fewer columns in the mapping"),
            FactError::NotPlain(what) => (named(what), "remove the line breaks and control characters"),
            FactError::TimeOutOfRange(_) => (Some(&self.time.0), "correct the time"),
            FactError::ValueNotFinite => (self.value.as_ref(), "write a number"),
            FactError::AttributeTooLong { name, .. } => (field(name), "shorten the cell"),
            FactError::TooManyAttributes(_) | FactError::TooMuch(_) => (None, "map fewer columns to fields"),
        };
        Problem { column: template.and_then(BoundTemplate::only_column), text: format!("{error}: {advice}") }
    }
}

impl Problem {
    fn empty(column: usize, what: &str) -> Self {
        Self {
            column: Some(column),
            text: format!("the cell is empty but {what} needs it: fill it, or name another column in the mapping"),
        }
    }
}

fn check_who(who: &str) -> Result<(), String> {
    use daybreak_domain::fact::ID_BYTES_MAX;
    if who.len() > ID_BYTES_MAX {
        return Err(format!("the identity has {} bytes: shorten it to at most {ID_BYTES_MAX}", who.len()));
    }
    if who.chars().any(char::is_control) {
        return Err("the identity holds control characters: remove the line breaks and control characters".to_owned());
    }
    Ok(())
}

fn normalise(text: String, field: &FieldType) -> Result<String, String> {
    match field {
        FieldType::Text => Ok(text),
        FieldType::Number => Ok(number(&text)?.to_string()),
        FieldType::Instant(moment) => moment.read(&text).map(|instant: Instant| instant.to_string()),
        FieldType::Truth => match text.to_lowercase().as_str() {
            "true" | "yes" | "y" | "1" | "是" => Ok("true".to_owned()),
            "false" | "no" | "n" | "0" | "否" => Ok("false".to_owned()),
            _ => Err(format!("{:?} is neither true nor false: write true or false, yes or no, 1 or 0", shown(&text))),
        },
    }
}

/// A finite number. Thousands separators are refused rather than guessed at: 1,234 is two numbers in two countries.
fn number(text: &str) -> Result<f64, String> {
    let begins_well = text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '-' | '.'));
    let number = text.parse::<f64>().ok().filter(|number| begins_well && number.is_finite());
    // Adding zero turns minus zero into zero, so that one amount has one text.
    number.map(|number| number + 0.0).ok_or_else(|| {
        format!(
            "{:?} is no number: write digits with a decimal point, without thousands separators or units, \
             for example 1234.5",
            shown(text)
        )
    })
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN_CHARACTERS_MAX).collect()
}

fn is_too_long(error: &io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref()).is_some_and(|RowTooLong| true)
}

fn unreadable(error: csv::Error) -> String {
    match error.into_kind() {
        ErrorKind::Io(error) if is_too_long(&error) => format!(
            "the row is longer than {ROW_BYTES_MAX} bytes: close its quotation mark, or double it if it belongs to the text"
        ),
        ErrorKind::Io(error) => {
            format!("the file could not be read any further ({error}): check the file and try again")
        }
        other => format!("the file could not be read any further ({other:?}): check the file and try again"),
    }
}
