//! Replay of composites and of the calls of policies: from stored rows, and naming what differs.
//!
//! As for scores, nothing is taken from a saved input: scorecards, circumstances, managers' changes and scores are read
//! as they were known at the receipt's n. A composite uses the stored answers of the calls that it names; each of those
//! calls is made again by a replay of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use daybreak_domain::company::Company;
use daybreak_domain::composite::{
    Basis, CompositeOutcome, CompositeReceipt, MonthBasis, MonthUsed, of_month, of_months,
};
use daybreak_domain::digest::Digest;
use daybreak_domain::period::Period;
use daybreak_domain::reweighting::{Batch, PolicyReceipt, input_digest};
use daybreak_domain::shares::percent;
use daybreak_storage::{StoreError, StoredComposite, StoredPolicyBatch};

use crate::compose::{entries, month_entries};
use crate::shares::{PolicyCall, ShareError, ShareSources, SharesOfMonth, adjust, digest_of};
use crate::{AppError, Daybreak};

/// One thing in which the replay differs from the receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompositeDifference {
    /// A stored row is not one that this host writes.
    Unreadable {
        problem: String,
    },
    /// The component is gone, was changed or can no longer be run.
    Component {
        problem: String,
    },
    EnablementGone {
        sequence: i64,
    },
    EnablementChanged {
        sequence: i64,
    },
    ContextChanged,
    /// The policy was asked for more employees than there are answers.
    AnswersGone {
        stored: usize,
        found: usize,
    },
    AnswersChanged {
        batch: i64,
    },
    /// The signed shares or the circumstances that the policy would be given are others.
    InputDiffers,
    CircumstancesDiffer {
        receipt: Vec<i64>,
        now: Vec<i64>,
    },
    AnswersDiffer,
    FaultDiffers {
        stored: String,
        replayed: String,
    },
    FuelDiffers {
        stored: u64,
        replayed: u64,
    },
    /// The stored composite does not have its digest, or stands under another key.
    CompositeChanged,
    ScorecardDiffers {
        receipt: String,
        now: String,
    },
    PolicyBatchGone {
        batch: i64,
    },
    /// The policies in use, as known at n, are not those whose calls the receipt names.
    PoliciesDiffer {
        receipt: Vec<String>,
        now: Vec<String>,
    },
    AdjustmentsDiffer {
        receipt: Vec<i64>,
        now: Vec<i64>,
    },
    /// Indicator, the receipt's share and the replayed one, in millionths.
    SharesDiffer {
        shares: Vec<(String, u32, u32)>,
    },
    /// The shares are the same, but what the composite keeps of how they came about is not.
    CausesChanged,
    ScoreGone {
        indicator: String,
        score: i64,
    },
    ScoreChanged {
        indicator: String,
        score: i64,
    },
    /// Another score was the current one.
    OtherScore {
        indicator: String,
        receipt: Option<i64>,
        now: Option<i64>,
    },
    MonthGone {
        month: Period,
        composite: i64,
    },
    MonthsDiffer {
        month: Period,
    },
    MinimumCoverageDiffers {
        receipt: u32,
        now: u32,
    },
    OutcomeDiffers {
        stored: Digest,
        replayed: Digest,
    },
    /// It can no longer be computed at all.
    NotReplayable {
        problem: String,
    },
}

impl fmt::Display for CompositeDifference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = |number: &Option<i64>| number.map_or("none".to_owned(), |number| number.to_string());
        match self {
            Self::Unreadable { problem } => write!(formatter, "a stored row was changed: {problem}"),
            Self::Component { problem } => formatter.write_str(problem),
            Self::EnablementGone { sequence } => write!(formatter, "the enablement number {sequence} is gone"),
            Self::EnablementChanged { sequence } => write!(
                formatter,
                "the enablement number {sequence} was changed: it names another policy, component or parameters"
            ),
            Self::ContextChanged => {
                formatter.write_str("the context differs: the receipt's period or time zone is not that of the company")
            }
            Self::AnswersGone { stored, found } => {
                write!(formatter, "the policy answered for {stored} employees, {found} answers are there")
            }
            Self::AnswersChanged { batch } => {
                write!(
                    formatter,
                    "the stored answers of the policy call {batch} were changed: they do not have their digest"
                )
            }
            Self::InputDiffers => formatter
                .write_str("what the policy would be given differs: signed shares or circumstances were changed"),
            Self::CircumstancesDiffer { receipt, now } => write!(
                formatter,
                "the circumstances differ: the receipt names the revisions {receipt:?}, the database {now:?}"
            ),
            Self::AnswersDiffer => formatter.write_str("the policy answers differ: it now changes other shares"),
            Self::FaultDiffers { stored, replayed } => {
                write!(formatter, "the policy's fault differs: {stored} was stored, {replayed} now")
            }
            Self::FuelDiffers { stored, replayed } => {
                write!(formatter, "the fuel differs under the same engine: {stored} then, {replayed} now")
            }
            Self::CompositeChanged => {
                formatter.write_str("the stored composite was changed: it does not have its digest")
            }
            Self::ScorecardDiffers { receipt, now } => {
                write!(formatter, "the scorecard differs: the receipt names {receipt}, the database {now}")
            }
            Self::PolicyBatchGone { batch } => write!(formatter, "the policy call {batch} is gone"),
            Self::PoliciesDiffer { receipt, now } => write!(
                formatter,
                "the policies differ: the receipt names calls of [{}], in use were [{}]",
                receipt.join(", "),
                now.join(", ")
            ),
            Self::AdjustmentsDiffer { receipt, now } => {
                write!(formatter, "the managers' changes differ: the receipt names {receipt:?}, the database {now:?}")
            }
            Self::SharesDiffer { shares } => {
                formatter.write_str("the share vector differs:")?;
                for (indicator, receipt, now) in shares {
                    let (receipt, now) = (percent(u64::from(*receipt)), percent(u64::from(*now)));
                    write!(formatter, " {indicator} had {receipt}, would have {now};")?;
                }
                Ok(())
            }
            Self::CausesChanged => formatter
                .write_str("what is kept of how the shares came about was changed, though the shares are the same"),
            Self::ScoreGone { indicator, score } => write!(formatter, "the score {score} of {indicator} is gone"),
            Self::ScoreChanged { indicator, score } => {
                write!(formatter, "the score {score} of {indicator} was changed: it does not have its digest")
            }
            Self::OtherScore { indicator, receipt, now } => write!(
                formatter,
                "another score of {indicator} was current: the receipt names {}, the database {}",
                known(receipt),
                known(now)
            ),
            Self::MonthGone { month, composite } => write!(formatter, "the composite {composite} of {month} is gone"),
            Self::MonthsDiffer { month } => write!(formatter, "another composite of {month} was current"),
            Self::MinimumCoverageDiffers { receipt, now } => write!(
                formatter,
                "the minimum coverage differs: {} in the receipt, {} in the database",
                percent(u64::from(*receipt)),
                percent(u64::from(*now))
            ),
            Self::OutcomeDiffers { stored, replayed } => {
                write!(
                    formatter,
                    "the composite differs: {} was stored, {} is computed",
                    stored.short(),
                    replayed.short()
                )
            }
            Self::NotReplayable { problem } => write!(formatter, "it cannot be computed any more: {problem}"),
        }
    }
}

/// One call of a policy and what its replay found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayedPolicy {
    pub batch: i64,
    pub policy: String,
    /// Empty: equal, bit for bit.
    pub differences: Vec<CompositeDifference>,
}

/// One composite and what its replay found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayedComposite {
    pub sequence: i64,
    /// Employee and period; none where the row cannot be read.
    pub key: Option<(String, Period)>,
    /// Empty: equal, bit for bit.
    pub differences: Vec<CompositeDifference>,
}

/// What the last composite rested on: the next ones of the same pass rest on it too.
type LastSources = Option<ShareSources>;

impl Daybreak {
    /// Makes the next calls of policies again, after the number given; at most `most`. None are left if none comes back.
    pub async fn replay_policies(
        &self,
        company: &Company,
        after: i64,
        most: u32,
    ) -> Result<Vec<ReplayedPolicy>, AppError> {
        let mut replayed = Vec::new();
        for batch in self.store.policy_batches_after(&company.id, after, most).await? {
            replayed.push(match self.replay_policy(company, batch).await {
                Ok(replayed) => replayed,
                Err(error) => {
                    let differences = vec![difference_of(error)?];
                    ReplayedPolicy { batch, policy: String::new(), differences }
                }
            });
        }
        Ok(replayed)
    }

    /// Computes the next composites again, after the number given; at most `most`.
    pub async fn replay_composites(
        &self,
        company: &Company,
        after: i64,
        most: u32,
    ) -> Result<Vec<ReplayedComposite>, AppError> {
        let mut replayed = Vec::new();
        let mut last = None;
        for sequence in self.store.composites_after(&company.id, after, most).await? {
            replayed.push(match self.replay_composite(company, sequence, &mut last).await {
                Ok(replayed) => replayed,
                Err(error) => ReplayedComposite { sequence, key: None, differences: vec![difference_of(error)?] },
            });
        }
        Ok(replayed)
    }

    /// Computes one composite again, and makes the calls of policies again whose answers it rests on. A row that somebody
    /// damaged is a difference, not an error.
    pub async fn replay_numbered_composite(
        &self,
        company: &Company,
        sequence: i64,
    ) -> Result<ReplayedComposite, AppError> {
        match self.replay_with_policies(company, sequence).await {
            Ok(replayed) => Ok(replayed),
            Err(error) => Ok(ReplayedComposite { sequence, key: None, differences: vec![difference_of(error)?] }),
        }
    }

    async fn replay_with_policies(&self, company: &Company, sequence: i64) -> Result<ReplayedComposite, AppError> {
        let mut replayed = self.replay_composite(company, sequence, &mut None).await?;
        let stored = self.numbered_composite(company, sequence).await?;
        if let Basis::Month(basis) = &stored.composite.receipt.basis {
            for batch in &basis.policy_batches {
                match self.replay_policy(company, *batch).await {
                    Ok(policy) => replayed.differences.extend(policy.differences),
                    // The composite's own replay has said that the call is gone.
                    Err(AppError::Unknown { .. }) => {}
                    Err(error) => replayed.differences.push(difference_of(error)?),
                }
            }
        }
        Ok(replayed)
    }

    async fn replay_policy(&self, company: &Company, batch: i64) -> Result<ReplayedPolicy, AppError> {
        let unknown = || AppError::Unknown { what: "policy call", id: batch.to_string() };
        let stored = self.store.policy_batches(&company.id, &[batch]).await?.pop().ok_or_else(unknown)?;
        let receipt = &stored.receipt;
        let mut differences = Vec::new();
        if stored.answers.len() != stored.stored {
            let (stored, found) = (stored.stored, stored.answers.len());
            differences.push(CompositeDifference::AnswersGone { stored, found });
        }
        if digest_of(&stored.answers) != receipt.changes {
            differences.push(CompositeDifference::AnswersChanged { batch });
        }
        let context = &receipt.context;
        if context.time_zone != company.zone.name() || context.period != receipt.period.span(&company.zone) {
            differences.push(CompositeDifference::ContextChanged);
        }
        self.compare_policy_enablement(company, receipt, &mut differences).await?;
        let scorecards = self.policy_input(company, &stored, &mut differences).await?;
        let plugin = match self.plugin(&company.id, receipt.component).await {
            Ok(plugin) => plugin,
            Err(error @ (AppError::ComponentGone { .. } | AppError::ComponentChanged { .. } | AppError::Plugin(_))) => {
                differences.push(CompositeDifference::Component { problem: error.to_string() });
                return Ok(ReplayedPolicy { batch, policy: receipt.policy.clone(), differences });
            }
            Err(error) => return Err(error),
        };
        let same_input = input_digest(&scorecards) == receipt.input;
        let (_, answered) =
            adjust(self.call_watch(), plugin, Batch { context: context.clone(), scorecards: scorecards.clone() })
                .await?;
        match (answered, &receipt.fault) {
            (Ok((changes, fuel)), None) => {
                let answers: Vec<_> = scorecards
                    .into_iter()
                    .zip(changes)
                    .map(|(scorecard, changes)| daybreak_storage::PolicyAnswer {
                        employee: scorecard.employee,
                        changes,
                    })
                    .collect();
                if digest_of(&answers) != receipt.changes {
                    differences.push(CompositeDifference::AnswersDiffer);
                }
                if same_input && receipt.engine == self.engine.fingerprint() && fuel != receipt.fuel {
                    differences.push(CompositeDifference::FuelDiffers { stored: receipt.fuel, replayed: fuel });
                }
            }
            (Err(fault), Some(stored)) if fault.code() == stored.code() => {}
            (answered, stored) => {
                let words = |fault: Option<String>| fault.unwrap_or_else(|| "none".to_owned());
                differences.push(CompositeDifference::FaultDiffers {
                    stored: words(stored.as_ref().map(ToString::to_string)),
                    replayed: words(answered.err().map(|fault| fault.to_string())),
                });
            }
        }
        Ok(ReplayedPolicy { batch, policy: receipt.policy.clone(), differences })
    }

    async fn compare_policy_enablement(
        &self,
        company: &Company,
        receipt: &PolicyReceipt,
        differences: &mut Vec<CompositeDifference>,
    ) -> Result<(), AppError> {
        let sequence = receipt.enablement;
        match self.store.enablement_revision(&company.id, sequence).await? {
            None => differences.push(CompositeDifference::EnablementGone { sequence }),
            Some(known)
                if known.enablement != receipt.policy
                    || known.component != receipt.component
                    || known.interface != receipt.interface
                    || known.parameters_json != receipt.context.parameters_json =>
            {
                differences.push(CompositeDifference::EnablementChanged { sequence });
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// What the policy would be given now for those for whom it answered, as known at the receipt's n.
    async fn policy_input(
        &self,
        company: &Company,
        stored: &StoredPolicyBatch,
        differences: &mut Vec<CompositeDifference>,
    ) -> Result<Vec<daybreak_domain::reweighting::Scorecard>, AppError> {
        let receipt = &stored.receipt;
        let mut sources = self.share_sources(company, receipt.period, receipt.known_to).await?;
        let mut on_scorecards = Vec::new();
        for answer in &stored.answers {
            on_scorecards.extend(sources.on_scorecard(&answer.employee)?);
        }
        self.add_enablements(company, &mut sources, &on_scorecards).await?;
        let mut requests = sources.requests(company, &on_scorecards);
        requests.retain(|request| request.enablement.sequence == receipt.enablement);
        let (scorecards, circumstances) =
            requests.pop().map_or_else(Default::default, |request| (request.scorecards, request.circumstances));
        let now: Vec<i64> = circumstances.into_iter().collect();
        if now != receipt.circumstances {
            let receipt = receipt.circumstances.clone();
            differences.push(CompositeDifference::CircumstancesDiffer { receipt, now });
        }
        if input_digest(&scorecards) != receipt.input {
            differences.push(CompositeDifference::InputDiffers);
        }
        Ok(scorecards)
    }

    async fn replay_composite(
        &self,
        company: &Company,
        sequence: i64,
        last: &mut LastSources,
    ) -> Result<ReplayedComposite, AppError> {
        let unknown = || AppError::Unknown { what: "composite", id: sequence.to_string() };
        let stored = self.store.composite(&company.id, sequence).await?.ok_or_else(unknown)?;
        let receipt = &stored.composite.receipt;
        let mut differences = Vec::new();
        if !stored.columns_agree || stored.composite.outcome.digest() != receipt.outcome {
            differences.push(CompositeDifference::CompositeChanged);
        }
        let (receipt_minimum, on) = (receipt.minimum_coverage, receipt.period.last());
        let minimum = self.store.minimum_coverage(&company.id, on, receipt.known_to).await?;
        if minimum != receipt_minimum {
            differences.push(CompositeDifference::MinimumCoverageDiffers { receipt: receipt_minimum, now: minimum });
        }
        let outcome = match &receipt.basis {
            Basis::Month(basis) => self.replay_month(company, &stored, basis, last, &mut differences).await?,
            Basis::Months { months } => self.replay_months(company, receipt, months, last, &mut differences).await?,
        };
        if let Some(outcome) = outcome {
            let replayed = outcome.digest();
            if replayed != receipt.outcome {
                differences.push(CompositeDifference::OutcomeDiffers { stored: receipt.outcome, replayed });
            }
        }
        let key = Some((receipt.employee.clone(), receipt.period));
        Ok(ReplayedComposite { sequence, key, differences })
    }

    async fn replay_month(
        &self,
        company: &Company,
        stored: &StoredComposite,
        basis: &MonthBasis,
        last: &mut LastSources,
        differences: &mut Vec<CompositeDifference>,
    ) -> Result<Option<CompositeOutcome>, AppError> {
        let receipt = &stored.composite.receipt;
        let sources = self.sources_of(company, receipt, last).await?;
        let words = |id: &str, revision: i64, days: u32| format!("{id} (revision {revision}, {days} days)");
        let days = |days: &[Period]| days.iter().map(Period::day_count).sum::<u32>();
        let named = words(&basis.scorecard, basis.revision, days(&basis.days));
        let Some(on) = sources.on_scorecard(&receipt.employee)? else {
            differences.push(CompositeDifference::ScorecardDiffers { receipt: named, now: "none".to_owned() });
            return Ok(None);
        };
        if on.on.scorecard != basis.scorecard || on.revision != basis.revision || on.on.days != basis.days {
            let now = words(&on.on.scorecard, on.revision, days(&on.on.days));
            differences.push(CompositeDifference::ScorecardDiffers { receipt: named, now });
        }
        let on = [on];
        self.add_enablements(company, sources, &on).await?;
        let calls = self.named_calls(company, basis, differences).await?;
        let in_use: BTreeSet<(i64, String)> = sources
            .requests(company, &on)
            .into_iter()
            .map(|request| (request.enablement.sequence, request.enablement.enablement))
            .collect();
        let asked: BTreeSet<(i64, String)> =
            calls.iter().map(|call| (call.receipt.enablement, call.receipt.policy.clone())).collect();
        if in_use != asked {
            let names = |policies: &BTreeSet<(i64, String)>| policies.iter().map(|(_, id)| id.clone()).collect();
            differences.push(CompositeDifference::PoliciesDiffer { receipt: names(&asked), now: names(&in_use) });
        }
        let [on] = on;
        let calls: Vec<&PolicyCall> = calls.iter().collect();
        let SharesOfMonth { shares, adjustments } = sources.shares(company, &on, &calls)?;
        if adjustments != basis.adjustments {
            let receipt = basis.adjustments.clone();
            differences.push(CompositeDifference::AdjustmentsDiffer { receipt, now: adjustments });
        }
        let mut compared: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for share in &basis.shares {
            compared.entry(&share.indicator).or_default().0 = share.share;
        }
        for share in &shares.month.shares {
            compared.entry(&share.indicator).or_default().1 = share.share;
        }
        let differing: Vec<(String, u32, u32)> = compared
            .into_iter()
            .filter(|(_, (receipt, now))| receipt != now)
            .map(|(indicator, (receipt, now))| (indicator.to_owned(), receipt, now))
            .collect();
        if !differing.is_empty() {
            differences.push(CompositeDifference::SharesDiffer { shares: differing });
        } else if stored.composite.shares.as_ref() != Some(&shares) {
            differences.push(CompositeDifference::CausesChanged);
        }
        let scores = self.current_scores(company, receipt.period, &[on], receipt.known_to).await?;
        self.compare_scores(company, basis, &receipt.employee, &scores, differences).await?;
        let entries = entries(&shares.month, &receipt.employee, &scores);
        let outcome = of_month(entries, receipt.minimum_coverage).map_err(ShareError::from)?;
        Ok(Some(CompositeOutcome::Month(outcome)))
    }

    /// The calls that the receipt names, as they are stored.
    async fn named_calls(
        &self,
        company: &Company,
        basis: &MonthBasis,
        differences: &mut Vec<CompositeDifference>,
    ) -> Result<Vec<PolicyCall>, AppError> {
        let stored = self.store.policy_batches(&company.id, &basis.policy_batches).await?;
        for batch in &basis.policy_batches {
            if !stored.iter().any(|stored| stored.batch == *batch) {
                differences.push(CompositeDifference::PolicyBatchGone { batch: *batch });
            }
        }
        let mut calls = Vec::new();
        for StoredPolicyBatch { batch, receipt, answers, .. } in stored {
            if digest_of(&answers) != receipt.changes {
                differences.push(CompositeDifference::AnswersChanged { batch });
            }
            calls.push(PolicyCall { receipt, answers });
        }
        Ok(calls)
    }

    async fn compare_scores(
        &self,
        company: &Company,
        basis: &MonthBasis,
        employee: &str,
        current: &crate::compose::CurrentScores,
        differences: &mut Vec<CompositeDifference>,
    ) -> Result<(), AppError> {
        let named: Vec<i64> = basis.shares.iter().filter_map(|share| share.score).collect();
        let stored = self.store.scores_numbered(&company.id, &named).await?;
        for share in &basis.shares {
            let indicator = share.indicator.clone();
            if let Some(score) = share.score {
                match stored.iter().find(|stored| stored.sequence == score) {
                    None => {
                        differences.push(CompositeDifference::ScoreGone { indicator, score });
                        continue;
                    }
                    Some(stored) if !stored.columns_agree || stored.outcome.digest() != stored.receipt.outcome => {
                        differences.push(CompositeDifference::ScoreChanged { indicator: indicator.clone(), score });
                    }
                    Some(_) => {}
                }
            }
            let now = current.get(&(indicator.clone(), employee.to_owned())).map(|score| score.sequence);
            if now != share.score {
                differences.push(CompositeDifference::OtherScore { indicator, receipt: share.score, now });
            }
        }
        Ok(())
    }

    /// A quarter's or a year's, or that of a month without a scorecard.
    async fn replay_months(
        &self,
        company: &Company,
        receipt: &CompositeReceipt,
        named: &[MonthUsed],
        last: &mut LastSources,
        differences: &mut Vec<CompositeDifference>,
    ) -> Result<Option<CompositeOutcome>, AppError> {
        let mut months = Vec::new();
        if receipt.period.is_month() {
            let sources = self.sources_of(company, receipt, last).await?;
            if let Some(on) = sources.on_scorecard(&receipt.employee)? {
                let (receipt, now) = ("none".to_owned(), on.on.scorecard);
                differences.push(CompositeDifference::ScorecardDiffers { receipt, now });
            }
        } else {
            let employee = [receipt.employee.as_str()];
            for month in receipt.period.days().map(Period::month_of).collect::<BTreeSet<Period>>() {
                let current = self.store.composites_known(&company.id, month, &employee, receipt.known_to).await?;
                months.extend(current.into_iter().map(|stored| (month, stored)));
            }
        }
        let (entries, used) = month_entries(&months);
        let composites = |months: &[MonthUsed]| -> BTreeMap<Period, MonthUsed> {
            months.iter().map(|used| (used.month, used.clone())).collect()
        };
        let (named, used) = (composites(named), composites(&used));
        for month in named.keys().chain(used.keys()).collect::<BTreeSet<_>>() {
            if named.get(month) == used.get(month) {
                continue;
            }
            let composite = named.get(month).and_then(|used| used.composite);
            let gone = match composite {
                Some(composite) if self.store.composite(&company.id, composite).await?.is_none() => {
                    CompositeDifference::MonthGone { month: *month, composite }
                }
                _ => CompositeDifference::MonthsDiffer { month: *month },
            };
            differences.push(gone);
        }
        let outcome = of_months(receipt.period, entries, receipt.minimum_coverage).map_err(ShareError::from)?;
        Ok(Some(CompositeOutcome::Months(outcome)))
    }

    async fn sources_of<'a>(
        &self,
        company: &Company,
        receipt: &CompositeReceipt,
        last: &'a mut LastSources,
    ) -> Result<&'a mut ShareSources, AppError> {
        let (month, known_to) = (receipt.period, receipt.known_to);
        let fits = |sources: &ShareSources| sources.month == month && sources.known_to == known_to;
        let sources = match last.take().filter(fits) {
            Some(sources) => sources,
            None => self.share_sources(company, month, known_to).await?,
        };
        Ok(last.insert(sources))
    }
}

/// A row that somebody damaged is a difference; that the database or the machine could not is an error.
fn difference_of(error: AppError) -> Result<CompositeDifference, AppError> {
    match error {
        AppError::Store(StoreError::Inconsistent { table, key, problem }) => {
            Ok(CompositeDifference::Unreadable { problem: format!("{table} {key}: {problem}") })
        }
        AppError::Shares(error) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            Ok(CompositeDifference::NotReplayable { problem: format!("{error}{cause}") })
        }
        error => Err(error),
    }
}
