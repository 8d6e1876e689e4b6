//! Contacts: people who work for customers.
//!
//! Plugins read facts and nothing else, so whatever happens to a contact is also a fact of the kind `contact`, appended
//! in the same transaction. A contact's name is never in a fact.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek};

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::customer::{Contact, ContactEvent, ContactState};
use daybreak_domain::fact::{Capture, NewFact};
use daybreak_domain::time::Day;
use daybreak_storage::{Delivery, Write};
use serde_json::{Value, json};

use super::departments::Changed;
use super::entries::{EntryProblem, Listed, Problem, of_one};
use super::{check_entry_text, file_rows};
use crate::audit::with_changed;
use crate::import::FileOptions;
use crate::{AppError, Daybreak, figures};

/// The source of the facts that the host itself records.
pub const SOURCE: &str = "daybreak";

/// The kind of the facts about contacts.
pub const KIND: &str = "contact";

/// A contact as a list of contacts names them. Several entries of one contact are titles one after the other; together
/// they are everything that is known of that contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactEntry {
    pub id: String,
    pub customer: String,
    pub name: String,
    pub title: String,
    /// First day with this title. Without one: the day that is known, and today for somebody new.
    pub from: Option<Day>,
    /// The day on which the contact left.
    pub left: Option<Day>,
}

/// A contact with what is known of it today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactRecord {
    pub contact: Contact,
    /// In the order of their days; what was withdrawn is not among them.
    pub events: Vec<ContactEvent>,
}

/// What shall be known to have happened to a contact on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Happened {
    day: Day,
    state: ContactState,
    title: String,
}

const COLUMNS: [&str; 6] = ["id", "customer", "name", "title", "from", "left"];

impl Daybreak {
    /// Imports contacts from a CSV file with the columns id, customer, name and title and, if wanted, from and left.
    pub async fn import_contacts(
        &self,
        company: &Company,
        file: impl Read + Seek + Send,
        options: &FileOptions,
    ) -> Result<Changed, AppError> {
        let listed = file_rows::read(file, options, &COLUMNS, &COLUMNS[..4], |row| {
            Ok(ContactEntry {
                id: row.required("id")?,
                customer: row.required("customer")?,
                name: row.required("name")?,
                title: row.required("title")?,
                from: row.day("from")?,
                left: row.day("left")?,
            })
        })?;
        self.add_contacts(company, &listed).await
    }

    /// Makes these entries what is known of their contacts; all of them or, if one cannot be taken, none. What is known
    /// of a contact and stands in no entry of it is withdrawn.
    pub async fn add_contacts(&self, company: &Company, listed: &Listed<ContactEntry>) -> Result<Changed, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let changed = self.append_contacts(company, &mut write, listed).await?;
        write.commit().await?;
        Ok(changed)
    }

    async fn append_contacts(
        &self,
        company: &Company,
        write: &mut Write,
        listed: &Listed<ContactEntry>,
    ) -> Result<Changed, AppError> {
        let contacts = self.store.contacts(&company.id).await?;
        let events = by_contact(self.store.contact_events(&company.id).await?);
        let found = self.bad_contacts(company, listed, &contacts).await?;
        listed.refuse_if_bad(found)?;
        let today = self.today(company);
        let mut rows: BTreeMap<&str, Vec<&ContactEntry>> = BTreeMap::new();
        for entry in &listed.entries {
            rows.entry(&entry.id).or_default().push(entry);
        }
        let mut changed = Changed { read: listed.len(), appended: 0 };
        let mut facts = Vec::new();
        let mut noted = Vec::new();
        for (id, own) in rows {
            let known = events.get(id).map(Vec::as_slice).unwrap_or_default();
            let first = known.iter().filter(|event| !event.withdrawn && event.state == ContactState::Here);
            let first = first.map(|event| event.day).min().unwrap_or(today);
            let here = own.iter().map(|entry| Happened {
                day: entry.from.unwrap_or(first),
                state: ContactState::Here,
                title: entry.title.clone(),
            });
            let left = own.iter().filter_map(|entry| {
                let title = entry.title.clone();
                entry.left.map(|day| Happened { day, state: ContactState::Left, title })
            });
            let entry = own[own.len() - 1];
            let contact = Contact {
                id: id.to_owned(),
                customer: entry.customer.clone(),
                name: entry.name.trim().to_owned(),
                erased: false,
            };
            let before = contacts.get(id);
            let mut is_changed = before != Some(&contact);
            if is_changed {
                write.set_contact(&contact).await?;
                changed.appended += 1;
            }
            let wanted: Vec<Happened> = here.chain(left).collect();
            let moved = before.is_some_and(|known| known.customer != contact.customer);
            let events = reconciled(id, known, wanted);
            for event in &events {
                let is_new = known.iter().all(|known| known != event);
                if is_new {
                    write.add_contact_event(event).await?;
                    changed.appended += 1;
                    is_changed = true;
                }
                if is_new || moved {
                    facts.push(fact_of(company, &contact, event));
                }
            }
            if is_changed {
                let is_renamed = before.is_some_and(|before| before.name != contact.name);
                let action = if before.is_some() { "contact.change" } else { "contact.add" };
                let after = with_changed(told(&contact, &events), [("name", is_renamed)]);
                noted.push(AuditEntry::new(action, id).before(before.map(|before| told(before, known))).after(after));
            }
        }
        self.note(write, &noted).await?;
        self.append_own_facts(company, write, &facts).await?;
        Ok(changed)
    }

    /// Adds a contact, or says what is true of it from a day on.
    pub async fn record_contact(&self, company: &Company, entry: ContactEntry) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        let mut entries = self.entries_of_contact(company, &entry.id).await?;
        let from = entry.from.unwrap_or_else(|| {
            entries.last().and_then(|last: &ContactEntry| last.from).unwrap_or_else(|| self.today(company))
        });
        let same_day = entries.iter().find(|known| known.from == Some(from));
        let left = entry.left.or(same_day.and_then(|known| known.left));
        for known in &mut entries {
            known.name.clone_from(&entry.name);
            known.customer.clone_from(&entry.customer);
        }
        entries.retain(|known| known.from != Some(from));
        entries.push(ContactEntry { from: Some(from), left, ..entry });
        entries.sort_by_key(|entry| entry.from);
        self.append_contacts(company, &mut write, &entries.into()).await.map_err(of_one)?;
        Ok(write.commit().await?)
    }

    /// Says on which day a contact left; none takes that back.
    pub async fn let_contact_leave(&self, company: &Company, id: &str, on: Option<Day>) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        let mut entries = self.entries_of_contact(company, id).await?;
        let last = entries.last_mut().ok_or_else(|| AppError::Unknown { what: "contact", id: id.to_owned() })?;
        last.left = on;
        self.append_contacts(company, &mut write, &entries.into()).await.map_err(of_one)?;
        Ok(write.commit().await?)
    }

    /// Forgets the name of a contact. Facts never had it.
    pub async fn erase_contact(&self, company: &Company, id: &str) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        match self.store.contacts(&company.id).await?.get(id) {
            None => return Err(AppError::Unknown { what: "contact", id: id.to_owned() }),
            Some(contact) if contact.erased => return Err(AppError::ErasedAlready { id: id.to_owned() }),
            Some(_) => write.erase_contact(id, self.clock.now()).await?,
        }
        self.note(&mut write, &[AuditEntry::new("contact.erase", id)]).await?;
        Ok(write.commit().await?)
    }

    /// All contacts with what is known of them, by id.
    pub async fn contacts(&self, company: &Company) -> Result<BTreeMap<String, ContactRecord>, AppError> {
        let mut events = by_contact(self.store.contact_events(&company.id).await?);
        let contacts = self.store.contacts(&company.id).await?;
        let record = |(id, contact): (String, Contact)| {
            let mut events = events.remove(&id).unwrap_or_default();
            events.retain(|event| !event.withdrawn);
            events.sort_by_key(|event| (event.day, event.state));
            (id, ContactRecord { contact, events })
        };
        Ok(contacts.into_iter().map(record).collect())
    }

    /// What is known of a contact, as the entries that say so, in the order of their days.
    async fn entries_of_contact(&self, company: &Company, id: &str) -> Result<Vec<ContactEntry>, AppError> {
        let Some(record) = self.contacts(company).await?.remove(id) else { return Ok(Vec::new()) };
        let mut entries: Vec<ContactEntry> = Vec::new();
        for event in record.events {
            match (event.state, entries.last_mut()) {
                (ContactState::Left, Some(last)) => last.left = Some(event.day),
                _ => entries.push(ContactEntry {
                    id: id.to_owned(),
                    customer: record.contact.customer.clone(),
                    name: record.contact.name.clone(),
                    title: event.title,
                    from: Some(event.day),
                    left: None,
                }),
            }
        }
        Ok(entries)
    }

    async fn bad_contacts(
        &self,
        company: &Company,
        listed: &Listed<ContactEntry>,
        contacts: &BTreeMap<String, Contact>,
    ) -> Result<Vec<(usize, Problem)>, AppError> {
        let customers = self.store.customers(&company.id, i64::MAX).await?;
        let mut found: Vec<(usize, Problem)> = Vec::new();
        let mut firsts: HashMap<&str, usize> = HashMap::new();
        let mut days: HashMap<(&str, Option<Day>), usize> = HashMap::new();
        for (index, entry) in listed.entries.iter().enumerate() {
            let mut note = |column, problem| found.push((index, (Some(column), problem)));
            for (column, text) in [("id", &entry.id), ("name", &entry.name), ("title", &entry.title)] {
                if let Err(problem) = check_entry_text(text) {
                    note(column, problem);
                }
            }
            if contacts.get(&entry.id).is_some_and(|contact| contact.erased) {
                note("id", EntryProblem::Erased { id: entry.id.clone() });
            }
            if !customers.contains_key(&entry.customer) {
                note("customer", EntryProblem::Unknown { what: "customer", id: entry.customer.clone() });
            }
            if let (Some(from), Some(left)) = (entry.from, entry.left)
                && left < from
            {
                note("left", EntryProblem::LeftBefore { from, left });
            }
            // Each row is held against two others at most: a list may be about one contact alone.
            let first = *firsts.entry(&entry.id).or_insert(index);
            let same_day = *days.entry((&entry.id, entry.from)).or_insert(index);
            let other = &listed.entries[first];
            if same_day != index {
                note("from", EntryProblem::Twice { first: listed.row(same_day) });
            } else if (&other.customer, &other.name) != (&entry.customer, &entry.name) {
                note("name", EntryProblem::Disagrees { first: listed.row(first), id: entry.id.clone() });
            }
        }
        Ok(found)
    }

    /// Appends facts that the host itself records, in a transaction that has begun.
    pub(crate) async fn append_own_facts(
        &self,
        company: &Company,
        write: &mut Write,
        facts: &[NewFact],
    ) -> Result<(), AppError> {
        for (index, fact) in facts.iter().enumerate() {
            fact.check().map_err(|source| AppError::BadFact { index, source })?;
        }
        for facts in facts.chunks(1_000) {
            let appended = write.append_facts(&Delivery { company, facts, heard_at: self.clock.now() }).await?;
            figures::facts_appended(&appended.arrivals);
        }
        Ok(())
    }
}

fn by_contact(events: BTreeMap<(String, u32), ContactEvent>) -> HashMap<String, Vec<ContactEvent>> {
    let mut by_contact: HashMap<String, Vec<ContactEvent>> = HashMap::new();
    for event in events.into_values() {
        by_contact.entry(event.contact.clone()).or_default().push(event);
    }
    by_contact
}

/// Every event of the contact as it shall be known: an event that is wanted unchanged stays; one that is wanted on
/// another day or with another title corrects the known one that nobody wants; what is left is withdrawn or new.
fn reconciled(contact: &str, known: &[ContactEvent], wanted: Vec<Happened>) -> Vec<ContactEvent> {
    let mut events: Vec<ContactEvent> = known.to_vec();
    let mut free: Vec<usize> = (0..events.len()).collect();
    let mut open = Vec::new();
    let is_same = |event: &ContactEvent, wanted: &Happened| {
        !event.withdrawn && (event.day, event.state, &event.title) == (wanted.day, wanted.state, &wanted.title)
    };
    for wanted in wanted {
        match free.iter().position(|&index| is_same(&events[index], &wanted)) {
            Some(place) => {
                free.remove(place);
            }
            None => open.push(wanted),
        }
    }
    open.sort_by_key(|wanted| (wanted.day, wanted.state));
    for wanted in open {
        // On the same day with another title, else of the same sort, else new.
        let alike = |same_day: bool| {
            free.iter().position(|&index| {
                events[index].state == wanted.state && (!same_day || events[index].day == wanted.day)
            })
        };
        let number = match alike(true).or_else(|| alike(false)) {
            Some(place) => free.remove(place),
            None => events.len(),
        };
        let event = ContactEvent {
            contact: contact.to_owned(),
            event: number as u32 + 1,
            day: wanted.day,
            state: wanted.state,
            title: wanted.title,
            withdrawn: false,
        };
        match events.get_mut(number) {
            Some(known) => *known = event,
            None => events.push(event),
        }
    }
    for index in free {
        events[index].withdrawn = true;
    }
    events
}

/// As the audit tells of it.
fn told(contact: &Contact, events: &[ContactEvent]) -> Value {
    let events = events.iter().filter(|event| !event.withdrawn);
    let events =
        events.map(|event| json!({ "day": event.day.to_string(), "state": event.state.name(), "title": event.title }));
    json!({ "customer": contact.customer, "events": events.collect::<Vec<Value>>() })
}

fn fact_of(company: &Company, contact: &Contact, event: &ContactEvent) -> NewFact {
    let attributes = [("state", event.state.name()), ("title", event.title.as_str())];
    NewFact {
        source: SOURCE.to_owned(),
        external_id: format!("{KIND}/{}/{}", contact.id, event.event),
        revision: None,
        kind: KIND.to_owned(),
        occurred_at: company.zone.midnight(event.day),
        recorded_at: None,
        actor: None,
        document: Some(contact.id.clone()),
        customer: Some(contact.customer.clone()),
        value: None,
        capture: Capture::Automatic,
        attributes: attributes.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
        withdrawn: event.withdrawn,
    }
}
