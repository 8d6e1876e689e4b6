//! The audit: who changed what, when, what it was before and what it was after.
//!
//! What lives here: the words of one entry and their bounds. What never lives here: what is noted of which change; each
//! use case says that itself. An entry holds ids, days and values, and never a person's or a contact's name, a name in
//! another system, the reason of an absence or a secret: erasing somebody must not have to look here.

use serde_json::{Value, json};

use crate::author::{Author, AuthorKind};
use crate::fact::ID_BYTES_MAX;
use crate::time::Instant;

/// Longest text of what something was before, or after.
pub const DOCUMENT_BYTES_MAX: usize = 16 * 1_024;

/// How much stays of a longer one. Written into a document once more, every byte may become two.
const BEGINNING_BYTES: usize = DOCUMENT_BYTES_MAX / 2 - 256;

/// Most entries of one page.
pub const PAGE_MAX: u32 = 1_000;

/// One change that a use case makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// A noun of the glossary and what was done to it, for example `person.move`.
    pub action: &'static str,
    /// The id of that which was changed.
    pub id: String,
    /// JSON; none where there was nothing before, or nothing to tell of it.
    pub before: Option<String>,
    pub after: Option<String>,
}

impl AuditEntry {
    #[must_use]
    pub fn new(action: &'static str, id: impl Into<String>) -> Self {
        let mut id = id.into();
        id.truncate(id.floor_char_boundary(ID_BYTES_MAX));
        Self { action, id, before: None, after: None }
    }

    #[must_use]
    pub fn before(self, before: impl Into<Option<Value>>) -> Self {
        Self { before: before.into().map(|before| bounded(&before)), ..self }
    }

    #[must_use]
    pub fn after(self, after: impl Into<Option<Value>>) -> Self {
        Self { after: after.into().map(|after| bounded(&after)), ..self }
    }

    /// What sort of thing was changed: the action's noun.
    #[must_use]
    pub fn what(&self) -> &'static str {
        self.action.split_once('.').map_or(self.action, |(what, _)| what)
    }
}

/// The document as text; one that is too long is replaced by a document that says so and how it begins.
fn bounded(document: &Value) -> String {
    let text = document.to_string();
    if text.len() <= DOCUMENT_BYTES_MAX {
        return text;
    }
    let begins = &text[..text.floor_char_boundary(BEGINNING_BYTES)];
    json!({ "cut": true, "bytes": text.len(), "begins": begins }).to_string()
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRecord {
    /// Its number in the company's one sequence: it follows the rows that it tells of.
    pub audit: i64,
    pub at: Instant,
    pub author: Author,
    pub action: String,
    pub what: String,
    pub id: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Which entries are wanted. What is none does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// The sort of thing, for example `person`.
    pub what: Option<String>,
    pub id: Option<String>,
    pub author_kind: Option<AuthorKind>,
    /// The id of a person, a token or a webhook.
    pub author: Option<String>,
    /// What the action begins with.
    pub action: Option<String>,
    /// Only entries with a smaller number: the page after the one that ended with it.
    pub before_audit: Option<i64>,
    /// At most [`PAGE_MAX`].
    pub most: u32,
}

/// Entries, the newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditPage {
    pub records: Vec<AuditRecord>,
    /// There are earlier ones: the `before_audit` of the next page.
    pub earlier: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_begins_with_what_it_changes() {
        assert_eq!(AuditEntry::new("person.move", "li").what(), "person");
        assert_eq!(AuditEntry::new("minimum-coverage.set", "acme").what(), "minimum-coverage");
    }

    #[test]
    fn a_document_that_is_too_long_is_cut_and_says_so() {
        let entry = AuditEntry::new("scorecard.set", "sales").before(json!({"from": "2026-01-01"})).after(None);
        assert_eq!((entry.before.as_deref(), entry.after), (Some(r#"{"from":"2026-01-01"}"#), None));
        // Quotation marks and backslashes grow when they are written once more; a character is never cut in two.
        for text in ["\"".repeat(20_000), "\\".repeat(20_000), "销".repeat(20_000), "\u{1}".repeat(20_000)] {
            let entry = AuditEntry::new("scorecard.set", "sales").after(json!({ "text": text }));
            let after = entry.after.expect("there is one");
            assert!(after.len() <= DOCUMENT_BYTES_MAX, "{} bytes", after.len());
            let read: Value = serde_json::from_str(&after).expect("it is JSON");
            assert_eq!(read["cut"], true);
            assert!(read["bytes"].as_u64().expect("a number") > 20_000);
            assert!(read["begins"].as_str().expect("a text").starts_with("{\"text\":\""));
        }
    }

    #[test]
    fn an_id_that_is_too_long_is_cut() {
        let id = AuditEntry::new("fact.deliver", "源".repeat(100)).id;
        assert_eq!(id, "源".repeat(ID_BYTES_MAX / 3));
    }
}
