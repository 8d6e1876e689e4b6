//! Replay as a job: facts against their digests, then everything that has a receipt, in the order of numbers.

use daybreak_domain::company::Company;
use daybreak_domain::job::Progress;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Named, Step, short};
use crate::{AppError, Daybreak};

/// Facts that are looked at in one step.
const FACTS_AT_ONCE: u32 = 5_000;

/// Calls that are made again in one step.
const CALLS_AT_ONCE: u32 = 20;

/// Composites that are computed again in one step.
const COMPOSITES_AT_ONCE: u32 = 100;

/// Most differences that are named of one thing.
const DIFFERENCES_MAX: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Phase {
    Facts,
    Scores,
    Assessments,
    Narrations,
    Policies,
    Composites,
    Ended,
}

impl Phase {
    const ALL: [Self; 6] =
        [Self::Facts, Self::Scores, Self::Assessments, Self::Narrations, Self::Policies, Self::Composites];

    fn next(self) -> Self {
        let place = Self::ALL.iter().position(|phase| *phase == self);
        place.and_then(|place| Self::ALL.get(place + 1)).copied().unwrap_or(Self::Ended)
    }
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Count {
    replayed: u64,
    differing: u64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct ReplayWork {
    phase: Phase,
    /// The number of the last one that was looked at in this phase.
    after: i64,
    /// From which number to which; the second one is known after the first step.
    range: (i64, i64),
    facts: Count,
    scores: Count,
    assessed: Count,
    sentences: Count,
    policies: Count,
    composites: Count,
    differences: Named,
}

impl ReplayWork {
    pub(super) fn after(after: i64) -> Self {
        Self {
            phase: Phase::Facts,
            after,
            range: (after, after),
            facts: Count::default(),
            scores: Count::default(),
            assessed: Count::default(),
            sentences: Count::default(),
            policies: Count::default(),
            composites: Count::default(),
            differences: Named::default(),
        }
    }

    pub(super) async fn step(
        &mut self,
        host: &Daybreak,
        company: &Company,
        after: i64,
        until: Option<i64>,
    ) -> Result<Step, AppError> {
        if self.range.1 <= self.range.0 {
            let last = host.sequence(company).await?;
            // What is recorded while this goes on is not looked at: else it might never end.
            self.range = (after, until.unwrap_or(last).min(last));
            return Ok(if self.range.1 <= self.range.0 { Step::Ended } else { Step::More });
        }
        let last = match self.phase {
            Phase::Facts => self.facts(host, company).await?,
            Phase::Scores => self.scores(host, company).await?,
            Phase::Assessments => self.assessments(host, company).await?,
            Phase::Narrations => self.narrations(host, company).await?,
            Phase::Policies => self.policies(host, company).await?,
            Phase::Composites => self.composites(host, company).await?,
            Phase::Ended => return Ok(Step::Ended),
        };
        match last {
            Some(last) if last < self.range.1 => self.after = last,
            _ => {
                self.phase = self.phase.next();
                self.after = self.range.0;
            }
        }
        Ok(if self.phase == Phase::Ended { Step::Ended } else { Step::More })
    }

    /// Those of the numbers that are wanted, and how far the next step does not have to look any more.
    fn wanted(&self, numbers: Vec<i64>) -> (Vec<i64>, Option<i64>) {
        let last = numbers.last().copied();
        (numbers.into_iter().filter(|number| *number <= self.range.1).collect(), last)
    }

    async fn facts(&mut self, host: &Daybreak, company: &Company) -> Result<Option<i64>, AppError> {
        let Some((tampered, last)) = host.tampered_facts(company, self.after, FACTS_AT_ONCE).await? else {
            return Ok(None);
        };
        self.facts.differing += tampered.len() as u64;
        for fact in tampered {
            self.differences.push(json!({ "what": short(&fact), "problems": ["changed after it was recorded"] }));
        }
        Ok(Some(last))
    }

    async fn scores(&mut self, host: &Daybreak, company: &Company) -> Result<Option<i64>, AppError> {
        let (batches, last) = self.wanted(host.batches_after(company, self.after, CALLS_AT_ONCE).await?);
        for batch in batches {
            let replayed = host.replay(company, batch, None).await?;
            if replayed.scores.is_empty() && !replayed.differences.is_empty() {
                self.scores.differing += 1;
                self.differ(&format!("batch {batch}"), &replayed.differences);
            }
            for score in replayed.scores {
                self.scores.replayed += 1;
                if !score.differences.is_empty() {
                    let stored = &score.score;
                    let subject = &stored.receipt.subject.id;
                    let what = format!("score {} ({} {} {subject})", stored.sequence, stored.indicator, stored.period);
                    self.scores.differing += 1;
                    self.differ(&what, &score.differences);
                }
            }
        }
        Ok(last)
    }

    async fn assessments(&mut self, host: &Daybreak, company: &Company) -> Result<Option<i64>, AppError> {
        let (batches, last) = self.wanted(host.assessments_after(company, self.after, CALLS_AT_ONCE).await?);
        for batch in batches {
            let replayed = host.replay_assessment(company, batch).await?;
            if replayed.subjects.is_empty() && !replayed.differences.is_empty() {
                self.assessed.differing += 1;
                self.differ(&format!("assessment {batch}"), &replayed.differences);
            }
            for (subject, differences) in replayed.subjects {
                self.assessed.replayed += 1;
                if !differences.is_empty() {
                    self.assessed.differing += 1;
                    self.differ(&format!("assessment {batch} ({} {subject})", replayed.enablement), &differences);
                }
            }
        }
        Ok(last)
    }

    async fn narrations(&mut self, host: &Daybreak, company: &Company) -> Result<Option<i64>, AppError> {
        let (batches, last) = self.wanted(host.narrations_after(company, self.after, CALLS_AT_ONCE).await?);
        for batch in batches {
            let replayed = host.replay_narration(company, batch).await?;
            if replayed.sentences.is_empty() && !replayed.differences.is_empty() {
                self.sentences.differing += 1;
                self.differ(&format!("narration {batch}"), &replayed.differences);
            }
            for (indicator, subject, differences) in replayed.sentences {
                self.sentences.replayed += 1;
                if !differences.is_empty() {
                    self.sentences.differing += 1;
                    self.differ(&format!("narration {batch} ({indicator} {subject})"), &differences);
                }
            }
        }
        Ok(last)
    }

    async fn policies(&mut self, host: &Daybreak, company: &Company) -> Result<Option<i64>, AppError> {
        let replayed = host.replay_policies(company, self.after, CALLS_AT_ONCE).await?;
        let last = replayed.last().map(|replayed| replayed.batch);
        let end = self.range.1;
        for replayed in replayed.into_iter().filter(|replayed| replayed.batch <= end) {
            self.policies.replayed += 1;
            if !replayed.differences.is_empty() {
                self.policies.differing += 1;
                let what = format!("policy call {} ({})", replayed.batch, replayed.policy);
                self.differ(&what, &replayed.differences);
            }
        }
        Ok(last)
    }

    async fn composites(&mut self, host: &Daybreak, company: &Company) -> Result<Option<i64>, AppError> {
        let replayed = host.replay_composites(company, self.after, COMPOSITES_AT_ONCE).await?;
        let last = replayed.last().map(|replayed| replayed.sequence);
        let end = self.range.1;
        for replayed in replayed.into_iter().filter(|replayed| replayed.sequence <= end) {
            self.composites.replayed += 1;
            if !replayed.differences.is_empty() {
                self.composites.differing += 1;
                let key = replayed.key.map(|(employee, period)| format!(" ({period} {employee})"));
                let what = format!("composite {}{}", replayed.sequence, key.unwrap_or_default());
                self.differ(&what, &replayed.differences);
            }
        }
        Ok(last)
    }

    fn differ(&mut self, what: &str, differences: &[impl ToString]) {
        let problems: Vec<String> = differences.iter().take(DIFFERENCES_MAX).map(short).collect();
        self.differences.push(json!({ "what": what, "problems": problems }));
    }

    /// In numbers of the sequence, once for each phase.
    pub(super) fn progress(&self) -> Progress {
        let length = u64::try_from(self.range.1 - self.range.0).unwrap_or_default();
        let within = u64::try_from(self.after - self.range.0).unwrap_or_default();
        let phases = Phase::ALL.iter().position(|phase| *phase == self.phase).unwrap_or(Phase::ALL.len()) as u64;
        let total = length * Phase::ALL.len() as u64;
        Progress { done: (phases * length + within).min(total), total }
    }

    pub(super) fn result(&self) -> Value {
        let counts = [
            self.facts.differing,
            self.scores.differing,
            self.assessed.differing,
            self.sentences.differing,
            self.policies.differing,
            self.composites.differing,
        ];
        let count = |count: Count| json!({ "replayed": count.replayed, "differing": count.differing });
        json!({
            "equal": counts.iter().all(|count| *count == 0),
            "facts_changed": self.facts.differing,
            "scores": count(self.scores),
            "assessed": count(self.assessed),
            "sentences": count(self.sentences),
            "policies": count(self.policies),
            "composites": count(self.composites),
            "differences": self.differences.items,
            "more_differences": self.differences.more,
        })
    }
}
