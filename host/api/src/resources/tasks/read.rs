//! `GET /api/v1/tasks/{task}`

use serde::Serialize;
use utoipa::ToSchema;

use super::{TaskRevisionView, TaskView, task_in_reach};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// A task, and everything that happened to it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = TaskWithHistory)]
pub(super) struct TaskWithHistory {
    task: TaskView,
    /// In order; what is new comes last.
    history: Vec<TaskRevisionView>,
}

/// Read a task with its history
#[utoipa::path(
    get,
    path = "/tasks/{task}",
    tag = "tasks",
    params(("task" = String, Path, description = "The task's id.", max_length = 256)),
    responses((status = 200, body = TaskWithHistory, description = "The task."))
)]
pub(super) async fn read_task(caller: Caller, Path(id): Path<String>) -> Result<Json<TaskWithHistory>, Problem> {
    let task = task_in_reach(&caller, &id).await?;
    let now = caller.daybreak.now();
    let history = caller.daybreak.task_history(&caller.company, &id).await?;
    let history = history.into_iter().map(|revision| TaskRevisionView::of(revision, &caller.company, now));
    Ok(Json(TaskWithHistory { task: TaskView::of(task, &caller.company, now), history: history.collect() }))
}
