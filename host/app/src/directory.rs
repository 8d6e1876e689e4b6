//! The directory: where everybody stands on a day, with the names that go with the ids. It is read for whoever shows
//! people; whom somebody may see is not said here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use daybreak_domain::company::{Company, Department, Person, Position, Spell, spell_on};
use daybreak_domain::time::Day;

use crate::{AppError, Daybreak};

/// Everybody and everything that somebody can belong to, as known now.
#[derive(Debug)]
pub struct Directory {
    pub on: Day,
    people: BTreeMap<String, Person>,
    spells: HashMap<String, Vec<Spell>>,
    departments: BTreeMap<String, Department>,
    positions: BTreeMap<String, Position>,
}

impl Daybreak {
    pub async fn directory(&self, company: &Company, on: Day) -> Result<Directory, AppError> {
        let mut spells: HashMap<String, Vec<Spell>> = HashMap::new();
        for spell in self.store.spells(&company.id, i64::MAX).await? {
            spells.entry(spell.person.clone()).or_default().push(spell);
        }
        // A department that is closed on the day still has the name it had.
        let mut departments = self.store.departments(&company.id, i64::MAX).await?;
        departments.extend(self.departments_on(company, on, i64::MAX).await?);
        Ok(Directory {
            on,
            people: self.store.people(&company.id).await?,
            spells,
            departments,
            positions: self.store.positions(&company.id, i64::MAX).await?,
        })
    }
}

impl Directory {
    /// Everybody there ever was, by id.
    pub fn people(&self) -> impl Iterator<Item = &Person> {
        self.people.values()
    }

    #[must_use]
    pub fn person(&self, id: &str) -> Option<&Person> {
        self.people.get(id)
    }

    #[must_use]
    pub fn department(&self, id: &str) -> Option<&Department> {
        self.departments.get(id)
    }

    #[must_use]
    pub fn position(&self, id: &str) -> Option<&Position> {
        self.positions.get(id)
    }

    /// Everything known of where the person belonged, in the order in which it came to be known.
    #[must_use]
    pub fn spells_of(&self, person: &str) -> &[Spell] {
        self.spells.get(person).map(Vec::as_slice).unwrap_or_default()
    }

    /// Where the person stands on the directory's day; none while they do not belong to the company.
    #[must_use]
    pub fn spell_of(&self, person: &str) -> Option<&Spell> {
        spell_on(self.spells_of(person), self.on).filter(|spell| spell.employed)
    }

    /// The department and all those below it on the directory's day.
    #[must_use]
    pub fn department_with_those_below(&self, id: &str) -> BTreeSet<&str> {
        let mut below: HashMap<&str, Vec<&str>> = HashMap::new();
        for department in self.departments.values() {
            if let Some(parent) = department.parent.as_deref() {
                below.entry(parent).or_default().push(&department.id);
            }
        }
        let mut found = BTreeSet::new();
        let mut next: Vec<&str> =
            self.departments.get(id).map(|department| department.id.as_str()).into_iter().collect();
        while let Some(id) = next.pop() {
            // Whatever the rows say, none is met twice.
            if found.insert(id) {
                next.extend(below.get(id).into_iter().flatten());
            }
        }
        found
    }
}
