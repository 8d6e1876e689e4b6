//! Setting up a company: its first administrator, its departments and its people.

use std::collections::BTreeMap;

use daybreak_domain::company::{Company, Department, Person};
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
        let mut write = self.store.write().await?;
        let new = NewCompany { id, name: name.trim(), zone: &zone, created_at: self.clock.now() };
        write.create_company(&new).await?;
        write.create_person(id, &person).await?;
        write.give_role(id, &person.id, ADMINISTRATOR).await?;
        write.commit().await?;
        Ok((Company { id: id.to_owned(), name: name.trim().to_owned(), zone }, person.id))
    }

    pub async fn set_department(&self, company: &Company, department: &Department) -> Result<(), AppError> {
        check_id("the department", &department.id)?;
        check_text("the department's name", &department.name)?;
        if let Some(parent) = &department.parent {
            let departments = self.store.departments(&company.id, i64::MAX).await?;
            if !departments.contains_key(parent) {
                return Err(AppError::Unknown { what: "department", id: parent.clone() });
            }
            let mut above = Some(parent);
            while let Some(id) = above {
                if *id == department.id {
                    return Err(AppError::BadId { what: "a department below itself, the parent", id: parent.clone() });
                }
                above = departments.get(id).and_then(|department| department.parent.as_ref());
            }
        }
        let mut write = self.store.write().await?;
        write.set_department(&company.id, department).await?;
        Ok(write.commit().await?)
    }

    /// Adds the people that are new, and what is new about those that are known; all of them or, if one entry cannot
    /// be taken, none. Returns how many people were new.
    pub async fn add_people(&self, company: &Company, entries: &[PersonEntry]) -> Result<usize, AppError> {
        let departments = self.store.departments(&company.id, i64::MAX).await?;
        let people = self.store.people(&company.id).await?;
        let spells = self.store.spells(&company.id, i64::MAX).await?;
        let listed: BTreeMap<&str, &PersonEntry> = entries.iter().map(|entry| (entry.id.as_str(), entry)).collect();
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
            if let Some((source, _)) = entry.identities.iter().find(|(source, _)| !is_name(source)) {
                return Err(AppError::BadId { what: "the source", id: source.clone() });
            }
        }
        let today = company.zone.day_of(self.clock.now());
        let mut write = self.store.write().await?;
        let mut new = 0;
        for entry in entries {
            if !people.contains_key(&entry.id) {
                let person = Person { id: entry.id.clone(), name: entry.name.trim().to_owned() };
                write.create_person(&company.id, &person).await?;
                new += 1;
            }
            let spell = NewSpell {
                person: &entry.id,
                from: entry.from.unwrap_or(today),
                until: None,
                department: entry.department.as_deref(),
                manager: entry.manager.as_deref(),
            };
            let same = |known: &daybreak_domain::company::Spell| {
                known.person == entry.id
                    && known.from == spell.from
                    && known.until == spell.until
                    && known.department.as_deref() == spell.department
                    && known.manager.as_deref() == spell.manager
            };
            let newest = spells.iter().filter(|spell| spell.person == entry.id).max_by_key(|spell| spell.sequence);
            let unchanged = newest.is_some_and(same)
                // Without a day, a person who is where the list says is left there.
                || entry.from.is_none()
                    && newest.is_some_and(|known| {
                        known.until.is_none()
                            && known.department.as_deref() == spell.department
                            && known.manager.as_deref() == spell.manager
                    });
            if !unchanged {
                write.add_spell(&company.id, &spell).await?;
            }
            for (source, external) in &entry.identities {
                write.set_identity(&company.id, source, external, &entry.id).await?;
            }
        }
        write.commit().await?;
        Ok(new)
    }
}

pub(crate) fn check_id(what: &'static str, id: &str) -> Result<(), AppError> {
    if is_name(id) { Ok(()) } else { Err(AppError::BadId { what, id: id.chars().take(80).collect() }) }
}

fn check_text(what: &'static str, text: &str) -> Result<(), AppError> {
    if text.trim().is_empty() { Err(AppError::Empty { what }) } else { Ok(()) }
}
