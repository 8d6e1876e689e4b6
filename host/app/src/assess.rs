//! Assessing: which subjects an assistant is asked about, and what its answer means for their alerts.
//!
//! The order is that of scoring: fix what is known (n), find the revisions of the enablement that hold on the day, read
//! the facts that were granted, assemble tables, call the plugin in batches, check, append. An alert is kept by its
//! enablement, its subject and its key: it opens, changes while the assistant says something else of it, and closes when
//! the subject is assessed without it. A plugin's fault leaves alerts as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use daybreak_domain::alert::{self, AssessedSubject, AssessmentReceipt, Change, Event, Raised};
use daybreak_domain::assistant::{Batch, Subject};
use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use daybreak_domain::period::Period;
use daybreak_domain::plugin::{Fault, PluginKind};
use daybreak_domain::requirements::{Refresh, Requirements, SubjectKind};
use daybreak_domain::table::{Context, rows_digest};
use daybreak_domain::time::Day;
use daybreak_engine::{CallError, CallOptions, HostError, Plugin};
use daybreak_storage::{AssessedRecord, Enablement, NewAlertRevision, NewFault, StoredAlert, Write};

use crate::figures::CallWatch;
use crate::score::{Facts, SUBJECTS_PER_BATCH_MAX, department_of, earliest, fact_at, in_windows, rows_max};
use crate::tables::{Assembly, Frame, Organisation, Sources, assemble, assemble_within};
use crate::{AppError, Daybreak};

/// Most calls of one assessment that look for the subjects on which the plugin fails: with 300 subjects in a batch, seven
/// or more culprits can be found. Where they do not suffice, everybody in the batch keeps their alerts.
const CULPRIT_CALLS_MAX: u32 = 128;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessOrder {
    pub enablement: String,
    /// The day of assessment: what occurred after it does not count.
    pub on: Day,
}

/// What one assessment of everybody did.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessed {
    pub enablement: String,
    pub on: Day,
    /// Subjects of whom the assistant was asked and answered.
    pub subjects: usize,
    pub opened: usize,
    pub updated: usize,
    pub closed: usize,
    pub faults: Vec<(String, Fault)>,
    /// Subjects that the assistant cannot be asked about, because a fact lacks a field that it requires; with the kind,
    /// the field and the sequence of the first such fact.
    pub defective: Vec<(String, String, String, i64)>,
    /// Another host has assessed with more facts meanwhile; what was left of this assessment was not needed any more.
    pub overtaken: bool,
    pub rows: usize,
    pub fuel: u64,
    pub log: Vec<String>,
}

/// What came of the assessments that were due.
#[derive(Debug, Default)]
pub struct AssessedDue {
    pub assessed: Vec<Assessed>,
    /// What could not be assessed at all, and stays due.
    pub errors: Vec<(String, AppError)>,
    /// It was stopped before every assistant had been looked at.
    pub stopped: bool,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AssessRefused {
    #[error(
        "the assistant {id} is not in use on {on}: see `daybreak enablement list`, or put one to use with \
         `daybreak enablement set`"
    )]
    NotInForce { id: String, on: Day },
    #[error(
        "{id} was assessed on {latest} already, and alerts would go back in time: assess {latest} or a later day instead \
         of {on}"
    )]
    AssessedLater { id: String, on: Day, latest: Day },
    #[error("{0} has not come yet: choose today or a day before")]
    NotYet(Day),
}

/// One revision of the enablement with everything a call needs.
struct Plan {
    enablement: Enablement,
    plugin: Plugin,
    frame: Frame,
    known_to: i64,
    /// Whom suggestions may name.
    people: Arc<BTreeSet<String>>,
    watch: CallWatch,
}

impl Daybreak {
    /// The assistants in use on the day, and those that are no longer but left alerts open, by id.
    pub async fn assistants(&self, company: &Company, on: Day) -> Result<BTreeSet<String>, AppError> {
        let known_to = self.store.sequence(&company.id).await?;
        let in_force = self.store.enablements(&company.id, PluginKind::Assistant, on, known_to).await?;
        let mut ids: BTreeSet<String> = in_force.into_iter().map(|enablement| enablement.enablement).collect();
        ids.extend(self.store.open_alert_subjects(&company.id).await?.into_keys());
        Ok(ids)
    }

    /// Asks the assistant about everybody with a fact in the window of one of its needs, and everybody with an open
    /// alert, and keeps what it says.
    pub async fn assess(&self, company: &Company, order: &AssessOrder) -> Result<Assessed, AppError> {
        let AssessOrder { enablement: id, on } = order;
        if *on > company.zone.day_of(self.clock.now()) {
            return Err(AssessRefused::NotYet(*on).into());
        }
        let known_to = self.store.sequence(&company.id).await?;
        let mut in_force = self.store.enablements(&company.id, PluginKind::Assistant, *on, known_to).await?;
        in_force.retain(|enablement| enablement.enablement == *id);
        let mut with_alert = self.store.open_alert_subjects(&company.id).await?.remove(id).unwrap_or_default();
        if in_force.is_empty() && with_alert.is_empty() {
            return Err(AssessRefused::NotInForce { id: id.clone(), on: *on }.into());
        }
        let mut report = Assessed::new(order);
        if self.is_overtaken(&mut self.store.write(&company.id).await?, order, known_to).await? {
            report.overtaken = true;
            return Ok(report);
        }
        let organisation = self.organisation(company, known_to).await?;
        let people: Arc<BTreeSet<String>> = Arc::new(self.store.people(&company.id).await?.into_keys().collect());
        let frame = Frame::assessed_on(company.zone.clone(), Period::month_of(*on), *on);
        let mut revisions: Vec<i64> = in_force.iter().map(|enablement| enablement.sequence).collect();
        revisions.sort_unstable();

        for (index, enablement) in in_force.iter().enumerate() {
            let facts = Arc::new(self.read_facts(company, &enablement.requirements, &frame, known_to).await?);
            let mut subjects = self.subjects_of(company, enablement, &frame, &facts, known_to).await?;
            subjects.extend(with_alert.iter().cloned());
            subjects.retain(|subject| {
                let department = department_of(enablement.subject_kind, subject, &organisation, *on);
                serving(&in_force, department.as_deref()) == Some(index)
            });
            with_alert.retain(|subject| !subjects.contains(subject));
            if subjects.is_empty() {
                continue;
            }
            let plugin = self.plugin(&company.id, enablement.component).await?;
            let (enablement, frame, people) = (enablement.clone(), frame.clone(), people.clone());
            let plan = Arc::new(Plan { enablement, plugin, frame, known_to, people, watch: self.call_watch() });
            self.assess_subjects(company, order, &plan, subjects, facts, &organisation, &mut report).await?;
            if report.overtaken {
                return Ok(report);
            }
        }
        let subjects = u32::try_from(report.subjects).unwrap_or(u32::MAX);
        let done = AssessedRecord { assessed_on: *on, known_to, revisions, subjects, computed_at: self.clock.now() };
        self.settle_assessment(company, order, &with_alert, &done, &mut report).await?;
        Ok(report)
    }

    /// Assesses what is due: assistants never asked or set differently since, those whose facts have changed, and on a
    /// new day those that follow the calendar. What cannot be assessed stays due and keeps nothing else from it.
    pub async fn assess_due(
        &self,
        company: &Company,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<AssessedDue, AppError> {
        let mut report = AssessedDue::default();
        let on = company.zone.day_of(self.clock.now());
        let known_to = self.store.sequence(&company.id).await?;
        let in_force = self.store.enablements(&company.id, PluginKind::Assistant, on, known_to).await?;
        let marked = self.store.assessments_due(&company.id, on).await?;
        for id in self.assistants(company, on).await? {
            if stop() {
                report.stopped = true;
                break;
            }
            let own: Vec<&Enablement> = in_force.iter().filter(|enablement| enablement.enablement == id).collect();
            let mut revisions: Vec<i64> = own.iter().map(|enablement| enablement.sequence).collect();
            revisions.sort_unstable();
            let is_daily = own.iter().any(|enablement| enablement.requirements.refresh == Refresh::Daily);
            let is_fresh = match self.store.last_assessed(&company.id, &id).await? {
                None => false,
                Some(last) if last.revisions != revisions || marked.contains(&id) => false,
                Some(last) if last.assessed_on == on => true,
                Some(last) => !is_daily && !self.has_facts_after(company, &own, last.assessed_on).await?,
            };
            if is_fresh {
                continue;
            }
            match Box::pin(self.assess(company, &AssessOrder { enablement: id.clone(), on })).await {
                Ok(assessed) => report.assessed.push(assessed),
                Err(error) => report.errors.push((id, error)),
            }
        }
        Ok(report)
    }

    /// Whether there are facts of the assistant's kinds that lie after the day: they may have been known before it was put
    /// to use, and nothing marks the day on which they come into sight.
    async fn has_facts_after(&self, company: &Company, own: &[&Enablement], day: Day) -> Result<bool, AppError> {
        let needs = own.iter().flat_map(|enablement| &enablement.requirements.needs);
        let kinds: BTreeSet<&str> = needs.map(|need| need.kind.as_str()).collect();
        for kind in kinds {
            let latest = self.store.first_and_last(&company.id, kind).await?;
            if latest.is_some_and(|(_, latest)| latest >= company.zone.midnight(day.plus(1))) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Everybody with a fact in the window of some need.
    async fn subjects_of(
        &self,
        company: &Company,
        enablement: &Enablement,
        frame: &Frame,
        facts: &Facts,
        known_to: i64,
    ) -> Result<BTreeSet<String>, AppError> {
        let requirements = &enablement.requirements;
        Ok(match enablement.subject_kind {
            SubjectKind::Company => BTreeSet::from([company.id.clone()]),
            SubjectKind::Department => self.store.departments(&company.id, known_to).await?.into_keys().collect(),
            SubjectKind::Employee => in_windows(requirements, frame, facts, |set| &set.actor).collect(),
            SubjectKind::Customer => in_windows(requirements, frame, facts, |set| &set.customer).collect(),
        })
    }

    #[expect(clippy::too_many_arguments, reason = "all of it is read by one loop that has no other home")]
    async fn assess_subjects(
        &self,
        company: &Company,
        order: &AssessOrder,
        plan: &Arc<Plan>,
        subjects: BTreeSet<String>,
        facts: Facts,
        organisation: &Arc<Organisation>,
        report: &mut Assessed,
    ) -> Result<(), AppError> {
        let subjects: Vec<String> = subjects.into_iter().collect();
        let mut calls_left = CULPRIT_CALLS_MAX;
        let mut waiting: Vec<Vec<String>> =
            subjects.chunks(SUBJECTS_PER_BATCH_MAX).rev().map(<[String]>::to_vec).collect();
        while let Some(subjects) = waiting.pop() {
            let called = {
                let (plan, facts, organisation) = (plan.clone(), facts.clone(), organisation.clone());
                tokio::task::spawn_blocking(move || call(&plan, subjects, &facts, &organisation)).await??
            };
            match called {
                Called::TooMuch(subjects) => halve(subjects, &mut waiting),
                Called::Failed { subjects, fault } => {
                    let is_everybodys = matches!(fault, Fault::BadParameters { .. });
                    if subjects.len() > 1 && calls_left >= 2 && !is_everybodys {
                        calls_left -= 2;
                        halve(subjects, &mut waiting);
                        continue;
                    }
                    let faults: Vec<(String, Fault)> =
                        subjects.into_iter().map(|subject| (subject, fault.clone())).collect();
                    self.keep_assessment_faults(company, plan, &faults).await?;
                    report.faults.extend(faults);
                }
                Called::Whole(answer) => {
                    self.keep_answer(company, order, plan, *answer, report).await?;
                    if report.overtaken {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// Appends the assessment with what it changes. Whether an alert is open is looked up when nobody else can append.
    async fn keep_answer(
        &self,
        company: &Company,
        order: &AssessOrder,
        plan: &Plan,
        answer: Answer,
        report: &mut Assessed,
    ) -> Result<(), AppError> {
        report.defective.extend(answer.defective);
        if answer.subjects.is_empty() {
            return Ok(());
        }
        let receipt = self.assessment_receipt(plan, order.on, &answer.subjects, answer.context, answer.fuel);
        let mut write = self.store.write(&company.id).await?;
        if self.is_overtaken(&mut write, order, plan.known_to).await? {
            report.overtaken = true;
            return Ok(());
        }
        let ids: BTreeSet<&str> = receipt.subjects.iter().map(|subject| subject.id.as_str()).collect();
        let mut open: BTreeMap<String, Vec<StoredAlert>> = BTreeMap::new();
        for alert in write.open_alerts_of(&order.enablement, &ids).await? {
            open.entry(alert.subject.clone()).or_default().push(alert);
        }
        let mut revisions = Vec::new();
        for (subject, raised) in &answer.subjects {
            let open = open.get(&subject.id).map(Vec::as_slice).unwrap_or_default();
            for change in alert::changes(open, |alert| &alert.content, raised) {
                let (event, alert, content) = match change {
                    Change::Opens(raised) => (Event::Opened, None, raised),
                    Change::Updates(alert, raised) => (Event::Updated, Some(alert), raised),
                    Change::Closes(alert) => (Event::Closed, Some(alert), &alert.content),
                };
                report.count(event);
                revisions.push(NewAlertRevision {
                    alert: alert.map(|alert| alert.alert),
                    enablement: &order.enablement,
                    subject_kind: plan.enablement.subject_kind,
                    subject: &subject.id,
                    event,
                    assessed_on: order.on,
                    opened_on: alert.map_or(order.on, |alert| alert.opened_on),
                    recorded_at: receipt.computed_at,
                    recorded_by: None,
                    task: alert.and_then(|alert| alert.task.as_deref()),
                    content,
                });
            }
        }
        write.append_assessment(&receipt, &revisions).await?;
        write.commit().await?;
        report.subjects += answer.subjects.len();
        report.rows += answer.rows;
        report.fuel += answer.fuel;
        report.log.extend(answer.log);
        Ok(())
    }

    /// Closes the alerts of those whom nobody watches any more, and notes that the assessment came to its end.
    async fn settle_assessment(
        &self,
        company: &Company,
        order: &AssessOrder,
        unwatched: &BTreeSet<String>,
        done: &AssessedRecord,
        report: &mut Assessed,
    ) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        if self.is_overtaken(&mut write, order, done.known_to).await? {
            report.overtaken = true;
            return Ok(());
        }
        let unwatched: Vec<&str> = unwatched.iter().map(String::as_str).collect();
        for subjects in unwatched.chunks(SUBJECTS_PER_BATCH_MAX) {
            let subjects: BTreeSet<&str> = subjects.iter().copied().collect();
            let open = write.open_alerts_of(&order.enablement, &subjects).await?;
            let closed: Vec<NewAlertRevision<'_>> = open
                .iter()
                .map(|alert| NewAlertRevision {
                    alert: Some(alert.alert),
                    enablement: &alert.enablement,
                    subject_kind: alert.subject_kind,
                    subject: &alert.subject,
                    event: Event::Closed,
                    assessed_on: order.on,
                    opened_on: alert.opened_on,
                    recorded_at: done.computed_at,
                    recorded_by: None,
                    task: alert.task.as_deref(),
                    content: &alert.content,
                })
                .collect();
            write.append_alert_revisions(None, &closed).await?;
            report.closed += closed.len();
        }
        write.settle_assessment(&order.enablement, done).await?;
        Ok(write.commit().await?)
    }

    /// Whether the assistant was asked of the same day with more known, and refused if of a later day: what came later
    /// must not be undone by what was known earlier.
    async fn is_overtaken(&self, write: &mut Write, order: &AssessOrder, known_to: i64) -> Result<bool, AppError> {
        match write.latest_assessment(&order.enablement).await? {
            Some((latest, _)) if latest > order.on => {
                let AssessOrder { enablement: id, on } = order.clone();
                Err(AssessRefused::AssessedLater { id, on, latest }.into())
            }
            Some((latest, known)) => Ok(latest == order.on && known > known_to),
            None => Ok(false),
        }
    }

    fn assessment_receipt(
        &self,
        plan: &Plan,
        on: Day,
        subjects: &[(AssessedSubject, Vec<Raised>)],
        context: Context,
        fuel: u64,
    ) -> AssessmentReceipt {
        let enablement = &plan.enablement;
        AssessmentReceipt {
            enablement: enablement.enablement.clone(),
            revision: enablement.sequence,
            subject_kind: enablement.subject_kind,
            component: enablement.component,
            interface: enablement.interface.clone(),
            adapter: plan.plugin.adapter(PluginKind::Assistant).to_owned(),
            requirements: enablement.requirements.digest(),
            assessed_on: on,
            context,
            subjects: subjects.iter().map(|(subject, _)| subject.clone()).collect(),
            known_to: plan.known_to,
            fuel,
            engine: self.engine.fingerprint().to_owned(),
            computed_at: self.clock.now(),
        }
    }

    async fn keep_assessment_faults(
        &self,
        company: &Company,
        plan: &Plan,
        faults: &[(String, Fault)],
    ) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        for (subject, fault) in faults {
            let fault = NewFault {
                indicator: &plan.enablement.enablement,
                component: &plan.enablement.component,
                period: plan.frame.period,
                subject,
                fault,
                occurred_at: self.clock.now(),
            };
            write.append_fault_of(PluginKind::Assistant, &fault).await?;
        }
        Ok(write.commit().await?)
    }
}

impl Assessed {
    fn new(order: &AssessOrder) -> Self {
        Self {
            enablement: order.enablement.clone(),
            on: order.on,
            subjects: 0,
            opened: 0,
            updated: 0,
            closed: 0,
            faults: Vec::new(),
            defective: Vec::new(),
            overtaken: false,
            rows: 0,
            fuel: 0,
            log: Vec::new(),
        }
    }

    fn count(&mut self, event: Event) {
        match event {
            Event::Opened => self.opened += 1,
            Event::Updated => self.updated += 1,
            Event::Closed => self.closed += 1,
            Event::Planned => {}
        }
    }
}

/// Of the revisions in force of one enablement, the one that serves a department: its own before the company's.
pub(crate) fn serving(in_force: &[Enablement], department: Option<&str>) -> Option<usize> {
    let own = |wanted: Option<&str>| in_force.iter().position(|known| known.department.as_deref() == wanted);
    department.and_then(|department| own(Some(department))).or_else(|| own(None))
}

/// Cuts what failed or was too much in two; the left half is tried first.
pub(crate) fn halve<T>(items: Vec<T>, waiting: &mut Vec<Vec<T>>) {
    let mut left = items;
    let right = left.split_off(left.len() / 2);
    waiting.push(right);
    waiting.push(left);
}

enum Called {
    /// More than one call takes, and more than one subject.
    TooMuch(Vec<String>),
    Failed {
        subjects: Vec<String>,
        fault: Fault,
    },
    Whole(Box<Answer>),
}

/// One call that ended well.
struct Answer {
    /// Each with the alerts raised for it, in the order of their keys.
    subjects: Vec<(AssessedSubject, Vec<Raised>)>,
    defective: Vec<(String, String, String, i64)>,
    context: Context,
    rows: usize,
    fuel: u64,
    log: Vec<String>,
}

/// Assembles the tables of these subjects and calls the plugin once. Blocks.
fn call(plan: &Plan, subjects: Vec<String>, facts: &Facts, organisation: &Organisation) -> Result<Called, AppError> {
    let requirements = &plan.enablement.requirements;
    let kind = plan.enablement.subject_kind;
    let sources = Sources { facts, organisation, frame: &plan.frame };
    let ids: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let Some(assembled) = assemble_within(rows_max(subjects.len()), requirements, kind, &ids, &sources)? else {
        return Ok(Called::TooMuch(subjects));
    };
    let mut defective: BTreeMap<usize, (String, String, String, i64)> = BTreeMap::new();
    for defect in &assembled.defects {
        let fact = || (subjects[defect.subject].clone(), defect.kind.clone(), defect.field.clone(), defect.first);
        defective.entry(defect.subject).or_insert_with(fact);
    }
    let (subjects, assembled) = if defective.is_empty() {
        (subjects, assembled)
    } else {
        let sound: Vec<String> = subjects
            .into_iter()
            .enumerate()
            .filter(|(index, _)| !defective.contains_key(index))
            .map(|(_, subject)| subject)
            .collect();
        let assembled = assemble_subjects(requirements, kind, &sound, &sources)?;
        (sound, assembled)
    };
    let context = plan.frame.context(requirements, earliest(facts), &plan.enablement.parameters_json);
    let mut answer = Answer {
        subjects: Vec::new(),
        defective: defective.into_values().collect(),
        context: context.clone(),
        rows: assembled.tables.iter().map(daybreak_domain::table::Table::rows).sum(),
        fuel: 0,
        log: Vec::new(),
    };
    if subjects.is_empty() {
        return Ok(Called::Whole(Box::new(answer)));
    }
    let ran = match run(&plan.plugin, &plan.watch, context, &subjects, assembled) {
        Ok(ran) => ran,
        Err(CallError::Fault(fault)) => return Ok(Called::Failed { subjects, fault }),
        Err(CallError::Host(HostError::BatchTooLarge { .. })) if subjects.len() > 1 => {
            return Ok(Called::TooMuch(subjects));
        }
        Err(error) => return Err(error.into()),
    };
    let suggestions = || ran.raised.iter().flatten().flat_map(|raised| &raised.suggestions);
    if let Some(stranger) =
        suggestions().flat_map(|advice| &advice.people).find(|person| !plan.people.contains(*person))
    {
        let reason = format!("a suggestion names {stranger:?}, who is no person of the company");
        return Ok(Called::Failed { subjects, fault: Fault::BadOutput { reason } });
    }
    answer.fuel = ran.fuel;
    answer.log = ran.log;
    answer.subjects = subjects
        .into_iter()
        .zip(ran.rows)
        .zip(ran.raised)
        .map(|((id, rows), raised)| (AssessedSubject { id, rows, alerts: alert::digest_of(&raised) }, raised))
        .collect();
    Ok(Called::Whole(Box::new(answer)))
}

/// The tables of these subjects.
pub(crate) fn assemble_subjects(
    requirements: &Requirements,
    kind: SubjectKind,
    subjects: &[String],
    sources: &Sources<'_>,
) -> Result<Assembly, AppError> {
    let ids: Vec<&str> = subjects.iter().map(String::as_str).collect();
    Ok(assemble(requirements, kind, &ids, sources)?)
}

/// What one call gave, subject by subject.
pub(crate) struct Ran {
    /// Digests of the rows that each was given.
    pub(crate) rows: Vec<Digest>,
    /// In the order of their keys.
    pub(crate) raised: Vec<Vec<Raised>>,
    pub(crate) fuel: u64,
    pub(crate) log: Vec<String>,
}

/// Calls the plugin with these tables. Blocks.
pub(crate) fn run(
    plugin: &Plugin,
    watch: &CallWatch,
    context: Context,
    subjects: &[String],
    assembled: Assembly,
) -> Result<Ran, CallError> {
    let Assembly { tables, facts, .. } = assembled;
    let rows = (0..subjects.len()).map(|subject| rows_digest(&tables, subject)).collect();
    let offsets: Vec<Vec<u32>> = tables.iter().map(|table| table.offsets.clone()).collect();
    let subject = |id: &String| Subject { id: id.clone(), tags: Vec::new() };
    let batch = Batch { context, subjects: subjects.iter().map(subject).collect(), tables };
    let run = watch.watch(plugin, PluginKind::Assistant, || plugin.assess(batch, &CallOptions::default()))?;
    let mut raised: Vec<Vec<Raised>> = vec![Vec::new(); subjects.len()];
    for alert in run.alerts {
        let subject = alert.subject as usize;
        // The engine has checked that the subject is one of the batch.
        if let Some(own) = raised.get_mut(subject) {
            own.push(Raised::of(alert, |evidence| fact_at(evidence, subject, &offsets, &facts)));
        }
    }
    for own in &mut raised {
        own.sort_by(|left, right| left.key.cmp(&right.key));
    }
    Ok(Ran { rows, raised, fuel: run.fuel, log: run.log.into_iter().map(|line| line.message).collect() })
}
