//! Whom a signed-in person may see on a day: themselves, whoever stands in their reporting line, the people of the
//! departments that they look after, or everybody.
//!
//! The day is that of what is looked at: the last day of a score's period, the local day of a fact. What was known later
//! corrects what was known before, also about whom somebody may see.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, PoisonError};

use daybreak_domain::company::{Company, DepartmentSpell, Spell, counts_on, has_left, spell_on};
use daybreak_domain::customer::Ownership;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::time::Day;

use super::PersonRoles;
use crate::tables::Organisation;
use crate::{AppError, Daybreak};

/// Most companies whose lines are held ready; beyond that all are let go and read again.
const COMPANIES_MAX: usize = 64;

/// Whom one person may see.
#[derive(Clone, Debug)]
pub struct Reach {
    person: String,
    roles: PersonRoles,
    lines: Arc<Lines>,
}

/// Who belonged where, who led whom, how departments stood and who looked after whom: as known at one number.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(crate) organisation: Arc<Organisation>,
    spells: HashMap<String, Vec<Spell>>,
    departments: HashMap<String, Vec<DepartmentSpell>>,
    ownerships: HashMap<String, Vec<Ownership>>,
}

/// The lines of a company with the number of the newest row in them.
pub(super) type KnownLines = (i64, Arc<Lines>);

impl Daybreak {
    /// Whom the person may see, with the roles of now and the organisation as known at the sequence; without one, as known
    /// now.
    pub async fn reach(&self, company: &Company, person: &str, known_to: Option<i64>) -> Result<Reach, AppError> {
        let roles = self.roles_of(company, person).await?;
        Ok(Reach { person: person.to_owned(), roles, lines: self.lines(company, known_to).await? })
    }

    /// The customers that these people look after on the day, each with who does.
    pub(crate) async fn customers_looked_after(
        &self,
        company: &Company,
        people: &[&str],
        on: Day,
    ) -> Result<BTreeMap<String, String>, AppError> {
        let lines = self.lines(company, None).await?;
        let owned = lines.ownerships.keys().filter_map(|customer| {
            let owner = lines.owner_of(customer, on).filter(|owner| people.contains(owner))?;
            Some((customer.clone(), owner.to_owned()))
        });
        Ok(owned.collect())
    }

    /// Who answers for what is said of the subject on the day, without this person: the nearest manager in the line who
    /// still belongs to the company, and the HR partners of the department; of a customer, also whoever looks after it. Where
    /// there is nobody of them, the administrators. At most `most`.
    pub(crate) async fn who_answers(
        &self,
        company: &Company,
        (kind, subject): (SubjectKind, &str),
        on: Day,
        without: &str,
        most: usize,
    ) -> Result<BTreeSet<String>, AppError> {
        let lines = self.lines(company, None).await?;
        let roles = self.roles(company).await?;
        let people = self.store.people(&company.id).await?;
        let today = self.today(company);
        let is_there = |person: &str| {
            person != without
                && people.get(person).is_some_and(|known| !known.erased)
                && !has_left(lines.spells_of(person), today)
        };
        let owner = lines.owner_of(subject, on).filter(|_| kind == SubjectKind::Customer);
        let (person, department) = match kind {
            SubjectKind::Employee => (Some(subject), lines.department_of(subject, on)),
            SubjectKind::Customer => (owner, owner.and_then(|owner| lines.department_of(owner, on))),
            SubjectKind::Department => (None, Some(subject)),
            SubjectKind::Company => (None, None),
        };
        let manager = match (person, department) {
            (Some(person), _) => lines.managers_above(person, on).into_iter().find(|manager| is_there(manager)),
            (None, Some(department)) => lines.leader_of(department, on, is_there),
            (None, None) => None,
        };
        let mut found: BTreeSet<String> =
            manager.into_iter().chain(owner.filter(|owner| is_there(owner))).map(str::to_owned).collect();
        for (person, own) in &roles {
            let reach = Reach { person: person.clone(), roles: own.clone(), lines: lines.clone() };
            if found.len() < most
                && is_there(person)
                && person != subject
                && department.is_some_and(|department| reach.looks_after(department, on))
            {
                found.insert(person.clone());
            }
        }
        if found.is_empty() {
            let administrators = roles.iter().filter(|(person, own)| own.admin && is_there(person));
            found.extend(administrators.map(|(person, _)| person.clone()).take(most));
        }
        Ok(found)
    }

    /// Held ready until the organisation changes: asked with every request, and for every piece of scoring.
    pub(crate) async fn lines(&self, company: &Company, known_to: Option<i64>) -> Result<Arc<Lines>, AppError> {
        let newest = self.store.organisation_sequence(&company.id, known_to.unwrap_or(i64::MAX)).await?;
        let held = self.access.lines.lock().unwrap_or_else(PoisonError::into_inner).get(&company.id).cloned();
        match held {
            Some((number, lines)) if number == newest => return Ok(lines),
            _ => {}
        }
        let spells = self.store.spells(&company.id, newest).await?;
        let ownerships = self.store.ownerships(&company.id, newest).await?;
        let organisation = Arc::new(Organisation::new(spells.clone(), ownerships.clone()));
        let mut lines = Lines { organisation, ..Lines::default() };
        for spell in spells {
            lines.spells.entry(spell.person.clone()).or_default().push(spell);
        }
        for spell in self.store.department_spells(&company.id, newest).await? {
            lines.departments.entry(spell.department.id.clone()).or_default().push(spell);
        }
        for ownership in ownerships {
            lines.ownerships.entry(ownership.customer.clone()).or_default().push(ownership);
        }
        let lines = Arc::new(lines);
        let mut held = self.access.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= COMPANIES_MAX && !held.contains_key(&company.id) {
            held.clear();
        }
        // What somebody asks about the past is not what everybody else asks next.
        if held.get(&company.id).is_none_or(|(number, _)| *number < newest) {
            held.insert(company.id.clone(), (newest, lines.clone()));
        }
        Ok(lines)
    }
}

impl Reach {
    #[must_use]
    pub fn person(&self) -> &str {
        &self.person
    }

    pub(super) fn has_left(&self, today: Day) -> bool {
        has_left(self.lines.spells_of(&self.person), today)
    }

    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.roles.admin
    }

    /// Whether the person is HR partner of some department.
    #[must_use]
    pub fn is_hr(&self) -> bool {
        !self.roles.hr_departments.is_empty()
    }

    #[must_use]
    pub fn roles(&self) -> &PersonRoles {
        &self.roles
    }

    /// Whether the person may see what is about this one on the day.
    #[must_use]
    pub fn covers_person(&self, person: &str, on: Day) -> bool {
        self.is_admin()
            || person == self.person
            || self.leads(person, on)
            || self.lines.department_of(person, on).is_some_and(|department| self.looks_after(department, on))
    }

    /// Whether the person looks after this one on the day: an administrator, or the HR partner of their department.
    #[must_use]
    pub fn looks_after_person(&self, person: &str, on: Day) -> bool {
        self.is_admin()
            || self.lines.department_of(person, on).is_some_and(|department| self.looks_after(department, on))
    }

    /// Whether the person looks after this customer on the day, or leads whoever does; administrators always do.
    #[must_use]
    pub fn answers_for_customer(&self, customer: &str, on: Day) -> bool {
        let owner = self.lines.owner_of(customer, on);
        self.is_admin() || owner.is_some_and(|owner| owner == self.person || self.leads(owner, on))
    }

    /// Whether this one stands in the person's reporting line on the day.
    #[must_use]
    pub fn has_in_line(&self, person: &str, on: Day) -> bool {
        person != self.person && self.leads(person, on)
    }

    /// Whether the person may see what is about this department as a whole on the day: an administrator, its HR partner,
    /// whoever belongs to it, and whoever has somebody of it in their line.
    #[must_use]
    pub fn covers_department(&self, department: &str, on: Day) -> bool {
        if self.is_admin()
            || self.looks_after(department, on)
            || self.lines.department_of(&self.person, on) == Some(department)
        {
            return true;
        }
        let mut members =
            self.lines.spells.keys().filter(|person| self.lines.department_of(person, on) == Some(department));
        members.any(|person| self.leads(person, on))
    }

    /// Whether the person may see what is about this customer on the day: an administrator, whoever looks after it, and
    /// whoever may see the one who does.
    #[must_use]
    pub fn covers_customer(&self, customer: &str, on: Day) -> bool {
        self.is_admin() || self.lines.owner_of(customer, on).is_some_and(|owner| self.covers_person(owner, on))
    }

    /// Everybody who stands in the person's reporting line on the day, at any depth.
    #[must_use]
    pub fn line_on(&self, day: Day) -> BTreeSet<String> {
        let mut reports: HashMap<&str, Vec<&str>> = HashMap::new();
        for person in self.lines.spells.keys() {
            if let Some(manager) = self.lines.manager_of(person, day) {
                reports.entry(manager).or_default().push(person);
            }
        }
        let mut line = BTreeSet::new();
        let mut next = vec![self.person.as_str()];
        while let Some(manager) = next.pop() {
            for person in reports.get(manager).into_iter().flatten() {
                // Whoever was met before leads in a circle.
                if *person != self.person && line.insert((*person).to_owned()) {
                    next.push(person);
                }
            }
        }
        line
    }

    /// Those whose manager the person is on the day.
    #[must_use]
    pub fn direct_reports_on(&self, day: Day) -> BTreeSet<String> {
        self.reports_on(day).map(str::to_owned).collect()
    }

    /// Whether the person is somebody's manager on the day.
    #[must_use]
    pub fn manages_somebody_on(&self, day: Day) -> bool {
        self.reports_on(day).next().is_some()
    }

    /// Whether the person was somebody's manager on any day.
    #[must_use]
    pub fn has_ever_managed(&self) -> bool {
        self.lines.spells.values().flatten().any(|spell| spell.manager.as_deref() == Some(&self.person))
    }

    fn reports_on(&self, day: Day) -> impl Iterator<Item = &str> {
        self.lines
            .spells
            .keys()
            .filter(move |person| **person != self.person && self.lines.manager_of(person, day) == Some(&self.person))
            .map(String::as_str)
    }

    /// Whether this one stands in the person's line on the day.
    fn leads(&self, person: &str, on: Day) -> bool {
        let mut met = HashSet::new();
        let mut below = person;
        while let Some(manager) = self.lines.manager_of(below, on) {
            if manager == self.person {
                return true;
            }
            if !met.insert(manager) {
                return false;
            }
            below = manager;
        }
        false
    }

    /// Whether the person is HR partner of the department, or of one above it, on the day.
    fn looks_after(&self, department: &str, on: Day) -> bool {
        if !self.is_hr() {
            return false;
        }
        let mut met = HashSet::new();
        let mut next = Some(department);
        while let Some(department) = next.filter(|department| met.insert(*department)) {
            if self.roles.hr_departments.iter().any(|own| own == department) {
                return true;
            }
            next = self.lines.above(department, on);
        }
        false
    }
}

impl Lines {
    pub(super) fn spells_of(&self, person: &str) -> &[Spell] {
        self.spells.get(person).map(Vec::as_slice).unwrap_or_default()
    }

    fn department_of(&self, person: &str, on: Day) -> Option<&str> {
        spell_on(self.spells_of(person), on).and_then(|spell| spell.department.as_deref())
    }

    fn manager_of(&self, person: &str, on: Day) -> Option<&str> {
        spell_on(self.spells_of(person), on).and_then(|spell| spell.manager.as_deref())
    }

    /// The managers above the person on the day, the nearest first.
    fn managers_above(&self, person: &str, on: Day) -> Vec<&str> {
        let mut managers = Vec::new();
        let mut next = self.manager_of(person, on);
        while let Some(manager) = next.filter(|manager| *manager != person && !managers.contains(manager)) {
            managers.push(manager);
            next = self.manager_of(manager, on);
        }
        managers
    }

    /// Whoever is the manager of most people of the department on the day; of several, the first by id.
    fn leader_of(&self, department: &str, on: Day, may: impl Fn(&str) -> bool) -> Option<&str> {
        let mut led: BTreeMap<&str, usize> = BTreeMap::new();
        let members = self.spells.keys().filter(|person| self.department_of(person, on) == Some(department));
        for manager in members.filter_map(|person| self.manager_of(person, on)).filter(|manager| may(manager)) {
            *led.entry(manager).or_default() += 1;
        }
        led.into_iter().max_by_key(|(manager, led)| (*led, std::cmp::Reverse(*manager))).map(|(manager, _)| manager)
    }

    /// The department above this one on the day. A department that is closed then stands nowhere.
    fn above(&self, department: &str, on: Day) -> Option<&str> {
        let spell = self.departments.get(department).and_then(|spells| counts_on(spells, on));
        spell.filter(|spell| !spell.closed).and_then(|spell| spell.department.parent.as_deref())
    }

    fn owner_of(&self, customer: &str, on: Day) -> Option<&str> {
        let ownerships = self.ownerships.get(customer)?;
        counts_on(ownerships, on).and_then(|ownership| ownership.owner.as_deref())
    }
}
