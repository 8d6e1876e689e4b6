//! Rows over the host's columns, without copying a value.
//!
//! The host sends one table per need, for all subjects of a batch. [`Facts`] shows one subject's rows of each;
//! columns are found once per batch, so that reading a value is an index into a slice.

use std::cell::RefCell;

use crate::bindings::types::daybreak::common::types::{Column, ColumnType, Evidence, Requirements, Scope, Table};
use crate::needs::{Needs, Slot};
use crate::{Instant, Matching, Moment, Need, Number, Span, Text, Truth};

/// The tables of one batch, with the plan's columns found in them.
pub(crate) struct Batch<'a> {
    tables: Vec<TableView<'a>>,
}

struct TableView<'a> {
    need: u32,
    company: bool,
    table: &'a Table,
    columns: Vec<ColumnView<'a>>,
    /// One per question of the plan; empty for those about another table.
    answers: Vec<Vec<bool>>,
}

struct ColumnView<'a> {
    values: &'a Column,
    missing: Missing,
    grouping: RefCell<Grouping>,
}

/// Which rows have no value: one bit each, and nothing at all where every row has one.
struct Missing(Vec<u64>);

/// Remembers in which group a text code went, stamped per use, so that it is cleared once per batch and not per subject.
#[derive(Default)]
struct Grouping {
    stamp: u32,
    seen: Vec<(u32, u32)>,
}

impl<'a> Batch<'a> {
    /// Finds every column of the plan; an error if the host sent something else than was asked for.
    pub(crate) fn new(needs: &Needs, tables: &'a [Table]) -> Result<Self, String> {
        let requirements: &Requirements = needs.requirements();
        if tables.len() != requirements.needs.len() {
            return Err(format!("{} tables for {} needs", tables.len(), requirements.needs.len()));
        }
        let mut views = Vec::with_capacity(tables.len());
        for (index, (need, table)) in requirements.needs.iter().zip(tables).enumerate() {
            let mut columns = Vec::with_capacity(need.fields.len());
            for (position, field) in need.fields.iter().enumerate() {
                let named = |column: &&crate::bindings::types::daybreak::common::types::NamedColumn| {
                    column.name == field.name && has_type(&column.values, field.column)
                };
                // The host sends the columns in the order of the need's fields; another order would do as well.
                let column = table.columns.get(position).filter(named).or_else(|| table.columns.iter().find(named));
                let column =
                    column.ok_or_else(|| format!("the column {} of {} did not come", field.name, need.kind))?;
                let missing = Missing::of(&column.missing, table.occurred_at.len());
                columns.push(ColumnView { values: &column.values, missing, grouping: RefCell::default() });
            }
            let answers = needs.questions.iter().map(|question| {
                let Slot { need, field } = question.slot;
                match columns.get(field as usize).filter(|_| need as usize == index).map(|column| column.values) {
                    Some(Column::Texts(texts)) => texts.dictionary.iter().map(|text| (question.answer)(text)).collect(),
                    _ => Vec::new(),
                }
            });
            let answers = answers.collect();
            let company = need.scope == Scope::Company;
            views.push(TableView { need: index as u32, company, table, columns, answers });
        }
        Ok(Self { tables: views })
    }

    pub(crate) fn facts(&self, subject: usize) -> Facts<'_> {
        Facts { tables: &self.tables, subject }
    }
}

fn has_type(values: &Column, asked: ColumnType) -> bool {
    matches!(
        (values, asked),
        (Column::Numbers(_), ColumnType::Number)
            | (Column::Texts(_), ColumnType::Text)
            | (Column::Instants(_), ColumnType::Instant)
            | (Column::Truths(_), ColumnType::Truth)
    )
}

impl Missing {
    fn of(missing: &[u32], rows: usize) -> Self {
        if missing.is_empty() {
            return Self(Vec::new());
        }
        let mut bits = vec![0_u64; rows.div_ceil(64)];
        for &row in missing {
            if let Some(word) = bits.get_mut(row as usize / 64) {
                *word |= 1 << (row % 64);
            }
        }
        Self(bits)
    }

    #[inline]
    fn has(&self, row: usize) -> bool {
        self.0.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }
}

/// One subject's facts: its rows of each need.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    tables: &'a [TableView<'a>],
    subject: usize,
}

impl<'a> Facts<'a> {
    /// The subject's rows of one need, ordered by time; all rows where the need's scope is the company.
    #[must_use]
    pub fn of(&self, need: Need) -> Rows<'a> {
        let view = &self.tables[need.0 as usize];
        let subject = if view.company { 0 } else { self.subject };
        let bound = |index: usize| view.table.offsets.get(index).copied().unwrap_or_default();
        let (first, end) = (bound(subject), bound(subject + 1));
        Rows { view, first, end: end.max(first) }
    }
}

/// Rows that follow each other in time.
#[derive(Clone, Copy)]
pub struct Rows<'a> {
    view: &'a TableView<'a>,
    first: u32,
    end: u32,
}

impl<'a> Rows<'a> {
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        (self.end - self.first) as usize
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first == self.end
    }

    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<Row<'a>> {
        (index < self.len()).then(|| self.row(self.first + index as u32))
    }

    #[must_use]
    #[inline]
    pub fn first(&self) -> Option<Row<'a>> {
        self.get(0)
    }

    #[must_use]
    pub fn last(&self) -> Option<Row<'a>> {
        self.get(self.len().wrapping_sub(1))
    }

    /// From the earliest to the latest.
    #[must_use]
    #[inline]
    pub fn iter(&self) -> RowsIter<'a> {
        RowsIter { rows: *self }
    }

    /// Those that happened in the span.
    #[must_use]
    pub fn during(&self, span: Span) -> Self {
        let times = &self.view.table.occurred_at[self.first as usize..self.end as usize];
        let before = |at: Instant| times.partition_point(|&time| time < at) as u32;
        let (first, end) = (self.first + before(span.start), self.first + before(span.end));
        Self { first, end: end.max(first), ..*self }
    }

    /// Groups by document, customer or any other text. Groups come in the order of their first row, rows in the order
    /// of time; rows without the text are in none.
    #[must_use]
    pub fn grouped(&self, by: Text) -> Groups<'a> {
        let Some((codes, column)) = self.view.codes(by) else { return Groups::none(*self) };
        let mut grouping = column.grouping.borrow_mut();
        let stamp = grouping.begin(column.dictionary_len());
        let mut group_of_row = Vec::with_capacity(self.len());
        let mut bounds: Vec<u32> = Vec::new();
        for row in self.first..self.end {
            if column.missing.has(row as usize) {
                group_of_row.push(u32::MAX);
                continue;
            }
            let seen = &mut grouping.seen[codes[row as usize] as usize];
            if seen.0 != stamp {
                *seen = (stamp, bounds.len() as u32);
                bounds.push(0);
            }
            bounds[seen.1 as usize] += 1;
            group_of_row.push(seen.1);
        }
        // From counts to where each group begins, then each row to its place: the order of time is kept.
        let mut total = 0;
        for bound in &mut bounds {
            let count = *bound;
            *bound = total;
            total += count;
        }
        let mut next = bounds.clone();
        let mut rows = vec![0_u32; total as usize];
        for (index, &group) in group_of_row.iter().enumerate() {
            if let Some(place) = next.get_mut(group as usize) {
                rows[*place as usize] = self.first + index as u32;
                *place += 1;
            }
        }
        bounds.push(total);
        Groups { all: *self, by, rows, bounds }
    }

    /// How many different texts the column has; rows without a text do not count.
    #[must_use]
    pub fn distinct(&self, column: Text) -> usize {
        self.distinct_where(column, |_| true)
    }

    /// How many different texts the column has among the rows that `which` keeps.
    #[must_use]
    pub fn distinct_where(&self, column: Text, which: impl Fn(Row<'a>) -> bool) -> usize {
        let Some((codes, view)) = self.view.codes(column) else { return 0 };
        let mut grouping = view.grouping.borrow_mut();
        let stamp = grouping.begin(view.dictionary_len());
        let mut count = 0;
        for row in self.first..self.end {
            if view.missing.has(row as usize) {
                continue;
            }
            let seen = &mut grouping.seen[codes[row as usize] as usize];
            if seen.0 != stamp && which(self.row(row)) {
                *seen = (stamp, 0);
                count += 1;
            }
        }
        count
    }

    #[inline]
    fn row(&self, row: u32) -> Row<'a> {
        Row { view: self.view, row }
    }
}

impl<'a> IntoIterator for Rows<'a> {
    type Item = Row<'a>;
    type IntoIter = RowsIter<'a>;

    fn into_iter(self) -> RowsIter<'a> {
        self.iter()
    }
}

/// Goes through rows in the order of time, or backwards.
#[derive(Clone)]
pub struct RowsIter<'a> {
    /// Those that are still to come.
    rows: Rows<'a>,
}

impl<'a> Iterator for RowsIter<'a> {
    type Item = Row<'a>;

    #[inline]
    fn next(&mut self) -> Option<Row<'a>> {
        let row = self.rows.first()?;
        self.rows.first += 1;
        Some(row)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rows.len(), Some(self.rows.len()))
    }
}

impl DoubleEndedIterator for RowsIter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let row = self.rows.last()?;
        self.rows.end -= 1;
        Some(row)
    }
}

impl ExactSizeIterator for RowsIter<'_> {}

impl<'a> TableView<'a> {
    #[inline]
    fn column(&self, slot: Slot) -> &ColumnView<'a> {
        assert!(slot.need == self.need, "a column of need {} was read in a row of need {}", slot.need, self.need);
        &self.columns[slot.field as usize]
    }

    fn codes(&self, text: Text) -> Option<(&'a [u32], &ColumnView<'a>)> {
        let column = self.column(text.0);
        match column.values {
            Column::Texts(texts) => Some((&texts.codes, column)),
            _ => None,
        }
    }
}

impl ColumnView<'_> {
    fn dictionary_len(&self) -> usize {
        match self.values {
            Column::Texts(texts) => texts.dictionary.len(),
            _ => 0,
        }
    }
}

impl Grouping {
    fn begin(&mut self, codes: usize) -> u32 {
        self.seen.resize(codes, (0, 0));
        self.stamp += 1;
        self.stamp
    }
}

/// One fact.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    view: &'a TableView<'a>,
    row: u32,
}

impl<'a> Row<'a> {
    /// When it happened.
    #[must_use]
    #[inline]
    pub fn at(&self) -> Instant {
        self.view.table.occurred_at[self.row as usize]
    }

    /// None where the fact has no such number.
    #[must_use]
    #[inline]
    pub fn number(&self, column: Number) -> Option<f64> {
        match self.present(column.0)? {
            Column::Numbers(numbers) => numbers.get(self.row as usize).copied(),
            _ => None,
        }
    }

    /// None where the fact has no such text.
    #[must_use]
    #[inline]
    pub fn text(&self, column: Text) -> Option<&'a str> {
        match self.present(column.0)? {
            Column::Texts(texts) => texts
                .codes
                .get(self.row as usize)
                .and_then(|&code| texts.dictionary.get(code as usize))
                .map(String::as_str),
            _ => None,
        }
    }

    /// None where the fact has no such instant.
    #[must_use]
    #[inline]
    pub fn moment(&self, column: Moment) -> Option<Instant> {
        match self.present(column.0)? {
            Column::Instants(instants) => instants.get(self.row as usize).copied(),
            _ => None,
        }
    }

    /// None where the fact does not say.
    #[must_use]
    #[inline]
    pub fn truth(&self, column: Truth) -> Option<bool> {
        match self.present(column.0)? {
            Column::Truths(truths) => truths.get(self.row as usize).copied(),
            _ => None,
        }
    }

    /// Whether the fact has the text and the text answers the question with yes.
    #[must_use]
    #[inline]
    pub fn matches(&self, matching: Matching) -> bool {
        match self.present(matching.slot) {
            Some(Column::Texts(texts)) => {
                self.view.answers[matching.question as usize][texts.codes[self.row as usize] as usize]
            }
            _ => false,
        }
    }

    /// The row as evidence. The host turns it into the fact, so that the place in the batch does not matter.
    #[must_use]
    #[inline]
    pub fn evidence(&self) -> Evidence {
        Evidence { table: self.view.need, row: self.row }
    }

    #[inline]
    fn present(&self, slot: Slot) -> Option<&'a Column> {
        let column = self.view.column(slot);
        if column.missing.has(self.row as usize) { None } else { Some(column.values) }
    }
}

/// Rows by document, customer or another text.
pub struct Groups<'a> {
    all: Rows<'a>,
    by: Text,
    rows: Vec<u32>,
    bounds: Vec<u32>,
}

impl<'a> Groups<'a> {
    #[must_use]
    pub fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// In the order of each group's first row.
    pub fn iter(&self) -> impl Iterator<Item = Group<'a, '_>> + '_ {
        self.bounds.windows(2).map(|bounds| Group {
            all: self.all,
            by: self.by,
            rows: &self.rows[bounds[0] as usize..bounds[1] as usize],
        })
    }

    fn none(all: Rows<'a>) -> Self {
        Self { all, by: Text(Slot { need: all.view.need, field: 0 }), rows: Vec::new(), bounds: vec![0] }
    }
}

/// The rows that share a text; never empty.
#[derive(Clone, Copy)]
pub struct Group<'a, 'g> {
    all: Rows<'a>,
    by: Text,
    rows: &'g [u32],
}

impl<'a, 'g> Group<'a, 'g> {
    /// The text that the rows share.
    #[must_use]
    pub fn key(&self) -> &'a str {
        self.first().text(self.by).unwrap_or_default()
    }

    #[must_use]
    #[allow(clippy::len_without_is_empty, reason = "a group has at least one row")]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The earliest row.
    #[must_use]
    pub fn first(&self) -> Row<'a> {
        self.all.row(self.rows[0])
    }

    /// The latest row.
    #[must_use]
    pub fn last(&self) -> Row<'a> {
        self.all.row(self.rows[self.rows.len() - 1])
    }

    /// From the earliest to the latest.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Row<'a>> + ExactSizeIterator + use<'a, 'g> {
        let all = self.all;
        self.rows.iter().map(move |&row| all.row(row))
    }
}
