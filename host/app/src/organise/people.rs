//! People: who they are, where they belonged when, and forgetting their names.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read, Seek};

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::{Company, Person, Spell, counts_on, spell_on};
use daybreak_domain::time::Day;
use daybreak_storage::{NewIdentity, NewSpell};
use serde_json::{Value, json};

use super::departments::by_department;
use super::entries::{EntryProblem, Listed, Problem, Uncovered};
use super::identities::{Identities, check_identity, split_identity};
use super::{Spans, check_entry_id, check_entry_text, check_span, file_rows, stretches, throughout};
use crate::audit::{NotedStretches, with_changed};
use crate::import::FileOptions;
use crate::install::ALWAYS;
use crate::{AppError, Daybreak};

/// A person as a list of people names them, on some days. Several entries of one person follow one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonEntry {
    /// The person's own id in the list, by which managers are named too.
    pub id: String,
    pub name: String,
    pub department: Option<String>,
    pub position: Option<String>,
    pub manager: Option<String>,
    /// First day in the department; without one, today.
    pub from: Option<Day>,
    /// The first day on which it is so no longer. Where no other entry begins then, the person has left.
    pub until: Option<Day>,
    /// (source, name in that source), on all days.
    pub identities: Vec<(String, String)>,
}

/// What a list of people changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PeopleAdded {
    pub read: usize,
    /// People who were not known.
    pub new: usize,
    /// Spells that were appended.
    pub spells: usize,
}

/// Where a person belongs from a day on; what is not said stays as it is on that day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Move {
    pub department: Option<String>,
    /// `Some(None)`: nobody.
    pub manager: Option<Option<String>>,
    pub position: Option<String>,
    pub from: Option<Day>,
    pub until: Option<Day>,
}

const COLUMNS: [&str; 8] = ["id", "name", "department", "position", "manager", "from", "until", "identities"];

impl Daybreak {
    /// Imports people from a CSV file with the columns id and name and, if wanted, department, position, manager, from,
    /// until and identities.
    pub async fn import_people(
        &self,
        company: &Company,
        file: impl Read + Seek + Send,
        options: &FileOptions,
    ) -> Result<PeopleAdded, AppError> {
        let listed = file_rows::read(file, options, &COLUMNS, &["id", "name"], |row| {
            let identities = row.text("identities").unwrap_or_default().split(';').map(str::trim);
            let identities = identities.filter(|identity| !identity.is_empty()).map(split_identity);
            Ok(PersonEntry {
                id: row.required("id")?,
                name: row.required("name")?,
                department: row.owned("department"),
                position: row.owned("position"),
                manager: row.owned("manager"),
                from: row.day("from")?,
                until: row.day("until")?,
                identities: identities.collect::<Result<_, _>>().map_err(|problem| (Some("identities"), problem))?,
            })
        })?;
        self.add_people(company, &listed, Uncovered::Ended).await
    }

    /// Adds the people that are new, and what is new about those that are known; all of them or, if one entry cannot
    /// be taken, none.
    pub async fn add_people(
        &self,
        company: &Company,
        listed: &Listed<PersonEntry>,
        uncovered: Uncovered,
    ) -> Result<PeopleAdded, AppError> {
        // From here on nobody else changes the company, so what is checked is still true when it is written.
        let mut write = self.store.write(&company.id).await?;
        let people = self.store.people(&company.id).await?;
        let identities = Identities::new(company, self.store.identities(&company.id, None).await?);
        let today = self.today(company);
        listed.refuse_if_bad(self.bad_people(company, listed, &people, &identities).await?)?;
        let mut spells: HashMap<String, Vec<Spell>> = HashMap::new();
        for spell in self.store.spells(&company.id, i64::MAX).await? {
            spells.entry(spell.person.clone()).or_default().push(spell);
        }
        let mut rows: BTreeMap<&str, Spans> = BTreeMap::new();
        for (index, entry) in listed.entries.iter().enumerate() {
            rows.entry(&entry.id).or_default().push((index, entry.from.unwrap_or(today), entry.until));
        }
        let mut added = PeopleAdded { read: listed.len(), ..PeopleAdded::default() };
        let mut noted = Vec::new();
        for (id, own) in rows {
            let newest = own.iter().max_by_key(|(_, from, _)| *from).map(|(index, ..)| *index).unwrap_or_default();
            let name = listed.entries[newest].name.trim().to_owned();
            let person = Person { id: id.to_owned(), name, erased: false };
            let is_new = !people.contains_key(id);
            let is_renamed = people.get(id).is_some_and(|known| known.name != person.name);
            if is_new {
                write.create_person(&person).await?;
                added.new += 1;
            } else if is_renamed {
                write.rename_person(&person).await?;
            }
            let mut moved = NotedStretches::new("spells");
            let known = spells.get(id).map(Vec::as_slice).unwrap_or_default();
            let entries: BTreeSet<usize> = own.iter().map(|(index, ..)| *index).collect();
            for stretch in stretches(own, uncovered) {
                let entry = stretch.entry.map(|index| &listed.entries[index]);
                let new = NewSpell {
                    person: id,
                    from: stretch.from,
                    until: stretch.until,
                    department: entry.and_then(|entry| entry.department.as_deref()),
                    manager: entry.and_then(|entry| entry.manager.as_deref()),
                    position: entry.and_then(|entry| entry.position.as_deref()),
                    employed: entry.is_some(),
                };
                // The first row of a file about somebody new may end before today; nothing has to be said of the days
                // after it, because nothing is known of them.
                if !throughout(known, new.from, new.until, |spell| says(spell, &new)) {
                    write.add_spell(&new).await?;
                    added.spells += 1;
                    moved.push(new.from, new.until, told(counts_on(known, new.from)), told_of(&new));
                }
            }
            let mut sources = Vec::new();
            let names: BTreeSet<&(String, String)> =
                entries.into_iter().flat_map(|index| &listed.entries[index].identities).collect();
            for (source, external) in names {
                // A name that was handed over stays so: only one that nobody has is taken.
                if identities.holders(source, external).is_empty() {
                    let (from, until) = (ALWAYS, None);
                    write.add_identity(&NewIdentity { source, external, person: Some(id), from, until }).await?;
                    sources.push(source);
                }
            }
            if is_new || is_renamed || !moved.is_empty() || !sources.is_empty() {
                let (before, after) = moved.documents();
                let mut after = with_changed(after, [("name", is_renamed)]);
                if !sources.is_empty() {
                    after["identities_of"] = json!(sources);
                }
                let action = if is_new { "person.add" } else { "person.change" };
                noted.push(AuditEntry::new(action, id).before(before).after(after));
            }
        }
        self.note(&mut write, &noted).await?;
        write.commit().await?;
        Ok(added)
    }

    async fn bad_people(
        &self,
        company: &Company,
        listed: &Listed<PersonEntry>,
        people: &BTreeMap<String, Person>,
        identities: &Identities,
    ) -> Result<Vec<(usize, Problem)>, AppError> {
        let departments = by_department(self.store.department_spells(&company.id, i64::MAX).await?);
        let positions = self.store.positions(&company.id, i64::MAX).await?;
        let today = self.today(company);
        let ids: BTreeSet<&str> = listed.entries.iter().map(|entry| entry.id.as_str()).collect();
        let mut begins: HashMap<(&str, Day), usize> = HashMap::new();
        let mut names: HashMap<&(String, String), (usize, &str)> = HashMap::new();
        let mut found = Vec::new();
        for (index, entry) in listed.entries.iter().enumerate() {
            let from = entry.from.unwrap_or(today);
            let mut note = |column, problem| found.push((index, (Some(column), problem)));
            if let Err(problem) = check_entry_id(&entry.id) {
                note("id", problem);
            } else if people.get(&entry.id).is_some_and(|person| person.erased) {
                note("id", EntryProblem::Erased { id: entry.id.clone() });
            }
            if let Err(problem) = check_entry_text(&entry.name) {
                note("name", problem);
            }
            if let Some(id) = &entry.department {
                match departments.get(id) {
                    None => note("department", EntryProblem::Unknown { what: "department", id: id.clone() }),
                    Some(spells) if counts_on(spells, from).is_none_or(|spell| spell.closed) => {
                        note("department", EntryProblem::DepartmentClosed { id: id.clone(), on: from });
                    }
                    Some(_) => {}
                }
            }
            if let Some(id) = entry.position.as_ref().filter(|id| !positions.contains_key(*id)) {
                note("position", EntryProblem::Unknown { what: "position", id: id.clone() });
            }
            if let Some(id) = &entry.manager {
                if *id == entry.id {
                    note("manager", EntryProblem::OwnManager { id: id.clone() });
                } else if !people.contains_key(id) && !ids.contains(id.as_str()) {
                    note("manager", EntryProblem::Unknown { what: "person", id: id.clone() });
                }
            }
            if let Err(problem) = check_span(from, entry.until) {
                note("until", problem);
            }
            if let Some(first) = begins.insert((&entry.id, from), index) {
                note("from", EntryProblem::Twice { first: listed.row(first) });
            }
            for identity in &entry.identities {
                let (source, external) = identity;
                if let Err(problem) = check_identity(source, external) {
                    note("identities", problem);
                    continue;
                }
                let shown = || format!("{source}:{external}").chars().take(120).collect::<String>();
                let (first, person) = *names.entry(identity).or_insert((index, &entry.id));
                if person != entry.id {
                    let first = listed.row(first);
                    note("identities", EntryProblem::Disagrees { first, id: shown() });
                    continue;
                }
                let holders = identities.holders(source, external);
                if let Some(person) = holders.first().filter(|_| !holders.contains(&entry.id)) {
                    note("identities", EntryProblem::IdentityTaken { identity: shown(), person: person.clone() });
                }
            }
        }
        Ok(found)
    }

    /// Says where a person belongs from a day on, today unless one is given. What was known to change later within these
    /// days is replaced by this.
    pub async fn move_person(&self, company: &Company, person: &str, change: Move) -> Result<(), AppError> {
        let from = change.from.unwrap_or_else(|| self.today(company));
        let mut write = self.store.write(&company.id).await?;
        let known = self.living_person(company, person).await?;
        let spells: Vec<Spell> = self.spells_of(company, person).await?;
        let now = spell_on(&spells, from);
        let stays = |text: fn(&Spell) -> &Option<String>| now.and_then(|spell| text(spell).clone());
        let entry = PersonEntry {
            id: person.to_owned(),
            name: known.name,
            department: change.department.or_else(|| stays(|spell| &spell.department)),
            manager: change.manager.unwrap_or_else(|| stays(|spell| &spell.manager)),
            position: change.position.or_else(|| stays(|spell| &spell.position)),
            from: Some(from),
            until: None,
            identities: Vec::new(),
        };
        let listed: Listed<PersonEntry> = vec![entry].into();
        let people = self.store.people(&company.id).await?;
        let identities = Identities::new(company, Vec::new());
        let mut found = self.bad_people(company, &listed, &people, &identities).await?;
        found.extend(check_span(from, change.until).err().map(|problem| (0, (Some("until"), problem))));
        listed.refuse_if_bad(found).map_err(super::entries::of_one)?;
        let entry = &listed.entries[0];
        let spell = NewSpell {
            person,
            from,
            until: change.until,
            department: entry.department.as_deref(),
            manager: entry.manager.as_deref(),
            position: entry.position.as_deref(),
            employed: true,
        };
        // Said once more, it changes nothing.
        if throughout(&spells, from, change.until, |known| says(known, &spell)) {
            return Ok(());
        }
        write.add_spell(&spell).await?;
        let mut moved = NotedStretches::new("spells");
        moved.push(from, change.until, told(now), told_of(&spell));
        let (before, after) = moved.documents();
        self.note(&mut write, &[AuditEntry::new("person.move", person).before(before).after(after)]).await?;
        Ok(write.commit().await?)
    }

    /// Says that the person left the company after this day.
    pub async fn let_person_leave(&self, company: &Company, person: &str, last: Day) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        self.living_person(company, person).await?;
        let spells = self.spells_of(company, person).await?;
        if !spell_on(&spells, last).is_some_and(|spell| spell.employed) {
            return Err(AppError::NotEmployed { id: person.to_owned(), on: last });
        }
        let from = last.plus(1);
        let gone = |spell: Option<&Spell>| !spell.is_some_and(|spell| spell.employed);
        if !throughout(&spells, from, None, gone) {
            let (department, manager, position) = (None, None, None);
            let spell = NewSpell { person, from, until: None, department, manager, position, employed: false };
            write.add_spell(&spell).await?;
            let mut left = NotedStretches::new("spells");
            left.push(from, None, told(spell_on(&spells, from)), told_of(&spell));
            let (before, after) = left.documents();
            self.note(&mut write, &[AuditEntry::new("person.leave", person).before(before).after(after)]).await?;
        }
        Ok(write.commit().await?)
    }

    /// Forgets who the person is. The id stays, with every fact, spell, score and receipt that names it, so that all of
    /// them can still be computed again; the name, the names in other systems, the reasons of absences and the account are
    /// gone. A name that comes again from another system is recognised by its digest and still means the same id.
    pub async fn erase_person(&self, company: &Company, person: &str) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        self.living_person(company, person).await?;
        self.check_other_administrator(company, person).await?;
        write.erase_person(person, self.clock.now()).await?;
        self.note(&mut write, &[AuditEntry::new("person.erase", person)]).await?;
        Ok(write.commit().await?)
    }

    pub(crate) async fn living_person(&self, company: &Company, id: &str) -> Result<Person, AppError> {
        let person = self.store.people(&company.id).await?.remove(id);
        let person = person.ok_or_else(|| AppError::Unknown { what: "person", id: id.to_owned() })?;
        if person.erased { Err(AppError::ErasedAlready { id: id.to_owned() }) } else { Ok(person) }
    }

    /// The spells of one person, as known now, in the order in which they came to be known.
    pub async fn spells_of(&self, company: &Company, person: &str) -> Result<Vec<Spell>, AppError> {
        let mut spells = self.store.spells(&company.id, i64::MAX).await?;
        spells.retain(|spell| spell.person == person);
        Ok(spells)
    }
}

/// As the audit tells of what counted.
fn told(spell: Option<&Spell>) -> Value {
    match spell {
        None => Value::Null,
        Some(Spell { employed: false, .. }) => json!({ "employed": false }),
        Some(Spell { department, manager, position, .. }) => {
            json!({ "department": department, "manager": manager, "position": position })
        }
    }
}

/// As the audit tells of what counts from now on.
fn told_of(spell: &NewSpell<'_>) -> Value {
    match spell {
        NewSpell { employed: false, .. } => json!({ "employed": false }),
        NewSpell { department, manager, position, .. } => {
            json!({ "department": department, "manager": manager, "position": position })
        }
    }
}

/// Whether what counts says the same already. Nothing known is the same as not being employed.
fn says(known: Option<&Spell>, new: &NewSpell<'_>) -> bool {
    match known.filter(|spell| spell.employed) {
        None => !new.employed,
        Some(spell) => {
            new.employed
                && spell.department.as_deref() == new.department
                && spell.manager.as_deref() == new.manager
                && spell.position.as_deref() == new.position
        }
    }
}
