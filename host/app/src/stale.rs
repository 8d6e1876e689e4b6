//! Staleness: from coarse marks to the scores that have to be computed again, and computing them.
//!
//! Only months are kept up to date by themselves; other periods are scored when somebody asks. What an indicator watches
//! is everything that any version of its plugin was ever permitted to read, because a late fact may belong to a time of
//! other parameters.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use daybreak_domain::company::Company;
use daybreak_domain::period::Period;
use daybreak_domain::plugin::PluginKind;
use daybreak_domain::requirements::{Need, Refresh, Scope, SubjectKind, Window};
use daybreak_domain::time::{Day, Instant};
use daybreak_storage::{
    COMPOSITES, COMPOSITES_OF_MONTHS, Claim, ClaimedWork, Definition, Mark, MarkCause, StaleKey, StoreError, WorkOrder,
    composite_key,
};

use crate::assess::AssessedDue;
use crate::score::{ScoreOrder, Scored, Subjects};
use crate::tables::Organisation;
use crate::{AppError, Daybreak, figures};

/// Stands for every subject of the indicator.
pub const EVERYBODY: &str = "*";

/// Most months that one fact, or one indicator that is enabled, makes stale: the longest window is five years.
const MONTHS_MAX: usize = 62;

/// How long a claim on work holds if its scorer is never heard of again: far longer than any indicator takes for a month.
/// Should it take longer still, the work is done twice, and the score that knew more is the current one.
const CLAIM_MILLISECONDS: i64 = 30 * 60 * 1_000;

/// How often one scorer computes the same composites in a row, while others go on making them stale.
const TURNS_MAX: u32 = 10;

/// How often a database that is busy is asked to claim work or to take a claim back.
const BUSY_TRIES_MAX: u32 = 5;

/// What happened when the stale scores were computed.
#[derive(Debug, Default)]
pub struct ScoredStale {
    pub scored: Scored,
    /// Composites that came out otherwise than before.
    pub composites: usize,
    /// What could not be scored at all, and stays stale.
    pub errors: Vec<(ScoreOrder, AppError)>,
    /// What the assistants that were due did.
    pub assessed: AssessedDue,
    /// It was stopped before everything was done; what is left stays stale.
    pub stopped: bool,
    /// What was left to others, because they have claimed it.
    pub claimed: Option<ClaimedWork>,
}

/// An indicator with what it watches.
struct Watcher {
    definition: Definition,
    needs: Vec<Need>,
    daily: bool,
}

/// By kind and document: the actor, the customer and the time of every fact on it.
type Documents = HashMap<(String, String), Vec<(Option<String>, Option<String>, Instant)>>;

/// Marks, each kind of them once with the highest sequence: what is touched depends on nothing else.
#[derive(Default)]
struct Changes {
    /// By kind, actor, customer and day.
    facts: BTreeMap<(String, Option<String>, Option<String>, Day), i64>,
    /// By kind and document.
    documents: BTreeMap<(String, String), i64>,
    indicators: BTreeMap<String, i64>,
    /// By indicator and, for a goal of one subject, the subject.
    goals: BTreeMap<(String, Option<String>), i64>,
    /// By person, the days on which something changed; without days, any.
    people: BTreeMap<(String, ChangedDays), i64>,
    /// By customer, the days on which somebody else looks after it.
    owners: BTreeMap<(String, ChangedDays), i64>,
    /// What changes shares: by person, the first day on which something changed; without a day, any.
    shares: BTreeMap<(String, Option<Day>), i64>,
}

/// Days from the first until the day before the second; without a second, all days from the first on.
type ChangedDays = (Day, Option<Day>);

impl Changes {
    fn of(marks: &[(i64, i64, Mark)]) -> Self {
        let mut changes = Self::default();
        for (sequence, _, mark) in marks {
            let mark = mark.clone();
            if matches!(mark.cause, MarkCause::Person | MarkCause::Circumstance) {
                let who = mark.subject.clone().unwrap_or_else(|| EVERYBODY.to_owned());
                raise(changes.shares.entry((who, mark.day)).or_default(), *sequence);
            }
            match mark.cause {
                MarkCause::Fact => {
                    let (Some(kind), Some(day)) = (mark.kind, mark.day) else { continue };
                    if let Some(document) = mark.document {
                        raise(changes.documents.entry((kind.clone(), document)).or_default(), *sequence);
                    }
                    raise(changes.facts.entry((kind, mark.actor, mark.customer, day)).or_default(), *sequence);
                }
                MarkCause::Indicator => {
                    let Some(indicator) = mark.indicator else { continue };
                    raise(changes.indicators.entry(indicator).or_default(), *sequence);
                }
                MarkCause::Goal => {
                    let Some(indicator) = mark.indicator else { continue };
                    raise(changes.goals.entry((indicator, mark.subject)).or_default(), *sequence);
                }
                // It changes shares, as was noted above, never what an indicator says.
                MarkCause::Circumstance => {}
                MarkCause::Person | MarkCause::Owner => {
                    // A mark of an earlier version names no days.
                    let days = (mark.day.unwrap_or(Day(i32::MIN)), mark.day_until);
                    let (who, changed) = match mark.cause {
                        MarkCause::Owner => (mark.customer, &mut changes.owners),
                        _ => (mark.subject, &mut changes.people),
                    };
                    raise(changed.entry((who.unwrap_or_default(), days)).or_default(), *sequence);
                }
            }
        }
        changes
    }
}

fn raise(highest: &mut i64, sequence: i64) {
    *highest = (*highest).max(sequence);
}

/// Stale keys on their way into the database.
struct Touched<'a> {
    company: &'a Company,
    today: Day,
    keys: BTreeMap<StaleKey, i64>,
}

impl Touched<'_> {
    fn add(&mut self, indicator: &str, subject: &str, period: Period, mark: i64) {
        self.add_due(indicator, subject, period, period.first(), mark);
    }

    fn add_due(&mut self, indicator: &str, subject: &str, period: Period, due: Day, mark: i64) {
        // What is due already is one key, whatever day it was due on.
        let due = if due <= self.today { period.first().min(self.today) } else { due };
        let key = StaleKey { indicator: indicator.to_owned(), period, subject: subject.to_owned(), due };
        raise(self.keys.entry(key).or_default(), mark);
    }

    /// A fact of this day by these two, for one need.
    fn add_fact(
        &mut self,
        watcher: &Watcher,
        need: &Need,
        organisation: &Organisation,
        (actor, customer, day): (Option<&str>, Option<&str>, Day),
        mark: i64,
    ) {
        let owner = || customer.and_then(|customer| organisation.owner_of(customer, day));
        let subject = match watcher.definition.subject_kind {
            _ if matches!(need.scope, Scope::Department | Scope::Company) => Some(EVERYBODY),
            SubjectKind::Employee if need.scope == Scope::Customers => owner(),
            SubjectKind::Department if need.scope == Scope::Customers => {
                owner().and_then(|owner| organisation.department_of(owner, day))
            }
            SubjectKind::Employee => actor,
            SubjectKind::Customer => customer,
            SubjectKind::Department => actor.and_then(|actor| organisation.department_of(actor, day)),
            SubjectKind::Company => Some(self.company.id.as_str()),
        };
        let Some(subject) = subject.map(str::to_owned) else { return };
        let (Window::PeriodAndBefore(days) | Window::LastDays(days)) = need.window;
        let until = day.plus(i32::try_from(days).unwrap_or(0));
        let mut month = Period::month_of(day);
        for _ in 0..MONTHS_MAX {
            self.add_due(&watcher.definition.indicator, &subject, month, day.max(month.first()), mark);
            if month.end() > until {
                break;
            }
            month = Period::month_of(month.end());
        }
    }
}

impl Daybreak {
    /// Turns the marks that wait into stale keys. Returns how many marks were expanded.
    pub async fn expand_marks(&self, company: &Company) -> Result<usize, AppError> {
        let mut expanded = 0;
        // Whoever records facts waits for whoever holds the company's counter, so it is not taken for nothing.
        while self.store.has_marks(&company.id).await? {
            let mut write = self.store.write(&company.id).await?;
            // With the counter locked, nothing can be granted between our look at the watchers and the end of it.
            let known_to = write.sequence();
            let marks = write.oldest_marks().await?;
            let Some((last_sequence, last_position, _)) = marks.last().cloned() else {
                return Ok(expanded);
            };
            let changes = Changes::of(&marks);
            let watchers = self.watchers(company).await?;
            let documents = self.documents_of(company, &watchers, &changes).await?;
            let organisation = self.organisation(company, known_to).await?;
            let today = company.zone.day_of(self.clock.now());
            let mut touched = Touched { company, today, keys: BTreeMap::new() };
            for watcher in &watchers {
                touch_by_facts(&mut touched, watcher, &changes, &documents, &organisation);
                self.touch_by_settings(&mut touched, watcher, &changes, &organisation).await?;
            }
            self.touch_composites(&mut touched, &changes).await?;
            let keys: Vec<(StaleKey, i64)> = touched.keys.into_iter().collect();
            write.add_stale(&keys).await?;
            write.add_assessments_due(&self.assessments_touched(company, &changes, today).await?).await?;
            write.drop_marks(last_sequence, last_position).await?;
            write.commit().await?;
            expanded += marks.len();
        }
        Ok(expanded)
    }

    /// Scores everything that is stale, up to now, and that no other host has claimed; then asks the assistants that are
    /// due. `progress` hears of every order before it is scored. What cannot be
    /// scored stays stale and keeps nothing else from being scored.
    pub async fn score_stale(
        &self,
        company: &Company,
        progress: &mut (dyn FnMut(&ScoreOrder, usize) + Send),
    ) -> Result<ScoredStale, AppError> {
        self.score_stale_until(company, progress, &|| false).await
    }

    /// As [`Daybreak::score_stale`], until `stop` says so: it is asked before every piece of work and every assistant. The
    /// piece in hand is finished, and nothing stays claimed.
    #[tracing::instrument(name = "score_stale", skip_all, fields(company = %company.id))]
    pub async fn score_stale_until(
        &self,
        company: &Company,
        progress: &mut (dyn FnMut(&ScoreOrder, usize) + Send),
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<ScoredStale, AppError> {
        self.expand_marks(company).await?;
        self.add_daily(company).await?;
        self.add_running_composites(company).await?;
        let mut report = self.work_off(company, None, progress, stop).await?;
        let now = self.clock.now();
        report.claimed = self.store.claimed_work(&company.id, company.zone.day_of(now), now).await?;
        Ok(report)
    }

    /// Brings stale composites up to date, and leaves stale scores as they are.
    pub async fn compose_stale(&self, company: &Company) -> Result<ScoredStale, AppError> {
        self.expand_marks(company).await?;
        self.add_running_composites(company).await?;
        let today = company.zone.day_of(self.clock.now());
        // Whatever comes after every indicator's name.
        let after = WorkOrder { indicator: "~".to_owned(), period: Period::of_day(today), claimed_by: String::new() };
        self.work_off(company, Some(after), &mut |_, _| {}, &|| false).await
    }

    /// Claims and does what is stale and comes after this work, in its order: composites after all scores.
    async fn work_off(
        &self,
        company: &Company,
        mut last: Option<WorkOrder>,
        progress: &mut (dyn FnMut(&ScoreOrder, usize) + Send),
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<ScoredStale, AppError> {
        let today = company.zone.day_of(self.clock.now());
        let watchers = self.watchers(company).await?;
        let mut report = ScoredStale::default();
        let mut left = self.store.waiting_work(&company.id, today).await?;
        figures::stale_waiting(company, left);
        let scorer = self.ids.new_id("scorer");
        let mut turns: BTreeMap<(String, Period), u32> = BTreeMap::new();
        loop {
            if stop() {
                report.stopped = true;
                return Ok(report);
            }
            let now = self.clock.now();
            let claim = Claim { claimed_by: &scorer, now, until: Instant(now.0 + CLAIM_MILLISECONDS) };
            let claiming = || self.store.claim_work(&company.id, today, last.as_ref(), &claim);
            let Some(work) = persisting(claiming).await? else { break };
            let done = self.do_work(company, &watchers, (&work, left), today, progress, &mut report).await;
            // However it ended, the claim is given back before anything else: nobody else would do the work meanwhile.
            let released = self.release(company, &work).await;
            let is_well = done?;
            released?;
            left = left.saturating_sub(1);
            figures::stale_waiting(company, left);
            // Another scorer may have marked composites while they were claimed here, and passed over them.
            let turn = turns.entry((work.indicator.clone(), work.period)).or_default();
            *turn += 1;
            if !is_composite(&work) || !is_well || *turn >= TURNS_MAX {
                last = Some(work);
            }
        }
        report.assessed = self.assess_due(company, stop).await?;
        report.stopped = report.assessed.stopped;
        Ok(report)
    }

    /// Does one piece of work, of which so many are left. Returns whether it could be done; if not, the report says why.
    async fn do_work(
        &self,
        company: &Company,
        watchers: &[Watcher],
        (work, left): (&WorkOrder, usize),
        today: Day,
        progress: &mut (dyn FnMut(&ScoreOrder, usize) + Send),
        report: &mut ScoredStale,
    ) -> Result<bool, AppError> {
        let order = self.order_of(company, watchers, work, today).await?;
        progress(&order, left);
        let known_to = self.store.sequence(&company.id).await?;
        let done = if is_composite(work) {
            self.compose(company, work, today).await.map(|stored| report.composites += stored)
        } else {
            self.score(company, &order).await.map(|scored| report.scored.add(scored))
        };
        match done {
            Ok(()) => return Ok(true),
            // There was no such indicator then, so there is nothing to compute.
            Err(AppError::IndicatorNotThere { .. } | AppError::NoParameters { .. }) => {
                self.settle(company, &order, known_to, &[]).await?;
            }
            Err(error) => report.errors.push((order, error)),
        }
        Ok(false)
    }

    async fn release(&self, company: &Company, work: &WorkOrder) -> Result<(), AppError> {
        let releasing = || async {
            let mut write = self.store.write(&company.id).await?;
            write.release_work(work).await?;
            write.commit().await
        };
        Ok(persisting(releasing).await?)
    }

    /// The assistants that read what has changed, each with the day from which the change can matter, and the highest
    /// mark. Every revision that an enablement ever had counts, because a late fact may belong to a time of others.
    async fn assessments_touched(
        &self,
        company: &Company,
        changes: &Changes,
        today: Day,
    ) -> Result<BTreeMap<(String, Day), i64>, AppError> {
        let mut due: BTreeMap<(String, Day), i64> = BTreeMap::new();
        let moved = changes.people.values().chain(changes.owners.values()).max().copied();
        if changes.facts.is_empty() && moved.is_none() {
            return Ok(due);
        }
        for enablement in self.every_enablement(company).await? {
            if enablement.kind != PluginKind::Assistant {
                continue;
            }
            let kinds: BTreeSet<&str> = enablement.requirements.needs.iter().map(|need| need.kind.as_str()).collect();
            let facts = changes.facts.iter().filter(|((kind, ..), _)| kinds.contains(kind.as_str()));
            let touched = facts.map(|((.., day), mark)| (today.max(*day), *mark));
            for (day, mark) in touched.chain(moved.map(|mark| (today, mark))) {
                raise(due.entry((enablement.enablement.clone(), day)).or_default(), mark);
            }
        }
        Ok(due)
    }

    /// What changes somebody's shares makes the composites of the months stale in which it may count.
    async fn touch_composites(&self, touched: &mut Touched<'_>, changes: &Changes) -> Result<(), AppError> {
        let (company, today) = (touched.company, touched.today);
        if changes.shares.is_empty() || self.store.scorecards(&company.id, i64::MAX).await?.is_empty() {
            return Ok(());
        }
        let months = self.months_between(company, Day(i32::MIN), None).await?;
        for ((who, day), mark) in &changes.shares {
            let from = day.unwrap_or(Day(i32::MIN));
            // A change of tomorrow's month is due when that begins.
            let coming = Some(Period::month_of(from.max(today)));
            for month in months.iter().copied().chain(coming).filter(|month| from < month.end()) {
                raise(touched.keys.entry(composite_key(COMPOSITES, month, who, today)).or_default(), *mark);
            }
        }
        Ok(())
    }

    /// What has to be scored of the work, now that it is claimed.
    async fn order_of(
        &self,
        company: &Company,
        watchers: &[Watcher],
        work: &WorkOrder,
        today: Day,
    ) -> Result<ScoreOrder, AppError> {
        let WorkOrder { indicator, period, .. } = work.clone();
        let subjects = self.store.stale_subjects(&company.id, &indicator, period, today).await?;
        let subjects = if subjects.contains(EVERYBODY) { Subjects::All } else { Subjects::These(subjects) };
        let looks_back = watchers.iter().any(|watcher| {
            watcher.definition.indicator == indicator
                && watcher.needs.iter().any(|need| matches!(need.window, Window::LastDays(_)))
        });
        // "The last days" of a month that is over are its own last days, not those before today.
        let assessed_on = if looks_back { today.min(period.last()) } else { today };
        Ok(ScoreOrder { indicator, period, assessed_on, subjects, settles: true })
    }

    /// A daily indicator's running month is stale from every midnight on.
    async fn add_daily(&self, company: &Company) -> Result<(), AppError> {
        let today = company.zone.day_of(self.clock.now());
        let month = Period::month_of(today);
        let known_to = self.store.sequence(&company.id).await?;
        let mut keys = Vec::new();
        for watcher in self.watchers(company).await?.into_iter().filter(|watcher| watcher.daily) {
            let indicator = watcher.definition.indicator;
            let last = self.store.last_scored_at(&company.id, &indicator, month).await?;
            if last.is_none_or(|last| company.zone.day_of(last) < today) {
                let due = month.first();
                keys.push((StaleKey { indicator, period: month, subject: EVERYBODY.to_owned(), due }, known_to));
            }
        }
        if keys.is_empty() {
            return Ok(());
        }
        let mut write = self.store.write(&company.id).await?;
        write.add_stale(&keys).await?;
        Ok(write.commit().await?)
    }

    async fn watchers(&self, company: &Company) -> Result<Vec<Watcher>, AppError> {
        let mut watchers = Vec::new();
        for definition in self.store.definitions(&company.id).await? {
            let mut watcher = Watcher { definition, needs: Vec::new(), daily: false };
            for requirements in self.store.all_requirements(&company.id, &watcher.definition.indicator).await? {
                watcher.daily |= requirements.refresh == Refresh::Daily;
                for need in requirements.needs {
                    let same = |known: &Need| {
                        known.kind == need.kind
                            && known.scope == need.scope
                            && known.window == need.window
                            && names_departments(known) == names_departments(&need)
                    };
                    if !watcher.needs.iter().any(same) {
                        watcher.needs.push(need);
                    }
                }
            }
            watchers.push(watcher);
        }
        Ok(watchers)
    }

    /// Who did what when on the documents that changed, where some plugin reads whole documents.
    async fn documents_of(
        &self,
        company: &Company,
        watchers: &[Watcher],
        changes: &Changes,
    ) -> Result<Documents, AppError> {
        let read_whole: BTreeSet<&str> = watchers
            .iter()
            .flat_map(|watcher| &watcher.needs)
            .filter(|need| need.scope == Scope::Documents)
            .map(|need| need.kind.as_str())
            .collect();
        let mut documents = Documents::new();
        for kind in read_whole {
            let changed = changes.documents.keys().filter(|(changed, _)| changed == kind);
            let changed: Vec<&str> = changed.map(|(_, document)| document.as_str()).collect();
            if changed.is_empty() {
                continue;
            }
            for (document, actor, customer, at) in self.store.actors_on(&company.id, kind, &changed).await? {
                documents.entry((kind.to_owned(), document)).or_default().push((actor, customer, at));
            }
        }
        Ok(documents)
    }

    /// What changes of definitions, parameters, grants, pins, goals and people make stale.
    async fn touch_by_settings(
        &self,
        touched: &mut Touched<'_>,
        watcher: &Watcher,
        changes: &Changes,
        organisation: &Organisation,
    ) -> Result<(), AppError> {
        let company = touched.company;
        let indicator = &watcher.definition.indicator;
        let set = changes.indicators.get(indicator).copied();
        let goals: Vec<(Option<&String>, i64)> = changes
            .goals
            .iter()
            .filter(|((changed, _), _)| changed == indicator)
            .map(|((_, subject), mark)| (subject.as_ref(), *mark))
            .collect();
        if set.is_none() && goals.is_empty() && changes.people.is_empty() && changes.owners.is_empty() {
            return Ok(());
        }
        let scored = self.store.scored_keys(&company.id, indicator).await?;
        let scored_months: BTreeSet<Period> =
            scored.iter().map(|(_, period)| *period).filter(Period::is_month).collect();
        if !changes.people.is_empty() || !changes.owners.is_empty() {
            // A month that was never scored, because its facts were nobody's, may be somebody's now.
            let with_facts = self.months_with_facts(company, watcher).await?;
            let months = scored_months.union(&with_facts).copied().collect();
            touch_by_organisation(touched, watcher, changes, organisation, &months);
        }
        if let Some(mark) = set {
            for month in &scored_months {
                touched.add(indicator, EVERYBODY, *month, mark);
            }
            for month in self.months_with_facts(company, watcher).await? {
                touched.add(indicator, EVERYBODY, month, mark);
            }
        }
        for (subject, mark) in goals {
            for (scored, period) in scored.iter().filter(|(_, period)| period.is_month()) {
                if subject.is_none_or(|subject| subject == scored) {
                    touched.add(indicator, scored, *period, mark);
                }
            }
        }
        Ok(())
    }

    /// The months that may see facts that the indicator reads, and the running one; the newest of them.
    async fn months_with_facts(&self, company: &Company, watcher: &Watcher) -> Result<BTreeSet<Period>, AppError> {
        let today = company.zone.day_of(self.clock.now());
        let mut months = BTreeSet::from([Period::month_of(today)]);
        let mut kinds: BTreeMap<&str, u32> = BTreeMap::new();
        for need in &watcher.needs {
            let (Window::PeriodAndBefore(days) | Window::LastDays(days)) = need.window;
            let longest = kinds.entry(&need.kind).or_default();
            *longest = days.max(*longest);
        }
        for (kind, days) in kinds {
            let Some((first, last)) = self.store.first_and_last(&company.id, kind).await? else { continue };
            let first = company.zone.day_of(first);
            let last = company.zone.day_of(last).plus(i32::try_from(days).unwrap_or(0));
            let mut month = Period::month_of(last.min(today));
            for _ in 0..MONTHS_MAX {
                if month.end() <= first {
                    break;
                }
                months.insert(month);
                month = Period::month_of(month.first().plus(-1));
            }
        }
        Ok(months)
    }
}

/// Tries again while the database is busy, a few times: each try has waited for whoever keeps it busy.
async fn persisting<T, F>(mut attempt: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut tries = 0;
    loop {
        tries += 1;
        match attempt().await {
            Err(StoreError::Busy(_)) if tries < BUSY_TRIES_MAX => tokio::task::yield_now().await,
            done => return done,
        }
    }
}

fn is_composite(work: &WorkOrder) -> bool {
    [COMPOSITES, COMPOSITES_OF_MONTHS].contains(&work.indicator.as_str())
}

/// What somebody's move, or another owner of a customer, makes stale of these months: those that can see one of the changed
/// days.
fn touch_by_organisation(
    touched: &mut Touched<'_>,
    watcher: &Watcher,
    changes: &Changes,
    organisation: &Organisation,
    months: &BTreeSet<Period>,
) {
    let indicator = &watcher.definition.indicator;
    let subject_kind = watcher.definition.subject_kind;
    // Where somebody belongs decides which facts come to others only in these cases. Otherwise it decides about the
    // person's own department, and with it about grants and pins, and whether there is anybody to score.
    let reaches_others = watcher.needs.iter().any(|need| {
        subject_kind == SubjectKind::Department
            || (need.scope == Scope::Department && subject_kind == SubjectKind::Employee)
            || names_departments(need)
    });
    for ((person, days), mark) in &changes.people {
        let subject = match subject_kind {
            _ if reaches_others => EVERYBODY,
            SubjectKind::Employee => person.as_str(),
            SubjectKind::Department | SubjectKind::Customer | SubjectKind::Company => continue,
        };
        for month in months.iter().filter(|month| watcher.sees(**month, *days, |_| true)) {
            touched.add(indicator, subject, *month, *mark);
        }
    }
    for ((customer, days), mark) in &changes.owners {
        let by_owner = |need: &Need| need.scope == Scope::Customers;
        if !watcher.needs.iter().any(by_owner) {
            continue;
        }
        let subjects: BTreeSet<&str> = match subject_kind {
            // Whoever had it before and whoever has it now are among those who ever had it.
            SubjectKind::Employee => organisation.owners_ever(customer).collect(),
            SubjectKind::Department | SubjectKind::Company => BTreeSet::from([EVERYBODY]),
            SubjectKind::Customer => BTreeSet::new(),
        };
        for month in months.iter().filter(|month| watcher.sees(**month, *days, by_owner)) {
            for subject in &subjects {
                touched.add(indicator, subject, *month, *mark);
            }
        }
    }
}

/// Whether the need asks for the departments of the people who did things, its own subject's or others'.
fn names_departments(need: &Need) -> bool {
    need.fields.iter().any(|field| field.name == "@actor-department")
}

impl Watcher {
    /// Whether a score of the month can depend on one of the days, by its own days or by what these needs look at.
    fn sees(&self, month: Period, (first, until): ChangedDays, which: impl Fn(&Need) -> bool) -> bool {
        let mut from = month.first();
        for need in self.needs.iter().filter(|need| which(need)) {
            let back = |days: u32| -i32::try_from(days).unwrap_or(i32::MAX);
            from = from.min(match need.window {
                // Whole documents come, however long ago they began.
                _ if need.scope == Scope::Documents => Day(i32::MIN),
                Window::PeriodAndBefore(days) | Window::LastDays(days) => month.first().plus(back(days)),
            });
        }
        first < month.end() && until.is_none_or(|until| from < until)
    }
}

fn touch_by_facts(
    touched: &mut Touched<'_>,
    watcher: &Watcher,
    changes: &Changes,
    documents: &Documents,
    organisation: &Organisation,
) {
    for need in &watcher.needs {
        for ((kind, actor, customer, day), mark) in &changes.facts {
            if *kind == need.kind {
                let fact = (actor.as_deref(), customer.as_deref(), *day);
                touched.add_fact(watcher, need, organisation, fact, *mark);
            }
        }
        if need.scope != Scope::Documents {
            continue;
        }
        // A late event on a ticket makes everybody stale who took part in it.
        for (key, mark) in &changes.documents {
            if key.0 != need.kind {
                continue;
            }
            for (actor, customer, at) in documents.get(key).into_iter().flatten() {
                let fact = (actor.as_deref(), customer.as_deref(), touched.company.zone.day_of(*at));
                touched.add_fact(watcher, need, organisation, fact, *mark);
            }
        }
    }
}
