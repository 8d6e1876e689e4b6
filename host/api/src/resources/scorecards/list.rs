//! `GET /api/v1/scorecards`

use super::{OnQuery, ScorecardView, in_sight};
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;

/// List scorecards
///
/// Those in force on the day, by id. HR partners and administrators see all of them; everybody else their own, and whoever
/// leads somebody those of their line.
#[utoipa::path(
    get,
    path = "/scorecards",
    tag = "scorecards",
    params(OnQuery, PageQuery),
    responses((status = 200, body = Page<ScorecardView>, description = "A page of scorecards."))
)]
pub(super) async fn list_scorecards(
    caller: Caller,
    Query(query): Query<OnQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ScorecardView>>, Problem> {
    let on = query.day(&caller);
    let in_sight = in_sight(&caller, on).await?;
    let to_come = caller.daybreak.scorecards_to_come(&caller.company, on).await?;
    let Page { items, next } = page.cut(in_sight, |revision| revision.scorecard.id.clone())?;
    let view = |revision| ScorecardView::of(&caller, revision, &to_come, on);
    Ok(Json(Page { items: items.iter().map(view).collect(), next }))
}
