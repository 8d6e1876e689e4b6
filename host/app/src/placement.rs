//! Where people stood on which day, as scorecards and policies see it: departments with those above them, and positions.

use std::collections::{BTreeMap, HashMap};

use daybreak_domain::company::{Company, Department, Spell, Validity, spell_on};
use daybreak_domain::period::Period;
use daybreak_domain::time::Day;

use crate::{AppError, Daybreak};

/// As known at one sequence.
#[derive(Debug, Default)]
pub(crate) struct Placements {
    spells: HashMap<String, Vec<Spell>>,
    departments: BTreeMap<String, Department>,
}

impl Daybreak {
    pub(crate) async fn placements(&self, company: &Company, known_to: i64) -> Result<Placements, AppError> {
        let mut placements =
            Placements { spells: HashMap::new(), departments: self.store.departments(&company.id, known_to).await? };
        for spell in self.store.spells(&company.id, known_to).await? {
            placements.spells.entry(spell.person.clone()).or_default().push(spell);
        }
        Ok(placements)
    }
}

impl Placements {
    fn spell(&self, person: &str, day: Day) -> Option<&Spell> {
        self.spells.get(person).and_then(|spells| spell_on(spells, day))
    }

    /// Whether the person belongs to the company on the day.
    pub fn is_employed(&self, person: &str, day: Day) -> bool {
        self.spell(person, day).is_some_and(|spell| spell.employed)
    }

    /// The person's department on the day, then the one above it, and so on.
    pub fn departments_of(&self, person: &str, day: Day) -> Vec<&str> {
        let mut above = self.spell(person, day).and_then(|spell| spell.department.as_deref());
        let mut departments = Vec::new();
        // Whatever the rows say, there are no more levels than departments.
        while let Some(id) = above.filter(|_| departments.len() <= self.departments.len()) {
            departments.push(id);
            above = self.departments.get(id).and_then(|department| department.parent.as_deref());
        }
        departments
    }

    pub fn position_of(&self, person: &str, day: Day) -> Option<&str> {
        self.spell(person, day).and_then(|spell| spell.position.as_deref())
    }

    /// Everybody who belongs to the company on some day of the period.
    pub fn people_during(&self, period: Period) -> impl Iterator<Item = &str> {
        self.spells.iter().filter_map(move |(person, spells)| {
            let overlaps = |spell: &Spell| {
                let Validity { from, until, .. } = spell.validity;
                spell.employed && from < period.end() && until.is_none_or(|until| period.first() < until)
            };
            spells.iter().any(overlaps).then_some(person.as_str())
        })
    }
}
