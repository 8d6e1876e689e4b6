//! `POST /api/v1/circumstances/{circumstance}/end`

use daybreak_app::circumstance::CircumstanceChange;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CircumstanceRecordedView, change};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::WireDay;

/// When a circumstance ends.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CircumstanceEnd {
    /// The day from which it no longer holds.
    until: WireDay,
}

/// End a circumstance
///
/// For whoever leads everybody who takes part. A crisis ends with its task.
#[utoipa::path(
    post,
    path = "/circumstances/{circumstance}/end",
    tag = "circumstances",
    params(("circumstance" = String, Path, description = "The circumstance's id.", max_length = 256)),
    request_body = CircumstanceEnd,
    responses((status = 200, body = CircumstanceRecordedView, description = "The circumstance as it is now."))
)]
pub(super) async fn end_circumstance(
    caller: Caller,
    Path(id): Path<String>,
    Json(end): Json<CircumstanceEnd>,
) -> Result<Json<CircumstanceRecordedView>, Problem> {
    change(&caller, &id, CircumstanceChange::End(end.until.0)).await.map(Json)
}
