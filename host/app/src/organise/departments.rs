//! Departments as a tree over time, and positions.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read, Seek};

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::{
    Company, Department, DepartmentSpell, Position, Validity, borders, counts_on, spell_on,
};
use daybreak_domain::period::Period;
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;
use daybreak_storage::{NewDepartmentSpell, Write};
use serde_json::{Value, json};

use super::entries::{EntryProblem, Listed, Problem, Uncovered, of_one};
use super::{Spans, check_entry_id, check_entry_text, check_span, file_rows, stretches, throughout};
use crate::audit::NotedStretches;
use crate::import::FileOptions;
use crate::install::ALWAYS;
use crate::stale::EVERYBODY;
use crate::{AppError, Daybreak};

/// A department from a day until another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentEntry {
    pub department: Department,
    /// Without a day a new department was there always, and one that is known changes today; the first of several entries
    /// is about all days before the second.
    pub from: Option<Day>,
    pub until: Option<Day>,
}

/// What becomes of a department from a day on; what is not said stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DepartmentChange {
    pub name: Option<String>,
    /// The department above it; `Some(None)`: it stands at the top.
    pub parent: Option<Option<String>>,
}

/// What a list of departments or positions changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    pub read: usize,
    /// Rows that were appended; none if everything was known.
    pub appended: usize,
}

const COLUMNS: [&str; 5] = ["id", "name", "parent", "from", "until"];

impl Daybreak {
    /// Imports departments from a CSV file with the columns id and name and, if wanted, parent, from and until.
    pub async fn import_departments(
        &self,
        company: &Company,
        file: impl Read + Seek + Send,
        options: &FileOptions,
    ) -> Result<Changed, AppError> {
        let listed = file_rows::read(file, options, &COLUMNS, &["id", "name"], |row| {
            let department =
                Department { id: row.required("id")?, name: row.required("name")?, parent: row.owned("parent") };
            Ok(DepartmentEntry { department, from: row.day("from")?, until: row.day("until")? })
        })?;
        self.add_departments(company, &listed, Uncovered::Ended).await
    }

    /// Adds departments, or says how known ones are on the days given; all of them or, if one cannot be taken, none.
    pub async fn add_departments(
        &self,
        company: &Company,
        listed: &Listed<DepartmentEntry>,
        uncovered: Uncovered,
    ) -> Result<Changed, AppError> {
        // From here on nobody else changes the company, so what is checked is still true when it is written.
        let mut write = self.store.write(&company.id).await?;
        let changed = self.append_departments(company, &mut write, listed, uncovered).await?;
        write.commit().await?;
        Ok(changed)
    }

    async fn append_departments(
        &self,
        company: &Company,
        write: &mut Write,
        listed: &Listed<DepartmentEntry>,
        uncovered: Uncovered,
    ) -> Result<Changed, AppError> {
        let known = by_department(self.store.department_spells(&company.id, i64::MAX).await?);
        let today = self.today(company);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for entry in &listed.entries {
            *counts.entry(&entry.department.id).or_default() += 1;
        }
        let mut found: Vec<(usize, Problem)> = Vec::new();
        let mut rows: BTreeMap<&str, Spans> = BTreeMap::new();
        for (index, entry) in listed.entries.iter().enumerate() {
            let id = entry.department.id.as_str();
            // The first of several rows is about all days before the next one.
            let first = if counts[id] > 1 { known.get(id).and_then(|spells| first_day(spells)) } else { None };
            let new = if known.contains_key(id) { first.unwrap_or(today) } else { ALWAYS };
            let from = entry.from.unwrap_or(new);
            let own = rows.entry(id).or_default();
            let twice = own.iter().find(|(_, other, _)| *other == from).map(|(first, ..)| *first);
            let problem = match twice {
                Some(first) => Some((Some("from"), EntryProblem::Twice { first: listed.row(first) })),
                None => problem_of(entry, from),
            };
            found.extend(problem.map(|problem| (index, problem)));
            own.push((index, from, entry.until));
        }
        let mut planned = Vec::new();
        let mut after = known.clone();
        let mut noted = Vec::new();
        for (id, own) in &rows {
            let mut stretches_noted = NotedStretches::new("spells");
            let known = known.get(*id).map(Vec::as_slice).unwrap_or_default();
            for stretch in stretches(own.clone(), uncovered) {
                let (department, closed) = match stretch.entry {
                    Some(entry) => (listed.entries[entry].department.clone(), false),
                    None => (listed.entries[own[0].0].department.clone(), true),
                };
                let same = |row: Option<&DepartmentSpell>| match row {
                    Some(row) if !row.closed => !closed && row.department == department,
                    _ => closed,
                };
                if throughout(known, stretch.from, stretch.until, same) {
                    continue;
                }
                let sequence = i64::MAX - 1 - listed.len() as i64 * 2 + planned.len() as i64;
                let validity = Validity { sequence, from: stretch.from, until: stretch.until };
                let spell = DepartmentSpell { validity, department, closed };
                let before = counts_on(known, stretch.from).map_or(Value::Null, told);
                stretches_noted.push(stretch.from, stretch.until, before, told(&spell));
                after.entry((*id).to_owned()).or_default().push(spell.clone());
                planned.push((stretch.entry.unwrap_or(own[0].0), spell));
            }
            if !stretches_noted.is_empty() {
                let action = if known.is_empty() { "department.add" } else { "department.change" };
                let (before, after) = stretches_noted.documents();
                noted.push(AuditEntry::new(action, *id).before(before).after(after));
            }
        }
        for (index, spell) in planned.iter().filter(|(_, spell)| !spell.closed) {
            if let Some(problem) = misplaced(spell, &after) {
                found.push((*index, (Some("parent"), problem)));
            }
        }
        listed.refuse_if_bad(found)?;
        let mut touched = Vec::with_capacity(planned.len());
        for (_, spell) in &planned {
            let Validity { from, until, .. } = spell.validity;
            let new = NewDepartmentSpell { department: &spell.department, from, until, closed: spell.closed };
            write.add_department_spell(&new).await?;
            // Whoever stands below it may be on another scorecard now.
            touched.push((EVERYBODY, from, until));
        }
        self.note(write, &noted).await?;
        self.mark_every_share(write, company, &touched).await?;
        Ok(Changed { read: listed.len(), appended: planned.len() })
    }

    /// Adds one department, or says how it is on the days given.
    pub async fn set_department(&self, company: &Company, entry: DepartmentEntry) -> Result<(), AppError> {
        self.add_departments(company, &vec![entry].into(), Uncovered::Stays).await.map(|_| ()).map_err(of_one)
    }

    /// Renames or moves a department from a day on, today unless one is given. What was known to change later is
    /// replaced by this.
    pub async fn change_department(
        &self,
        company: &Company,
        id: &str,
        change: DepartmentChange,
        from: Option<Day>,
    ) -> Result<(), AppError> {
        let from = from.unwrap_or_else(|| self.today(company));
        let mut write = self.store.write(&company.id).await?;
        let known = self.departments_on(company, from, i64::MAX).await?.remove(id);
        let known = known.ok_or_else(|| AppError::Unknown { what: "department", id: id.to_owned() })?;
        let department = Department {
            name: change.name.unwrap_or(known.name),
            parent: change.parent.unwrap_or(known.parent),
            id: known.id,
        };
        let entry = DepartmentEntry { department, from: Some(from), until: None };
        let listed = vec![entry].into();
        self.append_departments(company, &mut write, &listed, Uncovered::Stays).await.map_err(of_one)?;
        Ok(write.commit().await?)
    }

    /// Closes a department from a day on. Nobody may belong to it any more, and no department stand below it.
    pub async fn close_department(&self, company: &Company, id: &str, from: Option<Day>) -> Result<(), AppError> {
        let from = from.unwrap_or_else(|| self.today(company));
        let mut write = self.store.write(&company.id).await?;
        let known = by_department(self.store.department_spells(&company.id, i64::MAX).await?);
        let own = known.get(id).and_then(|spells| counts_on(spells, from)).filter(|spell| !spell.closed);
        let own = own.ok_or_else(|| AppError::Unknown { what: "department", id: id.to_owned() })?;
        let in_use = |on: Day, left: String| AppError::DepartmentInUse { department: id.to_owned(), on, left };
        for spells in known.values() {
            for on in borders(spells, from, None) {
                if let Some(below) = counts_on(spells, on).filter(|spell| !spell.closed)
                    && below.department.parent.as_deref() == Some(id)
                {
                    return Err(in_use(on, format!("the department {} below it", below.department.id)));
                }
            }
        }
        let mut people: HashMap<String, Vec<_>> = HashMap::new();
        for spell in self.store.spells(&company.id, i64::MAX).await? {
            people.entry(spell.person.clone()).or_default().push(spell);
        }
        for (person, spells) in people.iter().collect::<BTreeMap<_, _>>() {
            for on in borders(spells, from, None) {
                if spell_on(spells, on).is_some_and(|spell| spell.department.as_deref() == Some(id)) {
                    return Err(in_use(on, person.clone()));
                }
            }
        }
        let new = NewDepartmentSpell { department: &own.department, from, until: None, closed: true };
        write.add_department_spell(&new).await?;
        let mut closed = NotedStretches::new("spells");
        closed.push(from, None, told(own), json!({ "closed": true }));
        let (before, after) = closed.documents();
        self.note(&mut write, &[AuditEntry::new("department.close", id).before(before).after(after)]).await?;
        Ok(write.commit().await?)
    }

    /// The departments that there are on the day, as known at the sequence, by id.
    pub async fn departments_on(
        &self,
        company: &Company,
        day: Day,
        known_to: i64,
    ) -> Result<BTreeMap<String, Department>, AppError> {
        let known = by_department(self.store.department_spells(&company.id, known_to).await?);
        let open = known.into_values().filter_map(|spells| {
            let spell = counts_on(&spells, day).filter(|spell| !spell.closed)?;
            Some((spell.department.id.clone(), spell.department.clone()))
        });
        Ok(open.collect())
    }

    /// Adds a position, or gives the one with this id another title. Returns whether anything changed.
    pub async fn set_position(&self, company: &Company, position: &Position) -> Result<bool, AppError> {
        self.add_positions(company, &vec![position.clone()].into())
            .await
            .map(|changed| changed.appended > 0)
            .map_err(of_one)
    }

    /// Imports positions from a CSV file with the columns id, title-zh and title-en.
    pub async fn import_positions(
        &self,
        company: &Company,
        file: impl Read + Seek + Send,
        options: &FileOptions,
    ) -> Result<Changed, AppError> {
        let columns = ["id", "title-zh", "title-en"];
        let listed = file_rows::read(file, options, &columns, &columns, |row| {
            let title = Localized::new(row.required("title-zh")?, row.required("title-en")?);
            Ok(Position { id: row.required("id")?, title })
        })?;
        self.add_positions(company, &listed).await
    }

    /// Adds positions, or gives known ones other titles; all of them or none.
    pub async fn add_positions(&self, company: &Company, listed: &Listed<Position>) -> Result<Changed, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.positions(&company.id, i64::MAX).await?;
        let mut found = Vec::new();
        let mut rows: HashMap<&str, usize> = HashMap::new();
        for (index, position) in listed.entries.iter().enumerate() {
            let texts = position.title.iter().try_for_each(|(_, text)| check_entry_text(text));
            if let Err(problem) = check_entry_id(&position.id) {
                found.push((index, (Some("id"), problem)));
            } else if let Err(problem) = texts {
                found.push((index, (Some("title"), problem)));
            } else if let Some(first) = rows.insert(&position.id, index) {
                found.push((index, (Some("id"), EntryProblem::Twice { first: listed.row(first) })));
            }
        }
        listed.refuse_if_bad(found)?;
        let mut changed = Changed { read: listed.len(), appended: 0 };
        let mut noted = Vec::new();
        for position in listed.entries.iter().filter(|position| known.get(&position.id) != Some(position)) {
            write.set_position(position).await?;
            changed.appended += 1;
            let before = known.get(&position.id).map(|known| json!({ "title": known.title }));
            let action = if before.is_some() { "position.change" } else { "position.add" };
            let after = json!({ "title": position.title });
            noted.push(AuditEntry::new(action, &position.id).before(before).after(after));
        }
        self.note(&mut write, &noted).await?;
        write.commit().await?;
        Ok(changed)
    }

    /// All positions, by id.
    pub async fn positions(&self, company: &Company) -> Result<BTreeMap<String, Position>, AppError> {
        Ok(self.store.positions(&company.id, i64::MAX).await?)
    }
}

/// The ids of the departments that there are on some day of the period.
#[must_use]
pub fn departments_during(spells: &[DepartmentSpell], period: Period) -> BTreeSet<String> {
    let known = by_department(spells.to_vec());
    let open = known.into_iter().filter(|(_, spells)| {
        let days = borders(spells, period.first(), Some(period.end()));
        days.into_iter().any(|day| counts_on(spells, day).is_some_and(|spell| !spell.closed))
    });
    open.map(|(id, _)| id).collect()
}

pub(super) fn by_department(spells: Vec<DepartmentSpell>) -> HashMap<String, Vec<DepartmentSpell>> {
    let mut by_department: HashMap<String, Vec<DepartmentSpell>> = HashMap::new();
    for spell in spells {
        by_department.entry(spell.department.id.clone()).or_default().push(spell);
    }
    by_department
}

fn first_day(spells: &[DepartmentSpell]) -> Option<Day> {
    spells.iter().map(|spell| spell.validity.from).min()
}

/// As the audit tells of it.
fn told(spell: &DepartmentSpell) -> Value {
    match &spell.department {
        _ if spell.closed => json!({ "closed": true }),
        Department { name, parent, .. } => json!({ "name": name, "parent": parent }),
    }
}

/// What is wrong with an entry by itself.
fn problem_of(entry: &DepartmentEntry, from: Day) -> Option<Problem> {
    let Department { id, name, .. } = &entry.department;
    let id = check_entry_id(id).map_err(|problem| (Some("id"), problem));
    let name = check_entry_text(name).map_err(|problem| (Some("name"), problem));
    let span = check_span(from, entry.until).map_err(|problem| (Some("until"), problem));
    id.and(name).and(span).err()
}

/// Why the department cannot stand below its parent on the days of the spell.
fn misplaced(spell: &DepartmentSpell, known: &HashMap<String, Vec<DepartmentSpell>>) -> Option<EntryProblem> {
    let parent = spell.department.parent.as_ref()?;
    let id = &spell.department.id;
    let on = |id: &str, day: Day| {
        known
            .get(id)
            .and_then(|spells| counts_on(spells, day))
            .filter(|spell| !spell.closed)
            .map(|spell| &spell.department)
    };
    if !known.contains_key(parent) {
        return Some(EntryProblem::Unknown { what: "department", id: parent.clone() });
    }
    let Validity { from, until, .. } = spell.validity;
    for day in borders(known.values().flatten(), from, until) {
        // A department above that ends while this one goes on leaves it at the top, as far as trees are read.
        if day == from && on(parent, day).is_none() {
            return Some(EntryProblem::DepartmentClosed { id: parent.clone(), on: day });
        }
        let mut above = Some(parent.as_str());
        for _ in 0..=known.len() {
            let Some(next) = above else { break };
            if next == id {
                return Some(EntryProblem::DepartmentCycle { id: id.clone(), parent: parent.clone(), on: day });
            }
            above = on(next, day).and_then(|department| department.parent.as_deref());
        }
    }
    None
}
