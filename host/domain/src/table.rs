//! Facts as columns: what the engine hands to a plugin, and the digest of what one subject was given.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::digest::{Canonical, Digest};
use crate::time::{OffsetChange, Span};

/// Values of one column, one per row. A missing row holds the type's zero value (0, the first dictionary entry, false).
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    Numbers(Vec<f64>),
    /// `codes[row]` is an index into `dictionary`, whose entries stand in the order of their first appearance.
    Texts {
        dictionary: Vec<String>,
        codes: Vec<u32>,
    },
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Instants(Vec<i64>),
    Truths(Vec<bool>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    pub name: String,
    pub values: Values,
    /// Rows without a value, ascending.
    pub missing: Vec<u32>,
}

/// Rows by subject, then time, then sequence: a total order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Table {
    /// `offsets[i]..offsets[i + 1]` are the rows of subject i; exactly `[0, rows]` for the scope company.
    pub offsets: Vec<u32>,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub occurred_at: Vec<i64>,
    pub columns: Vec<Column>,
}

/// The row that a statement rests on, counted from the first row that the subject was given in that table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub table: u32,
    pub row: u32,
}

/// When and for which period a plugin is asked. Kept word for word in the receipt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Context {
    pub as_of: crate::time::Instant,
    pub period: Span,
    pub time_zone: String,
    pub utc_offsets: Vec<OffsetChange>,
    pub parameters_json: String,
}

impl Table {
    #[must_use]
    pub fn rows(&self) -> usize {
        self.occurred_at.len()
    }

    /// The rows of one subject; all rows where the table is company-wide.
    #[must_use]
    pub fn rows_of(&self, subject: usize) -> Range<usize> {
        let subject = if self.offsets.len() == 2 { 0 } else { subject };
        match (self.offsets.get(subject), self.offsets.get(subject + 1)) {
            (Some(start), Some(end)) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// Whether the text stands in some column.
    #[must_use]
    pub fn has_text(&self, text: &str) -> bool {
        self.columns.iter().any(|column| {
            matches!(&column.values, Values::Texts { dictionary, .. } if dictionary.iter().any(|word| word == text))
        })
    }

    /// Feeds the decoded rows: values, never codes, so that the batch a subject happened to be in does not count.
    fn feed(&self, rows: Range<usize>, canonical: &mut Canonical) {
        canonical.count(rows.len());
        for row in rows.clone() {
            canonical.integer(self.occurred_at[row]);
        }
        canonical.count(self.columns.len());
        for column in &self.columns {
            canonical.text(&column.name);
            let first_missing = column.missing.partition_point(|&row| (row as usize) < rows.start);
            let mut missing = column.missing[first_missing..].iter().map(|&row| row as usize).peekable();
            for row in rows.clone() {
                let is_missing = missing.next_if_eq(&row).is_some();
                canonical.truth(!is_missing);
                if is_missing {
                    continue;
                }
                match &column.values {
                    Values::Numbers(numbers) => canonical.number(numbers[row]),
                    Values::Texts { dictionary, codes } => canonical.text(&dictionary[codes[row] as usize]),
                    Values::Instants(instants) => canonical.integer(instants[row]),
                    Values::Truths(truths) => canonical.truth(truths[row]),
                }
            }
        }
    }
}

/// The digest of everything that one subject was given.
#[must_use]
pub fn rows_digest(tables: &[Table], subject: usize) -> Digest {
    let mut canonical = Canonical::new("daybreak rows 1");
    canonical.count(tables.len());
    for table in tables {
        table.feed(table.rows_of(subject), &mut canonical);
    }
    canonical.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(offsets: Vec<u32>, words: &[Option<&str>]) -> Table {
        let mut dictionary: Vec<String> = Vec::new();
        let mut codes = Vec::new();
        let mut missing = Vec::new();
        for (row, word) in words.iter().enumerate() {
            let Some(word) = word else {
                missing.push(u32::try_from(row).unwrap());
                codes.push(0);
                continue;
            };
            let code = dictionary.iter().position(|known| known == word).unwrap_or_else(|| {
                dictionary.push((*word).to_owned());
                dictionary.len() - 1
            });
            codes.push(u32::try_from(code).unwrap());
        }
        Table {
            offsets,
            occurred_at: (0..words.len()).map(|row| i64::try_from(row).unwrap() / 10).collect(),
            columns: vec![Column { name: "activity".into(), values: Values::Texts { dictionary, codes }, missing }],
        }
    }

    #[test]
    fn a_subject_has_the_same_digest_alone_and_in_company() {
        let together = table(vec![0, 2, 4], &[Some("b"), None, Some("a"), Some("b")]);
        let alone = table(vec![0, 2], &[Some("a"), Some("b")]);
        assert_eq!(rows_digest(std::slice::from_ref(&together), 1), rows_digest(&[alone], 0));
        assert_ne!(rows_digest(std::slice::from_ref(&together), 0), rows_digest(&[together], 1));
    }

    #[test]
    fn a_missing_value_differs_from_an_empty_one() {
        assert_ne!(rows_digest(&[table(vec![0, 1], &[None])], 0), rows_digest(&[table(vec![0, 1], &[Some("")])], 0));
    }
}
