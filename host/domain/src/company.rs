//! The company and its people: who belonged where on which day, and under which names other systems know them.
//!
//! Everything here holds from one day until another and was known from one number on. On each day the row with the
//! highest sequence that covers the day counts; a correction is a later row that covers the days it corrects.

use std::collections::BTreeSet;

use crate::digest::{Canonical, Digest};
use crate::text::Localized;
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
    /// Empty for a person who was erased.
    pub name: String,
    pub erased: bool,
}

/// What somebody does in the company, for example account executive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    pub id: String,
    pub title: Localized,
}

/// A department as it is on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Department {
    pub id: String,
    pub name: String,
    pub parent: Option<String>,
}

/// From when until when a row holds, and as which number it came to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    pub sequence: i64,
    pub from: Day,
    /// The first day on which it no longer holds.
    pub until: Option<Day>,
}

impl Validity {
    #[must_use]
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day < until)
    }

    /// Whether it holds on some day of the span, which may have no end.
    #[must_use]
    pub fn overlaps(&self, first: Day, end: Option<Day>) -> bool {
        end.is_none_or(|end| self.from < end) && self.until.is_none_or(|until| first < until)
    }
}

/// A row that holds from a day until another.
pub trait Valid {
    fn validity(&self) -> Validity;
}

/// The row that counts on the day: of those that cover it, the one known last.
pub fn counts_on<'a, T: Valid + 'a>(rows: impl IntoIterator<Item = &'a T>, day: Day) -> Option<&'a T> {
    rows.into_iter().filter(|row| row.validity().covers(day)).max_by_key(|row| row.validity().sequence)
}

/// The spell that counts on the day; `spells` are those of one person.
#[must_use]
pub fn spell_on(spells: &[Spell], day: Day) -> Option<&Spell> {
    counts_on(spells, day)
}

/// The days from `first` until `end` on which another row may begin to count, `first` among them, in order. Between two
/// of them nothing changes.
pub fn borders<'a, T: Valid + 'a>(
    rows: impl IntoIterator<Item = &'a T>,
    first: Day,
    end: Option<Day>,
) -> BTreeSet<Day> {
    let ends = rows.into_iter().flat_map(|row| {
        let Validity { from, until, .. } = row.validity();
        [Some(from), until]
    });
    let inside = ends.flatten().filter(|day| first <= *day && end.is_none_or(|end| *day < end));
    inside.chain([first]).collect()
}

/// What counted when: the rows, each with the first day on which it counts and the first on which another row does, or
/// none. A row that is corrected for some days in between comes twice. `rows` are about one thing.
pub fn over_time<'a, T: Valid>(rows: &'a [T]) -> Vec<(Day, Option<Day>, &'a T)> {
    let borders: Vec<Day> = borders(rows, Day(i32::MIN), None).into_iter().collect();
    let mut counted: Vec<(Day, Option<Day>, &'a T)> = Vec::new();
    for (place, &from) in borders.iter().enumerate() {
        let Some(row) = counts_on(rows, from) else { continue };
        let until = borders.get(place + 1).copied();
        match counted.last_mut() {
            // A row that begins and is outranked at once parts nothing.
            Some(last) if last.1 == Some(from) && std::ptr::eq(last.2, row) => last.1 = until,
            _ => counted.push((from, until, row)),
        }
    }
    counted
}

/// A department from a day until another: named, moved or closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepartmentSpell {
    pub validity: Validity,
    pub department: Department,
    /// It did not exist on these days.
    pub closed: bool,
}

/// A person in a department, from a day until another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    pub validity: Validity,
    pub person: String,
    /// None: the person belonged to no department.
    pub department: Option<String>,
    pub manager: Option<String>,
    pub position: Option<String>,
    /// False: the person did not belong to the company on these days, for example after leaving.
    pub employed: bool,
}

/// Whom a source means by a name, from a day until another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub validity: Validity,
    pub source: String,
    pub external: ExternalName,
    /// None: nobody.
    pub person: Option<String>,
}

/// A person's name in another system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ExternalName {
    Plain(String),
    /// What is left of the name of a person who was erased: enough to recognise it when it comes again.
    Erased(Digest),
}

impl ExternalName {
    /// What is left of a name when its person is erased.
    #[must_use]
    pub fn erased(company: &str, source: &str, external: &str) -> Self {
        let mut canonical = Canonical::new("identity");
        for text in [company, source, external] {
            canonical.text(text);
        }
        Self::Erased(canonical.finish())
    }
}

/// Days on which a person was away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absence {
    pub id: String,
    pub validity: Validity,
    pub person: String,
    /// A name such as `leave`, `sick` or `parental`.
    pub kind: String,
    pub reason: Option<String>,
    pub withdrawn: bool,
}

macro_rules! valid {
    ($($row:ty),*) => {
        $(impl Valid for $row {
            fn validity(&self) -> Validity {
                self.validity
            }
        })*
    };
}

valid!(DepartmentSpell, Spell, Identity, Absence);

/// The first day of the unbroken employment that holds on the day; none if the person is not employed then. `spells`
/// are those of one person.
#[must_use]
pub fn employed_since(spells: &[Spell], day: Day) -> Option<Day> {
    let employed = |day: Day| counts_on(spells, day).is_some_and(|spell| spell.employed);
    if !employed(day) {
        return None;
    }
    let mut since = day;
    for border in borders(spells, Day(i32::MIN), Some(day.plus(1))).into_iter().rev() {
        since = border;
        if !employed(border.plus(-1)) {
            break;
        }
    }
    Some(since)
}

/// Whether the person belonged to the company before the day and does not on it: they left. Of whom nothing is known, or
/// who has yet to begin, has not left. `spells` are those of one person.
#[must_use]
pub fn has_left(spells: &[Spell], day: Day) -> bool {
    let employed = |day: Day| counts_on(spells, day).is_some_and(|spell| spell.employed);
    !employed(day) && borders(spells, Day(i32::MIN), Some(day)).into_iter().any(employed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spell(sequence: i64, from: i32, until: Option<i32>, department: Option<&str>) -> Spell {
        Spell {
            validity: Validity { sequence, from: Day(from), until: until.map(Day) },
            person: "p".into(),
            department: department.map(str::to_owned),
            manager: None,
            position: None,
            employed: department.is_some(),
        }
    }

    #[test]
    fn a_later_correction_wins_only_on_the_days_it_covers() {
        let spells = [spell(1, 0, None, Some("sales")), spell(2, 10, Some(20), Some("service"))];
        let on = |day| counts_on(&spells, Day(day)).and_then(|spell| spell.department.as_deref());
        assert_eq!(
            [on(-1), on(9), on(10), on(19), on(20)],
            [None, Some("sales"), Some("service"), Some("service"), Some("sales")]
        );
        assert_eq!(borders(&spells, Day(5), Some(Day(20))), BTreeSet::from([Day(5), Day(10)]));
    }

    #[test]
    fn what_counted_when_is_told_without_what_was_outranked() {
        let spells = [
            spell(1, 0, Some(5), Some("trial")),
            spell(2, 0, Some(50), Some("sales")),
            spell(3, 10, Some(20), Some("service")),
            spell(4, 60, None, Some("sales")),
        ];
        let told: Vec<(i32, Option<i32>, i64)> = over_time(&spells)
            .into_iter()
            .map(|(from, until, spell)| (from.0, until.map(|day| day.0), spell.validity.sequence))
            .collect();
        assert_eq!(told, [(0, Some(10), 2), (10, Some(20), 3), (20, Some(50), 2), (60, None, 4)]);
        assert!(over_time::<Spell>(&[]).is_empty());
    }

    #[test]
    fn whoever_was_there_and_is_not_has_left() {
        // There from day 0, away from 30 until 40, back until 50.
        let spells = [spell(1, 0, Some(50), Some("sales")), spell(2, 30, Some(40), None)];
        let left = |day| has_left(&spells, Day(day));
        assert_eq!([left(-1), left(0), left(29), left(30), left(39), left(40), left(49), left(50)], {
            [false, false, false, true, true, false, false, true]
        });
        assert!(!has_left(&[], Day(0)), "of whom nothing is known, has not left");
    }

    #[test]
    fn employment_is_counted_from_its_last_beginning() {
        // There from day 0, moved on 10, away from 30 until 40, back since; a correction of no consequence on 50.
        let spells = [
            spell(1, 0, None, Some("sales")),
            spell(2, 10, None, Some("service")),
            spell(3, 30, Some(40), None),
            spell(4, 50, None, Some("service")),
        ];
        let since = |day| employed_since(&spells, Day(day)).map(|day| day.0);
        assert_eq!(
            [since(-1), since(0), since(29), since(30), since(40), since(60)],
            [None, Some(0), Some(0), None, Some(40), Some(40)]
        );
    }
}
