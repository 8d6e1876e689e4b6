//! Jobs: work that takes longer than a request may. Somebody orders it, a host does it when it can, and whoever may see it
//! sees how far it has come and what came of it.
//!
//! A host claims a job and keeps the claim while it works. Each kind of work goes forward in steps and notes after each
//! where to go on; so a host that is asked to stop gives the job back after a step, and the job of a host that died is taken
//! up by another one where the last step ended. What a step has recorded stays, whatever becomes of the job.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::job::{
    ATTEMPTS_MAX, ENDED_KEPT, Job, JobOrder, JobQuery, JobState, PROBLEM_BYTES_MAX, Progress, RESULT_BYTES_MAX,
    UNENDED_MAX,
};
use daybreak_domain::time::Instant;
use daybreak_storage::{Claim, ClaimedJob, JobEnd, NewJob};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::assess::AssessRefused;
use crate::error::ErrorKind;
use crate::{AppError, Daybreak};

mod assess;
mod files;
mod import;
mod narrate;
mod replay;
mod score;

pub(crate) use files::KeptFiles;
pub use files::{FILES_AT_ONCE_MAX, KeptFile};
pub(crate) use import::parsed;
pub use import::{ImportRequest, file_options};

/// How long a claim holds if its host is never heard of again.
const CLAIM_MILLISECONDS: i64 = 5 * 60 * 1_000;

/// How often a host that has a job in hand looks whether it has been asked to stop.
const TICK: Duration = Duration::from_secs(1);

/// After how many ticks the claim is renewed and the progress noted.
const TICKS_PER_RENEWAL: u32 = 5;

/// Most jobs of one company in a row, before those of another one have their turn.
const JOBS_IN_A_ROW: usize = 10;

/// Most things that a result names one by one; more are counted.
const NAMED_MAX: usize = 200;

/// Longest text of one of them, in characters.
const NAMED_CHARACTERS_MAX: usize = 400;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobRefused {
    #[error("{UNENDED_MAX} jobs are waiting already: wait until some have ended, or cancel them")]
    TooMany,
    #[error("the job {job} has ended already: it is {state}")]
    Ended { job: i64, state: JobState },
    #[error("there is no {what} {id:?}: correct the id, or leave it out for all of them")]
    NoSuch { what: &'static str, id: String },
    #[error("the numbers run from {after} to {until}: the first has to be 0 or more, and smaller than the second")]
    BadRange { after: i64, until: i64 },
    #[error("an import needs a file")]
    NoFile,
    #[error("this host keeps no files: send the file to one that serves")]
    NoFolder,
    #[error("other files are just being received: try again in a moment")]
    FilesBusy,
    #[error("the file is no longer here: send it again")]
    FileGone,
    #[error("the mapping {0} was changed since the file was sent: send it again")]
    MappingChanged(String),
}

/// How far the step in hand has come; read while it runs.
#[derive(Default)]
struct Counter {
    done: AtomicU64,
    total: AtomicU64,
}

impl Counter {
    fn set(&self, progress: Progress) {
        self.done.store(progress.done, Ordering::Relaxed);
        self.total.store(progress.total, Ordering::Relaxed);
    }

    fn progress(&self) -> Progress {
        Progress { done: self.done.load(Ordering::Relaxed), total: self.total.load(Ordering::Relaxed) }
    }
}

/// The work of a job as far as it has come; as a document it is the job's checkpoint.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Work {
    Score(score::ScoreWork),
    Replay(replay::ReplayWork),
    Assess(assess::AssessWork),
    Narrate(narrate::NarrateWork),
    Import(import::ImportWork),
}

/// What a step led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    More,
    Ended,
}

/// What became of a step while the claim was being kept.
enum Held<T> {
    Ended(T),
    /// The host was asked to stop, and the step could be left where it was.
    Stopped,
    /// The job was cancelled, or another host has taken it up.
    Lost,
}

impl Daybreak {
    /// Orders a job that needs no file.
    pub async fn create_job(&self, company: &Company, order: JobOrder) -> Result<Job, AppError> {
        self.check_order(company, &order).await?;
        self.queue_job(company, order, None).await
    }

    /// The jobs that the query wants, the newest first.
    pub async fn jobs(&self, company: &Company, query: &JobQuery) -> Result<Vec<Job>, AppError> {
        Ok(self.store.jobs(&company.id, query).await?)
    }

    pub async fn job(&self, company: &Company, job: i64) -> Result<Job, AppError> {
        let found = self.store.job(&company.id, job).await?;
        found.ok_or_else(|| AppError::Unknown { what: "job", id: job.to_string() })
    }

    /// Ends a job that is not wanted any more; what it has recorded stays. One that was cancelled already stays so. A host
    /// that has it in hand learns of it within seconds.
    pub async fn cancel_job(&self, company: &Company, job: i64) -> Result<Job, AppError> {
        let mut write = self.store.write(&company.id).await?;
        if write.cancel_job(job, self.clock.now()).await? {
            self.note(&mut write, &[AuditEntry::new("job.cancel", job.to_string())]).await?;
            write.commit().await?;
        }
        let job = self.job(company, job).await?;
        if job.state != JobState::Cancelled {
            return Err(JobRefused::Ended { job: job.job, state: job.state }.into());
        }
        Ok(job)
    }

    /// Does the company's jobs, the oldest first, each on behalf of whoever ordered it, until there are none that this host
    /// can do or until it is told to stop; of many, some at a time. Returns how many jobs it had in hand.
    pub async fn work_off_jobs(&self, company: &Company, stop: &(dyn Fn() -> bool + Sync)) -> Result<usize, AppError> {
        let worker = self.ids.new_id("worker");
        let place = self.files.as_ref().map(|files| files.place());
        let mut worked = 0;
        while worked < JOBS_IN_A_ROW && !stop() {
            let now = self.clock.now();
            let claim = Claim { claimed_by: &worker, now, until: Instant(now.0 + CLAIM_MILLISECONDS) };
            let Some(claimed) = self.store.claim_job(&company.id, place, &claim).await? else { break };
            worked += 1;
            Box::pin(self.work_off_job(company, &claimed, stop)).await?;
        }
        Ok(worked)
    }

    async fn check_order(&self, company: &Company, order: &JobOrder) -> Result<(), AppError> {
        let today = self.today(company);
        match order {
            JobOrder::Replay { after, until } => match until {
                _ if *after < 0 => Err(JobRefused::BadRange { after: *after, until: until.unwrap_or(i64::MAX) }.into()),
                Some(until) if until <= after => Err(JobRefused::BadRange { after: *after, until: *until }.into()),
                _ => Ok(()),
            },
            JobOrder::Assess { on, .. } | JobOrder::Narrate { on, .. } if *on > today => {
                Err(AssessRefused::NotYet(*on).into())
            }
            JobOrder::Assess { enablement, on } => match enablement {
                Some(id) if !self.assistants(company, *on).await?.contains(id) => {
                    Err(JobRefused::NoSuch { what: "assistant", id: id.clone() }.into())
                }
                _ => Ok(()),
            },
            JobOrder::Score { indicator, .. } | JobOrder::Narrate { indicator, .. } => {
                self.check_indicator_id(company, indicator.as_deref()).await
            }
            JobOrder::Import { .. } => Err(JobRefused::NoFile.into()),
        }
    }

    async fn check_indicator_id(&self, company: &Company, indicator: Option<&str>) -> Result<(), AppError> {
        let Some(id) = indicator else { return Ok(()) };
        if self.indicators(company).await?.iter().any(|known| known.indicator == id) {
            return Ok(());
        }
        Err(JobRefused::NoSuch { what: "indicator", id: id.to_owned() }.into())
    }

    /// Puts the job at the end of the queue, with the folder and the name of its file if it has one.
    async fn queue_job(&self, company: &Company, order: JobOrder, file: Option<(&str, &str)>) -> Result<Job, AppError> {
        let mut write = self.store.write(&company.id).await?;
        if self.store.unended_jobs(&company.id).await? >= UNENDED_MAX {
            return Err(JobRefused::TooMany.into());
        }
        let created_at = self.clock.now();
        let job = write.create_job(&NewJob { order: &order, author: self.author(), created_at, file }).await?;
        write.forget_ended_jobs(ENDED_KEPT).await?;
        let entry = AuditEntry::new("job.create", job.to_string()).after(told(&order));
        self.note(&mut write, &[entry]).await?;
        write.commit().await?;
        self.job(company, job).await
    }

    /// Does one job as far as it goes. An error here is about the queue, never about the work itself.
    async fn work_off_job(
        &self,
        company: &Company,
        claimed: &ClaimedJob,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<(), AppError> {
        let job = &claimed.job;
        let host = self.acting(job.author.clone());
        let counter = Counter::default();
        counter.set(job.progress);
        if job.attempts > ATTEMPTS_MAX {
            let problem = format!("given up, because the host ended {ATTEMPTS_MAX} times while it did this job");
            return self.end_job(company, claimed, &counter, JobState::Failed, None, Some(problem)).await;
        }
        let mut work = match claimed.checkpoint.as_deref().map(serde_json::from_str) {
            Some(Ok(work)) => work,
            // Another version of the host had it in hand: what was recorded is known, and is passed over.
            Some(Err(_)) | None => Work::new(&job.order),
        };
        loop {
            if stop() {
                self.store.release_job(&company.id, claimed, false).await?;
                return Ok(());
            }
            let can_be_left = matches!(work, Work::Import(_));
            let stopped = || can_be_left && stop();
            let step = Box::pin(work.step(&host, company, claimed, &counter));
            match self.while_held(company, claimed, &counter, &stopped, step).await {
                Held::Ended(Ok(Step::More)) => {
                    counter.set(work.progress());
                    let checkpoint = serde_json::to_string(&work).ok();
                    if !self.hold_job(company, claimed, &counter, checkpoint.as_deref()).await? {
                        break;
                    }
                }
                Held::Ended(Ok(Step::Ended)) => {
                    counter.set(work.progress());
                    let result = Some(bounded(work.result()));
                    return self.end_job(company, claimed, &counter, JobState::Done, result, None).await;
                }
                Held::Ended(Err(error)) if error.kind() == ErrorKind::Busy => {
                    tracing::warn!(job = job.job, error = chain(&error), "a job has to be tried again");
                    self.store.release_job(&company.id, claimed, true).await?;
                    return Err(error);
                }
                Held::Ended(Err(error)) => {
                    let (problem, result) = problem_of(&error);
                    if error.kind() == ErrorKind::Internal {
                        tracing::error!(job = job.job, error = chain(&error), "a job failed");
                    }
                    let result = result.map(bounded);
                    return self.end_job(company, claimed, &counter, JobState::Failed, result, Some(problem)).await;
                }
                Held::Stopped => {
                    self.store.release_job(&company.id, claimed, false).await?;
                    return Ok(());
                }
                Held::Lost => break,
            }
        }
        self.forget_file(claimed).await;
        Ok(())
    }

    /// Waits for the step and renews the claim meanwhile. A claim that could not be renewed is tried again: it holds for
    /// much longer than that.
    async fn while_held<T>(
        &self,
        company: &Company,
        claimed: &ClaimedJob,
        counter: &Counter,
        stop: &(dyn Fn() -> bool + Sync),
        step: impl Future<Output = T>,
    ) -> Held<T> {
        let mut step = pin!(step);
        let mut ticks = 0;
        loop {
            tokio::select! {
                done = &mut step => return Held::Ended(done),
                () = tokio::time::sleep(TICK) => {}
            }
            if stop() {
                return Held::Stopped;
            }
            ticks += 1;
            if ticks % TICKS_PER_RENEWAL == 0 {
                match self.hold_job(company, claimed, counter, None).await {
                    Ok(true) => {}
                    Ok(false) => return Held::Lost,
                    Err(error) => tracing::warn!(job = claimed.job.job, %error, "a claim could not be renewed"),
                }
            }
        }
    }

    async fn hold_job(
        &self,
        company: &Company,
        claimed: &ClaimedJob,
        counter: &Counter,
        checkpoint: Option<&str>,
    ) -> Result<bool, AppError> {
        let until = Instant(self.clock.now().0 + CLAIM_MILLISECONDS);
        Ok(self.store.hold_job(&company.id, claimed, until, counter.progress(), checkpoint).await?)
    }

    async fn end_job(
        &self,
        company: &Company,
        claimed: &ClaimedJob,
        counter: &Counter,
        state: JobState,
        result: Option<Value>,
        problem: Option<String>,
    ) -> Result<(), AppError> {
        let mut problem = problem;
        if let Some(problem) = &mut problem {
            problem.truncate(problem.floor_char_boundary(PROBLEM_BYTES_MAX));
        }
        let (progress, at) = (counter.progress(), self.clock.now());
        let end = JobEnd { state, at, progress, result: result.as_ref(), problem: problem.as_deref() };
        self.store.end_job(&company.id, claimed, &end).await?;
        self.forget_file(claimed).await;
        Ok(())
    }

    /// Removes the job's file, if it has one, unless the job goes on elsewhere in this folder.
    async fn forget_file(&self, claimed: &ClaimedJob) {
        let (Some(files), Some(file)) = (&self.files, &claimed.file) else { return };
        match self.store.job_files(files.place()).await {
            Ok(needed) if needed.contains(file) => {}
            Ok(_) => files.remove(file).await,
            Err(error) => tracing::warn!(%error, "a file that was imported stays until the host starts again"),
        }
    }
}

impl Work {
    fn new(order: &JobOrder) -> Self {
        match order {
            JobOrder::Score { .. } => Self::Score(score::ScoreWork::default()),
            JobOrder::Replay { after, .. } => Self::Replay(replay::ReplayWork::after(*after)),
            JobOrder::Assess { .. } => Self::Assess(assess::AssessWork::default()),
            JobOrder::Narrate { .. } => Self::Narrate(narrate::NarrateWork::default()),
            JobOrder::Import { .. } => Self::Import(import::ImportWork::default()),
        }
    }

    async fn step(
        &mut self,
        host: &Daybreak,
        company: &Company,
        claimed: &ClaimedJob,
        counter: &Counter,
    ) -> Result<Step, AppError> {
        let order = &claimed.job.order;
        match (self, order) {
            (Self::Score(work), JobOrder::Score { indicator, period, as_of }) => {
                work.step(host, company, indicator.as_deref(), *period, *as_of).await
            }
            (Self::Replay(work), JobOrder::Replay { after, until }) => work.step(host, company, *after, *until).await,
            (Self::Assess(work), JobOrder::Assess { enablement, on }) => {
                work.step(host, company, enablement.as_deref(), *on).await
            }
            (Self::Narrate(work), JobOrder::Narrate { indicator, subject, on }) => {
                work.step(host, company, indicator.as_deref(), subject.as_deref(), *on).await
            }
            (Self::Import(work), JobOrder::Import { .. }) => {
                work.step(host, company, order, claimed.file.as_deref(), counter).await
            }
            // A checkpoint of another kind: begin anew.
            (work, order) => {
                *work = Self::new(order);
                Ok(Step::More)
            }
        }
    }

    fn progress(&self) -> Progress {
        match self {
            Self::Score(work) => work.progress(),
            Self::Replay(work) => work.progress(),
            Self::Assess(work) => work.progress(),
            Self::Narrate(work) => work.progress(),
            Self::Import(work) => work.progress(),
        }
    }

    fn result(&self) -> Value {
        match self {
            Self::Score(work) => work.result(),
            Self::Replay(work) => work.result(),
            Self::Assess(work) => work.result(),
            Self::Narrate(work) => work.result(),
            Self::Import(work) => work.result(),
        }
    }
}

/// Things that a result names one by one, as far as it has room for them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Named {
    items: Vec<Value>,
    /// Beyond those.
    more: u64,
}

impl Named {
    fn push(&mut self, item: Value) {
        if self.items.len() < NAMED_MAX {
            self.items.push(item);
        } else {
            self.more += 1;
        }
    }
}

/// A text as a result names it.
fn short(text: &impl ToString) -> String {
    text.to_string().chars().take(NAMED_CHARACTERS_MAX).collect()
}

/// The result, with shorter lists where it would be too long.
fn bounded(mut result: Value) -> Value {
    while result.to_string().len() > RESULT_BYTES_MAX {
        let lists = result.as_object_mut().into_iter().flat_map(serde_json::Map::values_mut);
        let Some(longest) = lists.filter_map(Value::as_array_mut).max_by_key(|list| list.len()) else { break };
        if longest.is_empty() {
            break;
        }
        longest.truncate(longest.len() / 2);
        result["cut"] = json!(true);
    }
    result
}

/// What is told of an error, and what of it is told one by one.
fn problem_of(error: &AppError) -> (String, Option<Value>) {
    match error {
        AppError::BadRows { rows, errors, more } => {
            let bad = errors.len() as u64 + more;
            let problem = format!(
                "{bad} of {rows} rows cannot be imported, so none was; correct them, or import the others with \
                 skip_bad_rows"
            );
            (problem, Some(import::bad_rows(*rows, errors, *more)))
        }
        error if error.kind() == ErrorKind::Internal => {
            ("the host failed; its log says why. Order the job again".to_owned(), None)
        }
        error => (chain(error), None),
    }
}

/// The error with all its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

/// As the audit tells of an order.
fn told(order: &JobOrder) -> Value {
    let kind = order.kind().word();
    match order {
        JobOrder::Score { indicator, period, as_of } => {
            json!({ "kind": kind, "indicator": indicator, "period": period, "as_of": as_of.to_string() })
        }
        JobOrder::Replay { after, until } => json!({ "kind": kind, "after": after, "until": until }),
        JobOrder::Assess { enablement, on } => json!({ "kind": kind, "enablement": enablement, "on": on.to_string() }),
        JobOrder::Narrate { indicator, subject, on } => {
            json!({ "kind": kind, "indicator": indicator, "subject": subject, "on": on.to_string() })
        }
        JobOrder::Import { mapping, skip_bad_rows, bytes, .. } => {
            json!({ "kind": kind, "mapping": mapping, "skip_bad_rows": skip_bad_rows, "bytes": bytes })
        }
    }
}
