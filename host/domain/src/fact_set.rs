//! The current facts of one kind as columns: what a database is read into and what tables are assembled from.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::fact::{Capture, Fact};

/// The code of a row that has no text.
pub const NONE: u32 = u32::MAX;

/// Texts by code, each once, in the order of their first appearance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coded {
    pub dictionary: Vec<String>,
    /// One per row; [`NONE`] where the row has no text.
    pub codes: Vec<u32>,
    index: HashMap<String, u32>,
}

impl Coded {
    pub fn push(&mut self, text: Option<&str>) {
        let Some(text) = text else {
            self.codes.push(NONE);
            return;
        };
        // Neighbouring rows often say the same, and then the index need not be asked.
        let last = self.codes.last().filter(|&&code| code != NONE).map(|&code| code as usize);
        if let Some(last) = last.filter(|&last| self.dictionary[last] == text) {
            self.codes.push(last as u32);
            return;
        }
        if let Some(&code) = self.index.get(text) {
            self.codes.push(code);
            return;
        }
        let code = self.dictionary.len() as u32;
        self.dictionary.push(text.to_owned());
        self.index.insert(text.to_owned(), code);
        self.codes.push(code);
    }

    #[must_use]
    pub fn text(&self, row: usize) -> Option<&str> {
        self.codes.get(row).and_then(|&code| self.dictionary.get(code as usize)).map(String::as_str)
    }

    #[must_use]
    pub fn code_of(&self, text: &str) -> Option<u32> {
        self.index.get(text).copied()
    }
}

/// Facts of one kind, ordered by time, then sequence. All columns have one entry per row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FactSet {
    pub kind: String,
    pub sequence: Vec<i64>,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub occurred_at: Vec<i64>,
    pub recorded_at: Vec<i64>,
    pub revision: Vec<u32>,
    pub actor: Coded,
    pub document: Coded,
    pub customer: Coded,
    pub value: Vec<Option<f64>>,
    pub capture: Vec<Capture>,
    /// `source:external id`; empty unless it was asked for.
    pub label: Vec<String>,
    /// The attributes that were asked for.
    pub attributes: Vec<(String, Coded)>,
    by_document: ByDocument,
}

/// The rows of each document, found once for all batches that are assembled from a set.
#[derive(Clone, Debug, Default)]
struct ByDocument(OnceLock<RowsOfDocuments>);

/// What is found from other columns makes no set another one.
impl PartialEq for ByDocument {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// `rows[offsets[i]..offsets[i + 1]]` are those of the document with the code i, in their order.
#[derive(Clone, Debug)]
struct RowsOfDocuments {
    offsets: Vec<u32>,
    rows: Vec<u32>,
}

impl RowsOfDocuments {
    fn of(document: &Coded) -> Self {
        let mut offsets = vec![0_u32; document.dictionary.len() + 1];
        let with_one = || document.codes.iter().enumerate().filter(|&(_, &code)| code != NONE);
        for (_, &code) in with_one() {
            offsets[code as usize + 1] += 1;
        }
        for index in 1..offsets.len() {
            offsets[index] += offsets[index - 1];
        }
        let mut next = offsets.clone();
        let mut rows = vec![0_u32; offsets.last().copied().unwrap_or_default() as usize];
        for (row, &code) in with_one() {
            rows[next[code as usize] as usize] = row as u32;
            next[code as usize] += 1;
        }
        Self { offsets, rows }
    }
}

/// One row on its way into a [`FactSet`].
pub struct FactRow<'a> {
    pub sequence: i64,
    pub occurred_at: i64,
    pub recorded_at: i64,
    pub revision: u32,
    pub actor: Option<&'a str>,
    pub document: Option<&'a str>,
    pub customer: Option<&'a str>,
    pub value: Option<f64>,
    pub capture: Capture,
}

impl FactSet {
    /// An empty set that will hold these attributes, and labels if `labels` says so.
    #[must_use]
    pub fn new(kind: &str, attributes: &[String]) -> Self {
        let attributes = attributes.iter().map(|name| (name.clone(), Coded::default())).collect();
        Self { kind: kind.to_owned(), attributes, ..Self::default() }
    }

    /// Appends one row; `attribute` gives the texts of the attributes that the set holds.
    pub fn push<'a>(&mut self, row: &FactRow<'_>, mut attribute: impl FnMut(&str) -> Option<&'a str>) {
        self.sequence.push(row.sequence);
        self.occurred_at.push(row.occurred_at);
        self.recorded_at.push(row.recorded_at);
        self.revision.push(row.revision);
        self.actor.push(row.actor);
        self.document.push(row.document);
        self.customer.push(row.customer);
        self.value.push(row.value);
        self.capture.push(row.capture);
        for (name, column) in &mut self.attributes {
            column.push(attribute(name));
        }
        self.by_document = ByDocument::default();
    }

    /// The rows with the document of this code, in their order.
    #[must_use]
    pub fn rows_of_document(&self, code: u32) -> &[u32] {
        let by_document = self.by_document.0.get_or_init(|| RowsOfDocuments::of(&self.document));
        let code = code as usize;
        match by_document.offsets.get(code..).unwrap_or_default() {
            [start, end, ..] => &by_document.rows[*start as usize..*end as usize],
            _ => &[],
        }
    }

    /// The set of these facts, which must be of one kind and current; they are put in order here.
    #[must_use]
    pub fn of_facts(kind: &str, attributes: &[String], facts: &[Fact]) -> Self {
        let mut ordered: Vec<&Fact> = facts.iter().filter(|fact| fact.kind == kind && !fact.withdrawn).collect();
        ordered.sort_by_key(|fact| (fact.occurred_at, fact.sequence));
        let mut set = Self::new(kind, attributes);
        for fact in ordered {
            let row = FactRow {
                sequence: fact.sequence,
                occurred_at: fact.occurred_at.0,
                recorded_at: fact.recorded_at.0,
                revision: fact.revision,
                actor: fact.actor.as_deref(),
                document: fact.document.as_deref(),
                customer: fact.customer.as_deref(),
                value: fact.value,
                capture: fact.capture,
            };
            set.push(&row, |name| fact.attributes.get(name).map(String::as_str));
            set.label.push(format!("{}:{}", fact.source, fact.external_id));
        }
        set
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.sequence.len()
    }

    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Coded> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, column)| column)
    }
}
