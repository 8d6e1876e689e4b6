//! `PUT /api/v1/positions/{id}`

use axum::http::StatusCode;
use daybreak_domain::company::Position;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::WireText;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PositionSetting {
    title: WireText,
}

/// Set a position
///
/// Adds it, or gives the known one another title.
#[utoipa::path(
    put,
    path = "/positions/{id}",
    tag = "departments",
    params(("id" = String, Path, description = "The position's id.")),
    request_body = PositionSetting,
    responses((status = 204, description = "It has this title."))
)]
pub(super) async fn set_position(
    caller: Caller,
    Path(id): Path<String>,
    Json(setting): Json<PositionSetting>,
) -> Result<StatusCode, Problem> {
    let position = Position { id, title: setting.title.read()? };
    caller.daybreak.set_position(&caller.company, &position).await?;
    Ok(StatusCode::NO_CONTENT)
}
