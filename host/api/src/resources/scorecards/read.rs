//! `GET /api/v1/scorecards/{id}`

use super::{OnQuery, ScorecardView, in_sight};
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;

/// Read one scorecard
///
/// In the revision that is in force on the day. One that is not in force then is not there.
#[utoipa::path(
    get,
    path = "/scorecards/{id}",
    tag = "scorecards",
    params(("id" = String, Path, description = "The scorecard's id."), OnQuery),
    responses((status = 200, body = ScorecardView, description = "The scorecard."))
)]
pub(super) async fn read_scorecard(
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<OnQuery>,
) -> Result<Json<ScorecardView>, Problem> {
    let on = query.day(&caller);
    let found = in_sight(&caller, on).await?.into_iter().find(|revision| revision.scorecard.id == id);
    let revision = found.ok_or_else(Problem::not_found)?;
    let to_come = caller.daybreak.scorecards_to_come(&caller.company, on).await?;
    Ok(Json(ScorecardView::of(&caller, &revision, &to_come, on)))
}
