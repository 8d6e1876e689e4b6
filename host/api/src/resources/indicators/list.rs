//! `GET /api/v1/indicators`

use super::IndicatorView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;

/// List indicators
///
/// Each in its newest definition, by id. What is measured, and by which rules, is for everybody to know.
#[utoipa::path(
    get,
    path = "/indicators",
    tag = "indicators",
    params(PageQuery),
    responses((status = 200, body = Page<IndicatorView>, description = "A page of indicators."))
)]
pub(super) async fn list_indicators(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<IndicatorView>>, Problem> {
    let known = caller.daybreak.known_indicators(&caller.company).await?;
    let Page { items, next } = page.cut(known, |known| known.definition.indicator.clone())?;
    Ok(Json(Page { items: items.iter().map(IndicatorView::from).collect(), next }))
}
