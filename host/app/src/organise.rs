//! Setting up a company: its first administrator, its departments and its people.

use std::collections::BTreeMap;

use daybreak_domain::company::{Company, Department, Person, Spell, spell_on};
use daybreak_domain::fact::is_name;
use daybreak_domain::time::{Day, Zone};
use daybreak_storage::{NewCompany, NewSpell};

use crate::{AppError, Daybreak};

pub const ADMINISTRATOR: &str = "admin";

/// A person as a list of people names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonEntry {
    /// The person's own id in the list, by which managers are named too.
    pub id: String,
    pub name: String,
    pub department: Option<String>,
    pub manager: Option<String>,
    /// First day in the department.
    pub from: Option<Day>,
    /// (source, name in that source).
    pub identities: Vec<(String, String)>,
}

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
        let person = Person { id: self.ids.new_id("person"), name: administrator.trim().to_owned() };
        let new = NewCompany { id, name: name.trim(), zone: &zone, created_at: self.clock.now() };
        let mut write = self.store.create_company(&new).await?;
        write.create_person(&person).await?;
        write.give_role(&person.id, ADMINISTRATOR).await?;
        write.commit().await?;
        Ok((Company { id: id.to_owned(), name: name.trim().to_owned(), zone }, person.id))
    }

    pub async fn set_department(&self, company: &Company, department: &Department) -> Result<(), AppError> {
        check_id("the department", &department.id)?;
        check_text("the department's name", &department.name)?;
        // From here on nobody else changes the company, so what is checked is still true when it is written.
        let mut write = self.store.write(&company.id).await?;
        if let Some(parent) = &department.parent {
            let departments = self.store.departments(&company.id, i64::MAX).await?;
            if !departments.contains_key(parent) {
                return Err(AppError::Unknown { what: "department", id: parent.clone() });
            }
            let mut above = Some(parent);
            for _ in 0..=departments.len() {
                let Some(id) = above else { break };
                if *id == department.id {
                    return Err(AppError::DepartmentCycle { id: department.id.clone(), parent: parent.clone() });
                }
                above = departments.get(id).and_then(|department| department.parent.as_ref());
            }
        }
        write.set_department(department).await?;
        Ok(write.commit().await?)
    }

    /// Adds the people that are new, and what is new about those that are known; all of them or, if one entry cannot
    /// be taken, none. Several entries of one person are their departments one after the other. Returns how many people
    /// were new.
    pub async fn add_people(&self, company: &Company, entries: &[PersonEntry]) -> Result<usize, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let departments = self.store.departments(&company.id, i64::MAX).await?;
        let people = self.store.people(&company.id).await?;
        let known_spells = self.store.spells(&company.id, i64::MAX).await?;
        let mut listed: BTreeMap<&str, Vec<&PersonEntry>> = BTreeMap::new();
        for entry in entries {
            listed.entry(&entry.id).or_default().push(entry);
        }
        let mut identities: BTreeMap<&(String, String), &str> = BTreeMap::new();
        for entry in entries {
            check_id("the person", &entry.id)?;
            check_text("a person's name", &entry.name)?;
            if let Some(department) = entry.department.as_ref().filter(|id| !departments.contains_key(*id)) {
                return Err(AppError::Unknown { what: "department", id: department.clone() });
            }
            let known = |id: &str| people.contains_key(id) || listed.contains_key(id);
            if let Some(manager) = entry.manager.as_ref().filter(|id| !known(id)) {
                return Err(AppError::Unknown { what: "person", id: manager.clone() });
            }
            for identity in &entry.identities {
                if !is_name(&identity.0) {
                    return Err(AppError::BadId { what: "the source", id: identity.0.clone() });
                }
                let first = *identities.entry(identity).or_insert(&entry.id);
                if first != entry.id {
                    let (identity, second) = (format!("{}:{}", identity.0, identity.1), entry.id.clone());
                    return Err(AppError::IdentityTwice { identity, first: first.to_owned(), second });
                }
            }
        }
        let today = company.zone.day_of(self.clock.now());
        let mut new = 0;
        for (id, mut own) in listed {
            own.sort_by_key(|entry| entry.from);
            if let Some(twice) = own.windows(2).find(|pair| pair[0].from == pair[1].from) {
                let from = twice[0].from.map_or_else(|| "(none given)".to_owned(), |from| from.to_string());
                return Err(AppError::SpellTwice { id: id.to_owned(), from });
            }
            let name = own.last().map(|entry| entry.name.trim().to_owned()).unwrap_or_default();
            let person = Person { id: id.to_owned(), name };
            match people.get(id) {
                None => {
                    write.create_person(&person).await?;
                    new += 1;
                }
                Some(known) if known.name != person.name => write.rename_person(&person).await?,
                Some(_) => {}
            }
            let known: Vec<Spell> = known_spells.iter().filter(|spell| spell.person == id).cloned().collect();
            for (index, entry) in own.iter().enumerate() {
                let next = own.get(index + 1);
                // Without a day it is where the person is from today on.
                let from = entry.from.unwrap_or(today);
                let until = next.and_then(|next| next.from);
                let department = entry.department.as_deref();
                let manager = entry.manager.as_deref();
                if !says_so_already(&known, from, until, department, manager) {
                    write.add_spell(&NewSpell { person: id, from, until, department, manager }).await?;
                }
                for (source, external) in &entry.identities {
                    write.set_identity(source, external, id).await?;
                }
            }
        }
        write.commit().await?;
        Ok(new)
    }
}

/// Whether on every day of the span the person is known to be in that department under that manager.
fn says_so_already(
    known: &[Spell],
    from: Day,
    until: Option<Day>,
    department: Option<&str>,
    manager: Option<&str>,
) -> bool {
    // What counts changes only where some spell begins or ends.
    let borders = known.iter().flat_map(|spell| [Some(spell.from), spell.until]).flatten();
    let inside = borders.filter(|day| from <= *day && until.is_none_or(|until| *day < until));
    inside.chain([from]).all(|day| {
        spell_on(known, day)
            .is_some_and(|spell| spell.department.as_deref() == department && spell.manager.as_deref() == manager)
    })
}

pub(crate) fn check_id(what: &'static str, id: &str) -> Result<(), AppError> {
    if is_name(id) { Ok(()) } else { Err(AppError::BadId { what, id: id.chars().take(80).collect() }) }
}

fn check_text(what: &'static str, text: &str) -> Result<(), AppError> {
    if text.trim().is_empty() { Err(AppError::Empty { what }) } else { Ok(()) }
}
