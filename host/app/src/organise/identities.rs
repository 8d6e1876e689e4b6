//! Whom other systems mean by which name, and when.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek};

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::{Company, ExternalName, Identity, borders, counts_on};
use daybreak_domain::digest::Digest;
use daybreak_domain::fact::is_name;
use daybreak_domain::time::Day;
use daybreak_storage::NewIdentity;
use serde_json::{Value, json};

use super::departments::Changed;
use super::entries::{EntryProblem, Listed, Problem, Uncovered, of_one};
use super::{Spans, check_entry_text, check_span, file_rows, stretches, throughout};
use crate::audit::NotedStretches;
use crate::import::FileOptions;
use crate::install::ALWAYS;
use crate::{AppError, Daybreak};

/// Whom a source means by a name, from a day until another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityEntry {
    pub source: String,
    pub external: String,
    /// None: nobody.
    pub person: Option<String>,
    /// Without a day: on all days.
    pub from: Option<Day>,
    pub until: Option<Day>,
}

const COLUMNS: [&str; 4] = ["identity", "person", "from", "until"];

impl Daybreak {
    /// Imports identities from a CSV file with the columns identity (`source:name`) and person and, if wanted, from and
    /// until. A row without a person says that the name means nobody.
    pub async fn import_identities(
        &self,
        company: &Company,
        file: impl Read + Seek + Send,
        options: &FileOptions,
    ) -> Result<Changed, AppError> {
        let listed = file_rows::read(file, options, &COLUMNS, &["identity", "person"], |row| {
            let text = row.required("identity")?;
            let (source, external) = split_identity(&text).map_err(|problem| (Some("identity"), problem))?;
            let (from, until) = (row.day("from")?, row.day("until")?);
            Ok(IdentityEntry { source, external, person: row.owned("person"), from, until })
        })?;
        self.add_identities(company, &listed, Uncovered::Ended).await
    }

    /// Says whom a name means on these days, without changing any fact that came before.
    pub async fn set_identity(&self, company: &Company, entry: IdentityEntry) -> Result<(), AppError> {
        self.add_identities(company, &vec![entry].into(), Uncovered::Stays).await.map(|_| ()).map_err(of_one)
    }

    /// Says whom names mean; all of them or, if one entry cannot be taken, none.
    pub async fn add_identities(
        &self,
        company: &Company,
        listed: &Listed<IdentityEntry>,
        uncovered: Uncovered,
    ) -> Result<Changed, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let people = self.store.people(&company.id).await?;
        let known = Identities::new(company, self.store.identities(&company.id, None).await?);
        let mut found: Vec<(usize, Problem)> = Vec::new();
        let mut rows: BTreeMap<(&str, &str), Spans> = BTreeMap::new();
        for (index, entry) in listed.entries.iter().enumerate() {
            let from = entry.from.unwrap_or(ALWAYS);
            let own = rows.entry((&entry.source, &entry.external)).or_default();
            let problem = if let Err(problem) = check_identity(&entry.source, &entry.external) {
                Some((Some("identity"), problem))
            } else if let Err(problem) = check_span(from, entry.until) {
                Some((Some("until"), problem))
            } else if let Some((first, ..)) = own.iter().find(|(_, other, _)| *other == from) {
                Some((Some("from"), EntryProblem::Twice { first: listed.row(*first) }))
            } else {
                let person = entry.person.as_ref();
                person.and_then(|id| match people.get(id) {
                    None => Some((Some("person"), EntryProblem::Unknown { what: "person", id: id.clone() })),
                    Some(person) if person.erased => Some((Some("person"), EntryProblem::Erased { id: id.clone() })),
                    Some(_) => None,
                })
            };
            found.extend(problem.map(|problem| (index, problem)));
            own.push((index, from, entry.until));
        }
        listed.refuse_if_bad(found)?;
        let mut changed = Changed { read: listed.len(), appended: 0 };
        let mut noted = Vec::new();
        for ((source, external), own) in rows {
            let mut holders = NotedStretches::new("people");
            let known = known.rows(source, external);
            for stretch in stretches(own, uncovered) {
                let person = stretch.entry.and_then(|entry| listed.entries[entry].person.as_deref());
                let same = |row: Option<&Identity>| row.and_then(|row| row.person.as_deref()) == person;
                if throughout(&known, stretch.from, stretch.until, same) {
                    continue;
                }
                let (from, until) = (stretch.from, stretch.until);
                write.add_identity(&NewIdentity { source, external, person, from, until }).await?;
                changed.appended += 1;
                let before = counts_on(&known, from).map_or(Value::Null, |row| json!({ "person": row.person }));
                holders.push(from, until, before, json!({ "person": person }));
            }
            if !holders.is_empty() {
                let (before, mut after) = holders.documents();
                // The name itself would outlive an erasure here; its digest is what an erasure leaves anyway.
                if let ExternalName::Erased(digest) = ExternalName::erased(&company.id, source, external) {
                    after["name_digest"] = json!(digest);
                }
                noted.push(AuditEntry::new("identity.set", source).before(before).after(after));
            }
        }
        self.note(&mut write, &noted).await?;
        write.commit().await?;
        Ok(changed)
    }

    /// The identities of one source or of all, every row of them in the order in which they came to be known.
    pub async fn identities(&self, company: &Company, source: Option<&str>) -> Result<Vec<Identity>, AppError> {
        Ok(self.store.identities(&company.id, source).await?)
    }
}

/// Whom names mean on which day, as known now.
pub(crate) struct Identities {
    company: String,
    plain: HashMap<String, HashMap<String, Vec<Identity>>>,
    erased: HashMap<Digest, Vec<Identity>>,
}

impl Identities {
    pub(crate) fn new(company: &Company, rows: Vec<Identity>) -> Self {
        let mut identities = Self { company: company.id.clone(), plain: HashMap::new(), erased: HashMap::new() };
        for row in rows {
            match &row.external {
                ExternalName::Plain(external) => {
                    let names = identities.plain.entry(row.source.clone()).or_default();
                    names.entry(external.clone()).or_default().push(row);
                }
                ExternalName::Erased(digest) => identities.erased.entry(*digest).or_default().push(row),
            }
        }
        identities
    }

    /// Notes that a name means a person on all days.
    pub(crate) fn add(&mut self, row: Identity) {
        if let ExternalName::Plain(external) = &row.external {
            self.plain.entry(row.source.clone()).or_default().entry(external.clone()).or_default().push(row);
        }
    }

    /// Whether the name means, or meant, somebody on any day.
    pub(crate) fn knows(&self, source: &str, external: &str) -> bool {
        let rows = self.own(source, external);
        rows.into_iter().any(|row| row.person.is_some())
    }

    /// The person that the name means on the day.
    pub(crate) fn person_on(&self, source: &str, external: &str, day: Day) -> Option<&str> {
        counts_on(self.own(source, external), day).and_then(|row| row.person.as_deref())
    }

    /// All rows about the name, also those of which an erasure left a digest.
    fn own(&self, source: &str, external: &str) -> Vec<&Identity> {
        let plain = self.plain.get(source).and_then(|names| names.get(external)).into_iter().flatten();
        if self.erased.is_empty() {
            return plain.collect();
        }
        let ExternalName::Erased(digest) = ExternalName::erased(&self.company, source, external) else {
            return plain.collect();
        };
        plain.chain(self.erased.get(&digest).into_iter().flatten()).collect()
    }

    fn rows(&self, source: &str, external: &str) -> Vec<Identity> {
        self.own(source, external).into_iter().cloned().collect()
    }

    /// The people that the name means on some day, by what counts.
    pub(super) fn holders(&self, source: &str, external: &str) -> Vec<String> {
        let rows = self.rows(source, external);
        let days = borders(&rows, Day(i32::MIN), None);
        let mut holders: Vec<String> =
            days.into_iter().filter_map(|day| counts_on(&rows, day)?.person.clone()).collect();
        holders.sort();
        holders.dedup();
        holders
    }
}

/// Reads `source:name`.
pub fn split_identity(text: &str) -> Result<(String, String), EntryProblem> {
    let bad = || EntryProblem::BadIdentity { text: text.chars().take(80).collect() };
    let (source, external) = text.split_once(':').ok_or_else(bad)?;
    let (source, external) = (source.trim(), external.trim());
    check_identity(source, external)?;
    Ok((source.to_owned(), external.to_owned()))
}

pub(super) fn check_identity(source: &str, external: &str) -> Result<(), EntryProblem> {
    if !is_name(source) {
        return Err(EntryProblem::BadIdentity { text: format!("{source}:{external}").chars().take(80).collect() });
    }
    check_entry_text(external)
}
