//! The shares of a month: whose scorecard counts, what policies answer, and what managers ordered.
//!
//! Everything is read as known at one sequence, so that the same month at the same sequence gives the same shares for
//! ever. The arithmetic stands in `domain`. What policies answered is not computed again but taken from what is stored
//! of their calls, or asked now by [`Daybreak::ask_policies`].

use std::collections::{BTreeMap, BTreeSet, HashMap};

use daybreak_domain::circumstance::{ABSENCE, Cause as CircumstanceCause, Circumstance, Participant};
use daybreak_domain::company::{Absence, Company, Validity};
use daybreak_domain::composite::CompositeError;
use daybreak_domain::period::Period;
use daybreak_domain::plugin::{Fault, PluginKind};
use daybreak_domain::reweighting::{self, Batch, PolicyReceipt, WHOLE, changes_digest, input_digest};
use daybreak_domain::scorecard::{ScorecardError, Standing};
use daybreak_domain::shares::{
    Adjustment, Cause, ExplainedShares, FailedPolicy, MonthError, Refusal, ScorecardOfMonth, SignedShares, percent,
    scorecard_of_month,
};
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;
use daybreak_engine::{CallError, CallOptions, Plugin};
use daybreak_storage::{Enablement, PolicyAnswer, ScorecardRevision, StoredAdjustment};

use crate::circumstance::ABSENCE_PREFIX;
use crate::figures::CallWatch;
use crate::placement::Placements;
use crate::tables::Frame;
use crate::{AppError, Daybreak};

/// Most employees in one call of a policy.
pub const EMPLOYEES_PER_BATCH_MAX: usize = 300;

/// Most calls that are made to find those with whom a policy fails; what is left then fails together.
const CALLS_PER_BATCH_MAX: usize = 64;

#[derive(Debug, thiserror::Error)]
pub enum ShareError {
    #[error("the file is no scorecard: {0}")]
    BadFile(String),
    #[error(transparent)]
    Scorecard(#[from] ScorecardError),
    #[error(
        "the indicator {indicator} is not for employees: a scorecard holds only indicators whose subjects are employees"
    )]
    NotForEmployees { indicator: String },
    #[error("a minimum coverage of {}: choose at most 100%", percent(u64::from(*.0)))]
    BadCoverage(u32),
    #[error("{employee} has no scorecard on any day of {days}: see `daybreak scorecard list`, and set one first")]
    NoScorecard { employee: String, days: Period },
    #[error("on the days of {days} this cannot hold beside what else changes the shares: {refusal}")]
    Refused { days: Period, refusal: Refusal },
    #[error("the change would last {days} days: at most {max}; a lasting change is another scorecard")]
    TooLong { days: u32, max: u32 },
    #[error("the reason is empty: say in a sentence why, because the employee reads it")]
    NoReason,
    #[error("the reason has {bytes} bytes: at most {max}")]
    ReasonTooLong { bytes: usize, max: usize },
    #[error("what the change rests on was itself changed again and again while it was tried: order it once more")]
    Overtaken,
    #[error("the change number {0} was revoked before")]
    RevokedBefore(i64),
    #[error(
        "{day} is not one of its later days: it holds from {from} until {until}; without a day it is revoked as a whole"
    )]
    NotItsDay { day: Day, from: Day, until: Day },
    #[error("{0} is no month: use for example 2026-06")]
    NoMonth(Period),
    #[error("the stored scorecard {id} cannot be used; set it again")]
    Damaged { id: String, source: daybreak_domain::shares::SignedSharesError },
    #[error("the shares of the month cannot be computed")]
    Month(#[from] MonthError),
    #[error("the composite cannot be computed")]
    Composite(#[from] CompositeError),
}

/// What the shares of one month rest on, as known at one sequence.
pub(crate) struct ShareSources {
    pub month: Period,
    pub known_to: i64,
    pub placements: Placements,
    scorecards: Vec<ScorecardRevision>,
    /// By day of the month, the revisions in force: indices into the scorecards.
    in_force: BTreeMap<Day, Vec<usize>>,
    adjustments: Vec<StoredAdjustment>,
    circumstances: Vec<KnownCircumstance>,
    /// By the last days of employees on their scorecards.
    enablements: BTreeMap<Day, Vec<Enablement>>,
}

/// A circumstance, and the number of the row that says so.
struct KnownCircumstance {
    sequence: i64,
    circumstance: Circumstance,
}

/// The measure of an absence whose last day is known.
const DAYS: &str = "days";

impl From<Absence> for KnownCircumstance {
    fn from(absence: Absence) -> Self {
        let Validity { sequence, from, until } = absence.validity;
        let participant = Participant { person: absence.person.clone(), from, until };
        // Of what kind it is, reaches no plugin and no receipt: it may be told of nobody who asks for shares, and it is
        // forgotten with the person, after which every share must still come out as it did.
        let days = until.map(|until| (DAYS.to_owned(), f64::from(until.0) - f64::from(from.0)));
        let circumstance = Circumstance {
            id: format!("{ABSENCE_PREFIX}{}", absence.id),
            kind: ABSENCE.to_owned(),
            from,
            until,
            participants: vec![participant],
            measures: days.into_iter().collect(),
            cause: CircumstanceCause::Person(absence.person),
            reason: String::new(),
            withdrawn: absence.withdrawn,
        };
        Self { sequence, circumstance }
    }
}

/// An employee with the scorecard of the month.
pub(crate) struct OnScorecard {
    pub employee: String,
    pub on: ScorecardOfMonth<String>,
    /// The revision in force on the last day.
    pub revision: i64,
    pub signed: SignedShares,
}

/// A policy and all for whom it has to be asked.
pub(crate) struct PolicyRequest {
    pub enablement: Enablement,
    pub scorecards: Vec<reweighting::Scorecard>,
    /// The sequences of the circumstances' revisions.
    pub circumstances: BTreeSet<i64>,
}

/// One call of a policy. Its number is known when it is stored.
#[derive(Clone, Debug)]
pub(crate) struct PolicyCall {
    pub receipt: PolicyReceipt,
    pub answers: Vec<PolicyAnswer>,
}

/// What a month's shares are and which revisions of managers' changes they rest on.
pub(crate) struct SharesOfMonth {
    pub shares: ExplainedShares,
    pub adjustments: Vec<i64>,
}

/// The shares of a month for people to read.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthView {
    pub employee: String,
    pub month: Period,
    pub scorecard: ScorecardRevision,
    /// The days on the scorecard.
    pub days: Vec<Period>,
    pub shares: ExplainedShares,
}

impl Daybreak {
    /// The employee's shares in the month as they are now, with everything that changed them. Policies are asked anew;
    /// nothing is stored. None where the employee has no scorecard.
    pub async fn month_shares(
        &self,
        company: &Company,
        employee: &str,
        month: Period,
    ) -> Result<Option<MonthView>, AppError> {
        if !month.is_month() {
            return Err(ShareError::NoMonth(month).into());
        }
        if !self.store.people(&company.id).await?.contains_key(employee) {
            return Err(AppError::Unknown { what: "person", id: employee.to_owned() });
        }
        let known_to = self.store.sequence(&company.id).await?;
        let mut sources = self.share_sources(company, month, known_to).await?;
        let Some(on) = sources.on_scorecard(employee)? else { return Ok(None) };
        let on = [on];
        self.add_enablements(company, &mut sources, &on).await?;
        let requests = sources.requests(company, &on);
        let calls = self.ask_policies(company, &sources, requests).await?;
        let calls: Vec<&PolicyCall> = calls.iter().collect();
        let [on] = on;
        let SharesOfMonth { shares, .. } = sources.shares(company, &on, &calls)?;
        let scorecard = sources.scorecards.into_iter().find(|known| known.sequence == on.revision);
        Ok(scorecard.map(|scorecard| MonthView {
            employee: employee.to_owned(),
            month,
            scorecard,
            days: on.on.days,
            shares,
        }))
    }

    pub(crate) async fn share_sources(
        &self,
        company: &Company,
        month: Period,
        known_to: i64,
    ) -> Result<ShareSources, AppError> {
        let scorecards = self.store.scorecards(&company.id, known_to).await?;
        let in_force = month.days().map(|day| (day, revisions_on(&scorecards, day))).collect();
        let recorded = self.store.circumstances(&company.id, month, known_to).await?.into_iter();
        let recorded =
            recorded.map(|known| KnownCircumstance { sequence: known.sequence, circumstance: known.circumstance });
        let absences = self.store.absences(&company.id, known_to).await?.into_values().filter(|absence| {
            let Validity { from, until, .. } = absence.validity;
            !absence.withdrawn && from < month.end() && until.is_none_or(|until| month.first() < until)
        });
        Ok(ShareSources {
            month,
            known_to,
            placements: self.placements(company, known_to).await?,
            scorecards,
            in_force,
            adjustments: self.store.adjustments(&company.id, month, known_to).await?,
            circumstances: recorded.chain(absences.map(KnownCircumstance::from)).collect(),
            enablements: BTreeMap::new(),
        })
    }

    /// Reads which policies are in use on the employees' last days.
    pub(crate) async fn add_enablements(
        &self,
        company: &Company,
        sources: &mut ShareSources,
        employees: &[OnScorecard],
    ) -> Result<(), AppError> {
        for day in employees.iter().map(|employee| employee.on.last).collect::<BTreeSet<Day>>() {
            if !sources.enablements.contains_key(&day) {
                let kind = PluginKind::Reweighting;
                let found = self.store.enablements(&company.id, kind, day, sources.known_to).await?;
                sources.enablements.insert(day, found);
            }
        }
        Ok(())
    }

    /// Asks every policy for all whom it concerns. Where a plugin fails the batch is cut in halves until only those are
    /// left with whom it fails: it changes nothing for them, and the call says so.
    pub(crate) async fn ask_policies(
        &self,
        company: &Company,
        sources: &ShareSources,
        requests: Vec<PolicyRequest>,
    ) -> Result<Vec<PolicyCall>, AppError> {
        let today = company.zone.day_of(self.clock.now());
        let frame = Frame::assessed_on(company.zone.clone(), sources.month, today);
        let mut calls = Vec::new();
        for request in requests {
            let plugin = self.plugin(&company.id, request.enablement.component).await?;
            let context = frame.context(&request.enablement.requirements, None, &request.enablement.parameters_json);
            let mut waiting: Vec<Vec<reweighting::Scorecard>> = request
                .scorecards
                .chunks(EMPLOYEES_PER_BATCH_MAX)
                .rev()
                .map(<[reweighting::Scorecard]>::to_vec)
                .collect();
            let most = waiting.len() + CALLS_PER_BATCH_MAX;
            let mut made = 0;
            while let Some(scorecards) = waiting.pop() {
                made += 1;
                let batch = Batch { context: context.clone(), scorecards };
                let (scorecards, answered) = adjust(self.call_watch(), plugin.clone(), batch).await?;
                let (changes, fuel, fault) = match answered {
                    Ok((changes, fuel)) => (changes, fuel, None),
                    Err(_) if scorecards.len() > 1 && made < most => {
                        let (left, right) = scorecards.split_at(scorecards.len() / 2);
                        waiting.push(right.to_vec());
                        waiting.push(left.to_vec());
                        continue;
                    }
                    Err(fault) => (vec![Vec::new(); scorecards.len()], 0, Some(fault)),
                };
                let answers: Vec<PolicyAnswer> = scorecards
                    .iter()
                    .zip(changes)
                    .map(|(scorecard, changes)| PolicyAnswer { employee: scorecard.employee.clone(), changes })
                    .collect();
                let handed: BTreeSet<&str> = scorecards
                    .iter()
                    .flat_map(|scorecard| scorecard.circumstances.iter().map(|known| known.id.as_str()))
                    .collect();
                let receipt = PolicyReceipt {
                    policy: request.enablement.enablement.clone(),
                    enablement: request.enablement.sequence,
                    period: sources.month,
                    component: request.enablement.component,
                    interface: request.enablement.interface.clone(),
                    adapter: plugin.adapter(PluginKind::Reweighting).to_owned(),
                    context: context.clone(),
                    circumstances: sources.revisions(&handed),
                    known_to: sources.known_to,
                    fuel,
                    engine: self.engine.fingerprint().to_owned(),
                    input: input_digest(&scorecards),
                    changes: digest_of(&answers),
                    fault,
                    computed_at: self.clock.now(),
                };
                calls.push(PolicyCall { receipt, answers });
            }
        }
        Ok(calls)
    }
}

/// The digest of answers in their order.
pub(crate) fn digest_of(answers: &[PolicyAnswer]) -> daybreak_domain::digest::Digest {
    changes_digest(answers.iter().map(|answer| (answer.employee.as_str(), answer.changes.as_slice())))
}

type Answered = Result<(Vec<Vec<reweighting::Change>>, u64), Fault>;

/// Calls the plugin once and gives the scorecards back. A fault is an answer; that the machine could not is an error.
pub(crate) async fn adjust(
    watch: CallWatch,
    plugin: Plugin,
    batch: Batch,
) -> Result<(Vec<reweighting::Scorecard>, Answered), AppError> {
    let run = tokio::task::spawn_blocking(move || {
        let run = watch.watch(&plugin, PluginKind::Reweighting, || plugin.adjust(&batch, &CallOptions::default()));
        (batch.scorecards, run)
    });
    match run.await? {
        (scorecards, Ok(run)) => Ok((scorecards, Ok((run.changes, run.fuel)))),
        (scorecards, Err(CallError::Fault(fault))) => Ok((scorecards, Err(fault))),
        (_, Err(error)) => Err(error.into()),
    }
}

/// Of every scorecard the revision that counts on the day, ended ones left out.
pub(crate) fn revisions_on(scorecards: &[ScorecardRevision], day: Day) -> Vec<usize> {
    let mut newest: HashMap<&str, usize> = HashMap::new();
    for (index, revision) in scorecards.iter().enumerate() {
        if revision.from <= day {
            // They come in the order of their sequence.
            newest.insert(&revision.scorecard.id, index);
        }
    }
    let mut revisions: Vec<usize> = newest.into_values().filter(|&index| !scorecards[index].ended).collect();
    revisions.sort_unstable();
    revisions
}

impl ShareSources {
    /// Everybody who may have a scorecard in the month.
    pub fn candidates(&self) -> BTreeSet<String> {
        let named = self.scorecards.iter().filter_map(|revision| match &revision.scorecard.place {
            daybreak_domain::scorecard::Place::Employees(employees) => Some(employees),
            _ => None,
        });
        let named = named.flatten().map(String::as_str);
        self.placements.people_during(self.month).chain(named).map(str::to_owned).collect()
    }

    /// The employee's scorecard in the month; none without one.
    pub fn on_scorecard(&self, employee: &str) -> Result<Option<OnScorecard>, ShareError> {
        let on = scorecard_of_month(self.month, |day| {
            self.scorecard_on(employee, day).map(|revision| revision.scorecard.id.clone())
        });
        let Some(on) = on else { return Ok(None) };
        let Some(revision) = self.scorecard_on(employee, on.last) else { return Ok(None) };
        let signed = revision
            .scorecard
            .signed()
            .map_err(|source| ShareError::Damaged { id: revision.scorecard.id.clone(), source })?;
        let (employee, revision) = (employee.to_owned(), revision.sequence);
        Ok(Some(OnScorecard { employee, on, revision, signed }))
    }

    /// The most particular scorecard; of several that are equally so, the one that was set last.
    fn scorecard_on(&self, employee: &str, day: Day) -> Option<&ScorecardRevision> {
        if !self.placements.is_employed(employee, day) {
            return None;
        }
        let departments = self.placements.departments_of(employee, day);
        let position = self.placements.position_of(employee, day);
        let standing = Standing { employee, position, departments: &departments };
        let in_force = self.in_force.get(&day)?.iter().map(|&index| &self.scorecards[index]);
        let places = in_force.filter_map(|known| Some((known.scorecard.place.distance(&standing)?, known)));
        let nearest = places.min_by_key(|(distance, known)| (*distance, std::cmp::Reverse(known.sequence)));
        nearest.map(|(_, known)| known)
    }

    /// What has to be asked of which policy. Only those are asked for of whom some circumstance is known that the plugin
    /// was granted to hear of: without one it may change nothing.
    pub fn requests(&self, company: &Company, employees: &[OnScorecard]) -> Vec<PolicyRequest> {
        let mut requests: BTreeMap<i64, PolicyRequest> = BTreeMap::new();
        for on in employees {
            for enablement in self.policies_of(on) {
                let handed = self
                    .circumstances
                    .iter()
                    .filter(|known| enablement.requirements.circumstances.contains(&known.circumstance.kind));
                let handed: Vec<(i64, reweighting::Circumstance)> = handed
                    .filter_map(|known| {
                        let told = known.circumstance.for_person(&on.employee, self.month, &company.zone)?;
                        Some((known.sequence, told))
                    })
                    .collect();
                if handed.is_empty() {
                    continue;
                }
                let request = requests.entry(enablement.sequence).or_insert_with(|| PolicyRequest {
                    enablement: enablement.clone(),
                    scorecards: Vec::new(),
                    circumstances: BTreeSet::new(),
                });
                request.circumstances.extend(handed.iter().map(|(sequence, _)| *sequence));
                request.scorecards.push(reweighting::Scorecard {
                    employee: on.employee.clone(),
                    shares: on.signed.shares().to_vec(),
                    circumstances: handed.into_iter().map(|(_, told)| told).collect(),
                });
            }
        }
        let mut requests: Vec<PolicyRequest> = requests.into_values().collect();
        for request in &mut requests {
            request.scorecards.sort_by(|one, other| one.employee.cmp(&other.employee));
        }
        requests
    }

    /// The policies that serve an employee: of each id the enablement of the nearest department on the last day, else
    /// the company's.
    fn policies_of(&self, on: &OnScorecard) -> Vec<&Enablement> {
        let departments = self.placements.departments_of(&on.employee, on.on.last);
        let distance = |enablement: &Enablement| match &enablement.department {
            None => Some(usize::MAX),
            Some(department) => departments.iter().position(|own| own == department),
        };
        let mut nearest: BTreeMap<&str, (usize, &Enablement)> = BTreeMap::new();
        for enablement in self.enablements.get(&on.on.last).into_iter().flatten() {
            let Some(distance) = distance(enablement) else { continue };
            let known = nearest.entry(&enablement.enablement).or_insert((distance, enablement));
            if distance < known.0 {
                *known = (distance, enablement);
            }
        }
        nearest.into_values().map(|(_, enablement)| enablement).collect()
    }

    /// The sequences of the circumstances with these ids, ascending.
    fn revisions(&self, ids: &BTreeSet<&str>) -> Vec<i64> {
        let known = self.circumstances.iter().filter(|known| ids.contains(known.circumstance.id.as_str()));
        let mut revisions: Vec<i64> = known.map(|known| known.sequence).collect();
        revisions.sort_unstable();
        revisions
    }

    /// The employee's shares in the month, given what policies answered.
    pub fn shares(
        &self,
        company: &Company,
        on: &OnScorecard,
        calls: &[&PolicyCall],
    ) -> Result<SharesOfMonth, ShareError> {
        let mut adjustments = self.policy_adjustments(company, on, calls);
        let managers = self.managers_adjustments(on);
        adjustments.extend(managers.iter().map(|stored| adjustment_of(stored)));
        let (month, refused) = on.signed.of_month(&on.on.days, &adjustments, &company.zone)?;
        let mut failed: Vec<FailedPolicy> = calls
            .iter()
            .filter(|call| call.answers.iter().any(|answer| answer.employee == on.employee))
            .filter_map(|call| {
                let fault = call.receipt.fault.as_ref()?;
                Some(FailedPolicy { policy: call.receipt.policy.clone(), fault: fault.to_string() })
            })
            .collect();
        failed.sort_by(|one, other| one.policy.cmp(&other.policy));
        Ok(SharesOfMonth {
            shares: ExplainedShares { month, refused, failed },
            adjustments: managers.iter().map(|stored| stored.sequence).collect(),
        })
    }

    /// What managers ordered for days on the scorecard.
    pub fn managers_adjustments(&self, on: &OnScorecard) -> Vec<&StoredAdjustment> {
        let overlaps = |days: &Period, stored: &StoredAdjustment| {
            stored.content.days.first() < days.end() && days.first() < stored.content.days.end()
        };
        let own = self.adjustments.iter().filter(|stored| {
            stored.content.employee == on.employee && on.on.days.iter().any(|days| overlaps(days, stored))
        });
        own.collect()
    }

    pub fn policy_adjustments(&self, company: &Company, on: &OnScorecard, calls: &[&PolicyCall]) -> Vec<Adjustment> {
        let mut adjustments = Vec::new();
        for call in calls {
            let own = call.answers.iter().filter(|answer| answer.employee == on.employee);
            for change in own.flat_map(|answer| &answer.changes) {
                let known = self.circumstances.iter().find(|known| known.circumstance.id == change.because);
                let told =
                    known.and_then(|known| known.circumstance.for_person(&on.employee, self.month, &company.zone));
                // A circumstance that is not known at the sequence cannot have been handed over.
                let Some(told) = told else { continue };
                adjustments.push(Adjustment {
                    target: change.target.clone(),
                    share: change.share,
                    cause: Cause::Policy {
                        policy: call.receipt.policy.clone(),
                        circumstance: told.id,
                        during: told.during,
                    },
                    reason: change.reason.clone(),
                });
            }
        }
        adjustments
    }
}

/// A manager's change for the arithmetic. Its number, not that of its revision, says which is the later one: shortening a
/// change does not make it win over others.
pub(crate) fn adjustment_of(stored: &StoredAdjustment) -> Adjustment {
    let content = &stored.content;
    Adjustment {
        target: content.target.clone(),
        share: content.share.min(WHOLE),
        cause: Cause::Manager { adjustment: stored.adjustment, days: content.days },
        reason: Localized::new(content.reason.clone(), content.reason.clone()),
    }
}
