//! Replay: computing stored scores again from stored rows, and naming what differs.
//!
//! A replay never uses a saved input. It reads the facts as they were known at the receipt's n, assembles them anew,
//! runs the component that the receipt names and compares bits. A whole batch is replayed at once, as it ran, so that
//! the fuel can be compared too.

pub mod assessment;
pub mod narration;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::sync::Arc;

use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use daybreak_domain::fact::Fact;
use daybreak_domain::fact_set::FactSet;
use daybreak_domain::indicator::{Batch, Outcome};
use daybreak_domain::receipt::BatchReceipt;
use daybreak_domain::requirements::Requirements;
use daybreak_domain::table::rows_digest;
use daybreak_engine::{CallOptions, Plugin, ScoreRun};
use daybreak_storage::{StoreError, StoredBatch, StoredScore};

use crate::score::{assemble_for, deciding_day, defective_scores, evidence_of, fact_queries, goal_of};
use crate::tables::{Frame, Organisation, Sources};
use crate::{AppError, Daybreak};

/// Facts that one difference names at most.
const FACTS_NAMED_MAX: usize = 20;

/// One thing in which the replay differs from the receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    ComponentGone {
        component: Digest,
    },
    /// The bytes stored under the component's digest have another one.
    ComponentChanged {
        component: Digest,
        found: Digest,
    },
    /// The component can no longer be run by this host.
    ComponentRefused {
        component: Digest,
        problem: String,
    },
    /// A revision that the receipt names is not there.
    RevisionGone {
        what: &'static str,
        sequence: i64,
    },
    /// The stored revision says something else than the receipt.
    ParametersChanged {
        sequence: i64,
        stored: String,
        receipt: String,
    },
    RulesChanged {
        sequence: i64,
    },
    GrantChanged {
        sequence: i64,
    },
    GoalChanged {
        subject: String,
    },
    /// The rows that the subject would be given today are others. Facts whose content no longer has its digest are
    /// named; if none is, rows were added or removed.
    RowsChanged {
        changed: Vec<String>,
    },
    /// The context of the receipt is not that of its period in the company's zone.
    ContextChanged,
    /// The stored outcome does not have the digest that the receipt names, or stands under another key than its batch.
    ScoreChanged,
    /// The batch was stored with more scores.
    ScoresGone {
        stored: usize,
        found: usize,
    },
    /// A stored row is not one that this host writes.
    Unreadable {
        problem: String,
    },
    EvidenceChanged,
    EnablementChanged {
        sequence: i64,
    },
    /// The chart that is drawn of the stored scores and goals is not the one that the receipt holds.
    ChartChanged,
    /// The stored sentence does not have its digest.
    SentenceChanged,
    /// The narration was stored with more sentences.
    SentencesGone {
        stored: usize,
        found: usize,
    },
    /// A stored revision of the alert is not what the assessment raised.
    AlertChanged {
        alert: i64,
    },
    /// The assessment was stored with more revisions of alerts.
    AlertsGone {
        stored: usize,
        found: usize,
    },
    OutcomeDiffers {
        stored: Digest,
        replayed: Digest,
    },
    FuelDiffers {
        stored: u64,
        replayed: u64,
    },
    Fault {
        problem: String,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ComponentGone { component } => {
                write!(formatter, "component {} is no longer stored", component.short())
            }
            Self::ComponentChanged { component, found } => write!(
                formatter,
                "another component version: the bytes stored as {} are {}",
                component.short(),
                found.short()
            ),
            Self::ComponentRefused { component, problem } => {
                write!(formatter, "component {} cannot be run: {problem}", component.short())
            }
            Self::RevisionGone { what, sequence } => write!(formatter, "the {what} number {sequence} is gone"),
            Self::ParametersChanged { sequence, stored, receipt } => write!(
                formatter,
                "the parameters number {sequence} were changed: the receipt has {receipt}, the database {stored}"
            ),
            Self::RulesChanged { sequence } => {
                write!(
                    formatter,
                    "the definition number {sequence} was changed: its rules are not those of the receipt"
                )
            }
            Self::GrantChanged { sequence } => write!(
                formatter,
                "the grant number {sequence} was changed: it names another component, other parameters or other facts to read"
            ),
            Self::GoalChanged { subject } => {
                write!(
                    formatter,
                    "the goal of {subject} was changed: the database holds another one at the receipt's number"
                )
            }
            Self::RowsChanged { changed } if changed.is_empty() => {
                formatter.write_str("the facts differ: rows were added, removed or moved since")
            }
            Self::RowsChanged { changed } => {
                write!(formatter, "the facts differ; changed after they were recorded: {}", changed.join(", "))
            }
            Self::ContextChanged => {
                formatter.write_str("the context differs: the receipt's period or time zone is not that of the company")
            }
            Self::ScoresGone { stored, found } => {
                write!(formatter, "{stored} scores were stored in this batch, {found} are there")
            }
            Self::Unreadable { problem } => write!(formatter, "a stored row was changed: {problem}"),
            Self::ScoreChanged => formatter.write_str("the stored outcome was changed: it does not have its digest"),
            Self::EnablementChanged { sequence } => write!(
                formatter,
                "the enablement number {sequence} was changed: it names another component, other parameters or other \
                 facts to read"
            ),
            Self::ChartChanged => formatter.write_str(
                "the chart differs: the scores, the goal or the definition behind it are not those of the receipt",
            ),
            Self::SentenceChanged => {
                formatter.write_str("the stored sentence was changed: it does not have its digest")
            }
            Self::SentencesGone { stored, found } => {
                write!(formatter, "{stored} sentences were stored with this narration, {found} are there")
            }
            Self::AlertChanged { alert } => {
                write!(formatter, "the alert number {alert} was changed: it is not what the assessment raised")
            }
            Self::AlertsGone { stored, found } => {
                write!(formatter, "{stored} revisions of alerts were stored with this assessment, {found} are there")
            }
            Self::EvidenceChanged => formatter.write_str("the stored evidence was changed: it names other facts"),
            Self::OutcomeDiffers { stored, replayed } => {
                write!(
                    formatter,
                    "the outcome differs: {} was stored, {} is computed",
                    stored.short(),
                    replayed.short()
                )
            }
            Self::FuelDiffers { stored, replayed } => {
                write!(formatter, "the fuel differs under the same engine: {stored} then, {replayed} now")
            }
            Self::Fault { problem } => write!(formatter, "the plugin fails now: {problem}"),
        }
    }
}

/// One score and what its replay found.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    pub score: StoredScore,
    /// Empty: equal, bit for bit.
    pub differences: Vec<Difference>,
}

/// One batch and what its replay found.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedBatch {
    pub batch: i64,
    /// What differs of the batch as a whole; every one of its scores differs in that too.
    pub differences: Vec<Difference>,
    pub scores: Vec<Replayed>,
    /// False if the batch ran under another engine, so that its fuel says nothing.
    pub same_engine: bool,
    /// Outcomes by score when another component was asked for in place of the receipt's.
    pub other_outcomes: BTreeMap<i64, Outcome>,
}

/// What the receipts name, as it is stored today.
struct Stored {
    requirements: Requirements,
    organisation: Arc<Organisation>,
    sets: BTreeMap<String, FactSet>,
    frame: Frame,
}

impl Daybreak {
    /// The numbers of the batches after one, for replaying all of them piece by piece.
    pub async fn batches_after(&self, company: &Company, after: i64, most: u32) -> Result<Vec<i64>, AppError> {
        Ok(self.store.batches_after(&company.id, after, most).await?)
    }

    /// The number of the batch to which a score belongs.
    pub async fn batch_of_score(&self, company: &Company, score: i64) -> Result<i64, AppError> {
        let found = self.store.batch_of_score(&company.id, score).await?;
        found.ok_or_else(|| AppError::Unknown { what: "score", id: score.to_string() })
    }

    /// The facts after a sequence whose content no longer has the digest it was recorded with, and the last sequence that
    /// was looked at; none when there are no more. Looks at facts that no score rests on, too.
    pub async fn tampered_facts(
        &self,
        company: &Company,
        after: i64,
        most: u32,
    ) -> Result<Option<(Vec<String>, i64)>, AppError> {
        let facts = match self.store.facts_after(&company.id, after, most).await {
            Err(StoreError::Inconsistent { table, key, problem }) => {
                // The row cannot even be read; what comes after it can.
                let last = key.parse().ok().filter(|last| *last > after).unwrap_or(after + 1);
                return Ok(Some((vec![format!("{table} number {key} ({problem})")], last)));
            }
            facts => facts?,
        };
        let Some(last) = facts.last().map(|fact| fact.sequence) else { return Ok(None) };
        let tampered = facts.iter().filter(|fact| fact.content_digest() != fact.digest).map(Fact::label);
        Ok(Some((tampered.collect(), last)))
    }

    /// Computes a batch again and compares it with what is stored. With `other`, that component runs in place of the
    /// receipt's, which is a difference of its own. A row that somebody damaged is a difference, not an error.
    pub async fn replay(
        &self,
        company: &Company,
        batch: i64,
        other: Option<Vec<u8>>,
    ) -> Result<ReplayedBatch, AppError> {
        match self.replay_batch(company, batch, other).await {
            Err(AppError::Store(StoreError::Inconsistent { table, key, problem })) => Ok(ReplayedBatch {
                batch,
                differences: vec![Difference::Unreadable { problem: format!("{table} {key}: {problem}") }],
                scores: Vec::new(),
                same_engine: false,
                other_outcomes: BTreeMap::new(),
            }),
            replayed => replayed,
        }
    }

    async fn replay_batch(
        &self,
        company: &Company,
        batch: i64,
        other: Option<Vec<u8>>,
    ) -> Result<ReplayedBatch, AppError> {
        let unknown = || AppError::Unknown { what: "batch", id: batch.to_string() };
        let batch: StoredBatch = self.store.batch(&company.id, batch).await?.ok_or_else(unknown)?;
        let scores = self.store.scores_of_batch(&company.id, batch.batch).await?;
        let receipt = &batch.receipt;
        let mut shared = Vec::new();
        let mut own: Vec<Vec<Difference>> = vec![Vec::new(); scores.len()];
        if scores.len() != batch.scores {
            shared.push(Difference::ScoresGone { stored: batch.scores, found: scores.len() });
        }
        if receipt.context.time_zone != company.zone.name()
            || receipt.context.period != receipt.period.span(&company.zone)
        {
            shared.push(Difference::ContextChanged);
        }
        for (score, differences) in scores.iter().zip(&mut own) {
            let same_key = score.indicator == receipt.indicator && score.period == receipt.period;
            if !score.columns_agree || !same_key || score.outcome.digest() != score.receipt.outcome {
                differences.push(Difference::ScoreChanged);
            }
        }
        let organisation = self.organisation(company, receipt.known_to).await?;
        self.compare_revisions(company, receipt, &mut shared).await?;
        self.compare_goals(company, receipt, &organisation, &scores, &mut own).await?;
        let stored = self.stored(company, receipt, organisation, &mut shared).await?;
        let compared_with_other = other.is_some();
        let plugin = self.receipt_plugin(company, receipt.component, other, &mut shared).await?;
        let same_engine = receipt.engine == self.engine.fingerprint();
        let mut other_outcomes = BTreeMap::new();
        if let Some(stored) = stored {
            let stored = Arc::new(stored);
            let changed = self.compare_rows(company, receipt, &scores, stored.clone(), &mut own).await?;
            let by_host = scores.iter().all(|score| score.by_host);
            if let Some(plugin) = plugin.filter(|_| !by_host) {
                let run = rerun(plugin, receipt.clone(), scores.clone(), stored).await?;
                match run {
                    Ok(run) => {
                        compare_run(&run, receipt, &scores, same_engine && !changed, &mut shared, &mut own);
                        if compared_with_other {
                            other_outcomes = run
                                .outcomes
                                .into_iter()
                                .zip(&scores)
                                .filter_map(|(outcome, score)| outcome.map(|outcome| (score.sequence, outcome)))
                                .collect();
                        }
                    }
                    Err(problem) => shared.push(Difference::Fault { problem }),
                }
            }
        }
        let scores = scores
            .into_iter()
            .zip(own)
            .map(|(score, own)| Replayed { score, differences: shared.iter().cloned().chain(own).collect() })
            .collect();
        Ok(ReplayedBatch { batch: batch.batch, differences: shared, scores, same_engine, other_outcomes })
    }

    /// Parameters and definition against the revisions that the receipt names.
    async fn compare_revisions(
        &self,
        company: &Company,
        receipt: &BatchReceipt,
        shared: &mut Vec<Difference>,
    ) -> Result<(), AppError> {
        let sequence = receipt.parameters;
        match self.store.parameters_revision(&company.id, sequence).await? {
            None => shared.push(Difference::RevisionGone { what: "parameters", sequence }),
            Some(stored) if stored.parameters_json != receipt.context.parameters_json => {
                shared.push(Difference::ParametersChanged {
                    sequence,
                    stored: stored.parameters_json,
                    receipt: receipt.context.parameters_json.clone(),
                });
            }
            Some(_) => {}
        }
        let sequence = receipt.definition;
        match self.store.definition_revision(&company.id, sequence).await? {
            None => shared.push(Difference::RevisionGone { what: "definition", sequence }),
            Some(stored) if stored.rules != receipt.rules || stored.indicator != receipt.indicator => {
                shared.push(Difference::RulesChanged { sequence });
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// The goals that were in force for each subject against those that the receipt names.
    async fn compare_goals(
        &self,
        company: &Company,
        receipt: &BatchReceipt,
        organisation: &Organisation,
        scores: &[StoredScore],
        own: &mut [Vec<Difference>],
    ) -> Result<(), AppError> {
        let mut by_day = BTreeMap::new();
        for (score, differences) in scores.iter().zip(own) {
            let subject = &score.receipt.subject;
            let on = deciding_day(receipt.subject_kind, &subject.id, organisation, receipt.period);
            let goals = match by_day.entry(on) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    unknown.insert(self.store.goals(&company.id, &receipt.indicator, on, receipt.known_to).await?)
                }
            };
            if goal_of(goals, &subject.id) != subject.goal {
                differences.push(Difference::GoalChanged { subject: subject.id.clone() });
            }
        }
        Ok(())
    }

    /// What the plugin was allowed to read, and the facts as they were known at n.
    async fn stored(
        &self,
        company: &Company,
        receipt: &BatchReceipt,
        organisation: Arc<Organisation>,
        shared: &mut Vec<Difference>,
    ) -> Result<Option<Stored>, AppError> {
        let sequence = receipt.grant;
        let Some(grant) = self.store.permission_revision(&company.id, sequence).await? else {
            shared.push(Difference::RevisionGone { what: "grant", sequence });
            return Ok(None);
        };
        let same = grant.component == receipt.component
            && grant.interface == receipt.interface.name
            && grant.parameters == receipt.parameters
            && grant.requirements.digest() == receipt.requirements;
        if !same {
            shared.push(Difference::GrantChanged { sequence });
        }
        let frame = Frame { zone: company.zone.clone(), period: receipt.period, as_of: receipt.context.as_of };
        let mut sets = BTreeMap::new();
        for query in fact_queries(company, &grant.requirements, &frame, receipt.known_to) {
            let kind = query.kind.clone();
            sets.insert(kind, self.store.fact_set(query).await?);
        }
        Ok(Some(Stored { requirements: grant.requirements, organisation, sets, frame }))
    }

    /// The plugin that the receipt names, or the one given in its place.
    async fn receipt_plugin(
        &self,
        company: &Company,
        component: Digest,
        other: Option<Vec<u8>>,
        shared: &mut Vec<Difference>,
    ) -> Result<Option<Plugin>, AppError> {
        if let Some(bytes) = other {
            let found = Digest::of(&bytes);
            if found != component {
                shared.push(Difference::ComponentChanged { component, found });
            }
            let engine = self.engine.clone();
            return Ok(Some(tokio::task::spawn_blocking(move || engine.load(&bytes)).await??));
        }
        match self.plugin(&company.id, component).await {
            Ok(plugin) => Ok(Some(plugin)),
            Err(AppError::ComponentGone { .. }) => {
                shared.push(Difference::ComponentGone { component });
                Ok(None)
            }
            Err(AppError::ComponentChanged { found, .. }) => {
                shared.push(Difference::ComponentChanged { component, found });
                Ok(None)
            }
            Err(AppError::Plugin(error)) => {
                shared.push(Difference::ComponentRefused { component, problem: error.to_string() });
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The digests of the rows, score by score. Where they differ, the facts that somebody changed are looked for.
    /// Returns whether any differ.
    async fn compare_rows(
        &self,
        company: &Company,
        receipt: &BatchReceipt,
        scores: &[StoredScore],
        stored: Arc<Stored>,
        own: &mut [Vec<Difference>],
    ) -> Result<bool, AppError> {
        let kind = receipt.subject_kind;
        let subjects: Vec<_> = scores.iter().map(|score| score.receipt.subject.clone()).collect();
        let assembled = tokio::task::spawn_blocking(move || {
            let sources = Sources { facts: &stored.sets, organisation: &stored.organisation, frame: &stored.frame };
            let assembled = assemble_for(&stored.requirements, kind, &subjects, &sources)?;
            let digests: Vec<Digest> =
                (0..subjects.len()).map(|subject| rows_digest(&assembled.tables, subject)).collect();
            let defective = defective_scores(&subjects, &assembled);
            let facts: Vec<Vec<i64>> = (0..subjects.len())
                .map(|subject| {
                    let of_table = |(table, facts): (&daybreak_domain::table::Table, &Vec<i64>)| {
                        facts[table.rows_of(subject)].to_vec()
                    };
                    assembled.tables.iter().zip(&assembled.facts).flat_map(of_table).collect()
                })
                .collect();
            Ok::<_, AppError>((digests, defective, facts))
        });
        let (digests, defective, facts) = assembled.await??;
        let mut differ = false;
        for (index, (score, differences)) in scores.iter().zip(own).enumerate() {
            if digests[index] != score.receipt.rows {
                differ = true;
                let changed = self.changed_facts(company, &facts[index], &score.evidence).await?;
                differences.push(Difference::RowsChanged { changed });
            }
            if score.by_host {
                let now = defective.iter().find(|now| now.receipt.subject.id == score.receipt.subject.id);
                let replayed = now.map(|now| now.receipt.outcome);
                if replayed != Some(score.receipt.outcome) {
                    differences.push(Difference::OutcomeDiffers {
                        stored: score.receipt.outcome,
                        replayed: replayed.unwrap_or(Digest::of(b"")),
                    });
                }
            }
        }
        Ok(differ)
    }

    /// Of these facts, those whose content no longer has the digest it was stored with.
    async fn changed_facts(&self, company: &Company, given: &[i64], evidence: &[i64]) -> Result<Vec<String>, AppError> {
        let mut sequences: Vec<i64> = given.iter().chain(evidence).copied().collect();
        sequences.sort_unstable();
        sequences.dedup();
        let mut changed = Vec::new();
        for chunk in sequences.chunks(1_000) {
            let facts = self.store.facts(&company.id, chunk).await?;
            let tampered = facts.iter().filter(|fact| fact.content_digest() != fact.digest).map(Fact::label);
            changed.extend(tampered);
            if changed.len() >= FACTS_NAMED_MAX {
                changed.truncate(FACTS_NAMED_MAX);
                break;
            }
        }
        Ok(changed)
    }
}

/// What running a batch again gave, score by score.
struct Rerun {
    outcomes: Vec<Option<Outcome>>,
    faults: BTreeMap<usize, String>,
    evidence: Vec<Vec<i64>>,
    fuel: u64,
}

async fn rerun(
    plugin: Plugin,
    receipt: BatchReceipt,
    scores: Vec<StoredScore>,
    stored: Arc<Stored>,
) -> Result<Result<Rerun, String>, AppError> {
    tokio::task::spawn_blocking(move || {
        let subjects: Vec<_> = scores.iter().map(|score| score.receipt.subject.clone()).collect();
        let sources = Sources { facts: &stored.sets, organisation: &stored.organisation, frame: &stored.frame };
        let assembled = assemble_for(&stored.requirements, receipt.subject_kind, &subjects, &sources)?;
        let offsets: Vec<Vec<u32>> = assembled.tables.iter().map(|table| table.offsets.clone()).collect();
        let batch = Batch { context: receipt.context, rules: receipt.rules, subjects, tables: assembled.tables };
        let ScoreRun { calls, faults, .. } = match plugin.score(batch, &CallOptions::default()) {
            Ok(run) => run,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let mut outcomes: Vec<Option<Outcome>> = vec![None; scores.len()];
        let mut fuel = 0;
        for call in calls {
            fuel += call.fuel;
            for (subject, outcome) in call.subjects.zip(call.outcomes) {
                outcomes[subject] = Some(outcome);
            }
        }
        let evidence = outcomes
            .iter()
            .enumerate()
            .map(|(subject, outcome)| {
                outcome
                    .as_ref()
                    .map_or_else(Vec::new, |outcome| evidence_of(outcome, subject, &offsets, &assembled.facts))
            })
            .collect();
        let faults = faults.into_iter().map(|fault| (fault.subject, fault.fault.to_string())).collect();
        Ok(Ok(Rerun { outcomes, faults, evidence, fuel }))
    })
    .await?
}

fn compare_run(
    run: &Rerun,
    receipt: &BatchReceipt,
    scores: &[StoredScore],
    fuel_counts: bool,
    shared: &mut Vec<Difference>,
    own: &mut [Vec<Difference>],
) {
    if fuel_counts && run.fuel != receipt.fuel {
        shared.push(Difference::FuelDiffers { stored: receipt.fuel, replayed: run.fuel });
    }
    for (index, (score, differences)) in scores.iter().zip(own).enumerate() {
        let Some(outcome) = &run.outcomes[index] else {
            let problem = run.faults.get(&index).cloned().unwrap_or_default();
            differences.push(Difference::Fault { problem });
            continue;
        };
        let replayed = outcome.digest();
        if replayed != score.receipt.outcome {
            differences.push(Difference::OutcomeDiffers { stored: score.receipt.outcome, replayed });
        }
        if run.evidence[index] != score.evidence {
            differences.push(Difference::EvidenceChanged);
        }
    }
}
