//! `GET /api/v1/positions`

use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::WireText;

/// What somebody does in the company, for example account executive.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Position)]
pub(super) struct PositionView {
    id: String,
    title: WireText,
}

/// List positions
#[utoipa::path(
    get,
    path = "/positions",
    tag = "departments",
    params(PageQuery),
    responses((status = 200, body = Page<PositionView>, description = "A page of positions."))
)]
pub(super) async fn list_positions(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PositionView>>, Problem> {
    let positions = caller.daybreak.positions(&caller.company).await?;
    let view = |position: daybreak_domain::company::Position| PositionView {
        title: (&position.title).into(),
        id: position.id,
    };
    Ok(Json(page.cut(positions.into_values().map(view).collect(), |position: &PositionView| position.id.clone())?))
}
