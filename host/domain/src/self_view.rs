//! How often people look at their own growth map, told so that nobody can be singled out.
//!
//! What lives here: in which week a day lies, and of which departments a mean may be told. What never lives here: who asks.
//!
//! # The rules
//!
//! - A mean is told of the company and of departments, each with those below it; never of any other group of people.
//! - Each group that is told has at least [`GROUP_MIN`] people besides whoever asks, who knows their own number.
//! - What is told of a department can be taken away from what is told of the one above it. So what is left of a department
//!   when all that are told below it are taken away is nobody or at least [`GROUP_MIN`] people again: as long as it is
//!   fewer, the smallest department below is not told either. Nothing below one that is not told is told.

use std::collections::{BTreeMap, BTreeSet};

use crate::time::Day;

/// Fewest people besides whoever asks.
pub const GROUP_MIN: u32 = 5;

/// The Monday of the week that the day lies in.
#[must_use]
pub fn monday(day: Day) -> Day {
    // The first day of the calendar that days are counted in was a Thursday.
    const THURSDAY: i32 = 3;
    day.plus(-day.0.saturating_add(THURSDAY).rem_euclid(7))
}

/// The name of the day's week by ISO 8601: `2026-W26`.
#[must_use]
pub fn week_name(day: Day) -> String {
    let week = day.date().iso_week_date();
    format!("{:04}-W{:02}", week.year(), week.week())
}

/// People by department, without whoever asks, and how departments stand on one day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    /// The department above each department, if there is one that is there on the day.
    pub parents: BTreeMap<String, Option<String>>,
    /// How many belong to each department itself; under none those without a department.
    pub people: BTreeMap<Option<String>, u32>,
}

impl Groups {
    /// Of which departments a mean may be told; none stands for the whole company.
    #[must_use]
    pub fn told(&self) -> BTreeSet<Option<String>> {
        let mut below: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
        for (department, parent) in &self.parents {
            let parent = parent.as_deref().filter(|parent| self.parents.contains_key(*parent));
            below.entry(parent).or_default().push(department);
        }
        let mut told = BTreeSet::new();
        let company = self.size(None, &below, &mut BTreeSet::new());
        if company < GROUP_MIN {
            return told;
        }
        let mut next = vec![(None, company)];
        while let Some((department, size)) = next.pop() {
            // Whatever the rows say, none is met twice.
            if !told.insert(department.map(str::to_owned)) {
                continue;
            }
            let departments = below.get(&department).into_iter().flatten();
            let mut kept: Vec<(u32, &str)> = departments
                .map(|department| (self.size(Some(department), &below, &mut BTreeSet::new()), *department))
                .filter(|(size, _)| *size >= GROUP_MIN)
                .collect();
            kept.sort_unstable();
            let mut left = size.saturating_sub(kept.iter().map(|(size, _)| size).sum());
            let mut hidden = 0;
            while left > 0 && left < GROUP_MIN && hidden < kept.len() {
                left += kept[hidden].0;
                hidden += 1;
            }
            next.extend(kept.into_iter().skip(hidden).map(|(size, department)| (Some(department), size)));
        }
        told
    }

    /// Whether somebody of the department `own` belongs to this one, or to one below it; everybody belongs to the company.
    #[must_use]
    pub fn holds(&self, department: Option<&str>, own: Option<&str>) -> bool {
        let Some(department) = department else { return true };
        let mut met = BTreeSet::new();
        let mut next = own;
        while let Some(own) = next.filter(|own| met.insert(*own)) {
            if own == department {
                return true;
            }
            next = self.parents.get(own).and_then(Option::as_deref);
        }
        false
    }

    /// How many belong to the department and to those below it.
    fn size<'a>(
        &'a self,
        department: Option<&'a str>,
        below: &BTreeMap<Option<&'a str>, Vec<&'a str>>,
        met: &mut BTreeSet<Option<&'a str>>,
    ) -> u32 {
        let mut size = 0;
        let mut next = vec![department];
        while let Some(department) = next.pop() {
            if met.insert(department) {
                size += self.people.get(&department.map(str::to_owned)).copied().unwrap_or_default();
                next.extend(below.get(&department).into_iter().flatten().map(|department| Some(*department)));
            }
        }
        size
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(departments: &[(&str, Option<&str>, u32)], without: u32) -> Groups {
        let mut groups = Groups::default();
        for (id, parent, people) in departments {
            groups.parents.insert((*id).to_owned(), parent.map(str::to_owned));
            groups.people.insert(Some((*id).to_owned()), *people);
        }
        groups.people.insert(None, without);
        groups
    }

    fn told(departments: &[(&str, Option<&str>, u32)], without: u32) -> Vec<String> {
        let told = groups(departments, without).told().into_iter();
        told.map(|department| department.unwrap_or_else(|| "*".to_owned())).collect()
    }

    #[test]
    fn weeks_begin_on_mondays() {
        let week = |day: &str| {
            let day: Day = day.parse().unwrap();
            (monday(day).to_string(), week_name(day))
        };
        assert_eq!(week("2026-06-28"), ("2026-06-22".to_owned(), "2026-W26".to_owned()));
        assert_eq!(week("2026-06-29"), ("2026-06-29".to_owned(), "2026-W27".to_owned()));
        assert_eq!(week("1970-01-01"), ("1969-12-29".to_owned(), "1970-W01".to_owned()));
        assert_eq!(week("2027-01-01"), ("2026-12-28".to_owned(), "2026-W53".to_owned()));
    }

    #[test]
    fn small_groups_are_not_told() {
        assert_eq!(told(&[("a", None, 4)], 0), [""; 0]);
        assert_eq!(told(&[("a", None, 5)], 0), ["*", "a"]);
        assert_eq!(told(&[("a", None, 4), ("b", None, 6)], 2), ["*", "b"]);
    }

    #[test]
    fn nothing_small_is_left_when_one_is_taken_away_from_another() {
        // Of the company without `a` one person would be left.
        assert_eq!(told(&[("a", None, 9)], 1), ["*"]);
        // With the smaller of both hidden, ten are left.
        assert_eq!(told(&[("a", None, 9), ("b", None, 8)], 1), ["*", "a"]);
        // One level down.
        let tree = [("a", None, 1), ("b", Some("a"), 6), ("c", Some("a"), 7), ("d", Some("b"), 6)];
        assert_eq!(told(&tree, 0), ["*", "a", "c"]);
    }

    #[test]
    fn a_circle_of_departments_ends() {
        assert_eq!(told(&[("a", Some("b"), 9), ("b", Some("a"), 9)], 9), ["*"]);
    }
}
