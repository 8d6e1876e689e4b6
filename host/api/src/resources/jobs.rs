//! Jobs: long work that somebody orders, and what has become of it.

use daybreak_domain::author::AuthorKind;
use daybreak_domain::job::{Job, JobKind, JobOrder, JobState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::wire::{Text, WireDay, WireInstant, WirePeriod};

mod cancel;
mod create;
mod list;
mod read;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_jobs, create::create_job))
        .routes(routes!(read::read_job))
        .routes(routes!(cancel::cancel_job))
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = JobKind)]
pub(crate) enum WireJobKind {
    Score,
    Replay,
    Assess,
    Narrate,
    Import,
}

impl From<JobKind> for WireJobKind {
    fn from(kind: JobKind) -> Self {
        match kind {
            JobKind::Score => Self::Score,
            JobKind::Replay => Self::Replay,
            JobKind::Assess => Self::Assess,
            JobKind::Narrate => Self::Narrate,
            JobKind::Import => Self::Import,
        }
    }
}

impl From<WireJobKind> for JobKind {
    fn from(kind: WireJobKind) -> Self {
        match kind {
            WireJobKind::Score => Self::Score,
            WireJobKind::Replay => Self::Replay,
            WireJobKind::Assess => Self::Assess,
            WireJobKind::Narrate => Self::Narrate,
            WireJobKind::Import => Self::Import,
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = JobState)]
pub(crate) enum WireJobState {
    /// No host has it in hand.
    Waiting,
    Running,
    Done,
    /// It could not be done; `problem` says why.
    Failed,
    /// Somebody did not want it any more. What it had done until then stays.
    Cancelled,
}

impl From<JobState> for WireJobState {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Waiting => Self::Waiting,
            JobState::Running => Self::Running,
            JobState::Done => Self::Done,
            JobState::Failed => Self::Failed,
            JobState::Cancelled => Self::Cancelled,
        }
    }
}

impl From<WireJobState> for JobState {
    fn from(state: WireJobState) -> Self {
        match state {
            WireJobState::Waiting => Self::Waiting,
            WireJobState::Running => Self::Running,
            WireJobState::Done => Self::Done,
            WireJobState::Failed => Self::Failed,
            WireJobState::Cancelled => Self::Cancelled,
        }
    }
}

/// What a job does, with everything that was left out in the order filled in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[schema(as = JobOrder)]
pub(crate) enum JobOrderView {
    Score {
        #[serde(skip_serializing_if = "Option::is_none")]
        indicator: Option<String>,
        period: WirePeriod,
        as_of: WireDay,
    },
    Replay {
        after: i64,
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<i64>,
    },
    Assess {
        #[serde(skip_serializing_if = "Option::is_none")]
        enablement: Option<String>,
        on: WireDay,
    },
    Narrate {
        #[serde(skip_serializing_if = "Option::is_none")]
        indicator: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        on: WireDay,
    },
    Import {
        mapping: String,
        skip_bad_rows: bool,
        /// The length of the file.
        bytes: u64,
    },
}

impl From<JobOrder> for JobOrderView {
    fn from(order: JobOrder) -> Self {
        match order {
            JobOrder::Score { indicator, period, as_of } => {
                Self::Score { indicator, period: Text(period), as_of: Text(as_of) }
            }
            JobOrder::Replay { after, until } => Self::Replay { after, until },
            JobOrder::Assess { enablement, on } => Self::Assess { enablement, on: Text(on) },
            JobOrder::Narrate { indicator, subject, on } => Self::Narrate { indicator, subject, on: Text(on) },
            JobOrder::Import { mapping, skip_bad_rows, bytes, .. } => Self::Import { mapping, skip_bad_rows, bytes },
        }
    }
}

/// A job and what has become of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Job)]
pub(crate) struct JobView {
    /// Its number in the company's one sequence.
    id: i64,
    order: JobOrderView,
    state: WireJobState,
    /// How many parts of the work are done. What a part is depends on the kind.
    done: u64,
    /// How many parts there are; 0 as long as nobody knows.
    total: u64,
    /// What came of it, by kind. Of lists in it the first ones are named and the others counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    result: Option<serde_json::Value>,
    /// Why it failed, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    /// What kind of author ordered it: person, token, webhook, command-line or host.
    #[schema(example = "person")]
    author_kind: String,
    /// The id of the person or the token; empty for the command line.
    author: String,
    created_at: WireInstant,
    #[serde(skip_serializing_if = "Option::is_none")]
    started_at: Option<WireInstant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<WireInstant>,
}

impl From<Job> for JobView {
    fn from(job: Job) -> Self {
        Self {
            id: job.job,
            order: job.order.into(),
            state: job.state.into(),
            done: job.progress.done,
            total: job.progress.total,
            result: job.result,
            problem: job.problem,
            author_kind: AuthorKind::word(job.author.kind).to_owned(),
            author: job.author.id,
            created_at: Text(job.created_at),
            started_at: job.started_at.map(Text),
            ended_at: job.ended_at.map(Text),
        }
    }
}
