//! `GET /api/v1/circumstances/{circumstance}`

use super::{CircumstanceView, known};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Read a circumstance
#[utoipa::path(
    get,
    path = "/circumstances/{circumstance}",
    tag = "circumstances",
    params(("circumstance" = String, Path, description = "The circumstance's id.", max_length = 256)),
    responses((status = 200, body = CircumstanceView, description = "The circumstance."))
)]
pub(super) async fn read_circumstance(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CircumstanceView>, Problem> {
    let found = known(&caller, &id).await?;
    CircumstanceView::of(found.circumstance, &caller).map(Json).ok_or_else(Problem::not_found)
}
