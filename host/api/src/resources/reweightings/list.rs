//! `GET /api/v1/reweightings`

use daybreak_app::stored::StoredAdjustment;
use serde::Deserialize;
use utoipa::IntoParams;

use super::ReweightingView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery, bad_after};
use crate::problem::Problem;

/// Whose reweightings.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReweightingsQuery {
    /// The id of a person; absent: of everybody in reach.
    #[param(max_length = 256)]
    employee: Option<String>,
}

/// List reweightings
///
/// The newest first, revoked ones too. People see those of whom they see on the last day of the change; a page may
/// therefore hold fewer than `limit`, or none, and still have a next one.
#[utoipa::path(
    get,
    path = "/reweightings",
    tag = "scorecards",
    params(ReweightingsQuery, PageQuery),
    responses((status = 200, body = Page<ReweightingView>, description = "A page of reweightings."))
)]
pub(super) async fn list_reweightings(
    caller: Caller,
    Query(query): Query<ReweightingsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ReweightingView>>, Problem> {
    let before = page.after.as_deref().map_or(Ok(i64::MAX), |text| text.parse().map_err(|_| bad_after()))?;
    let (employee, most) = (query.employee.as_deref(), page.most()? + 1);
    let known = caller.daybreak.reweightings_before(&caller.company, employee, before, most).await?;
    let sees = |stored: &StoredAdjustment| caller.covers_person(&stored.content.employee, stored.content.days.last());
    let key = |stored: &StoredAdjustment| stored.adjustment.to_string();
    let Page { items, next } = page.of(known, key, |stored| sees(&stored).then(|| ReweightingView::from(&stored)))?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}
