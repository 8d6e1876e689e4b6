//! `daybreak:common@0.1`: the records that every interface shares, `about`, and their conversion to domain types.
//!
//! Columns are moved, never copied: a batch of hundreds of thousands of rows changes its owner, not its place.

use daybreak_domain::plugin::{Fault, LogLevel};
use daybreak_domain::requirements::{ColumnType, Field, Need, Refresh, Requirements, Scope, SubjectKind, Window};
use daybreak_domain::table::{Column, Context, Evidence, Table, Values};
use daybreak_domain::text::Localized;
use daybreak_domain::time::Span;
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use super::{About, Description};
use crate::guest::Guest;

wasmtime::component::bindgen!({
    path: ["../../wit/common"],
    inline: "
        package daybreak:engine-common;
        world calls {
            import daybreak:common/types@0.1.0;
            import daybreak:common/logging@0.1.0;
            export daybreak:common/about@0.1.0;
        }
    ",
});

pub(super) use daybreak::common::logging::Level;
pub(super) use daybreak::common::types as wit;

/// A text as a guest gave it.
pub(super) type Pairs = Vec<(String, String)>;

pub(super) struct AboutV0_1(CallsIndices);

impl AboutV0_1 {
    pub(super) fn new(component: &InstancePre<Guest>) -> wasmtime::Result<Self> {
        CallsIndices::new(component).map(Self)
    }
}

impl About for AboutV0_1 {
    fn describe(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<Description> {
        let calls = self.0.load(&mut *store, instance)?;
        let manifest = calls.daybreak_common_about().call_describe(store)?;
        Ok(Description {
            name: manifest.name,
            version: manifest.version,
            title: manifest.title,
            summary: manifest.summary,
            parameters_schema: manifest.parameters_schema,
        })
    }

    fn check(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<()> {
        self.0.load(store, instance).map(drop)
    }
}

pub(super) fn log_level(level: Level) -> LogLevel {
    match level {
        Level::Debug => LogLevel::Debug,
        Level::Info => LogLevel::Info,
        Level::Warn => LogLevel::Warn,
        Level::Error => LogLevel::Error,
    }
}

/// The fault a guest returned of its own accord. Its text is bounded, as everything is that people will read.
pub(super) fn fault(fault: wit::Fault) -> Fault {
    match fault {
        wit::Fault::BadParameters(reason) => Fault::BadParameters { reason: crate::text::plain(&reason) },
        wit::Fault::Internal(message) => Fault::Internal { message: crate::text::plain(&message) },
    }
}

/// Names what was wrong with a text; `what` says which one.
pub(super) fn localized(what: impl FnOnce() -> String, pairs: Pairs) -> Result<Localized, String> {
    Localized::from_pairs(pairs).map_err(|error| format!("{}: {error}", what()))
}

pub(super) fn requirements(requirements: wit::Requirements) -> Result<Requirements, String> {
    let subject_kind = |kind| match kind {
        wit::SubjectKind::Employee => SubjectKind::Employee,
        wit::SubjectKind::Department => SubjectKind::Department,
        wit::SubjectKind::Customer => SubjectKind::Customer,
        wit::SubjectKind::Company => SubjectKind::Company,
    };
    let requirements = Requirements {
        subjects: requirements.subjects.into_iter().map(subject_kind).collect(),
        needs: requirements.needs.into_iter().map(need).collect::<Result<_, _>>()?,
        circumstances: requirements.circumstances,
        refresh: match requirements.refresh {
            wit::Refresh::OnChange => Refresh::OnChange,
            wit::Refresh::Daily => Refresh::Daily,
        },
    };
    requirements.check().map_err(|error| error.to_string())?;
    Ok(requirements)
}

fn need(need: wit::Need) -> Result<Need, String> {
    let column = |column| match column {
        wit::ColumnType::Number => ColumnType::Number,
        wit::ColumnType::Text => ColumnType::Text,
        wit::ColumnType::Instant => ColumnType::Instant,
        wit::ColumnType::Truth => ColumnType::Truth,
    };
    Ok(Need {
        scope: match need.scope {
            wit::Scope::Subject => Scope::Subject,
            wit::Scope::Documents => Scope::Documents,
            wit::Scope::Customers => Scope::Customers,
            wit::Scope::Department => Scope::Department,
            wit::Scope::Company => Scope::Company,
        },
        window: match need.window {
            wit::Window::PeriodAndBefore(days) => Window::PeriodAndBefore(days),
            wit::Window::LastDays(days) => Window::LastDays(days),
        },
        fields: need
            .fields
            .into_iter()
            .map(|field| Field { name: field.name, column: column(field.column), required: field.required })
            .collect(),
        reason: localized(|| format!("the reason of the need for {}", crate::text::plain(&need.kind)), need.reason)?,
        kind: need.kind,
    })
}

pub(super) fn span(span: Span) -> wit::Span {
    wit::Span { start: span.start.0, end: span.end.0 }
}

pub(super) fn context(context: Context) -> wit::Context {
    wit::Context {
        as_of: context.as_of.0,
        period: span(context.period),
        time_zone: context.time_zone,
        utc_offsets: context
            .utc_offsets
            .into_iter()
            .map(|change| wit::OffsetChange { since: change.since.0, seconds: change.seconds })
            .collect(),
        parameters_json: context.parameters_json,
    }
}

/// Moves the columns; only the list of columns itself is rebuilt.
pub(super) fn table(table: Table) -> wit::Table {
    wit::Table {
        offsets: table.offsets,
        occurred_at: table.occurred_at,
        columns: table.columns.into_iter().map(named_column).collect(),
    }
}

/// The table back again, moved.
pub(super) fn domain_table(table: wit::Table) -> Table {
    let column = |column: wit::NamedColumn| Column {
        name: column.name,
        values: match column.values {
            wit::Column::Numbers(numbers) => Values::Numbers(numbers),
            wit::Column::Texts(texts) => Values::Texts { dictionary: texts.dictionary, codes: texts.codes },
            wit::Column::Instants(instants) => Values::Instants(instants),
            wit::Column::Truths(truths) => Values::Truths(truths),
        },
        missing: column.missing,
    };
    Table {
        offsets: table.offsets,
        occurred_at: table.occurred_at,
        columns: table.columns.into_iter().map(column).collect(),
    }
}

/// What the table takes in a guest's memory.
pub(super) fn table_bytes(table: &wit::Table) -> usize {
    let column_bytes = |column: &wit::NamedColumn| {
        let values = match &column.values {
            wit::Column::Numbers(numbers) => numbers.len() * 8,
            wit::Column::Instants(instants) => instants.len() * 8,
            wit::Column::Truths(truths) => truths.len(),
            wit::Column::Texts(texts) => {
                texts.codes.len() * 4 + texts.dictionary.iter().map(|word| word.len() + 8).sum::<usize>()
            }
        };
        values + column.missing.len() * 4 + column.name.len() + 48
    };
    table.offsets.len() * 4 + table.occurred_at.len() * 8 + table.columns.iter().map(column_bytes).sum::<usize>()
}

fn named_column(column: Column) -> wit::NamedColumn {
    let values = match column.values {
        Values::Numbers(numbers) => wit::Column::Numbers(numbers),
        Values::Texts { dictionary, codes } => wit::Column::Texts(wit::CodedTexts { dictionary, codes }),
        Values::Instants(instants) => wit::Column::Instants(instants),
        Values::Truths(truths) => wit::Column::Truths(truths),
    };
    wit::NamedColumn { name: column.name, values, missing: column.missing }
}

/// The first row that a subject was given in each table, which its evidence is counted from. Company-wide tables
/// (two offsets) begin at row 0 for everybody.
pub(super) fn first_row(table: &wit::Table, subject: usize) -> u32 {
    if table.offsets.len() == 2 { 0 } else { table.offsets.get(subject).copied().unwrap_or(0) }
}

/// How many rows a subject was given.
pub(super) fn rows_of(table: &wit::Table, subject: usize) -> usize {
    let subject = if table.offsets.len() == 2 { 0 } else { subject };
    match (table.offsets.get(subject), table.offsets.get(subject + 1)) {
        (Some(start), Some(end)) => end.saturating_sub(*start) as usize,
        _ => 0,
    }
}

/// Guests name rows by their place in the whole table; people and receipts count from the subject's first row, so that
/// the batch a subject happened to be in does not show.
pub(super) fn evidence(
    evidence: Vec<wit::Evidence>,
    tables: &[wit::Table],
    subject: usize,
) -> Result<Vec<Evidence>, String> {
    let relative = |wit::Evidence { table, row }| {
        let outside = || format!("evidence {table}/{row} lies outside the rows given for the subject");
        let given = tables.get(table as usize).ok_or_else(outside)?;
        let relative = row.checked_sub(first_row(given, subject)).ok_or_else(outside)?;
        if relative as usize >= rows_of(given, subject) {
            return Err(outside());
        }
        Ok(Evidence { table, row: relative })
    };
    evidence.into_iter().map(relative).collect()
}

/// The part of a table that belongs to the subjects of `subjects`, as if it had been the whole batch.
pub(super) fn slice(table: &wit::Table, subjects: &std::ops::Range<usize>, subjects_total: usize) -> wit::Table {
    if table.offsets.len() == 2 && subjects_total != 1 {
        return table.clone();
    }
    let offsets = table.offsets.get(subjects.start..=subjects.end).unwrap_or(&[0, 0]);
    let (first, last) = (offsets[0], offsets[offsets.len() - 1]);
    let rows = first as usize..last as usize;
    wit::Table {
        offsets: offsets.iter().map(|offset| offset - first).collect(),
        occurred_at: table.occurred_at[rows.clone()].to_vec(),
        columns: table.columns.iter().map(|column| slice_column(column, &rows)).collect(),
    }
}

fn slice_column(column: &wit::NamedColumn, rows: &std::ops::Range<usize>) -> wit::NamedColumn {
    let missing: Vec<u32> = column
        .missing
        .iter()
        .map(|&row| row as usize)
        .filter(|row| rows.contains(row))
        .map(|row| (row - rows.start) as u32)
        .collect();
    let values = match &column.values {
        wit::Column::Numbers(numbers) => wit::Column::Numbers(numbers[rows.clone()].to_vec()),
        wit::Column::Instants(instants) => wit::Column::Instants(instants[rows.clone()].to_vec()),
        wit::Column::Truths(truths) => wit::Column::Truths(truths[rows.clone()].to_vec()),
        wit::Column::Texts(texts) => wit::Column::Texts(slice_texts(texts, &missing, rows)),
    };
    wit::NamedColumn { name: column.name.clone(), values, missing }
}

/// Codes are given anew in the order of first appearance, so that a plugin sees what it would have seen had these
/// subjects been a batch of their own.
fn slice_texts(texts: &wit::CodedTexts, missing: &[u32], rows: &std::ops::Range<usize>) -> wit::CodedTexts {
    let mut dictionary = Vec::new();
    let mut new_code: Vec<Option<u32>> = vec![None; texts.dictionary.len()];
    let mut missing = missing.iter().map(|&row| row as usize).peekable();
    let mut recode = |(row, &code): (usize, &u32)| {
        if missing.next_if_eq(&row).is_some() {
            return 0;
        }
        *new_code[code as usize].get_or_insert_with(|| {
            dictionary.push(texts.dictionary[code as usize].clone());
            (dictionary.len() - 1) as u32
        })
    };
    let codes = texts.codes[rows.clone()].iter().enumerate().map(&mut recode).collect();
    wit::CodedTexts { dictionary, codes }
}
