//! `POST /api/v1/tasks/{task}/reopening`

use super::{TaskRecordedView, task_to_change};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Open a task again that was ended by mistake
///
/// The facts of its end are withdrawn, and a crisis goes on.
#[utoipa::path(
    post,
    path = "/tasks/{task}/reopening",
    tag = "tasks",
    params(("task" = String, Path, description = "The task's id.", max_length = 256)),
    responses((status = 200, body = TaskRecordedView, description = "The task as it is now."))
)]
pub(super) async fn reopen_task(caller: Caller, Path(id): Path<String>) -> Result<Json<TaskRecordedView>, Problem> {
    task_to_change(&caller, &id).await?;
    let recorded = caller.daybreak.reopen_task(&caller.company, &id, caller.author_id()).await?;
    Ok(Json(TaskRecordedView::of(recorded, &caller)))
}
