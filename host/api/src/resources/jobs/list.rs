//! `GET /api/v1/jobs`

use daybreak_domain::job::{Job, JobQuery};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{JobView, WireJobKind, WireJobState};
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery, bad_after};
use crate::problem::Problem;

/// Which jobs.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct JobsQuery {
    #[param(inline)]
    kind: Option<WireJobKind>,
    state: Option<WireJobState>,
}

/// List jobs
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/jobs",
    tag = "jobs",
    params(JobsQuery, PageQuery),
    responses((status = 200, body = Page<JobView>, description = "A page of jobs."))
)]
pub(super) async fn list_jobs(
    caller: Caller,
    Query(query): Query<JobsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<JobView>>, Problem> {
    let before = page.after.as_deref().map(|after| after.parse().map_err(|_| bad_after())).transpose()?;
    let (kind, state) = (query.kind.map(Into::into), query.state.map(Into::into));
    let query = JobQuery { kind, state, before, most: page.most()? + 1 };
    let jobs = caller.daybreak.jobs(&caller.company, &query).await?;
    Ok(Json(page.of(jobs, |job: &Job| job.job.to_string(), JobView::from)?))
}
