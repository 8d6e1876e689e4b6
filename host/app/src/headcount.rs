//! Head counts: how many people each department has on a day.

use std::collections::{BTreeMap, HashMap};

use daybreak_domain::company::{Company, Department, Spell, spell_on};
use daybreak_domain::time::Day;

use crate::{AppError, Daybreak};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headcount {
    pub on: Day,
    /// What was known.
    pub known_to: i64,
    /// Everybody who is employed on the day.
    pub people: usize,
    /// By id; people without a department come first, under none.
    pub departments: Vec<DepartmentCount>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentCount {
    pub department: Option<String>,
    /// In the department itself.
    pub people: usize,
    /// In the department and in all those below it.
    pub people_with_those_below: usize,
}

impl Daybreak {
    /// Counts the people employed on the day by the department that they have on that day, as known at the sequence
    /// (none: now). Departments that nobody belongs to are counted, too, while they are there.
    pub async fn headcount(&self, company: &Company, on: Day, known_to: Option<i64>) -> Result<Headcount, AppError> {
        let known_to = self.known_to(company, known_to).await?;
        let departments = self.departments_on(company, on, known_to).await?;
        let employed = self.employed_on(company, on, known_to).await?;
        let mut counts: BTreeMap<Option<String>, usize> =
            departments.keys().map(|department| (Some(department.clone()), 0)).collect();
        for spells in employed.values() {
            let department = spell_on(spells, on).and_then(|spell| spell.department.clone());
            *counts.entry(department).or_default() += 1;
        }
        let mut with_below = counts.clone();
        for (department, people) in &counts {
            for above in all_above(&departments, department.as_deref()) {
                *with_below.entry(Some(above.to_owned())).or_default() += people;
            }
        }
        let departments = counts.into_iter().map(|(department, people)| DepartmentCount {
            people_with_those_below: with_below.get(&department).copied().unwrap_or(people),
            department,
            people,
        });
        Ok(Headcount { on, known_to, people: employed.len(), departments: departments.collect() })
    }

    /// What is known: up to the sequence given, or everything.
    pub(crate) async fn known_to(&self, company: &Company, known_to: Option<i64>) -> Result<i64, AppError> {
        let now = self.store.sequence(&company.id).await?;
        Ok(known_to.map_or(now, |known_to| known_to.clamp(0, now)))
    }

    /// The spells of everybody who is employed on the day, by person.
    pub(crate) async fn employed_on(
        &self,
        company: &Company,
        on: Day,
        known_to: i64,
    ) -> Result<BTreeMap<String, Vec<Spell>>, AppError> {
        let mut spells: HashMap<String, Vec<Spell>> = HashMap::new();
        for spell in self.store.spells(&company.id, known_to).await? {
            spells.entry(spell.person.clone()).or_default().push(spell);
        }
        let employed = |spells: &Vec<Spell>| spell_on(spells, on).is_some_and(|spell| spell.employed);
        Ok(spells.into_iter().filter(|(_, spells)| employed(spells)).collect())
    }
}

/// The departments above this one, the nearest first.
fn all_above<'a>(departments: &'a BTreeMap<String, Department>, id: Option<&str>) -> Vec<&'a str> {
    let mut above = Vec::new();
    let mut next = id.and_then(|id| departments.get(id)).and_then(|department| department.parent.as_deref());
    // No tree is deeper than it has departments; a parent that is closed on the day ends the way up.
    while let Some(department) = next.and_then(|id| departments.get(id)) {
        if above.len() > departments.len() {
            break;
        }
        above.push(department.id.as_str());
        next = department.parent.as_deref();
    }
    above
}
