//! `POST /api/v1/tasks/{task}/cancellation`

use daybreak_app::task::Ending;

use super::{EndDraft, TaskRecordedView, end};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Cancel a task
///
/// As for finishing one; the facts say that it was cancelled.
#[utoipa::path(
    post,
    path = "/tasks/{task}/cancellation",
    tag = "tasks",
    params(("task" = String, Path, description = "The task's id.", max_length = 256)),
    request_body = EndDraft,
    responses((status = 200, body = TaskRecordedView, description = "The task as it is now."))
)]
pub(super) async fn cancel_task(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<EndDraft>,
) -> Result<Json<TaskRecordedView>, Problem> {
    end(&caller, &id, draft, Ending::Cancelled).await.map(Json)
}
