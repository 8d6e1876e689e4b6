//! Silence: who of those employed has no fact of a kind in the last days, under the manager of that day.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::company::{Company, Valid, employed_since, spell_on};
use daybreak_domain::fact::is_name;
use daybreak_domain::time::{Day, Span};
use daybreak_storage::FactQuery;

use crate::{AppError, Daybreak};

/// Most days of silence that can be asked about: ten years.
pub const DAYS_MAX: u32 = 3_660;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilenceQuery {
    pub kind: String,
    /// How many days, up to and including `on`.
    pub days: u32,
    pub on: Day,
    /// What was known; none: everything up to now.
    pub known_to: Option<i64>,
    /// Leave out who is absent on the day.
    pub without_absent: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    pub known_to: i64,
    /// People employed on the day.
    pub employed: usize,
    /// Those of them with a fact of the kind in the last days.
    pub active: usize,
    /// Those who would be silent, but are absent on the day; 0 unless they were to be left out.
    pub absent: usize,
    /// Those who have been employed at least that long without one.
    pub silent: usize,
    /// The silent ones under the manager that they have on the day: most people first, then by the manager's id, people
    /// without a manager before others.
    pub managers: Vec<SilentTeam>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilentTeam {
    pub manager: Option<String>,
    /// By id.
    pub people: Vec<String>,
}

impl Daybreak {
    /// Who is silent on a day, by the facts, people and absences that were known.
    pub async fn silence(&self, company: &Company, query: &SilenceQuery) -> Result<Silence, AppError> {
        if !is_name(&query.kind) {
            return Err(AppError::BadId { what: "the kind of facts", id: query.kind.chars().take(80).collect() });
        }
        if query.days == 0 || query.days > DAYS_MAX {
            return Err(AppError::BadDays { days: query.days, most: DAYS_MAX });
        }
        let known_to = self.known_to(company, query.known_to).await?;
        let first = query.on.plus(1 - i32::try_from(query.days).unwrap_or(i32::MAX));
        let facts = FactQuery {
            company: company.id.clone(),
            kind: query.kind.clone(),
            span: Span { start: company.zone.midnight(first), end: company.zone.midnight(query.on.plus(1)) },
            whole_documents_until: None,
            known_to,
            attributes: Vec::new(),
            labels: false,
        };
        let active: BTreeSet<String> = self.store.fact_set(facts).await?.actor.dictionary.into_iter().collect();
        let away: BTreeSet<String> = if query.without_absent {
            let absences = self.absences(company, known_to).await?;
            let away = absences.into_values().filter(|absence| absence.validity().covers(query.on));
            away.map(|absence| absence.person).collect()
        } else {
            BTreeSet::new()
        };
        let employed = self.employed_on(company, query.on, known_to).await?;
        let mut silence =
            Silence { known_to, employed: employed.len(), active: 0, absent: 0, silent: 0, managers: Vec::new() };
        let mut teams: BTreeMap<Option<String>, Vec<String>> = BTreeMap::new();
        for (person, spells) in employed {
            if active.contains(&person) {
                silence.active += 1;
                continue;
            }
            // Whoever came on the day before the first one has had all the days.
            if employed_since(&spells, query.on).is_none_or(|since| since >= first) {
                continue;
            }
            if away.contains(&person) {
                silence.absent += 1;
                continue;
            }
            silence.silent += 1;
            let manager = spell_on(&spells, query.on).and_then(|spell| spell.manager.clone());
            teams.entry(manager).or_default().push(person);
        }
        silence.managers = teams.into_iter().map(|(manager, people)| SilentTeam { manager, people }).collect();
        // The order of the managers' ids stays where teams are of one size.
        silence.managers.sort_by_key(|team| std::cmp::Reverse(team.people.len()));
        Ok(silence)
    }
}
