//! Days on which people are away. They excuse silence, and policies may change the shares of whoever is away; no indicator
//! reads them.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek};

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::{Absence, Company, Validity};
use daybreak_domain::fact::ATTRIBUTE_BYTES_MAX;
use daybreak_domain::time::Day;
use daybreak_storage::NewAbsence;
use serde_json::{Value, json};

use super::departments::Changed;
use super::entries::{EntryProblem, Listed, Problem, of_one};
use super::{check_entry_id, check_entry_text, check_span, file_rows};
use crate::audit::{on_days, with_changed};
use crate::import::FileOptions;
use crate::{AppError, Daybreak};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbsenceEntry {
    /// By which it is corrected and withdrawn; without one, the person and the first day.
    pub id: Option<String>,
    pub person: String,
    pub from: Day,
    /// The first day back.
    pub until: Option<Day>,
    /// A name such as `leave`, `sick` or `parental`.
    pub kind: String,
    pub reason: Option<String>,
}

const COLUMNS: [&str; 6] = ["id", "person", "from", "until", "kind", "reason"];

impl AbsenceEntry {
    /// The id under which the absence is kept.
    #[must_use]
    pub fn key(&self) -> String {
        self.id.clone().unwrap_or_else(|| format!("{}.{}", self.person, self.from))
    }
}

impl Daybreak {
    /// Imports absences from a CSV file with the columns person, from and kind and, if wanted, until, reason and id.
    pub async fn import_absences(
        &self,
        company: &Company,
        file: impl Read + Seek + Send,
        options: &FileOptions,
    ) -> Result<Changed, AppError> {
        let listed = file_rows::read(file, options, &COLUMNS, &["person", "from", "kind"], |row| {
            Ok(AbsenceEntry {
                id: row.owned("id"),
                person: row.required("person")?,
                from: row.day("from")?.ok_or((Some("from"), EntryProblem::Empty))?,
                until: row.day("until")?,
                kind: row.required("kind")?,
                reason: row.owned("reason"),
            })
        })?;
        self.add_absences(company, &listed).await
    }

    /// Adds one absence, or corrects the one with its id. Returns the id.
    pub async fn add_absence(&self, company: &Company, entry: AbsenceEntry) -> Result<String, AppError> {
        let id = entry.key();
        self.add_absences(company, &vec![entry].into()).await.map_err(of_one)?;
        Ok(id)
    }

    /// Adds absences, or corrects those that are known by their ids; all of them or, if one cannot be taken, none.
    pub async fn add_absences(&self, company: &Company, listed: &Listed<AbsenceEntry>) -> Result<Changed, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let people = self.store.people(&company.id).await?;
        let known = self.store.absences(&company.id, i64::MAX).await?;
        let mut found: Vec<(usize, Problem)> = Vec::new();
        let mut rows: HashMap<String, usize> = HashMap::new();
        for (index, entry) in listed.entries.iter().enumerate() {
            let mut note = |column, problem| found.push((index, (Some(column), problem)));
            match people.get(&entry.person) {
                None => note("person", EntryProblem::Unknown { what: "person", id: entry.person.clone() }),
                Some(person) if person.erased => note("person", EntryProblem::Erased { id: entry.person.clone() }),
                Some(_) => {}
            }
            if let Err(problem) = check_span(entry.from, entry.until) {
                note("until", problem);
            }
            if let Err(problem) = check_entry_id(&entry.kind) {
                note("kind", problem);
            }
            if let Some(Err(problem)) = entry.id.as_deref().map(check_entry_text) {
                note("id", problem);
            }
            if let Some(reason) = entry.reason.as_ref().filter(|reason| reason.len() > ATTRIBUTE_BYTES_MAX) {
                note("reason", EntryProblem::TooLong { length: reason.len() });
            }
            if let Some(first) = rows.insert(entry.key(), index) {
                note("id", EntryProblem::Twice { first: listed.row(first) });
            }
        }
        listed.refuse_if_bad(found)?;
        let mut changed = Changed { read: listed.len(), appended: 0 };
        let mut noted = Vec::new();
        let mut touched = Vec::new();
        for entry in &listed.entries {
            let id = entry.key();
            let same = |known: &Absence| {
                !known.withdrawn
                    && known.person == entry.person
                    && (known.validity.from, known.validity.until) == (entry.from, entry.until)
                    && known.kind == entry.kind
                    && known.reason == entry.reason
            };
            if known.get(&id).is_some_and(same) {
                continue;
            }
            let new = NewAbsence {
                id: &id,
                person: &entry.person,
                from: entry.from,
                until: entry.until,
                kind: &entry.kind,
                reason: entry.reason.as_deref(),
                withdrawn: false,
            };
            write.add_absence(&new).await?;
            changed.appended += 1;
            let before = known.get(&id);
            let differs = [
                ("kind", before.is_some_and(|before| before.kind != entry.kind)),
                ("reason", before.is_some_and(|before| before.reason != entry.reason)),
            ];
            let after = on_days(entry.from, entry.until, json!({ "person": entry.person, "withdrawn": false }));
            let action = if before.is_some() { "absence.change" } else { "absence.add" };
            noted.push(AuditEntry::new(action, id).before(before.map(told)).after(with_changed(after, differs)));
            // A policy may change the shares of whoever is away: on the days named now, and on those named before.
            touched.push((entry.person.as_str(), entry.from, entry.until));
            if let Some(before) = before {
                let Validity { from, until, .. } = before.validity;
                touched.push((&before.person, from, until));
            }
        }
        self.note(&mut write, &noted).await?;
        self.mark_every_share(&mut write, company, &touched).await?;
        write.commit().await?;
        Ok(changed)
    }

    /// Takes an absence back: the person was there.
    pub async fn withdraw_absence(&self, company: &Company, id: &str) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.absences(&company.id, i64::MAX).await?;
        let known = known.get(id).filter(|absence| !absence.withdrawn);
        let known = known.ok_or_else(|| AppError::Unknown { what: "absence", id: id.to_owned() })?;
        let new = NewAbsence {
            id,
            person: &known.person,
            from: known.validity.from,
            until: known.validity.until,
            kind: &known.kind,
            reason: None,
            withdrawn: true,
        };
        write.add_absence(&new).await?;
        let mut after = told(known);
        after["withdrawn"] = json!(true);
        self.note(&mut write, &[AuditEntry::new("absence.withdraw", id).before(told(known)).after(after)]).await?;
        self.mark_shares(&mut write, company, &known.person, known.validity.from, known.validity.until).await?;
        Ok(write.commit().await?)
    }

    /// The absences that were not withdrawn, as known at the sequence, by id.
    pub async fn absences(&self, company: &Company, known_to: i64) -> Result<BTreeMap<String, Absence>, AppError> {
        let mut absences = self.store.absences(&company.id, known_to).await?;
        absences.retain(|_, absence| !absence.withdrawn);
        Ok(absences)
    }
}

/// As the audit tells of it: why somebody is away stands in the absence's own rows, which an erasure empties.
fn told(absence: &Absence) -> Value {
    let Validity { from, until, .. } = absence.validity;
    on_days(from, until, json!({ "person": absence.person, "withdrawn": absence.withdrawn }))
}
