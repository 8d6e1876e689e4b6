//! `GET /api/v1/jobs/{id}`

use super::JobView;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Read a job
#[utoipa::path(
    get,
    path = "/jobs/{id}",
    tag = "jobs",
    params(("id" = i64, Path, description = "The job's number.")),
    responses((status = 200, body = JobView, description = "The job, as far as it has come."))
)]
pub(super) async fn read_job(caller: Caller, Path(id): Path<i64>) -> Result<Json<JobView>, Problem> {
    Ok(Json(caller.daybreak.job(&caller.company, id).await?.into()))
}
