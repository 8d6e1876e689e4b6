//! `POST /api/v1/jobs/{id}/cancellation`

use super::JobView;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Cancel a job
///
/// What it has recorded until then stays. A host that has it in hand stops within seconds. One that was cancelled already
/// stays so; one that is done or has failed cannot be cancelled any more (409).
#[utoipa::path(
    post,
    path = "/jobs/{id}/cancellation",
    tag = "jobs",
    params(("id" = i64, Path, description = "The job's number.")),
    responses((status = 200, body = JobView, description = "The job, which is cancelled."))
)]
pub(super) async fn cancel_job(caller: Caller, Path(id): Path<i64>) -> Result<Json<JobView>, Problem> {
    Ok(Json(caller.daybreak.cancel_job(&caller.company, id).await?.into()))
}
