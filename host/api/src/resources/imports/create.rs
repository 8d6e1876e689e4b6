//! `POST /api/v1/imports`

use axum::extract::{Request, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{MappingQuery, of_import};
use crate::api::Api;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::problem::Problem;
use crate::resources::jobs::JobView;
use crate::upload::table;

/// What happens to bad rows.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BadRowsQuery {
    /// Import the good rows although some are bad. Otherwise one bad row keeps all of them out.
    #[serde(default)]
    #[param(required = false)]
    skip_bad_rows: bool,
}

/// Import facts from a file
///
/// The body is the file itself, delimited text or an Excel workbook. It is kept until the job has imported it; the job's
/// result says how many facts were new and what was wrong with bad rows. Importing the same file again changes nothing.
#[utoipa::path(
    post,
    path = "/imports",
    tag = "imports",
    params(MappingQuery, BadRowsQuery),
    request_body(
        description = "The file.",
        content(
            (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        )
    ),
    responses((status = 200, body = JobView, description = "The job, which waits."))
)]
pub(super) async fn create_import(
    State(api): State<Api>,
    caller: Caller,
    Query(mapping): Query<MappingQuery>,
    Query(bad_rows): Query<BadRowsQuery>,
    request: Request,
) -> Result<Json<JobView>, Problem> {
    let file = table(&caller.daybreak, request, api.settings.limits.import_bytes).await?;
    let request = mapping.request(bad_rows.skip_bad_rows);
    let job = caller.daybreak.create_import(&caller.company, file, &request).await.map_err(of_import)?;
    Ok(Json(job.into()))
}
