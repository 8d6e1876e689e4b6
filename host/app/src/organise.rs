//! Setting up a company and keeping its organisation over time: departments, positions, people, their names in other
//! systems, absences, customers with their owners, and contacts.
//!
//! Lists are taken as a whole or not at all, and every bad entry is named. Giving the same list again changes nothing.
//! What held on some days is corrected by a later row that covers those days; nothing is overwritten.

pub mod absences;
pub mod contacts;
pub mod customers;
pub mod departments;
pub mod entries;
mod file_rows;
pub mod identities;
pub mod people;

use std::sync::Arc;

use daybreak_domain::access::Role;
use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::{Company, Person, Valid, borders, counts_on};
use daybreak_domain::fact::{ID_BYTES_MAX, is_name};
use daybreak_domain::time::{Day, Zone};
use daybreak_storage::NewCompany;
use serde_json::json;

pub use departments::departments_during;
pub use entries::{EntryError, EntryProblem, Listed, Place, Uncovered};
pub use people::PersonEntry;

use crate::tables::Organisation;
use crate::{AppError, Daybreak};

impl Daybreak {
    /// Creates a company with its first administrator and returns it with the administrator's id.
    pub async fn create_company(
        &self,
        id: &str,
        name: &str,
        zone: Zone,
        administrator: &str,
    ) -> Result<(Company, String), AppError> {
        check_id("the company", id)?;
        check_text("the company's name", name)?;
        check_text("the administrator's name", administrator)?;
        let person = Person { id: self.ids.new_id("person"), name: administrator.trim().to_owned(), erased: false };
        let new = NewCompany { id, name: name.trim(), zone: &zone, created_at: self.clock.now() };
        let mut write = self.store.create_company(&new).await?;
        write.create_person(&person).await?;
        write.give_role(&person.id, Role::Admin.word()).await?;
        let after = json!({ "name": name.trim(), "time_zone": zone.name(), "administrator": person.id });
        self.note(&mut write, &[AuditEntry::new("company.create", id).after(after)]).await?;
        write.commit().await?;
        Ok((Company { id: id.to_owned(), name: name.trim().to_owned(), zone }, person.id))
    }

    /// Who belonged where and looked after whom, as known at the sequence.
    pub async fn organisation(&self, company: &Company, known_to: i64) -> Result<Arc<Organisation>, AppError> {
        Ok(self.lines(company, Some(known_to)).await?.organisation.clone())
    }
}

pub(crate) fn check_id(what: &'static str, id: &str) -> Result<(), AppError> {
    if is_name(id) { Ok(()) } else { Err(AppError::BadId { what, id: id.chars().take(80).collect() }) }
}

fn check_text(what: &'static str, text: &str) -> Result<(), AppError> {
    if text.trim().is_empty() { Err(AppError::Empty { what }) } else { Ok(()) }
}

/// An id of ours: a person, a department, a position, an absence.
fn check_entry_id(id: &str) -> Result<(), EntryProblem> {
    if is_name(id) { Ok(()) } else { Err(EntryProblem::BadId { id: id.chars().take(80).collect() }) }
}

/// A name, or an id of another system: plain text on one line.
pub(crate) fn check_entry_text(text: &str) -> Result<(), EntryProblem> {
    if text.trim().is_empty() {
        Err(EntryProblem::Empty)
    } else if text.len() > ID_BYTES_MAX {
        Err(EntryProblem::TooLong { length: text.len() })
    } else if text.chars().any(char::is_control) {
        Err(EntryProblem::NotPlain)
    } else {
        Ok(())
    }
}

/// A span that holds on at least one day.
fn check_span(from: Day, until: Option<Day>) -> Result<(), EntryProblem> {
    match until {
        Some(until) if until <= from => Err(EntryProblem::NeverHolds { from, until }),
        _ => Ok(()),
    }
}

/// Days on which one entry of a list holds or, between two entries and after the last one, none does any more.
struct Stretch {
    from: Day,
    until: Option<Day>,
    /// The position of the entry in the list.
    entry: Option<usize>,
}

/// Entries about one thing: position in the list, first day, day after the last.
type Spans = Vec<(usize, Day, Option<Day>)>;

/// The days of the entries about one thing: an entry ends where the next one
/// begins, at the latest.
fn stretches(mut entries: Spans, uncovered: Uncovered) -> Vec<Stretch> {
    entries.sort_by_key(|(_, from, _)| *from);
    let mut stretches = Vec::with_capacity(entries.len());
    for (place, &(entry, from, until)) in entries.iter().enumerate() {
        let next = entries.get(place + 1).map(|(_, from, _)| *from);
        let ends = match (until, next) {
            (Some(until), Some(next)) => Some(until.min(next)),
            (until, next) => until.or(next),
        };
        stretches.push(Stretch { from, until: ends, entry: Some(entry) });
        if let Some(gap) = ends.filter(|ends| Some(*ends) != next && uncovered == Uncovered::Ended) {
            stretches.push(Stretch { from: gap, until: next, entry: None });
        }
    }
    stretches
}

/// Whether the same is known on every day of the span.
fn throughout<T: Valid>(known: &[T], from: Day, until: Option<Day>, same: impl Fn(Option<&T>) -> bool) -> bool {
    borders(known, from, until).into_iter().all(|day| same(counts_on(known, day)))
}
