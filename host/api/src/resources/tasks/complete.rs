//! `POST /api/v1/tasks/{task}/completion`

use daybreak_app::task::Ending;

use super::{EndDraft, TaskRecordedView, end};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Finish a task
///
/// For whoever takes part in it, and whoever leads somebody who does; a crisis, for its initiator and those who lead. Each
/// participant gets a fact that it was done, and a crisis ends.
#[utoipa::path(
    post,
    path = "/tasks/{task}/completion",
    tag = "tasks",
    params(("task" = String, Path, description = "The task's id.", max_length = 256)),
    request_body = EndDraft,
    responses((status = 200, body = TaskRecordedView, description = "The task as it is now."))
)]
pub(super) async fn complete_task(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<EndDraft>,
) -> Result<Json<TaskRecordedView>, Problem> {
    end(&caller, &id, draft, Ending::Done).await.map(Json)
}
