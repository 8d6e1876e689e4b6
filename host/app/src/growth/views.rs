//! How often people look at their own growth map. Everybody sees their own number; of others there are only means over
//! groups, see [`daybreak_domain::self_view`].
//!
//! Nothing of it is noted in the audit: an entry for each look would say who looked when.

use std::collections::{BTreeMap, HashMap};

use daybreak_domain::company::{Company, DepartmentSpell, Spell, counts_on, spell_on};
use daybreak_domain::self_view::{Groups, monday, week_name};
use daybreak_domain::time::{Day, Instant};

use crate::{AppError, Daybreak};

/// Weeks of their own looks that a map shows to its person.
pub const VIEW_WEEKS: i32 = 12;

/// Most weeks that can be asked about.
pub const WEEKS_MAX: u32 = 52;

/// A look within this time after one that counted is still the same one.
const SAME_LOOK_MILLISECONDS: i64 = 30 * 60 * 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WeekViews {
    pub monday: Day,
    pub views: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewCounted {
    pub week: WeekViews,
    /// False: it was still the same look as the one before.
    pub counted: bool,
}

/// A finished week of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct SelfViewWeek {
    pub monday: Day,
    /// How many belonged to the group when the week ended, and the mean number of looks of each; none where somebody could
    /// be singled out.
    pub told: Option<(u32, f64)>,
}

impl Daybreak {
    /// Counts that the person looks at their own map.
    pub async fn count_growth_view(&self, company: &Company, person: &str) -> Result<ViewCounted, AppError> {
        let now = self.now();
        let monday = monday(self.today(company));
        let since = Instant(now.0.saturating_sub(SAME_LOOK_MILLISECONDS));
        let mut write = self.store.write(&company.id).await?;
        let (views, counted) = write.count_growth_view(person, monday, now, since).await?;
        write.commit().await?;
        Ok(ViewCounted { week: WeekViews { monday, views }, counted })
    }

    /// The person's own looks in the last weeks, those with any, in order.
    pub async fn own_growth_views(&self, company: &Company, person: &str) -> Result<Vec<WeekViews>, AppError> {
        let first = monday(self.today(company)).plus(-7 * (VIEW_WEEKS - 1));
        let views = self.store.growth_views_of(&company.id, person, first).await?;
        Ok(views.into_iter().map(|(monday, views)| WeekViews { monday, views }).collect())
    }

    /// How often the people of a department and of those below it, or of the whole company, looked at their own maps in
    /// each of the last finished weeks. Whoever asks belongs to no group: they know their own number.
    pub async fn self_views(
        &self,
        company: &Company,
        department: Option<&str>,
        weeks: u32,
        asker: Option<&str>,
    ) -> Result<Vec<SelfViewWeek>, AppError> {
        if weeks == 0 || weeks > WEEKS_MAX {
            return Err(AppError::BadWeeks { weeks, most: WEEKS_MAX });
        }
        let mut departments: HashMap<String, Vec<DepartmentSpell>> = HashMap::new();
        for spell in self.store.department_spells(&company.id, i64::MAX).await? {
            departments.entry(spell.department.id.clone()).or_default().push(spell);
        }
        if let Some(department) = department.filter(|department| !departments.contains_key(*department)) {
            return Err(AppError::Unknown { what: "department", id: department.chars().take(80).collect() });
        }
        let mut people: HashMap<String, Vec<Spell>> = HashMap::new();
        for spell in self.store.spells(&company.id, i64::MAX).await? {
            people.entry(spell.person.clone()).or_default().push(spell);
        }
        // The running week would tell of each look as it happens.
        let until = monday(self.today(company));
        let from = until.plus(i32::try_from(weeks).unwrap_or(i32::MAX).saturating_mul(-7));
        let views = self.store.growth_views(&company.id, from, until).await?;
        let none = BTreeMap::new();
        let mut told = Vec::new();
        let mut monday = from;
        while monday < until {
            let sunday = monday.plus(6);
            let parents = parents_on(&departments, sunday);
            let members: Vec<(&str, Option<&str>)> = people
                .iter()
                .filter_map(|(person, spells)| {
                    let spell = spell_on(spells, sunday).filter(|spell| spell.employed)?;
                    Some((person.as_str(), spell.department.as_deref()))
                })
                .collect();
            let mut groups = Groups { parents, people: BTreeMap::new() };
            for (person, own) in &members {
                if asker != Some(*person) {
                    *groups.people.entry(own.map(str::to_owned)).or_default() += 1;
                }
            }
            let is_told = groups.told().contains(&department.map(str::to_owned));
            let views = views.get(&monday).unwrap_or(&none);
            let mean = is_told.then(|| {
                let within = members.iter().filter(|(_, own)| groups.holds(department, *own));
                let (count, sum) = within.fold((0_u32, 0_u64), |(count, sum), (person, _)| {
                    (count + 1, sum + u64::from(views.get(*person).copied().unwrap_or_default()))
                });
                (count, sum as f64 / f64::from(count.max(1)))
            });
            told.push(SelfViewWeek { monday, told: mean });
            monday = monday.plus(7);
        }
        Ok(told)
    }
}

impl WeekViews {
    #[must_use]
    pub fn name(&self) -> String {
        week_name(self.monday)
    }
}

impl SelfViewWeek {
    #[must_use]
    pub fn name(&self) -> String {
        week_name(self.monday)
    }
}

fn parents_on(departments: &HashMap<String, Vec<DepartmentSpell>>, day: Day) -> BTreeMap<String, Option<String>> {
    let there = departments.values().filter_map(|spells| counts_on(spells, day).filter(|spell| !spell.closed));
    there.map(|spell| (spell.department.id.clone(), spell.department.parent.clone())).collect()
}
