//! Staleness: from coarse marks to the scores that have to be computed again, and computing them.
//!
//! Only months are kept up to date by themselves; other periods are scored when somebody asks.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use daybreak_domain::company::Company;
use daybreak_domain::period::Period;
use daybreak_domain::requirements::{Need, Requirements, Scope, SubjectKind, Window};
use daybreak_domain::time::{Day, Instant};
use daybreak_storage::{Definition, Mark, MarkCause, StaleKey};

use crate::score::{ScoreOrder, Scored, Subjects};
use crate::tables::Organisation;
use crate::{AppError, Daybreak};

/// Stands for every subject of the indicator.
pub const EVERYBODY: &str = "*";

/// A newly enabled indicator is scored for the current month and so many before it: a year of baseline.
const MONTHS_BEFORE: usize = 11;

/// Most months that one fact can touch; a longer window is refused when it is granted.
const MONTHS_MAX: usize = 62;

const KEYS_AT_ONCE: usize = 100_000;

/// By kind and document: the actor, the customer and the time of every fact on it.
type Documents = HashMap<(String, String), Vec<(Option<String>, Option<String>, Instant)>>;

/// An indicator with what its plugin reads.
struct Watcher {
    definition: Definition,
    requirements: Requirements,
}

impl Daybreak {
    /// Turns the marks that wait into stale keys. Returns how many marks were expanded.
    pub async fn expand_marks(&self, company: &Company) -> Result<usize, AppError> {
        let mut expanded = 0;
        loop {
            let known_to = self.store.sequence(&company.id).await?;
            let mut write = self.store.write().await?;
            let marks = write.oldest_marks(&company.id).await?;
            let Some((last_sequence, last_position, _)) = marks.last().cloned() else {
                return Ok(expanded);
            };
            let watchers = self.watchers(company, known_to).await?;
            let organisation = Organisation::new(self.store.spells(&company.id, known_to).await?);
            let documents = self.documents_of(company, &watchers, &marks).await?;
            let mut keys: BTreeMap<StaleKey, i64> = BTreeMap::new();
            for (sequence, _, mark) in &marks {
                for watcher in &watchers {
                    for key in self.touched(company, watcher, mark, &organisation, &documents).await? {
                        let highest = keys.entry(key).or_insert(*sequence);
                        *highest = (*highest).max(*sequence);
                    }
                }
            }
            let keys: Vec<(StaleKey, i64)> = keys.into_iter().collect();
            write.add_stale(&company.id, &keys).await?;
            write.drop_marks(&company.id, last_sequence, last_position).await?;
            write.commit().await?;
            expanded += marks.len();
        }
    }

    /// Scores everything that is stale, up to now. `progress` hears of every order before it is scored.
    pub async fn score_stale(
        &self,
        company: &Company,
        progress: &mut (dyn FnMut(&ScoreOrder, usize) + Send),
    ) -> Result<Scored, AppError> {
        self.expand_marks(company).await?;
        let today = company.zone.day_of(self.clock.now());
        let keys = self.store.stale_keys(&company.id, KEYS_AT_ONCE).await?;
        let mut orders: BTreeMap<(String, Period), BTreeSet<String>> = BTreeMap::new();
        // A month that has not begun waits for its first day.
        for key in keys.into_iter().filter(|key| key.period.first() <= today) {
            orders.entry((key.indicator, key.period)).or_default().insert(key.subject);
        }
        let mut report = Scored::default();
        let mut left = orders.len();
        for ((indicator, period), subjects) in orders {
            let subjects = if subjects.contains(EVERYBODY) { Subjects::All } else { Subjects::These(subjects) };
            let order = ScoreOrder { indicator, period, assessed_on: today, subjects };
            progress(&order, left);
            report.add(self.score(company, &order).await?);
            left -= 1;
        }
        Ok(report)
    }

    async fn watchers(&self, company: &Company, known_to: i64) -> Result<Vec<Watcher>, AppError> {
        let today = company.zone.day_of(self.clock.now());
        let mut watchers = Vec::new();
        for definition in self.store.definitions(&company.id).await? {
            let Some(parameters) = self.store.parameters(&company.id, &definition.indicator, today, known_to).await?
            else {
                continue;
            };
            let mut requirements: Option<Requirements> = None;
            for pin in self.store.pins(&company.id, &definition.plugin, today, known_to).await? {
                let permissions = self
                    .store
                    .permissions(&company.id, &definition.indicator, &pin.component, parameters.sequence, known_to)
                    .await?;
                for permission in permissions {
                    match &mut requirements {
                        Some(known) => known.needs.extend(permission.requirements.needs),
                        None => requirements = Some(permission.requirements),
                    }
                }
            }
            if let Some(requirements) = requirements {
                watchers.push(Watcher { definition, requirements });
            }
        }
        Ok(watchers)
    }

    async fn touched(
        &self,
        company: &Company,
        watcher: &Watcher,
        mark: &Mark,
        organisation: &Organisation,
        documents: &Documents,
    ) -> Result<BTreeSet<StaleKey>, AppError> {
        let indicator = &watcher.definition.indicator;
        let concerns = mark.indicator.as_ref().is_none_or(|marked| marked == indicator);
        let mut touched = BTreeSet::new();
        let mut add = |subject: &str, period: Period| {
            touched.insert(StaleKey { indicator: indicator.clone(), period, subject: subject.to_owned() });
        };
        match mark.cause {
            MarkCause::Fact => {
                let kind = mark.kind.as_deref();
                for need in watcher.requirements.needs.iter().filter(|need| Some(need.kind.as_str()) == kind) {
                    for (subject, period) in self.touched_by_fact(company, watcher, need, mark, organisation, documents)
                    {
                        add(&subject, period);
                    }
                }
            }
            MarkCause::Indicator if concerns => {
                let months = self.scored_months(company, indicator).await?;
                let months = if months.is_empty() { self.first_months(company) } else { months };
                for month in months {
                    add(EVERYBODY, month);
                }
            }
            MarkCause::Goal if concerns => {
                for (subject, period) in self.store.scored_keys(&company.id, indicator).await? {
                    if period.is_month() && mark.subject.as_ref().is_none_or(|marked| *marked == subject) {
                        add(&subject, period);
                    }
                }
            }
            MarkCause::Person => {
                // Where somebody belongs decides about departments, grants and pins as well as about their own facts.
                for month in self.scored_months(company, indicator).await? {
                    add(EVERYBODY, month);
                }
            }
            MarkCause::Indicator | MarkCause::Goal => {}
        }
        Ok(touched)
    }

    /// Who did what when on the documents of these marks, where some plugin reads whole documents.
    async fn documents_of(
        &self,
        company: &Company,
        watchers: &[Watcher],
        marks: &[(i64, i64, Mark)],
    ) -> Result<Documents, AppError> {
        let read_whole: BTreeSet<&str> = watchers
            .iter()
            .flat_map(|watcher| &watcher.requirements.needs)
            .filter(|need| need.scope == Scope::Documents)
            .map(|need| need.kind.as_str())
            .collect();
        let mut documents = Documents::new();
        for (_, _, mark) in marks {
            let (Some(kind), Some(document)) = (&mark.kind, &mark.document) else { continue };
            let key = (kind.clone(), document.clone());
            if read_whole.contains(kind.as_str()) && !documents.contains_key(&key) {
                let actors = self.store.actors_on_document(&company.id, kind, document).await?;
                documents.insert(key, actors);
            }
        }
        Ok(documents)
    }

    fn touched_by_fact(
        &self,
        company: &Company,
        watcher: &Watcher,
        need: &Need,
        mark: &Mark,
        organisation: &Organisation,
        documents: &Documents,
    ) -> BTreeSet<(String, Period)> {
        let Some(day) = mark.day else { return BTreeSet::new() };
        let kind = watcher.definition.subject_kind;
        let own = |actor: Option<&str>, customer: Option<&str>, day: Day| match kind {
            SubjectKind::Employee => actor.map(str::to_owned),
            SubjectKind::Customer => customer.map(str::to_owned),
            SubjectKind::Department => {
                actor.and_then(|actor| organisation.department_of(actor, day)).map(str::to_owned)
            }
            SubjectKind::Company => Some(company.id.clone()),
        };
        let mut touched = BTreeSet::new();
        let mut add = |subject: Option<String>, day: Day| {
            let Some(subject) = subject else { return };
            for month in self.months_of(company, need.window, day) {
                touched.insert((subject.clone(), month));
            }
        };
        add(own(mark.actor.as_deref(), mark.customer.as_deref(), day), day);
        match need.scope {
            Scope::Subject => {}
            Scope::Documents => {
                let key = mark.document.clone().map(|document| (need.kind.clone(), document));
                for (actor, customer, at) in key.and_then(|key| documents.get(&key)).into_iter().flatten() {
                    let day = company.zone.day_of(*at);
                    add(own(actor.as_deref(), customer.as_deref(), day), day);
                }
            }
            Scope::Department | Scope::Customers | Scope::Company => add(Some(EVERYBODY.to_owned()), day),
        }
        touched
    }

    /// The months whose scores read a fact of this day.
    fn months_of(&self, company: &Company, window: Window, day: Day) -> Vec<Period> {
        match window {
            Window::PeriodAndBefore(days) => {
                let until = day.plus(i32::try_from(days).unwrap_or(0));
                let mut months = vec![Period::month_of(day)];
                while let Some(last) = months.last().filter(|last| last.end() <= until) {
                    if months.len() >= MONTHS_MAX {
                        break;
                    }
                    months.push(Period::month_of(last.end()));
                }
                months
            }
            Window::LastDays(days) => {
                let today = company.zone.day_of(self.clock.now());
                let reaches = day.plus(i32::try_from(days).unwrap_or(0)) >= today;
                if reaches { vec![Period::month_of(today)] } else { Vec::new() }
            }
        }
    }

    async fn scored_months(&self, company: &Company, indicator: &str) -> Result<BTreeSet<Period>, AppError> {
        let keys = self.store.scored_keys(&company.id, indicator).await?;
        Ok(keys.into_iter().map(|(_, period)| period).filter(Period::is_month).collect())
    }

    fn first_months(&self, company: &Company) -> BTreeSet<Period> {
        let now: Instant = self.clock.now();
        let mut months = BTreeSet::from([Period::month_of(company.zone.day_of(now))]);
        while let Some(first) = months.first().filter(|_| months.len() <= MONTHS_BEFORE) {
            months.insert(Period::month_of(first.first().plus(-1)));
        }
        months
    }
}
