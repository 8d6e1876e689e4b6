//! The company and its people.

use crate::time::{Day, Zone};

#[derive(Clone, Debug, PartialEq)]
pub struct Company {
    pub id: String,
    pub name: String,
    /// Days and periods are cut here. Chosen once: a stored fact keeps its local day.
    pub zone: Zone,
}

/// A person's name stands here and nowhere else, so that forgetting a person leaves every receipt replayable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    pub id: String,
    pub name: String,
    pub parent: Option<String>,
}

/// A person in a department, from the day `from` until the day before `until`. Spells overlap when history is
/// corrected; on every day the one with the highest sequence counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    pub sequence: i64,
    pub person: String,
    pub from: Day,
    pub until: Option<Day>,
    /// None: the person belonged to no department, for example after leaving.
    pub department: Option<String>,
    pub manager: Option<String>,
}

impl Spell {
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }
}

/// The spell that counts on the day: of those that cover it, the one known last.
#[must_use]
pub fn spell_on(spells: &[Spell], day: Day) -> Option<&Spell> {
    spells.iter().filter(|spell| spell.covers(day)).max_by_key(|spell| spell.sequence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_correction_wins_only_on_the_days_it_covers() {
        let spell = |sequence, from, until: Option<i32>, department: &str| Spell {
            sequence,
            person: "p".into(),
            from: Day(from),
            until: until.map(Day),
            department: Some(department.into()),
            manager: None,
        };
        let spells = [spell(1, 0, None, "sales"), spell(2, 10, Some(20), "service")];
        let on = |day| spell_on(&spells, Day(day)).and_then(|spell| spell.department.as_deref());
        assert_eq!(
            [on(-1), on(9), on(10), on(19), on(20)],
            [None, Some("sales"), Some("service"), Some("service"), Some("sales")]
        );
    }
}
