//! `DELETE /api/v1/scorecards/{id}`

use axum::http::StatusCode;

use super::FromQuery;
use crate::caller::Caller;
use crate::extract::{Path, Query};
use crate::problem::Problem;

/// Take a scorecard out of use
///
/// From the day on; those it was for then have the next less particular one. What was computed with it stays.
#[utoipa::path(
    delete,
    path = "/scorecards/{id}",
    tag = "scorecards",
    params(("id" = String, Path, description = "The scorecard's id."), FromQuery),
    responses((status = 204, description = "It is out of use from the day on."))
)]
pub(super) async fn end_scorecard(
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<FromQuery>,
) -> Result<StatusCode, Problem> {
    let from = query.from.map_or_else(|| caller.today(), |day| day.0);
    caller.daybreak.end_scorecard(&caller.company, &id, from, caller.person_id().ok()).await?;
    Ok(StatusCode::NO_CONTENT)
}
