//! Rows of a file, read one after the other: a fact or an error for each.

use std::collections::{BTreeMap, HashMap};

use daybreak_domain::digest::Digest;
use daybreak_domain::fact::{FactError, NewFact};
use daybreak_domain::time::Instant;

use super::mapping::{FieldType, Mapping, TimeMapping};
use super::moment::Moment;
use super::records::{Cells, HeaderError, Records, RowError};
use super::template::{BoundTemplate, Header, Template};

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

/// Reads a file's rows, in order, as facts. One broken row does not end the reading, but a row that is never closed or
/// an unreadable file does.
pub struct Reader<'a> {
    records: Records<'a>,
    cells: Cells,
    columns: Columns,
    occurrences: HashMap<[u8; 16], u64>,
}

/// The mapping with every column found.
pub(super) struct Columns {
    source: String,
    capture: daybreak_domain::fact::Capture,
    kind: BoundTemplate,
    pub(super) external_id: BoundTemplate,
    who: Option<BoundTemplate>,
    document: Option<BoundTemplate>,
    customer: Option<BoundTemplate>,
    value: Option<BoundTemplate>,
    time: (BoundTemplate, Moment),
    recorded: Option<(BoundTemplate, Moment)>,
    fields: Vec<(String, BoundTemplate, FieldType)>,
    /// The positions of all columns that some template names.
    used: Vec<usize>,
}

/// A problem before it is known in which row it stands.
pub(super) struct Problem {
    pub(super) column: Option<usize>,
    pub(super) text: String,
}

impl<'a> Reader<'a> {
    /// Looks up every column that the mapping names.
    pub fn new(mapping: &Mapping, records: Records<'a>) -> Result<Self, HeaderError> {
        let columns = Columns::bind(mapping, records.header())?;
        Ok(Self { records, cells: Cells::default(), columns, occurrences: HashMap::new() })
    }

    /// The names in the first row.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        self.records.columns()
    }

    /// The cells of the row that was read last.
    #[must_use]
    pub fn cells(&self) -> &Cells {
        &self.cells
    }

    /// Bytes taken from the input so far, for a progress bar.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.records.bytes_read()
    }

    /// Whether the last row ended the reading before the file's end, so that nothing is known of what comes after it.
    #[must_use]
    pub fn stopped_early(&self) -> bool {
        self.records.stopped_early()
    }

    fn next_row(&mut self) -> Option<Result<RowFact, RowError>> {
        let mut cells = std::mem::take(&mut self.cells);
        let row = self.records.read(&mut cells).map(|read| {
            read.and_then(|()| {
                self.convert(&cells).map_err(|problem| self.records.error(&cells, problem.column, problem.text))
            })
        });
        self.cells = cells;
        row
    }

    fn convert(&mut self, cells: &Cells) -> Result<RowFact, Problem> {
        self.columns.check_readable(cells)?;
        let external_id = self.external_id(cells)?;
        self.columns.convert(cells, external_id)
    }

    /// Renders the external id and counts its occurrence: the same file gives the same ids whenever it is read.
    fn external_id(&mut self, cells: &Cells) -> Result<String, Problem> {
        let cell = |position: usize| cells.text(position);
        let template = &self.columns.external_id;
        let render = |occurrence| {
            template.render(cell, cells.row(), occurrence).map_err(|empty| Problem::empty(empty.0, "the external id"))
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

impl Iterator for Reader<'_> {
    type Item = Result<RowFact, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_row()
    }
}

impl Columns {
    pub(super) fn bind(mapping: &Mapping, header: &Header) -> Result<Self, HeaderError> {
        let bind = |key: &str, template: &Template| {
            template.bind(header).map_err(|problem| HeaderError::Column { key: key.to_owned(), problem })
        };
        let optional =
            |key: &str, template: &Option<Template>| template.as_ref().map(|template| bind(key, template)).transpose();
        let time = |key: &str, time: &TimeMapping| bind(key, &time.text).map(|text| (text, time.moment.clone()));
        let fields = mapping.fields.iter().map(|(name, field)| {
            Ok((name.clone(), bind(&format!("fields.{name}"), &field.text)?, field.field.clone()))
        });
        let mut columns = Self {
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
            used: Vec::new(),
        };
        columns.used = columns.templates().flat_map(BoundTemplate::columns).collect();
        columns.used.sort_unstable();
        columns.used.dedup();
        Ok(columns)
    }

    /// Refuses a row with a cell that is needed and has no text although it is not empty.
    fn check_readable(&self, cells: &Cells) -> Result<(), Problem> {
        let unreadable = |column: &usize| Some((*column, cells.unreadable(*column)?));
        match self.used.iter().find_map(unreadable) {
            Some((column, problem)) => Err(Problem { column: Some(column), text: problem.to_owned() }),
            None => Ok(()),
        }
    }

    /// The row as a fact under this id.
    pub(super) fn convert(&self, cells: &Cells, external_id: String) -> Result<RowFact, Problem> {
        let columns = self;
        let cell = |position: usize| cells.text(position);
        let row = cells.row();
        let required = |template: &BoundTemplate, what: &str| {
            template.render(cell, row, None).map_err(|empty| Problem::empty(empty.0, what))
        };
        let optional = |template: &Option<BoundTemplate>| {
            template.as_ref().and_then(|template| template.render(cell, row, None).ok())
        };
        let moment = |(template, moment): &(BoundTemplate, Moment), text: &str| {
            read_moment(moment, template, cells, text).map_err(|text| Problem { column: template.only_column(), text })
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
                let normalised = normalise(text, field, template, cells)
                    .map_err(|text| Problem { column: template.only_column(), text })?;
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
        Ok(RowFact { line: cells.line(), row, who, fact })
    }

    fn templates(&self) -> impl Iterator<Item = &BoundTemplate> {
        let optional = [&self.who, &self.document, &self.customer, &self.value].into_iter().flatten();
        let recorded = self.recorded.iter().map(|(template, _)| template);
        let fields = self.fields.iter().map(|(_, template, _)| template);
        [&self.kind, &self.external_id, &self.time.0].into_iter().chain(optional).chain(recorded).chain(fields)
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
            // No mapping gives a revision; said all the same.
            FactError::RevisionTooHigh(_) => (None, "let the source count from 0"),
        };
        Problem { column: template.and_then(BoundTemplate::only_column), text: format!("{error}: {advice}") }
    }
}

impl Problem {
    pub(super) fn empty(column: usize, what: &str) -> Self {
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

/// A cell that the file itself holds as a date needs no format. Where a template puts a text together from several
/// parts, the text is what counts.
fn read_moment(moment: &Moment, template: &BoundTemplate, cells: &Cells, text: &str) -> Result<Instant, String> {
    match template.only_column() {
        Some(column) if cells.is_date(column) && cells.text(column) == text => moment.read_date(text),
        _ => moment.read(text),
    }
}

fn normalise(text: String, field: &FieldType, template: &BoundTemplate, cells: &Cells) -> Result<String, String> {
    match field {
        FieldType::Text => Ok(text),
        FieldType::Number => Ok(number(&text)?.to_string()),
        FieldType::Instant(moment) => read_moment(moment, template, cells, &text).map(|instant| instant.to_string()),
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
