//! `POST /api/v1/tasks/{task}/changes`

use std::collections::BTreeSet;

use daybreak_app::task::{Due, TaskAmendment};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{TaskRecordedView, named, task_to_change};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::WireDay;

/// What is to be different about an open task. What is not named stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TaskChange)]
pub(super) struct TaskChange {
    #[schema(min_length = 1, max_length = 500)]
    title: Option<String>,
    /// The last day on which it is done in time.
    due: Option<WireDay>,
    /// There is no such day any more. Not together with `due`.
    #[serde(default)]
    #[schema(required = false)]
    without_due: bool,
    /// Above 0.
    #[schema(minimum = 0, maximum = 1_000_000)]
    weight: Option<f64>,
    /// The ids of people who do it, too.
    #[serde(default)]
    #[schema(max_items = 1000, required = false)]
    assign: BTreeSet<String>,
    /// The ids of people who do not do it any more.
    #[serde(default)]
    #[schema(max_items = 1000, required = false)]
    unassign: BTreeSet<String>,
}

/// Change an open task
///
/// For whoever takes part in it, and whoever leads somebody who does; a crisis, for its initiator and those who lead. The
/// facts of its creation stay as they are: they say what was agreed then.
#[utoipa::path(
    post,
    path = "/tasks/{task}/changes",
    tag = "tasks",
    params(("task" = String, Path, description = "The task's id.", max_length = 256)),
    request_body = TaskChange,
    responses((status = 200, body = TaskRecordedView, description = "The task as it is now."))
)]
pub(super) async fn change_task(
    caller: Caller,
    Path(id): Path<String>,
    Json(change): Json<TaskChange>,
) -> Result<Json<TaskRecordedView>, Problem> {
    task_to_change(&caller, &id).await?;
    let due = match (change.due, change.without_due) {
        (Some(_), true) => return Err(Problem::refused("Give due or without_due, not both.")),
        (Some(day), false) => Some(Due::On(day.0)),
        (None, true) => Some(Due::Whenever),
        (None, false) => None,
    };
    let amendment = TaskAmendment {
        title: change.title,
        due,
        weight: change.weight,
        assign: change.assign,
        unassign: change.unassign,
    };
    let changed = caller.daybreak.change_task(&caller.company, &id, &amendment, caller.author_id()).await;
    Ok(Json(TaskRecordedView::of(changed.map_err(named)?, &caller)))
}
