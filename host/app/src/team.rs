//! A manager's team on one day: everybody with how their months went, and with the reasons why somebody needs a word.
//!
//! People stand in the order of their names. Nothing here ranks them.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::company::{Company, Department, Person, Position, Valid, employed_since};
use daybreak_domain::composite::{CompositeOutcome, Points};
use daybreak_domain::narration;
use daybreak_domain::period::Period;
use daybreak_domain::recognition::FEEDBACK_KINDS;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;
use daybreak_storage::{MonthPoints, OverdueTask, StoredAlert};

use crate::day::month_before;
use crate::directory::Directory;
use crate::silence::DAYS_MAX;
use crate::stale::EVERYBODY;
use crate::{AppError, Daybreak};

/// Most people of one team that are shown, in the order of their names.
pub const MEMBERS_MAX: usize = 500;

/// Most alerts, and most overdue tasks, of one team that are looked at.
const ROWS_MAX: u32 = 1_000;

/// A running month is told of as one that is over when only so many days are missing.
const LAST_WEEK: i32 = 7;

/// When somebody needs a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TeamQuery {
    /// Without feedback, given or received, for so many days.
    pub silent_days: u32,
    /// A composite fell by at least so many points against the month before.
    pub fell_by: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    pub manager: String,
    pub today: Day,
    /// The running month.
    pub month: Period,
    /// In the order of their names.
    pub members: Vec<TeamMember>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct TeamMember {
    pub person: Person,
    pub position: Option<(String, Option<Position>)>,
    pub department: Option<(String, Option<Department>)>,
    pub composite: Option<TeamComposite>,
    /// The last twelve months in order, each with its points where it has any.
    pub trend: Vec<(Period, Option<f64>)>,
    /// How many indicators have a score of the running month or have to be computed.
    pub indicators: usize,
    /// How many of them have to be computed again.
    pub stale: usize,
    pub reasons: Vec<Reason>,
}

/// The composite of the running month.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamComposite {
    pub sequence: i64,
    pub points: Points,
    /// Millionths.
    pub coverage: u32,
    /// The points of the month before; none where there are none.
    pub last_month: Option<f64>,
}

/// Why somebody needs a word.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// No feedback given or received; where there ever was any, its last day.
    Silent {
        days: u32,
        last: Option<Day>,
    },
    /// About the person or about a customer that they look after, whose name stands beside it.
    Alert {
        alert: Box<StoredAlert>,
        name: Option<String>,
    },
    /// All that are overdue, the longest due first.
    OverdueTasks(Vec<OverdueTask>),
    /// From one month to the next. A running month is told only when its last week has begun, because until then it
    /// lacks what is still to come; before, it is the month that ended.
    CompositeFell {
        month: Period,
        points: f64,
        before: f64,
    },
    NotComputable {
        reason: Localized,
    },
}

/// What is known of all members, each thing read in one query.
struct Sources {
    today: Day,
    month: Period,
    months: Vec<Period>,
    composites: BTreeMap<(String, Period), MonthPoints>,
    outcomes: BTreeMap<i64, CompositeOutcome>,
    scored: BTreeMap<String, BTreeSet<String>>,
    stale: BTreeSet<(String, String)>,
    silent: BTreeMap<String, Option<Day>>,
    alerts: BTreeMap<String, Vec<(StoredAlert, Option<String>)>>,
    overdue: BTreeMap<String, Vec<OverdueTask>>,
}

impl Daybreak {
    /// The people whose manager this person is today.
    pub async fn team(&self, company: &Company, manager: &str, query: TeamQuery) -> Result<Team, AppError> {
        if query.silent_days == 0 || query.silent_days > DAYS_MAX {
            return Err(AppError::BadDays { days: query.silent_days, most: DAYS_MAX });
        }
        let today = self.today(company);
        let directory = self.directory(company, today).await?;
        if directory.person(manager).is_none() {
            return Err(AppError::Unknown { what: "person", id: manager.chars().take(80).collect() });
        }
        let is_report = |person: &&Person| {
            directory.spell_of(&person.id).is_some_and(|spell| spell.manager.as_deref() == Some(manager))
        };
        let mut reports: Vec<&Person> = directory.people().filter(is_report).collect();
        reports.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
        reports.truncate(MEMBERS_MAX);
        let month = Period::month_of(today);
        let members = if reports.is_empty() {
            Vec::new()
        } else {
            let ids: Vec<&str> = reports.iter().map(|person| person.id.as_str()).collect();
            let sources = self.team_sources(company, &directory, &ids, query).await?;
            reports.into_iter().map(|person| sources.member(&directory, person, query)).collect()
        };
        Ok(Team { manager: manager.to_owned(), today, month, members })
    }

    async fn team_sources(
        &self,
        company: &Company,
        directory: &Directory,
        people: &[&str],
        query: TeamQuery,
    ) -> Result<Sources, AppError> {
        let (today, known_to) = (directory.on, self.store.sequence(&company.id).await?);
        let month = Period::month_of(today);
        let months = narration::months(today);
        let composites = self.store.composites_of_months(&company.id, people, &months, known_to).await?;
        let running: Vec<i64> = composites
            .iter()
            .filter(|composite| composite.month == month)
            .map(|composite| composite.sequence)
            .collect();
        let mut definitions = self.store.definitions(&company.id).await?;
        definitions.retain(|definition| definition.subject_kind == SubjectKind::Employee);
        let indicators: Vec<&str> = definitions.iter().map(|definition| definition.indicator.as_str()).collect();
        let whom: Vec<&str> = people.iter().copied().chain([EVERYBODY]).collect();
        let mut scored: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (person, indicator) in self.store.scored_in_month(&company.id, people, &indicators, month).await? {
            scored.entry(person).or_default().insert(indicator);
        }
        let mut overdue: BTreeMap<String, Vec<OverdueTask>> = BTreeMap::new();
        for task in self.store.overdue_tasks(&company.id, people, today, ROWS_MAX).await? {
            overdue.entry(task.assignee.clone()).or_default().push(task);
        }
        Ok(Sources {
            today,
            month,
            months,
            outcomes: self.store.composite_outcomes(&company.id, &running).await?,
            composites: composites
                .into_iter()
                .map(|composite| ((composite.employee.clone(), composite.month), composite))
                .collect(),
            scored,
            stale: self.store.stale_of_subjects(&company.id, &whom, &indicators, month, today).await?,
            silent: self.silent_members(company, directory, people, query.silent_days).await?,
            alerts: self.team_alerts(company, people, today).await?,
            overdue,
        })
    }

    /// Those without feedback for so many days, with the last day on which there was any. Where nobody in the company ever
    /// gave any, nobody is silent; whoever is absent today or came later is not either.
    async fn silent_members(
        &self,
        company: &Company,
        directory: &Directory,
        people: &[&str],
        days: u32,
    ) -> Result<BTreeMap<String, Option<Day>>, AppError> {
        if !self.store.has_facts_of(&company.id, &FEEDBACK_KINDS).await? {
            return Ok(BTreeMap::new());
        }
        let today = directory.on;
        let first = today.plus(1 - i32::try_from(days).unwrap_or(i32::MAX));
        let tonight = company.zone.midnight(today.plus(1));
        let last = self.store.last_recognised(&company.id, people, &FEEDBACK_KINDS, tonight).await?;
        let absences = self.absences(company, i64::MAX).await?;
        let is_away = |person: &str| {
            absences.values().any(|absence| absence.person == person && absence.validity().covers(today))
        };
        let silent = people.iter().filter_map(|person| {
            let last = last.get(*person).map(|at| company.zone.day_of(*at));
            let is_silent = last.is_none_or(|last| last < first)
                && employed_since(directory.spells_of(person), today).is_some_and(|since| since < first)
                && !is_away(person);
            is_silent.then(|| ((*person).to_owned(), last))
        });
        Ok(silent.collect())
    }

    /// Open alerts about these people, and about the customers that they look after today, by person.
    async fn team_alerts(
        &self,
        company: &Company,
        people: &[&str],
        today: Day,
    ) -> Result<BTreeMap<String, Vec<(StoredAlert, Option<String>)>>, AppError> {
        let owners = self.customers_looked_after(company, people, today).await?;
        let customers: Vec<&str> = owners.keys().map(String::as_str).collect();
        let mut alerts: BTreeMap<String, Vec<(StoredAlert, Option<String>)>> = BTreeMap::new();
        let own = self.store.open_alerts_about(&company.id, SubjectKind::Employee, people, ROWS_MAX).await?;
        for alert in own {
            alerts.entry(alert.subject.clone()).or_default().push((alert, None));
        }
        let theirs = self.store.open_alerts_about(&company.id, SubjectKind::Customer, &customers, ROWS_MAX).await?;
        let named: Vec<&str> = theirs.iter().map(|alert| alert.subject.as_str()).collect();
        let names =
            if named.is_empty() { BTreeMap::new() } else { self.store.customer_names(&company.id, &named).await? };
        for alert in theirs {
            let Some(owner) = owners.get(&alert.subject) else { continue };
            let name = names.get(&alert.subject).cloned();
            alerts.entry(owner.clone()).or_default().push((alert, name));
        }
        Ok(alerts)
    }
}

impl Sources {
    fn member(&self, directory: &Directory, person: &Person, query: TeamQuery) -> TeamMember {
        let spell = directory.spell_of(&person.id);
        let department = spell.and_then(|spell| spell.department.clone());
        let position = spell.and_then(|spell| spell.position.clone());
        let of_month = |month: Period| self.composites.get(&(person.id.clone(), month));
        let last_month = of_month(month_before(self.month)).and_then(|composite| composite.points);
        let composite = of_month(self.month).and_then(|composite| {
            let points = self.outcomes.get(&composite.sequence)?.points().clone();
            let (sequence, coverage) = (composite.sequence, composite.coverage);
            Some(TeamComposite { sequence, points, coverage, last_month })
        });
        let due = self.stale.iter().filter(|(subject, _)| *subject == person.id || subject == EVERYBODY);
        let due: BTreeSet<&str> = due.map(|(_, indicator)| indicator.as_str()).collect();
        let scored = self.scored.get(&person.id);
        // What waits for everybody concerns those who have a score of it.
        let own = |indicator: &str| self.stale.contains(&(person.id.clone(), indicator.to_owned()));
        let stale = due.iter().filter(|due| own(due) || scored.is_some_and(|scored| scored.contains(**due)));
        let stale: BTreeSet<&str> = stale.copied().collect();
        let scored = scored.into_iter().flatten().map(String::as_str);
        let indicators = scored.chain(stale.iter().copied()).collect::<BTreeSet<&str>>().len();
        TeamMember {
            department: department.map(|id| (id.clone(), directory.department(&id).cloned())),
            position: position.map(|id| (id.clone(), directory.position(&id).cloned())),
            trend: self
                .months
                .iter()
                .map(|month| (*month, of_month(*month).and_then(|composite| composite.points)))
                .collect(),
            indicators,
            stale: stale.len(),
            reasons: self.reasons(person, composite.as_ref(), query),
            person: person.clone(),
            composite,
        }
    }

    fn reasons(&self, person: &Person, composite: Option<&TeamComposite>, query: TeamQuery) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for (alert, name) in self.alerts.get(&person.id).into_iter().flatten() {
            reasons.push(Reason::Alert { alert: Box::new(alert.clone()), name: name.clone() });
        }
        if let Some(tasks) = self.overdue.get(&person.id) {
            reasons.push(Reason::OverdueTasks(tasks.clone()));
        }
        let month = if self.today.plus(LAST_WEEK) >= self.month.end() { self.month } else { month_before(self.month) };
        let of_month = |month| self.composites.get(&(person.id.clone(), month)).and_then(|composite| composite.points);
        if let (Some(points), Some(before)) = (of_month(month), of_month(month_before(month)))
            && before - points >= query.fell_by
        {
            reasons.push(Reason::CompositeFell { month, points, before });
        }
        if let Some(Points::NotComputable { reason }) = composite.map(|composite| &composite.points) {
            reasons.push(Reason::NotComputable { reason: reason.clone() });
        }
        if let Some(last) = self.silent.get(&person.id) {
            reasons.push(Reason::Silent { days: query.silent_days, last: *last });
        }
        reasons
    }
}
