//! Scoring: who is scored, by which plugin version, on which facts, and what is kept of it.
//!
//! The order is always the same: fix what is known (n), find the definition, parameters, goals, pins and grants of the
//! period's last day (for employees, of their own last day in it), read the facts that were granted, assemble tables,
//! call the plugin in batches, check, append.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use daybreak_domain::fact_set::FactSet;
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{Batch, Outcome, Subject};
use daybreak_domain::period::Period;
use daybreak_domain::plugin::{Fault, PluginKind};
use daybreak_domain::receipt::{BatchReceipt, ScoreReceipt};
use daybreak_domain::requirements::{Requirements, Scope, SubjectKind, Window};
use daybreak_domain::table::{Evidence, Table, rows_digest};
use daybreak_domain::text::Localized;
use daybreak_domain::time::{Day, Instant, Span};
use daybreak_engine::{CallError, CallOptions, Plugin};
use daybreak_storage::{Definition, FactQuery, NewBatch, NewFault, NewScore, ParametersRevision, Permission, StaleKey};

use crate::figures::{self, CallWatch};
use crate::organise::departments_during;
use crate::stale::EVERYBODY;
use crate::tables::{Assembly, Defect, Frame, Organisation, Sources, assemble, assemble_within};
use crate::{AppError, Daybreak};

/// Most subjects in one call of a plugin: enough that a fresh instance for each batch costs next to nothing.
pub const SUBJECTS_PER_BATCH_MAX: usize = 300;

/// From how many scores on they are stored; fewer wait for the next batch, so that storing waits less often for the disk.
const SCORES_AT_ONCE: usize = 2 * SUBJECTS_PER_BATCH_MAX;

/// Most rows in one call, unless one subject alone has more.
pub const ROWS_PER_BATCH_MAX: usize = 60_000;

/// Who is to be scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subjects {
    /// Everybody the indicator is for.
    All,
    These(BTreeSet<String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreOrder {
    pub indicator: String,
    pub period: Period,
    /// The day of assessment: what occurred after it does not count.
    pub assessed_on: Day,
    pub subjects: Subjects,
    /// Scored as the host keeps scores up to date: what was stale of it is not any more. An order that is assessed
    /// today settles too; one that is assessed earlier makes its month stale instead, because it will be the newest
    /// score without being the one that counts.
    pub settles: bool,
}

/// What scoring one indicator for one period did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scored {
    pub computed: usize,
    pub not_computable: usize,
    /// Subjects for whom the indicator is not enabled.
    pub not_enabled: usize,
    pub faults: Vec<(String, Fault)>,
    pub rows: usize,
    pub fuel: u64,
    /// Lines that the plugin logged.
    pub log: Vec<String>,
}

impl Scored {
    pub fn add(&mut self, other: Self) {
        self.computed += other.computed;
        self.not_computable += other.not_computable;
        self.not_enabled += other.not_enabled;
        self.faults.extend(other.faults);
        self.rows += other.rows;
        self.fuel += other.fuel;
        self.log.extend(other.log);
    }
}

/// What is in force on one day.
#[derive(PartialEq)]
struct Settings {
    definition: Definition,
    parameters: ParametersRevision,
    goals: HashMap<Option<String>, Goal>,
    enablements: Vec<Enablement>,
}

/// What is in force for whom: for everybody what is so on the period's last day, except for employees who left before it.
struct InForce {
    /// The first one is that of the period's last day.
    settings: Vec<Settings>,
    /// Those who left, each with the settings of the own last day; none if there was no such indicator then.
    leavers: BTreeMap<String, Option<usize>>,
}

/// What one version of a plugin, permitted to read the same things, scores together.
struct Plan {
    definition: Definition,
    parameters: ParametersRevision,
    permission: Permission,
    plugin: Plugin,
    frame: Frame,
    known_to: i64,
    watch: CallWatch,
}

impl Daybreak {
    /// Scores one indicator for one period and appends the scores with their receipts.
    #[tracing::instrument(skip_all, fields(company = %company.id, indicator = %order.indicator))]
    pub async fn score(&self, company: &Company, order: &ScoreOrder) -> Result<Scored, AppError> {
        let known_to = self.store.sequence(&company.id).await?;
        let organisation = self.organisation(company, known_to).await?;
        let InForce { settings, leavers } = self.in_force(company, order, &organisation, known_to).await?;
        let frame = Frame::assessed_on(company.zone.clone(), order.period, order.assessed_on);
        // Versions that read the same share one reading.
        let mut readings: Vec<(Requirements, Facts)> = Vec::new();
        let mut report = Scored::default();
        for (index, settings) in settings.into_iter().enumerate() {
            let Settings { definition, parameters, goals, enablements } = settings;
            let mut candidates = BTreeSet::new();
            let mut facts: Vec<Facts> = Vec::new();
            for enablement in &enablements {
                let requirements = &enablement.permission.requirements;
                let sets = if let Some((_, sets)) = readings.iter().find(|(read, _)| read == requirements) {
                    sets.clone()
                } else {
                    let sets = Arc::new(self.read_facts(company, requirements, &frame, known_to).await?);
                    readings.push((requirements.clone(), sets.clone()));
                    sets
                };
                let subjects = Candidates { order, definition: &definition, requirements, organisation: &organisation };
                candidates.extend(self.candidates(company, &subjects, &frame, &sets, known_to).await?);
                facts.push(sets);
            }
            let mut members: Vec<BTreeSet<String>> = vec![BTreeSet::new(); enablements.len()];
            for subject in candidates {
                match leavers.get(&subject) {
                    None if index == 0 => {}
                    Some(Some(own)) if *own == index => {}
                    Some(None) if index == 0 => {
                        report.not_enabled += 1;
                        continue;
                    }
                    _ => continue,
                }
                let on = deciding_day(definition.subject_kind, &subject, &organisation, order.period);
                let department = department_of(definition.subject_kind, &subject, &organisation, on);
                match enablement_for(&enablements, department.as_deref()) {
                    Some(index) => drop(members[index].insert(subject)),
                    None => report.not_enabled += 1,
                }
            }
            for ((enablement, subjects), sets) in enablements.into_iter().zip(members).zip(facts) {
                if subjects.is_empty() {
                    continue;
                }
                let plugin = self.plugin(&company.id, enablement.permission.component).await?;
                let plan = Arc::new(Plan {
                    definition: definition.clone(),
                    parameters: parameters.clone(),
                    permission: enablement.permission,
                    plugin,
                    frame: frame.clone(),
                    known_to,
                    watch: self.call_watch(),
                });
                let subjects: Vec<Subject> =
                    subjects.into_iter().map(|id| Subject { goal: goal_of(&goals, &id), id }).collect();
                report.add(self.score_subjects(company, &plan, subjects, sets, &organisation).await?);
            }
        }
        self.settle(company, order, known_to, &report.faults).await?;
        Ok(report)
    }

    /// What is in force for whom. Days on which the same is in force have the same settings, so that people who left on
    /// different days are still scored together.
    async fn in_force(
        &self,
        company: &Company,
        order: &ScoreOrder,
        organisation: &Organisation,
        known_to: i64,
    ) -> Result<InForce, AppError> {
        let ScoreOrder { indicator, period, .. } = order;
        let last = self.settings(company, indicator, period.last(), known_to).await?;
        if last.enablements.is_empty() {
            let plugin = last.definition.plugin;
            return Err(AppError::NotEnabled { indicator: indicator.clone(), plugin, on: period.last() });
        }
        let is_of_employees = last.definition.subject_kind == SubjectKind::Employee;
        let mut in_force = InForce { settings: vec![last], leavers: BTreeMap::new() };
        if !is_of_employees {
            return Ok(in_force);
        }
        let mut by_day: BTreeMap<Day, Option<usize>> = BTreeMap::from([(period.last(), Some(0))]);
        for person in organisation.people_during(*period) {
            if matches!(&order.subjects, Subjects::These(subjects) if !subjects.contains(person)) {
                continue;
            }
            let on = deciding_day(SubjectKind::Employee, person, organisation, *period);
            let index = if let Some(index) = by_day.get(&on) {
                *index
            } else {
                let index = match self.settings(company, indicator, on, known_to).await {
                    Ok(own) => Some(in_force.settings.iter().position(|known| *known == own).unwrap_or_else(|| {
                        in_force.settings.push(own);
                        in_force.settings.len() - 1
                    })),
                    Err(AppError::IndicatorNotThere { .. } | AppError::NoParameters { .. }) => None,
                    Err(error) => return Err(error),
                };
                by_day.insert(on, index);
                index
            };
            if on != period.last() {
                in_force.leavers.insert(person.to_owned(), index);
            }
        }
        Ok(in_force)
    }

    async fn settings(&self, company: &Company, indicator: &str, on: Day, known_to: i64) -> Result<Settings, AppError> {
        let definition = self.store.definition(&company.id, indicator, on, known_to).await?;
        let definition =
            definition.ok_or_else(|| AppError::IndicatorNotThere { indicator: indicator.to_owned(), on })?;
        let parameters = self.store.parameters(&company.id, indicator, on, known_to).await?;
        let parameters = parameters.ok_or_else(|| AppError::NoParameters { indicator: indicator.to_owned(), on })?;
        let goals = self.store.goals(&company.id, indicator, on, known_to).await?;
        let enablements = self.enablements(company, &definition, &parameters, on, known_to).await?;
        Ok(Settings { definition, parameters, goals, enablements })
    }

    /// Notes that what was stale is not any more. A subject for whom the plugin failed stays stale.
    pub(crate) async fn settle(
        &self,
        company: &Company,
        order: &ScoreOrder,
        known_to: i64,
        faults: &[(String, Fault)],
    ) -> Result<(), AppError> {
        let today = company.zone.day_of(self.clock.now());
        let (indicator, period) = (&order.indicator, order.period);
        let key = |subject: &str| StaleKey {
            indicator: indicator.clone(),
            period,
            subject: subject.to_owned(),
            due: period.first().min(today),
        };
        let mut write = self.store.write(&company.id).await?;
        let mut stale: Vec<String> = faults.iter().map(|(subject, _)| subject.clone()).collect();
        if order.settles || order.assessed_on >= today {
            let subjects = match &order.subjects {
                Subjects::All => None,
                Subjects::These(subjects) => Some(subjects),
            };
            let on = order.assessed_on.max(today);
            write.clear_stale(indicator, period, subjects, known_to, on).await?;
        } else if period.is_month() {
            match &order.subjects {
                Subjects::All => stale.push(EVERYBODY.to_owned()),
                Subjects::These(subjects) => stale.extend(subjects.iter().cloned()),
            }
        }
        let keys: Vec<(StaleKey, i64)> = stale.iter().map(|subject| (key(subject), known_to)).collect();
        write.add_stale(&keys).await?;
        Ok(write.commit().await?)
    }

    /// The versions that the company's departments use, each with what it is permitted to read.
    async fn enablements(
        &self,
        company: &Company,
        definition: &Definition,
        parameters: &ParametersRevision,
        on: Day,
        known_to: i64,
    ) -> Result<Vec<Enablement>, AppError> {
        let pins = self.store.pins(&company.id, &definition.plugin, on, known_to).await?;
        let mut enablements = Vec::new();
        let digests: BTreeSet<Digest> = pins.iter().map(|pin| pin.component).collect();
        for digest in digests {
            let permissions = self
                .store
                .permissions(&company.id, &definition.indicator, &digest, parameters.sequence, known_to)
                .await?;
            for permission in permissions {
                let own: Vec<Option<String>> =
                    pins.iter().filter(|pin| pin.component == digest).map(|pin| pin.department.clone()).collect();
                let elsewhere: BTreeSet<String> = pins
                    .iter()
                    .filter(|pin| pin.component != digest)
                    .filter_map(|pin| pin.department.clone())
                    .collect();
                enablements.push(Enablement { permission, pinned_by: own, pinned_elsewhere: elsewhere });
            }
        }
        Ok(enablements)
    }

    /// Reads what the requirements name, and nothing else.
    pub(crate) async fn read_facts(
        &self,
        company: &Company,
        requirements: &Requirements,
        frame: &Frame,
        known_to: i64,
    ) -> Result<BTreeMap<String, FactSet>, AppError> {
        let mut sets = BTreeMap::new();
        for query in fact_queries(company, requirements, frame, known_to) {
            let kind = query.kind.clone();
            sets.insert(kind, self.store.fact_set(query).await?);
        }
        Ok(sets)
    }

    async fn candidates(
        &self,
        company: &Company,
        wanted: &Candidates<'_>,
        frame: &Frame,
        sets: &BTreeMap<String, FactSet>,
        known_to: i64,
    ) -> Result<BTreeSet<String>, AppError> {
        let Candidates { order, definition, requirements, organisation } = *wanted;
        if let Subjects::These(subjects) = &order.subjects {
            return Ok(subjects.clone());
        }
        let mut found: BTreeSet<String> = match definition.subject_kind {
            SubjectKind::Company => BTreeSet::from([company.id.clone()]),
            SubjectKind::Department => {
                let spells = self.store.department_spells(&company.id, known_to).await?;
                departments_during(&spells, order.period)
            }
            SubjectKind::Employee => {
                let people = organisation.people_during(order.period).map(str::to_owned);
                let actors = in_windows(requirements, frame, sets, |set| &set.actor);
                people.chain(actors).chain(owners_in_windows(requirements, frame, sets, organisation)).collect()
            }
            SubjectKind::Customer => in_windows(requirements, frame, sets, |set| &set.customer).collect(),
        };
        // Whoever had a score and has no facts any more must not keep it.
        found.extend(self.store.scored_subjects(&company.id, &definition.indicator, order.period).await?);
        Ok(found)
    }

    async fn score_subjects(
        &self,
        company: &Company,
        plan: &Arc<Plan>,
        subjects: Vec<Subject>,
        sets: Arc<BTreeMap<String, FactSet>>,
        organisation: &Arc<Organisation>,
    ) -> Result<Scored, AppError> {
        let mut report = Scored::default();
        let mut waiting: Vec<Vec<Subject>> =
            subjects.chunks(SUBJECTS_PER_BATCH_MAX).rev().map(<[Subject]>::to_vec).collect();
        let mut called: Option<TimedCall> = None;
        let mut computed = Vec::new();
        loop {
            // The next batch is computed while those before it are written.
            let next = waiting.pop().map(|subjects| {
                let (plan, sets, organisation) = (plan.clone(), sets.clone(), organisation.clone());
                let clock = self.clock.clone();
                tokio::task::spawn_blocking(move || {
                    let begun = clock.elapsed();
                    let called = call(&plan, subjects, &sets, &organisation)?;
                    Ok::<_, AppError>(TimedCall { called, took: clock.elapsed().saturating_sub(begun) })
                })
            });
            match called.take() {
                Some(TimedCall { called: Called::Whole(whole), took }) => computed.push((whole, took)),
                Some(TimedCall { called: Called::TooManyRows(left, right), .. }) => waiting.extend([right, left]),
                Some(TimedCall { called: Called::Split { again, faults, log }, .. }) => {
                    report.log.extend(log);
                    self.keep_faults(company, plan, &faults).await?;
                    figures::scores_computed("faulted", faults.len());
                    report.faults.extend(faults);
                    waiting.extend(again);
                }
                None => {}
            }
            let is_last = next.is_none() && waiting.is_empty();
            if is_last || computed.iter().map(|(whole, _)| whole.count()).sum::<usize>() >= SCORES_AT_ONCE {
                self.keep_scores(company, plan, std::mem::take(&mut computed), &mut report).await?;
            }
            match next {
                Some(next) => called = Some(next.await??),
                None if is_last => return Ok(report),
                None => {}
            }
        }
    }

    /// Stores what calls gave, each with how long it took: all of it or nothing.
    async fn keep_scores(
        &self,
        company: &Company,
        plan: &Plan,
        calls: Vec<(Whole, Duration)>,
        report: &mut Scored,
    ) -> Result<(), AppError> {
        if calls.is_empty() {
            return Ok(());
        }
        let begun = self.clock.elapsed();
        let mut write = self.store.write(&company.id).await?;
        for (Whole { scores, defective, fuel, context, .. }, _) in &calls {
            let mut receipt = self.receipt(plan, context.clone());
            if !defective.is_empty() {
                let new = NewBatch { receipt: &receipt, scores: defective, by_host: true };
                write.append_scores(&new).await?;
            }
            if !scores.is_empty() {
                receipt.fuel = *fuel;
                let new = NewBatch { receipt: &receipt, scores, by_host: false };
                write.append_scores(&new).await?;
            }
        }
        if plan.definition.subject_kind == SubjectKind::Employee {
            let scored = calls.iter().flat_map(|(whole, _)| whole.all()).map(|score| score.receipt.subject.id.as_str());
            let today = company.zone.day_of(self.clock.now());
            write.mark_composites(plan.frame.period, scored, today).await?;
        }
        write.commit().await?;
        let stored = self.clock.elapsed().saturating_sub(begun) / u32::try_from(calls.len()).unwrap_or(1);
        for (whole, took) in calls {
            figures::scoring_batch(took + stored);
            let computed = whole.all().filter(|score| matches!(score.outcome, Outcome::Computed(_))).count();
            let not_computable = whole.count() - computed;
            figures::scores_computed("computed", computed);
            figures::scores_computed("not-computable", not_computable);
            report.computed += computed;
            report.not_computable += not_computable;
            report.rows += whole.rows;
            report.fuel += whole.fuel;
            report.log.extend(whole.log);
        }
        Ok(())
    }

    fn receipt(&self, plan: &Plan, context: daybreak_domain::table::Context) -> BatchReceipt {
        let record = plan.plugin.record();
        BatchReceipt {
            indicator: plan.definition.indicator.clone(),
            subject_kind: plan.definition.subject_kind,
            period: plan.frame.period,
            component: record.digest,
            interface: record.interface(PluginKind::Indicator).cloned().unwrap_or_else(|| {
                daybreak_domain::plugin::Interface { kind: PluginKind::Indicator, name: String::new() }
            }),
            adapter: plan.plugin.adapter(PluginKind::Indicator).to_owned(),
            definition: plan.definition.sequence,
            parameters: plan.parameters.sequence,
            grant: plan.permission.sequence,
            requirements: plan.permission.requirements.digest(),
            context,
            rules: plan.definition.rules.clone(),
            known_to: plan.known_to,
            fuel: 0,
            engine: self.engine.fingerprint().to_owned(),
            computed_at: self.clock.now(),
        }
    }

    async fn keep_faults(&self, company: &Company, plan: &Plan, faults: &[(String, Fault)]) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        for (subject, fault) in faults {
            let fault = NewFault {
                indicator: &plan.definition.indicator,
                component: &plan.permission.component,
                period: plan.frame.period,
                subject,
                fault,
                occurred_at: self.clock.now(),
            };
            write.append_fault(&fault).await?;
        }
        Ok(write.commit().await?)
    }
}

/// The facts of each kind, shared by the batches that read them.
pub(crate) type Facts = Arc<BTreeMap<String, FactSet>>;

/// What the choice of subjects reads.
struct Candidates<'a> {
    order: &'a ScoreOrder,
    definition: &'a Definition,
    requirements: &'a Requirements,
    organisation: &'a Organisation,
}

/// A permission, and which departments it can serve: those whose pin names its component.
#[derive(PartialEq)]
struct Enablement {
    permission: Permission,
    /// Departments whose pin names the component; None among them: the company's own pin does.
    pinned_by: Vec<Option<String>>,
    pinned_elsewhere: BTreeSet<String>,
}

/// The enablement that serves a subject of this department: the department's own pin before the company's, and the
/// department's own permission before the company's.
fn enablement_for(enablements: &[Enablement], department: Option<&str>) -> Option<usize> {
    let is_pinned = |enablement: &Enablement| match department {
        Some(department) if enablement.pinned_by.iter().flatten().any(|pinned| pinned == department) => true,
        Some(department) if enablement.pinned_elsewhere.contains(department) => false,
        _ => enablement.pinned_by.contains(&None),
    };
    let serving = |wanted: Option<&str>| {
        enablements
            .iter()
            .position(|enablement| is_pinned(enablement) && enablement.permission.department.as_deref() == wanted)
    };
    department.and_then(|department| serving(Some(department))).or_else(|| serving(None))
}

/// The day whose definition, parameters, goals, pins and grants hold for the subject's whole period: an employee's last
/// day in it, else the period's own.
pub(crate) fn deciding_day(kind: SubjectKind, subject: &str, organisation: &Organisation, period: Period) -> Day {
    let own = (kind == SubjectKind::Employee).then(|| organisation.last_day_of(subject, period)).flatten();
    own.unwrap_or_else(|| period.last())
}

/// The department that decides for a subject: an employee's on the day.
pub(crate) fn department_of(kind: SubjectKind, subject: &str, organisation: &Organisation, on: Day) -> Option<String> {
    match kind {
        SubjectKind::Employee => organisation.department_of(subject, on).map(str::to_owned),
        SubjectKind::Department => Some(subject.to_owned()),
        SubjectKind::Customer | SubjectKind::Company => None,
    }
}

/// A subject's own goal, else everybody's.
pub(crate) fn goal_of(goals: &HashMap<Option<String>, Goal>, subject: &str) -> Goal {
    goals.get(&Some(subject.to_owned())).or_else(|| goals.get(&None)).copied().unwrap_or_default()
}

/// What has to be read for these requirements: one query for each kind, wide enough for all of its needs.
pub(crate) fn fact_queries(
    company: &Company,
    requirements: &Requirements,
    frame: &Frame,
    known_to: i64,
) -> Vec<FactQuery> {
    let mut queries: BTreeMap<&str, FactQuery> = BTreeMap::new();
    for need in &requirements.needs {
        let window = frame.window(need.window);
        let query = queries.entry(&need.kind).or_insert_with(|| FactQuery {
            company: company.id.clone(),
            kind: need.kind.clone(),
            span: window,
            whole_documents_until: None,
            known_to,
            attributes: Vec::new(),
            labels: false,
        });
        query.span = Span { start: query.span.start.min(window.start), end: query.span.end.max(window.end) };
        if need.scope == Scope::Documents {
            query.whole_documents_until = Some(frame.as_of);
        }
        for attribute in need.attributes() {
            if !query.attributes.iter().any(|known| known == attribute) {
                query.attributes.push(attribute.to_owned());
            }
        }
        query.labels |= need.fields.iter().any(|field| field.name == "@fact");
    }
    queries.into_values().collect()
}

/// The subjects that have a fact in some need's window.
pub(crate) fn in_windows<'a>(
    requirements: &'a Requirements,
    frame: &'a Frame,
    sets: &'a BTreeMap<String, FactSet>,
    column: impl Fn(&FactSet) -> &daybreak_domain::fact_set::Coded + Copy + 'a,
) -> impl Iterator<Item = String> + 'a {
    let windows: BTreeSet<(&str, Window)> =
        requirements.needs.iter().map(|need| (need.kind.as_str(), need.window)).collect();
    windows.into_iter().flat_map(move |(kind, window)| {
        let window = frame.window(window);
        let mut found = BTreeSet::new();
        if let Some(set) = sets.get(kind) {
            let column = column(set);
            for row in 0..set.rows() {
                if window.contains(Instant(set.occurred_at[row])) {
                    found.insert(column.codes[row]);
                }
            }
            let texts = found.into_iter().filter_map(|code| column.dictionary.get(code as usize).cloned());
            return texts.collect::<Vec<_>>();
        }
        Vec::new()
    })
}

/// The employees who looked after a customer on the day of a fact in the window of a need with the scope customers.
fn owners_in_windows(
    requirements: &Requirements,
    frame: &Frame,
    sets: &BTreeMap<String, FactSet>,
    organisation: &Organisation,
) -> BTreeSet<String> {
    let mut owners = BTreeSet::new();
    for need in requirements.needs.iter().filter(|need| need.scope == Scope::Customers) {
        let Some(set) = sets.get(&need.kind) else { continue };
        let window = frame.window(need.window);
        for row in 0..set.rows() {
            let at = Instant(set.occurred_at[row]);
            let Some(customer) = set.customer.text(row).filter(|_| window.contains(at)) else { continue };
            if let Some(owner) = organisation.owner_of(customer, frame.zone.day_of(at))
                && !owners.contains(owner)
            {
                owners.insert(owner.to_owned());
            }
        }
    }
    owners
}

enum Called {
    /// More rows than one call takes: try these two halves.
    TooManyRows(Vec<Subject>, Vec<Subject>),
    /// Some subjects made the plugin fail; the others have to be scored again without them, so that what a receipt
    /// says of a call is true of exactly one call.
    Split {
        again: Vec<Vec<Subject>>,
        faults: Vec<(String, Fault)>,
        log: Vec<String>,
    },
    Whole(Whole),
}

/// What a call gave that ended well.
struct Whole {
    scores: Vec<NewScore>,
    /// What the host said itself, without the plugin.
    defective: Vec<NewScore>,
    rows: usize,
    fuel: u64,
    log: Vec<String>,
    context: daybreak_domain::table::Context,
}

impl Whole {
    fn all(&self) -> impl Iterator<Item = &NewScore> {
        self.scores.iter().chain(&self.defective)
    }

    fn count(&self) -> usize {
        self.scores.len() + self.defective.len()
    }
}

/// What a call gave, and how long that took.
struct TimedCall {
    called: Called,
    took: Duration,
}

/// Assembles the tables of these subjects and calls the plugin once. Blocks.
fn call(
    plan: &Plan,
    subjects: Vec<Subject>,
    sets: &BTreeMap<String, FactSet>,
    organisation: &Organisation,
) -> Result<Called, AppError> {
    let requirements = &plan.permission.requirements;
    let sources = Sources { facts: sets, organisation, frame: &plan.frame };
    let kind = plan.definition.subject_kind;
    let ids: Vec<&str> = subjects.iter().map(|subject| subject.id.as_str()).collect();
    let Some(assembled) = assemble_within(rows_max(subjects.len()), requirements, kind, &ids, &sources)? else {
        let (left, right) = subjects.split_at(subjects.len() / 2);
        return Ok(Called::TooManyRows(left.to_vec(), right.to_vec()));
    };
    let rows: usize = assembled.tables.iter().map(Table::rows).sum();
    let defective = defective_scores(&subjects, &assembled);
    let (subjects, assembled) = if assembled.defects.is_empty() {
        (subjects, assembled)
    } else {
        let bad: BTreeSet<usize> = assembled.defects.iter().map(|defect| defect.subject).collect();
        let mut index = 0;
        let mut sound = subjects;
        sound.retain(|_| {
            index += 1;
            !bad.contains(&(index - 1))
        });
        let assembled = assemble_for(requirements, kind, &sound, &sources)?;
        (sound, assembled)
    };
    let context = plan.frame.context(requirements, earliest(sets), &plan.parameters.parameters_json);
    if subjects.is_empty() {
        let log = Vec::new();
        return Ok(Called::Whole(Whole { scores: Vec::new(), defective, rows, fuel: 0, log, context }));
    }
    let digests: Vec<Digest> = (0..subjects.len()).map(|subject| rows_digest(&assembled.tables, subject)).collect();
    let offsets: Vec<Vec<u32>> = assembled.tables.iter().map(|table| table.offsets.clone()).collect();
    let batch = Batch {
        context: context.clone(),
        rules: plan.definition.rules.clone(),
        subjects: subjects.clone(),
        tables: assembled.tables,
    };
    let score = || plan.plugin.score(batch, &CallOptions::default());
    let run = match plan.watch.watch(&plan.plugin, PluginKind::Indicator, score) {
        Ok(run) => run,
        // The plugin refuses the whole batch: every subject keeps its last good score.
        Err(CallError::Fault(fault)) => {
            let faults = subjects.into_iter().map(|subject| (subject.id, fault.clone())).collect();
            return Ok(Called::Split { again: Vec::new(), faults, log: Vec::new() });
        }
        Err(error) => return Err(error.into()),
    };
    let log = run.log.into_iter().map(|line| line.message).collect();
    if !run.faults.is_empty() {
        let again = run.calls.iter().map(|call| subjects[call.subjects.clone()].to_vec()).collect();
        let faults = run.faults.into_iter().map(|fault| (subjects[fault.subject].id.clone(), fault.fault)).collect();
        return Ok(Called::Split { again, faults, log });
    }
    let mut scores = Vec::with_capacity(subjects.len());
    let mut fuel = 0;
    for called in run.calls {
        fuel += called.fuel;
        for (subject, outcome) in called.subjects.zip(called.outcomes) {
            let evidence = evidence_of(&outcome, subject, &offsets, &assembled.facts);
            let receipt =
                ScoreReceipt { subject: subjects[subject].clone(), rows: digests[subject], outcome: outcome.digest() };
            scores.push(NewScore { receipt, outcome, evidence });
        }
    }
    Ok(Called::Whole(Whole { scores, defective, rows, fuel, log, context }))
}

/// The tables of these subjects.
pub(crate) fn assemble_for(
    requirements: &Requirements,
    kind: SubjectKind,
    subjects: &[Subject],
    sources: &Sources<'_>,
) -> Result<Assembly, AppError> {
    let ids: Vec<&str> = subjects.iter().map(|subject| subject.id.as_str()).collect();
    Ok(assemble(requirements, kind, &ids, sources)?)
}

/// The sequences of the facts that an outcome rests on.
pub(crate) fn evidence_of(outcome: &Outcome, subject: usize, offsets: &[Vec<u32>], facts: &[Vec<i64>]) -> Vec<i64> {
    let Outcome::Computed(computed) = outcome else { return Vec::new() };
    // The engine has checked that every row of evidence exists.
    computed.evidence.iter().filter_map(|&evidence| fact_at(evidence, subject, offsets, facts)).collect()
}

/// The sequence of the fact that a row of evidence is, which is counted from the subject's first row.
pub(crate) fn fact_at(evidence: Evidence, subject: usize, offsets: &[Vec<u32>], facts: &[Vec<i64>]) -> Option<i64> {
    let Evidence { table, row } = evidence;
    let offsets = offsets.get(table as usize)?;
    let first = if offsets.len() == 2 { 0 } else { *offsets.get(subject)? };
    facts.get(table as usize)?.get((first + row) as usize).copied()
}

/// Most rows of so many subjects in one call; one alone is called with all of its rows.
pub(crate) fn rows_max(subjects: usize) -> usize {
    if subjects > 1 { ROWS_PER_BATCH_MAX } else { usize::MAX }
}

/// When the earliest of these facts occurred.
pub(crate) fn earliest(sets: &BTreeMap<String, FactSet>) -> Option<Instant> {
    sets.values().filter_map(|set| set.occurred_at.first()).min().map(|&at| Instant(at))
}

/// What the host itself says of subjects with a row that lacks what the plugin requires.
pub(crate) fn defective_scores(subjects: &[Subject], assembled: &Assembly) -> Vec<NewScore> {
    let mut by_subject: BTreeMap<usize, &Defect> = BTreeMap::new();
    for defect in &assembled.defects {
        by_subject.entry(defect.subject).or_insert(defect);
    }
    let scores = by_subject.into_iter().map(|(subject, defect)| {
        let reason = Localized::new(
            format!(
                "{} 条 {} 事实缺少字段“{}”(第一条为第 {} 号)",
                defect.facts, defect.kind, defect.field, defect.first
            ),
            format!(
                "{} {} facts lack the field {:?}, the first one is fact number {}",
                defect.facts, defect.kind, defect.field, defect.first
            ),
        );
        let outcome = Outcome::NotComputable { reason };
        let receipt = ScoreReceipt {
            subject: subjects[subject].clone(),
            rows: rows_digest(&assembled.tables, subject),
            outcome: outcome.digest(),
        };
        NewScore { receipt, outcome, evidence: vec![defect.first] }
    });
    scores.collect()
}
