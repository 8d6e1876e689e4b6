//! Tasks: what people have agreed to finish. Creating and finishing one leaves facts behind, and those score.
//!
//! Everybody may make a task for anybody. Whoever takes part in it sees it, and so do those who lead somebody in it. A
//! crisis changes shares and therefore begins elsewhere, and is not for its assignees to end.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_app::AppError;
use daybreak_app::stored::StoredTask;
use daybreak_app::task::Ending;
use daybreak_domain::company::Company;
use daybreak_domain::task::{CRISIS, Event, State, Task};
use daybreak_domain::time::Instant;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::{Caller, Who};
use crate::problem::{Problem, chain};
use crate::wire::{Text, WireDay, WireInstant};

mod cancel;
mod change;
mod complete;
mod create;
mod list;
mod read;
mod reopen;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_tasks, create::create_task))
        .routes(routes!(read::read_task))
        .routes(routes!(change::change_task))
        .routes(routes!(complete::complete_task))
        .routes(routes!(cancel::cancel_task))
        .routes(routes!(reopen::reopen_task))
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = TaskState)]
pub(crate) enum WireState {
    Open,
    Done,
    Cancelled,
}

impl From<State> for WireState {
    fn from(state: State) -> Self {
        match state {
            State::Open => Self::Open,
            State::Done => Self::Done,
            State::Cancelled => Self::Cancelled,
        }
    }
}

impl From<WireState> for State {
    fn from(state: WireState) -> Self {
        match state {
            WireState::Open => Self::Open,
            WireState::Done => Self::Done,
            WireState::Cancelled => Self::Cancelled,
        }
    }
}

/// A task as it is now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Task)]
pub(crate) struct TaskView {
    id: String,
    title: String,
    /// `ordinary`, `urgent`, `care-plan`, `crisis`, or a kind of the company's own.
    kind: String,
    /// The id of the person who wanted it.
    initiator: String,
    /// The ids of those who do it.
    assignees: BTreeSet<String>,
    /// The last day on which it is done in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<WireDay>,
    /// The document that it is about, for example a ticket or a batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    /// How much it counts beside other tasks.
    weight: f64,
    /// The indicator that it was agreed to count in.
    #[serde(skip_serializing_if = "Option::is_none")]
    counts_in: Option<String>,
    state: WireState,
    created_at: WireInstant,
    /// When it was done or cancelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<WireInstant>,
    /// It was done, or is still open, after the day on which it was due.
    late: bool,
}

impl TaskView {
    pub(crate) fn of(task: Task, company: &Company, now: Instant) -> Self {
        Self {
            late: task.is_late(now, &company.zone),
            id: task.id,
            title: task.title,
            kind: task.kind,
            initiator: task.initiator,
            assignees: task.assignees,
            due: task.due.map(Text),
            document: task.document,
            customer: task.customer,
            weight: task.weight,
            counts_in: task.counts_in,
            state: task.state.into(),
            created_at: Text(task.created_at),
            ended_at: task.ended_at.map(Text),
        }
    }
}

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = TaskEvent)]
pub(super) enum WireEvent {
    Created,
    Changed,
    Done,
    Cancelled,
    Reopened,
}

impl From<Event> for WireEvent {
    fn from(event: Event) -> Self {
        match event {
            Event::Created => Self::Created,
            Event::Changed => Self::Changed,
            Event::Done => Self::Done,
            Event::Cancelled => Self::Cancelled,
            Event::Reopened => Self::Reopened,
        }
    }
}

/// What happened to a task, and how it was afterwards.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TaskRevision)]
pub(super) struct TaskRevisionView {
    sequence: i64,
    event: WireEvent,
    occurred_at: WireInstant,
    recorded_at: WireInstant,
    /// The id of a person, or of a token.
    recorded_by: String,
    /// The department of each participant on the day of the event, as it was known then.
    departments: BTreeMap<String, String>,
    task: TaskView,
}

impl TaskRevisionView {
    fn of(stored: StoredTask, company: &Company, now: Instant) -> Self {
        Self {
            sequence: stored.sequence,
            event: stored.event.into(),
            occurred_at: Text(stored.occurred_at),
            recorded_at: Text(stored.recorded_at),
            recorded_by: stored.recorded_by,
            departments: stored.departments,
            task: TaskView::of(stored.task, company, now),
        }
    }
}

/// A task after somebody said something about it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TaskRecorded)]
pub(crate) struct TaskRecordedView {
    pub(crate) task: TaskView,
    /// False: it was so already, and nothing happened.
    pub(crate) changed: bool,
}

impl TaskRecordedView {
    pub(crate) fn of(recorded: daybreak_app::task::TaskRecorded, caller: &Caller) -> Self {
        let changed = recorded.is_news;
        Self { task: TaskView::of(recorded.task, &caller.company, caller.daybreak.now()), changed }
    }
}

/// When something happened that is said afterwards.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskEnd)]
pub(super) struct EndDraft {
    /// When it happened; without a moment, now. Only for systems and for those who lead somebody in the task.
    at: Option<WireInstant>,
}

/// Whether the caller may see the task: by taking part, or by seeing somebody who does, today or on the day it ended.
fn sees(caller: &Caller, task: &Task) -> bool {
    let day = task.ended_at.map_or_else(|| caller.today(), |at| caller.company.zone.day_of(at));
    takes_part(caller, task) || task.participants().into_keys().any(|person| caller.covers_person(person, day))
}

/// Whether the caller is the initiator or an assignee.
fn takes_part(caller: &Caller, task: &Task) -> bool {
    matches!(&caller.who, Who::Person { person, .. } if task.participants().contains_key(person.as_str()))
}

/// Whether the caller leads somebody who takes part.
fn leads(caller: &Caller, task: &Task) -> bool {
    let today = caller.today();
    task.participants().into_keys().any(|person| caller.leads_person(person, today))
}

/// The task with this id, if the caller may see it.
async fn task_in_reach(caller: &Caller, id: &str) -> Result<Task, Problem> {
    let task = caller.daybreak.task(&caller.company, id).await?.task;
    if sees(caller, &task) { Ok(task) } else { Err(Problem::not_found()) }
}

/// Whether the caller may change and end the task.
pub(crate) fn may_change(caller: &Caller, task: &Task) -> bool {
    let is_own = if task.kind == CRISIS {
        // Everybody who touched the document is assigned, and shares depend on how long it lasts.
        matches!(&caller.who, Who::Person { person, .. } if *person == task.initiator)
    } else {
        takes_part(caller, task)
    };
    is_own || leads(caller, task)
}

/// The task with this id, if the caller may change it.
async fn task_to_change(caller: &Caller, id: &str) -> Result<Task, Problem> {
    let task = task_in_reach(caller, id).await?;
    if may_change(caller, &task) { Ok(task) } else { Err(Problem::not_found()) }
}

/// Whoever takes part says what happens now; that it happened at another time is for others to say, because it decides
/// whether the task was late.
fn check_moment(caller: &Caller, at: Option<&WireInstant>, leads: bool) -> Result<(), Problem> {
    if at.is_none() || leads || matches!(caller.who, Who::System) {
        Ok(())
    } else {
        Err(Problem::refused(
            "Only those who lead somebody in the task can say that it happened at another time: leave out at.",
        ))
    }
}

async fn end(caller: &Caller, id: &str, draft: EndDraft, ending: Ending) -> Result<TaskRecordedView, Problem> {
    let task = task_to_change(caller, id).await?;
    check_moment(caller, draft.at.as_ref(), leads(caller, &task))?;
    let at = draft.at.map(|at| at.0);
    let recorded = caller.daybreak.end_task(&caller.company, id, ending, at, caller.author_id()).await?;
    Ok(TaskRecordedView::of(recorded, caller))
}

/// What a body names that is not there is an error of the body, not of the address.
pub(crate) fn named(error: AppError) -> Problem {
    match error {
        AppError::Unknown { .. } => Problem::refused(chain(&error)),
        error => error.into(),
    }
}
