//! Narrating: charts of stored scores, and the one sentence that the insight plugin of the subject's department says about
//! each.
//!
//! A chart shows the months of the last year, current scores as known at n, with the goal of the day. A sentence is kept
//! only where something else is said than before under the chart that ends with the same month; what its receipt says of
//! a call is true of exactly one call. A plugin's fault leaves the last sentence.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use daybreak_domain::company::Company;
use daybreak_domain::fact::Fact;
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::Outcome;
use daybreak_domain::insight::{Batch, Chart, Sentence};
use daybreak_domain::narration::{self, Drawn, Month, NarrationReceipt, digest_of, months};
use daybreak_domain::period::Period;
use daybreak_domain::plugin::{Fault, PluginKind};
use daybreak_domain::table::Context;
use daybreak_domain::time::{Day, Zone};
use daybreak_engine::{CallError, CallOptions, HostError, NarrateRun, Plugin};
use daybreak_storage::{
    Definition, Enablement, NewFault, NewSentence, SentenceFilter, SentenceQuery, StoredScore, StoredSentence,
};

use crate::assess::{AssessRefused, halve, serving};
use crate::figures::CallWatch;
use crate::score::{SUBJECTS_PER_BATCH_MAX, department_of, goal_of};
use crate::tables::Frame;
use crate::{AppError, Daybreak};

/// Most calls of one narration that look for the charts on which the plugin fails.
const CULPRIT_CALLS_MAX: u32 = 128;

/// How often it is tried to keep what is new while others keep sentences about the same charts. What is not kept after that
/// was told by others meanwhile, and is looked at again by the next narration.
const TRIES_MAX: u32 = 5;

/// Facts that are looked up at once.
const FACTS_AT_ONCE: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsightOrder {
    /// None: everybody with a score.
    pub subject: Option<String>,
    /// None: all.
    pub indicator: Option<String>,
    /// The day on which the charts are looked at; the month that holds it is their last.
    pub on: Day,
}

/// One chart and what is said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    pub drawn: Drawn,
    /// The enablement whose plugin was asked.
    pub enablement: String,
    pub sentence: Option<Sentence>,
    /// Whether it is something else than before, so that it was kept.
    pub is_news: bool,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Insights {
    /// By indicator and subject.
    pub told: Vec<Told>,
    /// Charts of subjects in whose department no insight plugin is in use.
    pub not_enabled: usize,
    /// By the chart's indicator and subject.
    pub faults: Vec<(String, String, Fault)>,
    pub fuel: u64,
    pub log: Vec<String>,
}

/// One revision of an insight plugin with everything a call needs.
struct Plan {
    enablement: Enablement,
    plugin: Plugin,
    indicator: String,
    on: Day,
    context: Context,
    known_to: i64,
}

impl Daybreak {
    /// Draws the charts, asks for a sentence about each, and keeps what is new.
    pub async fn narrate(&self, company: &Company, order: &InsightOrder) -> Result<Insights, AppError> {
        let on = order.on;
        if on > company.zone.day_of(self.clock.now()) {
            return Err(AssessRefused::NotYet(on).into());
        }
        let known_to = self.store.sequence(&company.id).await?;
        let in_force = self.store.enablements(&company.id, PluginKind::Insight, on, known_to).await?;
        let organisation = self.organisation(company, known_to).await?;
        let mut report = Insights::default();
        let mut calls_left = CULPRIT_CALLS_MAX;
        for indicator in self.store.definitions(&company.id).await?.into_iter().map(|known| known.indicator) {
            if order.indicator.as_ref().is_some_and(|wanted| *wanted != indicator) {
                continue;
            }
            let Some(definition) = self.store.definition(&company.id, &indicator, on, known_to).await? else {
                continue;
            };
            let goals = self.store.goals(&company.id, &indicator, on, known_to).await?;
            let days = days_of(on);
            let mut subjects = self.store.subjects_scored_within(&company.id, &indicator, days, known_to).await?;
            subjects.retain(|subject| order.subject.as_ref().is_none_or(|wanted| wanted == subject));
            for subjects in subjects.chunks(SUBJECTS_PER_BATCH_MAX) {
                let looked_at = LookedAt { definition: &definition, goals: &goals, on, known_to };
                let mut by_enablement: BTreeMap<usize, Vec<Drawn>> = BTreeMap::new();
                for drawn in self.draw(company, &looked_at, subjects).await? {
                    let department = department_of(definition.subject_kind, &drawn.subject, &organisation, on);
                    match serving(&in_force, department.as_deref()) {
                        Some(index) => by_enablement.entry(index).or_default().push(drawn),
                        None => report.not_enabled += 1,
                    }
                }
                for (index, drawn) in by_enablement {
                    let enablement = in_force[index].clone();
                    let plugin = self.plugin(&company.id, enablement.component).await?;
                    let context = context_of(&company.zone, on, &enablement);
                    let indicator = indicator.clone();
                    let plan = Arc::new(Plan { enablement, plugin, indicator, on, context, known_to });
                    self.narrate_charts(company, &plan, drawn, &mut calls_left, &mut report).await?;
                }
            }
        }
        let by_key = |told: &Told| (told.drawn.indicator.clone(), told.drawn.subject.clone());
        report.told.sort_by_cached_key(by_key);
        if let Some(indicator) = &order.indicator
            && self.store.definitions(&company.id).await?.iter().all(|known| known.indicator != *indicator)
        {
            return Err(AppError::Unknown { what: "indicator", id: indicator.clone() });
        }
        Ok(report)
    }

    /// Sentences that were kept, in their order.
    pub async fn sentences(&self, company: &Company, filter: &SentenceFilter) -> Result<Vec<StoredSentence>, AppError> {
        Ok(self.store.sentences(&company.id, filter).await?)
    }

    /// The sentence with this number.
    pub async fn numbered_sentence(&self, company: &Company, sequence: i64) -> Result<StoredSentence, AppError> {
        let found = self.store.sentence(&company.id, sequence).await?;
        found.ok_or_else(|| AppError::Unknown { what: "sentence", id: sequence.to_string() })
    }

    /// The charts of these subjects as they were known at n, in their order; none for whom there is no month's score.
    pub(crate) async fn draw(
        &self,
        company: &Company,
        looked_at: &LookedAt<'_>,
        subjects: &[String],
    ) -> Result<Vec<Drawn>, AppError> {
        let LookedAt { definition, goals, on, known_to } = *looked_at;
        let indicator = &definition.indicator;
        let scores = self.store.scores_within(&company.id, indicator, subjects, days_of(on), known_to).await?;
        let mut by_subject: BTreeMap<&str, Vec<&StoredScore>> = BTreeMap::new();
        for score in scores.iter().filter(|score| score.period.is_month()) {
            by_subject.entry(&score.receipt.subject.id).or_default().push(score);
        }
        let facts = self.evidence_facts(company, by_subject.values().filter_map(|scores| summed(scores, on))).await?;
        let mut drawn = Vec::with_capacity(by_subject.len());
        for (subject, scores) in by_subject {
            let own: Vec<Fact> = summed(&scores, on)
                .map(|score| score.evidence.iter().filter_map(|fact| facts.get(fact).cloned()).collect())
                .unwrap_or_default();
            let scored: Vec<Month<'_>> =
                scores.iter().map(|score| Month { period: score.period, outcome: &score.outcome }).collect();
            let frame = narration::Frame {
                id: format!("{indicator}/{subject}"),
                title: &definition.title,
                rules: &definition.rules,
                goal: goal_of(goals, subject),
                on,
                zone: &company.zone,
                items: narration::items(&own),
            };
            drawn.push(Drawn {
                subject_kind: definition.subject_kind,
                subject: subject.to_owned(),
                indicator: indicator.clone(),
                chart: narration::chart(frame, &scored),
                scores: scores.iter().map(|score| score.sequence).collect(),
            });
        }
        Ok(drawn)
    }

    /// The facts that these scores rest on, by sequence.
    async fn evidence_facts(
        &self,
        company: &Company,
        scores: impl Iterator<Item = &StoredScore>,
    ) -> Result<BTreeMap<i64, Fact>, AppError> {
        let mut sequences: Vec<i64> = scores.flat_map(|score| score.evidence.iter().copied()).collect();
        sequences.sort_unstable();
        sequences.dedup();
        let mut facts = BTreeMap::new();
        for chunk in sequences.chunks(FACTS_AT_ONCE) {
            let found = self.store.facts(&company.id, chunk).await?;
            facts.extend(found.into_iter().map(|fact| (fact.sequence, fact)));
        }
        Ok(facts)
    }

    async fn narrate_charts(
        &self,
        company: &Company,
        plan: &Arc<Plan>,
        drawn: Vec<Drawn>,
        calls_left: &mut u32,
        report: &mut Insights,
    ) -> Result<(), AppError> {
        let mut waiting = vec![drawn];
        while let Some(drawn) = waiting.pop() {
            let charts = drawn.iter().map(|drawn| drawn.chart.clone()).collect();
            match call(self.call_watch(), &plan.plugin, &plan.context, charts).await? {
                Ok(run) => {
                    report.fuel += run.fuel;
                    report.log.extend(run.log.into_iter().map(|line| line.message));
                    let told = drawn.into_iter().zip(run.sentences).collect();
                    self.keep_sentences(company, plan, told, run.fuel, report).await?;
                }
                Err(CallError::Host(HostError::BatchTooLarge { .. })) if drawn.len() > 1 => halve(drawn, &mut waiting),
                Err(CallError::Fault(fault)) => {
                    let is_everybodys = matches!(fault, Fault::BadParameters { .. });
                    if drawn.len() > 1 && *calls_left >= 2 && !is_everybodys {
                        *calls_left -= 2;
                        halve(drawn, &mut waiting);
                    } else {
                        self.keep_narration_faults(company, plan, &drawn, &fault, report).await?;
                    }
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Keeps the sentences that say something else than the last ones. Where not all do, they are asked for once more on
    /// their own, so that the receipt is that of exactly one call. Which ones do is looked up again when nobody else can
    /// append: whoever narrates at the same time must not keep them twice.
    async fn keep_sentences(
        &self,
        company: &Company,
        plan: &Arc<Plan>,
        told: Vec<(Drawn, Option<Sentence>)>,
        fuel: u64,
        report: &mut Insights,
    ) -> Result<(), AppError> {
        let mut kept = BTreeSet::new();
        for _ in 0..TRIES_MAX {
            let news = self.news(company, plan, &told).await?;
            if news.is_empty() {
                break;
            }
            let mut new: Vec<NewSentence> = told
                .iter()
                .filter(|(drawn, _)| news.contains(&drawn.subject))
                .map(|(drawn, sentence)| NewSentence { drawn: drawn.clone(), sentence: sentence.clone() })
                .collect();
            let mut fuel = fuel;
            if new.len() < told.len() {
                let charts = new.iter().map(|new| new.drawn.chart.clone()).collect();
                let run = call(self.call_watch(), &plan.plugin, &plan.context, charts).await??;
                fuel = run.fuel;
                for (new, sentence) in new.iter_mut().zip(run.sentences) {
                    new.sentence = sentence;
                }
            }
            let receipt = self.narration_receipt(plan, fuel);
            let mut write = self.store.write(&company.id).await?;
            if self.news(company, plan, &told).await? != news {
                continue;
            }
            write.append_narration(&receipt, &new).await?;
            write.commit().await?;
            kept = news;
            break;
        }
        for (drawn, sentence) in told {
            let is_news = kept.contains(&drawn.subject);
            report.told.push(Told { drawn, enablement: plan.enablement.enablement.clone(), sentence, is_news });
        }
        Ok(())
    }

    /// The subjects of whom something else is said than before.
    async fn news(
        &self,
        company: &Company,
        plan: &Plan,
        told: &[(Drawn, Option<Sentence>)],
    ) -> Result<BTreeSet<String>, AppError> {
        let subjects: Vec<String> = told.iter().map(|(drawn, _)| drawn.subject.clone()).collect();
        let month = Period::month_of(plan.on);
        let query = SentenceQuery { indicator: &plan.indicator, month, subjects: &subjects };
        let last: HashMap<String, StoredSentence> = self
            .store
            .newest_sentences(&company.id, &query)
            .await?
            .into_iter()
            .map(|sentence| (sentence.drawn.subject.clone(), sentence))
            .collect();
        let news = told.iter().filter(|(drawn, sentence)| is_news(last.get(&drawn.subject), sentence.as_ref(), plan));
        Ok(news.map(|(drawn, _)| drawn.subject.clone()).collect())
    }

    fn narration_receipt(&self, plan: &Plan, fuel: u64) -> NarrationReceipt {
        let enablement = &plan.enablement;
        NarrationReceipt {
            enablement: enablement.enablement.clone(),
            revision: enablement.sequence,
            component: enablement.component,
            interface: enablement.interface.clone(),
            adapter: plan.plugin.adapter(PluginKind::Insight).to_owned(),
            narrated_on: plan.on,
            context: plan.context.clone(),
            known_to: plan.known_to,
            fuel,
            engine: self.engine.fingerprint().to_owned(),
            computed_at: self.clock.now(),
        }
    }

    async fn keep_narration_faults(
        &self,
        company: &Company,
        plan: &Plan,
        drawn: &[Drawn],
        fault: &Fault,
        report: &mut Insights,
    ) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        for drawn in drawn {
            let new = NewFault {
                indicator: &plan.enablement.enablement,
                component: &plan.enablement.component,
                period: Period::month_of(plan.on),
                subject: &drawn.subject,
                fault,
                occurred_at: self.clock.now(),
            };
            write.append_fault_of(PluginKind::Insight, &new).await?;
            report.faults.push((drawn.indicator.clone(), drawn.subject.clone(), fault.clone()));
        }
        Ok(write.commit().await?)
    }
}

/// What charts are drawn of, as known at one sequence.
#[derive(Clone, Copy)]
pub(crate) struct LookedAt<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) goals: &'a HashMap<Option<String>, Goal>,
    pub(crate) on: Day,
    pub(crate) known_to: i64,
}

/// The context of every call that looks at charts on the day, whoever's charts they are.
pub(crate) fn context_of(zone: &Zone, on: Day, enablement: &Enablement) -> Context {
    let frame = Frame::assessed_on(zone.clone(), Period::month_of(on), on);
    let earliest = zone.midnight(days_of(on).first());
    frame.context(&enablement.requirements, Some(earliest), &enablement.parameters_json)
}

/// The days of all months of a chart.
fn days_of(on: Day) -> Period {
    let months = months(on);
    let first = months.first().copied().unwrap_or(Period::month_of(on));
    // Months follow each other, so the days from the first to the last are a period.
    Period::new(first.first(), Period::month_of(on).end()).unwrap_or(first)
}

/// The score whose evidence stands under the chart: that of the latest complete month, else of the running one.
fn explained<'a>(scores: &[&'a StoredScore], on: Day) -> Option<&'a StoredScore> {
    let computed = || scores.iter().rev().filter(|score| matches!(score.outcome, Outcome::Computed(_)));
    let complete = computed().find(|score| narration::is_complete(score.period, on));
    complete.or_else(|| computed().next()).copied()
}

/// The score whose facts stand under the chart, summed up; none if it does not name all of them.
fn summed<'a>(scores: &[&'a StoredScore], on: Day) -> Option<&'a StoredScore> {
    explained(scores, on).filter(|score| narration::names_all(&score.outcome, score.evidence.len()))
}

fn is_news(last: Option<&StoredSentence>, sentence: Option<&Sentence>, plan: &Plan) -> bool {
    match last {
        None => sentence.is_some(),
        Some(last) => {
            let is_later = (last.narrated_on, last.known_to) <= (plan.on, plan.known_to);
            is_later && last.digest != digest_of(sentence)
        }
    }
}

/// Asks for a sentence about each chart.
pub(crate) async fn call(
    watch: CallWatch,
    plugin: &Plugin,
    context: &Context,
    charts: Vec<Chart>,
) -> Result<Result<NarrateRun, CallError>, AppError> {
    let (plugin, batch) = (plugin.clone(), Batch { context: context.clone(), charts });
    let narrate = move || watch.watch(&plugin, PluginKind::Insight, || plugin.narrate(&batch, &CallOptions::default()));
    Ok(tokio::task::spawn_blocking(narrate).await?)
}
