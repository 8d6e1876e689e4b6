//! Who changed what. Every use case that changes something notes it here, in the transaction that makes the change, so
//! that one cannot be without the other; reading the audit is here as well.
//!
//! What the host does by itself (scores, composites, assessments, sentences) has receipts and is not noted. Names of
//! people and contacts, names in other systems and free texts stand in their own rows only: `changed` says that such a
//! text was changed, and nothing here says what it was.

use daybreak_domain::audit::{AuditEntry, AuditPage, AuditQuery, PAGE_MAX};
use daybreak_domain::company::Company;
use daybreak_domain::time::Day;
use daybreak_storage::Write;
use serde_json::{Value, json};

use crate::{AppError, Daybreak};

impl Daybreak {
    /// Notes on whose behalf the changes of this transaction are made.
    pub(crate) async fn note(&self, write: &mut Write, entries: &[AuditEntry]) -> Result<(), AppError> {
        Ok(write.audit(self.author(), self.clock.now(), entries).await?)
    }

    /// The newest entries that the query wants, and whether there are earlier ones.
    pub async fn audit(&self, company: &Company, query: &AuditQuery) -> Result<AuditPage, AppError> {
        let most = query.most.clamp(1, PAGE_MAX);
        // One more than is shown says whether there is another page.
        let query = AuditQuery { most: most + 1, ..query.clone() };
        let mut records = self.store.audit(&company.id, &query).await?;
        let is_cut = records.len() > most as usize;
        records.truncate(most as usize);
        let earlier = records.last().filter(|_| is_cut).map(|last| last.audit);
        Ok(AuditPage { records, earlier })
    }
}

/// What was said of one thing on every stretch of days on which it is different now.
pub(crate) struct NotedStretches {
    name: &'static str,
    before: Vec<Value>,
    after: Vec<Value>,
}

impl NotedStretches {
    /// `name` is how the list of stretches is called in the document.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, before: Vec::new(), after: Vec::new() }
    }

    /// From the day on until another, what counted on the first day is replaced. Both are objects, or null for nothing.
    pub(crate) fn push(&mut self, from: Day, until: Option<Day>, before: Value, after: Value) {
        self.before.push(before);
        self.after.push(on_days(from, until, after));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.after.is_empty()
    }

    /// As the documents of an entry. Where nothing counted before, there is no document of it.
    pub(crate) fn documents(self) -> (Option<Value>, Value) {
        if self.is_empty() {
            return (None, json!({}));
        }
        let known = self.before.iter().any(|before| !before.is_null());
        (known.then(|| json!({ self.name: self.before })), json!({ self.name: self.after }))
    }
}

/// The object, or one in the place of null, with the days on which it holds.
pub(crate) fn on_days(from: Day, until: Option<Day>, object: Value) -> Value {
    let mut object = object;
    object["from"] = json!(from.to_string());
    object["until"] = json!(until.map(|until| until.to_string()));
    object
}

/// Says in the object which texts were changed that are not told here; says nothing if none was.
pub(crate) fn with_changed<'a>(object: Value, changed: impl IntoIterator<Item = (&'a str, bool)>) -> Value {
    let changed: Vec<&str> = changed.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name).collect();
    let mut object = object;
    if !changed.is_empty() {
        object["changed"] = json!(changed);
    }
    object
}
