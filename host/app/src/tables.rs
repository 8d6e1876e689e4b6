//! Facts become tables: scopes, windows and envelope columns, for a batch of subjects.
//!
//! This is the one place that decides which rows a plugin sees. It reads no database and calls no plugin, so the host,
//! a replay and an author's local test all go through the same lines.

use std::collections::{BTreeMap, HashMap};

use daybreak_domain::company::{Spell, borders, counts_on};
use daybreak_domain::customer::Ownership;
use daybreak_domain::fact_set::{Coded, FactSet, NONE};
use daybreak_domain::period::Period;
use daybreak_domain::requirements::{ColumnType, Envelope, Field, Need, Requirements, Scope, SubjectKind, Window};
use daybreak_domain::table::{Column, Context, Table, Values};
use daybreak_domain::time::{Day, Instant, Span, Zone};

/// Most rows that one subject may be given; more is refused rather than cut.
pub const ROWS_PER_SUBJECT_MAX: usize = 2_000_000;

/// Who belonged to which department and looked after which customer on which day, as known at one sequence.
#[derive(Clone, Debug, Default)]
pub struct Organisation {
    spells: HashMap<String, Vec<Spell>>,
    ownerships: HashMap<String, Vec<Ownership>>,
}

impl Organisation {
    #[must_use]
    pub fn new(spells: Vec<Spell>, ownerships: Vec<Ownership>) -> Self {
        let mut organisation = Self::default();
        for spell in spells {
            organisation.spells.entry(spell.person.clone()).or_default().push(spell);
        }
        for ownership in ownerships {
            organisation.ownerships.entry(ownership.customer.clone()).or_default().push(ownership);
        }
        organisation
    }

    #[must_use]
    pub fn department_of(&self, person: &str, day: Day) -> Option<&str> {
        self.spells.get(person).and_then(|spells| counts_on(spells, day)).and_then(|spell| spell.department.as_deref())
    }

    /// The employee who looks after the customer on the day.
    #[must_use]
    pub fn owner_of(&self, customer: &str, day: Day) -> Option<&str> {
        let ownerships = self.ownerships.get(customer)?;
        counts_on(ownerships, day).and_then(|ownership| ownership.owner.as_deref())
    }

    /// Everybody who is or was on record as looking after the customer on some day.
    pub fn owners_ever(&self, customer: &str) -> impl Iterator<Item = &str> {
        self.ownerships.get(customer).into_iter().flatten().filter_map(|ownership| ownership.owner.as_deref())
    }

    /// The person's last day in the company within the period; none if there is no such day.
    #[must_use]
    pub fn last_day_of(&self, person: &str, period: Period) -> Option<Day> {
        let spells = self.spells.get(person)?;
        let mut end = period.end();
        for border in borders(spells, period.first(), Some(end)).into_iter().rev() {
            if counts_on(spells, border).is_some_and(|spell| spell.employed) {
                return Some(end.plus(-1));
            }
            end = border;
        }
        None
    }

    /// People who are employed on some day of the period.
    pub fn people_during(&self, period: Period) -> impl Iterator<Item = &str> {
        self.spells.iter().filter_map(move |(person, spells)| {
            let employed = |day: Day| counts_on(spells, day).is_some_and(|spell| spell.employed);
            let is_there = borders(spells, period.first(), Some(period.end())).into_iter().any(employed);
            is_there.then_some(person.as_str())
        })
    }
}

/// When: the period, the zone that cuts its days, and the instant beyond which nothing has happened yet.
#[derive(Clone, Debug)]
pub struct Frame {
    pub zone: Zone,
    pub period: Period,
    /// The local midnight that ends the day of assessment.
    pub as_of: Instant,
}

impl Frame {
    /// A frame that is assessed at the end of the given day.
    #[must_use]
    pub fn assessed_on(zone: Zone, period: Period, day: Day) -> Self {
        let as_of = zone.midnight(day.plus(1));
        Self { zone, period, as_of }
    }

    /// The day after the day of assessment.
    fn as_of_day(&self) -> Day {
        self.zone.day_of(self.as_of)
    }

    /// The instants that a window covers; never at or after as-of.
    #[must_use]
    pub fn window(&self, window: Window) -> Span {
        let before = |day: Day, days: u32| day.plus(-i32::try_from(days).unwrap_or(i32::MAX));
        let (start, end) = match window {
            Window::PeriodAndBefore(days) => {
                (self.zone.midnight(before(self.period.first(), days)), self.zone.midnight(self.period.end()))
            }
            Window::LastDays(days) => (self.zone.midnight(before(self.as_of_day(), days)), self.as_of),
        };
        Span { start, end: end.min(self.as_of) }
    }

    /// The context that a plugin gets. `earliest` is the earliest row that comes, if any comes before the windows.
    #[must_use]
    pub fn context(&self, requirements: &Requirements, earliest: Option<Instant>, parameters_json: &str) -> Context {
        let period = self.period.span(&self.zone);
        let windows = requirements.needs.iter().map(|need| self.window(need.window).start);
        let start = windows.chain(earliest).chain([period.start, self.as_of]).min().unwrap_or(period.start);
        Context {
            as_of: self.as_of,
            period,
            time_zone: self.zone.name().to_owned(),
            utc_offsets: self.zone.offsets(Span { start, end: Instant(self.as_of.0 + 1) }),
            parameters_json: parameters_json.to_owned(),
        }
    }
}

/// Why a subject cannot be given to the plugin: a row lacks a field that the plugin requires.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Index into the batch's subjects.
    pub subject: usize,
    pub field: String,
    pub kind: String,
    /// How many of the subject's rows lack it.
    pub facts: usize,
    /// The sequence of the first one.
    pub first: i64,
}

/// The tables of a batch, and which fact each row is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assembly {
    /// `tables[i]` answers the i-th need.
    pub tables: Vec<Table>,
    /// `facts[table][row]` is the sequence of the fact.
    pub facts: Vec<Vec<i64>>,
    /// Subjects that must not be scored, in order of their index.
    pub defects: Vec<Defect>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssembleError {
    #[error("one subject has {rows} rows of {kind}: at most {ROWS_PER_SUBJECT_MAX}; use a shorter window")]
    TooManyRows { kind: String, rows: usize },
}

/// Everything that assembling reads.
pub struct Sources<'a> {
    /// The facts of each kind that some need names, at least those of its window (for the scope documents: all facts
    /// before as-of on documents with a fact in the window), current at one sequence, ordered by time then sequence.
    pub facts: &'a BTreeMap<String, FactSet>,
    pub organisation: &'a Organisation,
    pub frame: &'a Frame,
}

/// Builds the tables for these subjects, in their order.
pub fn assemble(
    requirements: &Requirements,
    subject_kind: SubjectKind,
    subjects: &[&str],
    sources: &Sources<'_>,
) -> Result<Assembly, AssembleError> {
    let assembly = assemble_within(usize::MAX, requirements, subject_kind, subjects, sources)?;
    Ok(assembly.unwrap_or_default())
}

/// As [`assemble`], unless the subjects have more rows of their own than this together. Rows are counted before any column
/// is built. Company-wide rows are nobody's own: they come once for each call, however few subjects it has.
pub fn assemble_within(
    own_rows_max: usize,
    requirements: &Requirements,
    subject_kind: SubjectKind,
    subjects: &[&str],
    sources: &Sources<'_>,
) -> Result<Option<Assembly>, AssembleError> {
    let mut assembly = Assembly::default();
    let empty = FactSet::default();
    let mut own_rows = 0;
    let mut views = Vec::with_capacity(requirements.needs.len());
    for need in &requirements.needs {
        let set = sources.facts.get(&need.kind).unwrap_or(&empty);
        let view = View { need, set, subject_kind, subjects, sources };
        let rows = view.rows()?;
        if need.scope != Scope::Company {
            own_rows += rows.rows.len();
        }
        if own_rows > own_rows_max {
            return Ok(None);
        }
        views.push((view, rows));
    }
    for (view, rows) in &views {
        view.table(rows, &mut assembly);
    }
    assembly.defects.sort_by(|left, right| {
        (left.subject, &left.kind, &left.field).cmp(&(right.subject, &right.kind, &right.field))
    });
    Ok(Some(assembly))
}

/// One need, seen for one batch of subjects.
struct View<'a> {
    need: &'a Need,
    set: &'a FactSet,
    subject_kind: SubjectKind,
    subjects: &'a [&'a str],
    sources: &'a Sources<'a>,
}

/// Row numbers of a fact set: `offsets[i]..offsets[i + 1]` are those of subject i.
struct Rows {
    offsets: Vec<u32>,
    rows: Vec<u32>,
}

impl View<'_> {
    fn rows(&self) -> Result<Rows, AssembleError> {
        match self.need.scope {
            Scope::Customers => self.split(&self.on_customers()),
            Scope::Company => Ok(self.company_rows()),
            Scope::Department if self.subject_kind == SubjectKind::Employee => self.split(&self.colleagues()),
            Scope::Subject | Scope::Department => self.split(&self.owners()),
            Scope::Documents => self.split(&self.on_documents()),
        }
    }

    /// The rows of the set that lie in the window; they are a range because the set is ordered by time.
    fn window_rows(&self) -> std::ops::Range<usize> {
        let window = self.sources.frame.window(self.need.window);
        let start = self.set.occurred_at.partition_point(|&at| at < window.start.0);
        let end = self.set.occurred_at.partition_point(|&at| at < window.end.0);
        start..end.max(start)
    }

    fn company_rows(&self) -> Rows {
        let rows: Vec<u32> = self.window_rows().map(|row| row as u32).collect();
        Rows { offsets: vec![0, rows.len() as u32], rows }
    }

    /// (subject, row) pairs of the window's rows that were recorded for the subject itself.
    fn owners(&self) -> Vec<(u32, u32)> {
        let pairs = |owner: &dyn Fn(usize) -> Option<u32>| {
            self.window_rows().filter_map(|row| owner(row).map(|subject| (subject, row as u32))).collect()
        };
        match self.subject_kind {
            SubjectKind::Company => pairs(&|_| Some(0)),
            SubjectKind::Employee => {
                let subject_of = self.subjects_by_code(&self.set.actor);
                pairs(&|row| of_code(&subject_of, self.set.actor.codes[row]))
            }
            SubjectKind::Customer => {
                let subject_of = self.subjects_by_code(&self.set.customer);
                pairs(&|row| of_code(&subject_of, self.set.customer.codes[row]))
            }
            SubjectKind::Department => {
                let subject_of: HashMap<&str, u32> =
                    self.subjects.iter().enumerate().map(|(index, id)| (*id, index as u32)).collect();
                pairs(&|row| self.department_on(row).and_then(|department| subject_of.get(department).copied()))
            }
        }
    }

    /// (subject, row) pairs of facts by people who were in the employee's department on the fact's own day.
    fn colleagues(&self) -> Vec<(u32, u32)> {
        let organisation = self.sources.organisation;
        let rows: Vec<(u32, Day, &str)> = self
            .window_rows()
            .filter_map(|row| self.department_on(row).map(|department| (row as u32, self.day(row), department)))
            .collect();
        let mut pairs = Vec::new();
        for (index, subject) in self.subjects.iter().enumerate() {
            let mut on: Option<(Day, Option<&str>)> = None;
            for &(row, day, department) in &rows {
                // Rows come in the order of time, so a subject's department is looked up once for each day.
                let own = match on {
                    Some((known, own)) if known == day => own,
                    _ => organisation.department_of(subject, day),
                };
                on = Some((day, own));
                if own == Some(department) {
                    pairs.push((index as u32, row));
                }
            }
        }
        pairs
    }

    /// (subject, row) pairs of all facts up to as-of on documents on which the subject has a fact in the window.
    fn on_documents(&self) -> Vec<(u32, u32)> {
        let as_of = self.sources.frame.as_of.0;
        let mut touched: Vec<(u32, u32)> = self
            .owners()
            .into_iter()
            .map(|(subject, row)| (subject, self.set.document.codes[row as usize]))
            .filter(|&(_, document)| document != NONE)
            .collect();
        touched.sort_unstable();
        touched.dedup();
        let mut pairs = Vec::new();
        for (subject, document) in touched {
            let rows = self.set.rows_of_document(document).iter();
            let happened = rows.filter(|&&row| self.set.occurred_at[row as usize] < as_of);
            pairs.extend(happened.map(|&row| (subject, row)));
        }
        pairs
    }

    /// (subject, row) pairs of the window's facts on customers that somebody looked after on the fact's own day: that
    /// employee, the employee's department of that day, the company. A customer is looked at by itself.
    fn on_customers(&self) -> Vec<(u32, u32)> {
        if self.subject_kind == SubjectKind::Customer {
            return self.owners();
        }
        let subject_of: HashMap<&str, u32> =
            self.subjects.iter().enumerate().map(|(index, id)| (*id, index as u32)).collect();
        let organisation = self.sources.organisation;
        let subject = |row: usize| {
            let (customer, day) = (self.set.customer.text(row)?, self.day(row));
            let owner = organisation.owner_of(customer, day)?;
            match self.subject_kind {
                SubjectKind::Employee => subject_of.get(owner).copied(),
                SubjectKind::Department => subject_of.get(organisation.department_of(owner, day)?).copied(),
                SubjectKind::Company | SubjectKind::Customer => Some(0),
            }
        };
        self.window_rows().filter_map(|row| subject(row).map(|subject| (subject, row as u32))).collect()
    }

    fn split(&self, pairs: &[(u32, u32)]) -> Result<Rows, AssembleError> {
        let mut pairs = pairs.to_vec();
        // The set is ordered by time and sequence, so the row number alone gives that order.
        pairs.sort_unstable();
        let mut offsets = vec![0_u32; self.subjects.len() + 1];
        for &(subject, _) in &pairs {
            offsets[subject as usize + 1] += 1;
        }
        if let Some(&rows) = offsets.iter().find(|&&rows| rows as usize > ROWS_PER_SUBJECT_MAX) {
            return Err(AssembleError::TooManyRows { kind: self.need.kind.clone(), rows: rows as usize });
        }
        for index in 1..offsets.len() {
            offsets[index] += offsets[index - 1];
        }
        Ok(Rows { offsets, rows: pairs.into_iter().map(|(_, row)| row).collect() })
    }

    fn subjects_by_code(&self, column: &Coded) -> Vec<u32> {
        let mut subject_of = vec![NONE; column.dictionary.len()];
        for (index, subject) in self.subjects.iter().enumerate() {
            if let Some(code) = column.code_of(subject) {
                subject_of[code as usize] = index as u32;
            }
        }
        subject_of
    }

    fn day(&self, row: usize) -> Day {
        self.sources.frame.zone.day_of(Instant(self.set.occurred_at[row]))
    }

    /// The department that the fact's actor had on the fact's own day.
    fn department_on(&self, row: usize) -> Option<&str> {
        let actor = self.set.actor.text(row)?;
        self.sources.organisation.department_of(actor, self.day(row))
    }

    fn table(&self, rows: &Rows, assembly: &mut Assembly) {
        let columns: Vec<Column> = self.need.fields.iter().map(|field| self.column(field, rows)).collect();
        for (field, column) in self.need.fields.iter().zip(&columns) {
            if field.required && !column.missing.is_empty() {
                self.note_defects(field, &column.missing, rows, &mut assembly.defects);
            }
        }
        let of_rows = |values: &[i64]| rows.rows.iter().map(|&row| values[row as usize]).collect::<Vec<i64>>();
        assembly.facts.push(of_rows(&self.set.sequence));
        assembly.tables.push(Table {
            offsets: rows.offsets.clone(),
            occurred_at: of_rows(&self.set.occurred_at),
            columns,
        });
    }

    fn note_defects(&self, field: &Field, missing: &[u32], rows: &Rows, defects: &mut Vec<Defect>) {
        let company_wide = self.need.scope == Scope::Company;
        for subject in 0..self.subjects.len() {
            let own = if company_wide { 0 } else { subject };
            let (start, end) = (rows.offsets[own], rows.offsets[own + 1]);
            let from = missing.partition_point(|&row| row < start);
            let lacking = missing[from..].iter().take_while(|&&row| row < end);
            let facts = lacking.clone().count();
            if let Some(&first) = missing.get(from).filter(|_| facts > 0) {
                defects.push(Defect {
                    subject,
                    field: field.name.clone(),
                    kind: self.need.kind.clone(),
                    facts,
                    first: self.set.sequence[rows.rows[first as usize] as usize],
                });
            }
        }
    }

    fn column(&self, field: &Field, rows: &Rows) -> Column {
        let name = field.name.clone();
        if let Some((envelope, _)) = Envelope::named(&field.name) {
            let (values, missing) = self.envelope_column(envelope, rows);
            return Column { name, values, missing };
        }
        let (values, missing) = match self.set.attribute(&field.name) {
            Some(attribute) => typed(attribute, field.column, &rows.rows),
            None => absent(field.column, rows.rows.len()),
        };
        Column { name, values, missing }
    }

    fn envelope_column(&self, envelope: Envelope, rows: &Rows) -> (Values, Vec<u32>) {
        let set = self.set;
        let selected = || rows.rows.iter().map(|&row| row as usize);
        let text = |coded: &Coded| typed(coded, ColumnType::Text, &rows.rows);
        match envelope {
            Envelope::Fact => {
                let mut labels = Coded::default();
                selected().for_each(|row| labels.push(set.label.get(row).map(String::as_str)));
                coded_column(labels)
            }
            Envelope::Actor => text(&set.actor),
            Envelope::Document => text(&set.document),
            Envelope::Customer => text(&set.customer),
            Envelope::ActorDepartment => {
                let mut departments = Coded::default();
                selected().for_each(|row| departments.push(self.department_on(row)));
                coded_column(departments)
            }
            Envelope::IsSubject => (Values::Truths(self.is_subject(rows)), Vec::new()),
            Envelope::Value => {
                let missing = selected().enumerate().filter(|&(_, row)| set.value[row].is_none());
                let missing = missing.map(|(index, _)| index as u32).collect();
                (Values::Numbers(selected().map(|row| set.value[row].unwrap_or_default()).collect()), missing)
            }
            Envelope::Day => {
                let zone = &self.sources.frame.zone;
                (Values::Instants(selected().map(|row| zone.midnight(self.day(row)).0).collect()), Vec::new())
            }
            Envelope::RecordedAt => {
                (Values::Instants(selected().map(|row| set.recorded_at[row]).collect()), Vec::new())
            }
            Envelope::Capture => {
                let mut captures = Coded::default();
                selected().for_each(|row| captures.push(Some(set.capture[row].name())));
                coded_column(captures)
            }
            Envelope::Revision => {
                (Values::Numbers(selected().map(|row| f64::from(set.revision[row])).collect()), Vec::new())
            }
        }
    }

    /// Whether the fact is the subject's own: by the person, by somebody in the department on that day, on the
    /// customer, or in the company.
    fn is_subject(&self, rows: &Rows) -> Vec<bool> {
        let mut truths = Vec::with_capacity(rows.rows.len());
        for (index, subject) in self.subjects.iter().enumerate() {
            let Some(&[start, end]) = rows.offsets.get(index..index + 2) else { break };
            let own = &rows.rows[start as usize..end as usize];
            let code = match self.subject_kind {
                SubjectKind::Employee => self.set.actor.code_of(subject),
                SubjectKind::Customer => self.set.customer.code_of(subject),
                SubjectKind::Department | SubjectKind::Company => None,
            };
            truths.extend(own.iter().map(|&row| match self.subject_kind {
                SubjectKind::Employee => Some(self.set.actor.codes[row as usize]) == code,
                SubjectKind::Customer => Some(self.set.customer.codes[row as usize]) == code,
                SubjectKind::Department => self.department_on(row as usize) == Some(*subject),
                SubjectKind::Company => true,
            }));
        }
        truths
    }
}

fn of_code(subject_of: &[u32], code: u32) -> Option<u32> {
    subject_of.get(code as usize).copied().filter(|&subject| subject != NONE)
}

/// A column of text, with its dictionary as it is.
fn coded_column(coded: Coded) -> (Values, Vec<u32>) {
    let missing = missing_rows(coded.codes.iter().copied());
    let codes = coded.codes.into_iter().map(|code| if code == NONE { 0 } else { code }).collect();
    (Values::Texts { dictionary: with_a_first_entry(coded.dictionary, &missing), codes }, missing)
}

fn missing_rows(codes: impl Iterator<Item = u32>) -> Vec<u32> {
    codes.enumerate().filter(|&(_, code)| code == NONE).map(|(row, _)| row as u32).collect()
}

/// A missing row's code is 0, so a dictionary is never empty while there are rows.
fn with_a_first_entry(mut dictionary: Vec<String>, missing: &[u32]) -> Vec<String> {
    if dictionary.is_empty() && !missing.is_empty() {
        dictionary.push(String::new());
    }
    dictionary
}

/// Reads an attribute as a column of the type asked for. What cannot be read as that type is missing.
fn typed(attribute: &Coded, column: ColumnType, rows: &[u32]) -> (Values, Vec<u32>) {
    let codes = || rows.iter().map(|&row| attribute.codes[row as usize]);
    match column {
        ColumnType::Text => {
            let mut renumbered = vec![NONE; attribute.dictionary.len()];
            let mut coded = Coded::default();
            for code in codes() {
                if code == NONE {
                    coded.codes.push(NONE);
                    continue;
                }
                let number = &mut renumbered[code as usize];
                if *number == NONE {
                    *number = coded.dictionary.len() as u32;
                    coded.dictionary.push(attribute.dictionary[code as usize].clone());
                }
                coded.codes.push(*number);
            }
            coded_column(coded)
        }
        ColumnType::Number => {
            let (values, missing) =
                decoded(attribute, codes(), |text| text.parse::<f64>().ok().filter(|number| number.is_finite()));
            (Values::Numbers(values), missing)
        }
        ColumnType::Instant => {
            let (values, missing) =
                decoded(attribute, codes(), |text| text.parse().ok().map(jiff::Timestamp::as_millisecond));
            (Values::Instants(values), missing)
        }
        ColumnType::Truth => {
            let (values, missing) = decoded(attribute, codes(), |text| text.parse::<bool>().ok());
            (Values::Truths(values), missing)
        }
    }
}

/// Decodes each distinct text once, however many rows hold it.
fn decoded<T: Copy + Default>(
    attribute: &Coded,
    codes: impl Iterator<Item = u32>,
    read: impl Fn(&str) -> Option<T>,
) -> (Vec<T>, Vec<u32>) {
    let mut known: Vec<Option<Option<T>>> = vec![None; attribute.dictionary.len()];
    let mut values = Vec::new();
    let mut missing = Vec::new();
    for (row, code) in codes.enumerate() {
        let value = known
            .get_mut(code as usize)
            .and_then(|known| *known.get_or_insert_with(|| read(&attribute.dictionary[code as usize])));
        if value.is_none() {
            missing.push(row as u32);
        }
        values.push(value.unwrap_or_default());
    }
    (values, missing)
}

fn absent(column: ColumnType, rows: usize) -> (Values, Vec<u32>) {
    let values = match column {
        ColumnType::Number => Values::Numbers(vec![0.0; rows]),
        ColumnType::Instant => Values::Instants(vec![0; rows]),
        ColumnType::Truth => Values::Truths(vec![false; rows]),
        ColumnType::Text => {
            let dictionary = if rows == 0 { Vec::new() } else { vec![String::new()] };
            Values::Texts { dictionary, codes: vec![0; rows] }
        }
    };
    (values, (0..rows as u32).collect())
}
