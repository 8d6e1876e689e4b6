//! `POST /api/v1/people/{id}/departure`

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::WireDay;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Departure {
    /// The last day on which the person belongs to the company.
    last_day: WireDay,
}

/// Say that a person leaves the company
///
/// After the last day they stand nowhere and cannot sign in. What they did stays.
#[utoipa::path(
    post,
    path = "/people/{id}/departure",
    tag = "people",
    params(("id" = String, Path, description = "The person's id.")),
    request_body = Departure,
    responses((status = 204, description = "They leave after that day."))
)]
pub(super) async fn let_person_leave(
    caller: Caller,
    Path(id): Path<String>,
    Json(departure): Json<Departure>,
) -> Result<StatusCode, Problem> {
    caller.daybreak.let_person_leave(&caller.company, &id, departure.last_day.0).await?;
    Ok(StatusCode::NO_CONTENT)
}
