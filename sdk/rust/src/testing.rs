//! Runs a plugin natively, in the author's own tests, on tables that the test builds.
//!
//! ```text
//! let mut batch = Batch::new(r#"{"kind": "visit"}"#).period(0, 30 * DAY);
//! let anna = batch.subject("anna", Goal { target: Some(10.0), ..Goal::default() });
//! batch.row(anna, 0, 3 * HOUR, &[("@document", "V-1".into())]);
//! let outcomes = batch.score::<Visits>().unwrap();
//! ```
//!
//! The component runs in the host's engine by `daybreak plugin test`; here it is the plain Rust function, so that a
//! property test can try thousands of cases in a second.

mod answers;

use std::collections::HashMap;

use crate::bindings::assistant::exports::daybreak::assistant::assistant as assistant_wire;
use crate::bindings::types::daybreak::common::types::{
    self, CodedTexts, Column, ColumnType, Fault, NamedColumn, OffsetChange, Requirements, Table,
};
use crate::indicator::{Computed, Direction, Indicator, Outcome, Rules, Subject};
use crate::{Instant, Scope, Span};

pub const HOUR: Instant = 3_600_000;
pub const DAY: Instant = 24 * HOUR;

/// Longest text of one language that the host takes, in bytes.
const TEXT_BYTES_MAX: usize = 2_000;

/// What a subject is measured against.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Goal {
    pub baseline: Option<f64>,
    pub target: Option<f64>,
    pub stretch: Option<f64>,
}

impl Goal {
    #[must_use]
    pub fn target(target: f64) -> Self {
        Self { target: Some(target), ..Self::default() }
    }

    #[must_use]
    pub fn between(baseline: f64, stretch: f64) -> Self {
        Self { baseline: Some(baseline), target: None, stretch: Some(stretch) }
    }
}

/// A value of one column in one row.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Number(f64),
    Text(String),
    Moment(Instant),
    Truth(bool),
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Instant> for Cell {
    fn from(instant: Instant) -> Self {
        Self::Moment(instant)
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

#[derive(Clone, Debug)]
struct GivenRow {
    subject: usize,
    need: usize,
    at: Instant,
    cells: HashMap<String, Cell>,
}

/// Subjects and their facts, as the host would send them. Rows may be added in any order; rows of the same time keep
/// the order in which they were added.
#[derive(Clone, Debug)]
pub struct Batch {
    context: types::Context,
    rules: Rules,
    subjects: Vec<(String, Goal, Vec<String>)>,
    rows: Vec<GivenRow>,
}

impl Batch {
    /// An empty batch with these parameters: thirty days from 1970-01-01, in UTC, higher is better, ceiling 120.
    #[must_use]
    pub fn new(parameters_json: &str) -> Self {
        let context = types::Context {
            as_of: 30 * DAY,
            period: Span { start: 0, end: 30 * DAY },
            time_zone: "Etc/UTC".to_owned(),
            utc_offsets: vec![OffsetChange { since: Instant::MIN, seconds: 0 }],
            parameters_json: parameters_json.to_owned(),
        };
        let rules = Rules { direction: Direction::HigherIsBetter, unit: String::new(), ceiling: 120.0 };
        Self { context, rules, subjects: Vec::new(), rows: Vec::new() }
    }

    /// Sets the period; it is assessed at its end.
    #[must_use]
    pub fn period(mut self, start: Instant, end: Instant) -> Self {
        self.context.period = Span { start, end };
        self.context.as_of = end;
        self
    }

    /// Sets the instant of assessment. Rows at or after it must not be added: the host never sends them.
    #[must_use]
    pub fn as_of(mut self, as_of: Instant) -> Self {
        self.context.as_of = as_of;
        self
    }

    /// Sets the company's time zone: how many seconds local time is ahead of UTC since each instant, in their order.
    #[must_use]
    pub fn time_zone(mut self, name: &str, offsets: &[(Instant, i32)]) -> Self {
        name.clone_into(&mut self.context.time_zone);
        self.context.utc_offsets = offsets.iter().map(|&(since, seconds)| OffsetChange { since, seconds }).collect();
        self
    }

    #[must_use]
    pub fn rules(mut self, direction: Direction, unit: &str, ceiling: f64) -> Self {
        self.rules = Rules { direction, unit: unit.to_owned(), ceiling };
        self
    }

    /// Adds a subject and gives its index.
    pub fn subject(&mut self, id: &str, goal: Goal) -> usize {
        self.subjects.push((id.to_owned(), goal, Vec::new()));
        self.subjects.len() - 1
    }

    /// Adds a tag to a subject; only assistants see tags.
    pub fn tag(&mut self, subject: usize, tag: &str) {
        self.subjects[subject].2.push(tag.to_owned());
    }

    /// Adds a row to the table that answers need number `need`. Columns that are not named are missing in the row. For
    /// a need of scope company the subject does not count.
    pub fn row(&mut self, subject: usize, need: usize, at: Instant, cells: &[(&str, Cell)]) {
        let cells = cells.iter().map(|(name, cell)| ((*name).to_owned(), cell.clone())).collect();
        self.rows.push(GivenRow { subject, need, at, cells });
    }

    /// Scores the batch and checks every outcome as the host does. Evidence is then counted from the subject's first
    /// row, as the host keeps it.
    pub fn score<P: Indicator>(&self) -> Result<Vec<Outcome>, String> {
        let requirements = crate::indicator::requires::<P>(&self.context.parameters_json).map_err(said)?;
        let tables = self.tables(&requirements)?;
        let subjects: Vec<Subject> = self.subjects.iter().map(|(id, goal, _)| subject_of(id, goal)).collect();
        let mut outcomes =
            crate::indicator::score::<P>(&self.context, &self.rules, &subjects, &tables).map_err(said)?;
        for (index, outcome) in outcomes.iter_mut().enumerate() {
            let id = &self.subjects[index].0;
            self.check(index, outcome, &requirements, &tables).map_err(|reason| format!("{id}: {reason}"))?;
        }
        Ok(outcomes)
    }

    /// What the plugin asks for with these parameters.
    pub fn requirements<P: Indicator>(&self) -> Result<Requirements, String> {
        crate::indicator::requires::<P>(&self.context.parameters_json).map_err(said)
    }

    /// The alerts of an assistant for this batch, each with the index of its subject, checked as the host does. Evidence
    /// is then counted from the subject's first row, as the host keeps it.
    pub fn assess<P: crate::assistant::Assistant>(&self) -> Result<Vec<assistant_wire::Alert>, String> {
        let requirements = crate::assistant::requires::<P>(&self.context.parameters_json).map_err(said)?;
        let tables = self.tables(&requirements)?;
        let of_tags = |(id, _, tags): &(String, Goal, Vec<String>)| assistant_wire::Subject {
            id: id.clone(),
            tags: tags.clone(),
        };
        let subjects: Vec<assistant_wire::Subject> = self.subjects.iter().map(of_tags).collect();
        let mut alerts = crate::assistant::assess::<P>(&self.context, &subjects, &tables).map_err(said)?;
        answers::check_alerts(&mut alerts, &subjects, &requirements, &tables)?;
        Ok(alerts)
    }

    /// The sentences of an insight for these charts, in the batch's period, each checked as the host does.
    pub fn narrate<P: crate::insight::Insight>(
        &self,
        charts: &[crate::insight::Chart],
    ) -> Result<Vec<Option<crate::insight::Sentence>>, String> {
        let sentences = crate::insight::narrate::<P>(&self.context, charts).map_err(said)?;
        for (chart, sentence) in charts.iter().zip(&sentences) {
            if let Some(sentence) = sentence {
                check_sentence(sentence, chart).map_err(|reason| format!("{}: {reason}", chart.id))?;
            }
        }
        Ok(sentences)
    }

    /// The changes of a reweighting for these scorecards, in the batch's period, checked as the host does.
    pub fn adjust<P: crate::reweighting::Reweighting>(
        &self,
        scorecards: &[crate::reweighting::Scorecard],
    ) -> Result<Vec<Vec<crate::reweighting::Change>>, String> {
        let changes = crate::reweighting::adjust::<P>(&self.context, scorecards).map_err(said)?;
        answers::check_changes(&changes, scorecards)?;
        Ok(changes)
    }

    fn tables(&self, requirements: &Requirements) -> Result<Vec<Table>, String> {
        let needs = requirements.needs.iter().enumerate();
        needs.map(|(index, need)| self.table(index, need)).collect()
    }

    fn table(&self, index: usize, need: &types::Need) -> Result<Table, String> {
        let company = need.scope == Scope::Company;
        let mut rows: Vec<&GivenRow> = self.rows.iter().filter(|row| row.need == index).collect();
        rows.sort_by_key(|row| (if company { 0 } else { row.subject }, row.at));
        if let Some(late) = rows.iter().find(|row| row.at >= self.context.as_of) {
            return Err(format!("a row at {} does not come at as-of {}", late.at, self.context.as_of));
        }
        let ends: Vec<usize> = if company { vec![0] } else { (0..self.subjects.len()).collect() };
        let mut offsets = vec![0];
        for end in ends {
            offsets.push(rows.partition_point(|row| company || row.subject <= end) as u32);
        }
        let columns = need.fields.iter().map(|field| column_of(field, &rows)).collect::<Result<_, _>>()?;
        Ok(Table { offsets, occurred_at: rows.iter().map(|row| row.at).collect(), columns })
    }

    fn check(&self, index: usize, outcome: &mut Outcome, asked: &Requirements, tables: &[Table]) -> Result<(), String> {
        let Outcome::Computed(computed) = outcome else { return Ok(()) };
        check_numbers(computed, &self.rules)?;
        answers::own_rows(&mut computed.evidence, index, asked, tables)
    }
}

fn check_sentence(sentence: &crate::insight::Sentence, chart: &crate::insight::Chart) -> Result<(), String> {
    for (tag, text) in sentence.text.iter().chain(sentence.next_step.iter().flatten()) {
        if text.trim().is_empty() || text.len() > TEXT_BYTES_MAX || !text.chars().all(crate::localized::is_plain) {
            return Err(format!(
                "the {tag} text must be plain, not empty and of at most {TEXT_BYTES_MAX} bytes: {text:?}"
            ));
        }
    }
    let languages = |text: &crate::Localized| ["zh-CN", "en"].iter().all(|tag| text.iter().any(|(it, _)| it == tag));
    if !languages(&sentence.text) || sentence.next_step.as_ref().is_some_and(|text| !languages(text)) {
        return Err("every text needs zh-CN and en".to_owned());
    }
    match sentence.items.iter().find(|&&item| item as usize >= chart.items.len()) {
        Some(item) => Err(format!("item {item} of a chart with {} items", chart.items.len())),
        None if sentence.items.len() > chart.items.len() => Err("more items than the chart has".to_owned()),
        None => Ok(()),
    }
}

fn check_numbers(computed: &Computed, rules: &Rules) -> Result<(), String> {
    let numbers = computed.figures.iter().map(|figure| figure.value);
    let numbers =
        numbers.chain(computed.parts.iter().map(|part| part.points)).chain([computed.raw]).chain(computed.points);
    if let Some(number) = numbers.into_iter().find(|number| !number.is_finite()) {
        return Err(format!("{number} is no finite number"));
    }
    let sum: f64 = computed.parts.iter().map(|part| part.points).sum();
    match computed.points {
        None if computed.parts.is_empty() => Ok(()),
        None => Err("parts without points".to_owned()),
        Some(_) if computed.parts.is_empty() => Err("points without parts".to_owned()),
        Some(points) if !(0.0..=rules.ceiling).contains(&points) => {
            Err(format!("{points} points: at least 0 and at most {}", rules.ceiling))
        }
        Some(points) if (sum - points).abs() > 1e-9 * points.abs().max(1.0) => {
            Err(format!("the parts add up to {sum}, the points are {points}"))
        }
        Some(_) => Ok(()),
    }
}

fn subject_of(id: &str, goal: &Goal) -> Subject {
    Subject { id: id.to_owned(), baseline: goal.baseline, target: goal.target, stretch: goal.stretch }
}

fn said(fault: Fault) -> String {
    match fault {
        Fault::BadParameters(message) => format!("bad parameters: {message}"),
        Fault::Internal(message) => message,
    }
}

fn column_of(field: &types::Field, rows: &[&GivenRow]) -> Result<NamedColumn, String> {
    let mut missing = Vec::new();
    let mut cells = Vec::with_capacity(rows.len());
    for (index, row) in rows.iter().enumerate() {
        let cell = row.cells.get(&field.name);
        if cell.is_none() {
            missing.push(index as u32);
        }
        cells.push(cell);
    }
    let wrong = |cell: &Cell| format!("the column {} does not take {cell:?}", field.name);
    let values = match field.column {
        ColumnType::Number => Column::Numbers(read(&cells, |cell| match cell {
            Cell::Number(number) => Ok(*number),
            other => Err(wrong(other)),
        })?),
        ColumnType::Instant => Column::Instants(read(&cells, |cell| match cell {
            Cell::Moment(instant) => Ok(*instant),
            other => Err(wrong(other)),
        })?),
        ColumnType::Truth => Column::Truths(read(&cells, |cell| match cell {
            Cell::Truth(truth) => Ok(*truth),
            other => Err(wrong(other)),
        })?),
        ColumnType::Text => {
            let texts = read(&cells, |cell| match cell {
                Cell::Text(text) => Ok(Some(text)),
                other => Err(wrong(other)),
            })?;
            Column::Texts(coded(&texts))
        }
    };
    Ok(NamedColumn { name: field.name.clone(), values, missing })
}

fn read<'a, T: Default>(
    cells: &[Option<&'a Cell>],
    value: impl Fn(&'a Cell) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    cells.iter().map(|cell| cell.map_or_else(|| Ok(T::default()), &value)).collect()
}

/// Dictionary entries in the order of their first appearance; a missing row has code 0.
fn coded(texts: &[Option<&String>]) -> CodedTexts {
    let mut dictionary: Vec<String> = Vec::new();
    let mut known: HashMap<&str, u32> = HashMap::new();
    let mut codes = Vec::with_capacity(texts.len());
    for text in texts {
        let Some(text) = text else {
            codes.push(0);
            continue;
        };
        codes.push(*known.entry(text).or_insert_with(|| {
            dictionary.push((*text).clone());
            dictionary.len() as u32 - 1
        }));
    }
    if dictionary.is_empty() && !codes.is_empty() {
        dictionary.push(String::new());
    }
    CodedTexts { dictionary, codes }
}
