//! `PUT /api/v1/contacts/{id}/departure`

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::contact_to_change;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::WireDay;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactDeparture {
    /// The day on which the contact left; null takes back that they did.
    on: Option<WireDay>,
}

/// Say that a contact left the customer
#[utoipa::path(
    put,
    path = "/contacts/{id}/departure",
    tag = "customers",
    params(("id" = String, Path, description = "The contact's id.")),
    request_body = ContactDeparture,
    responses((status = 204, description = "It is known."))
)]
pub(super) async fn let_contact_leave(
    caller: Caller,
    Path(id): Path<String>,
    Json(departure): Json<ContactDeparture>,
) -> Result<StatusCode, Problem> {
    contact_to_change(&caller, &id).await?;
    caller.daybreak.let_contact_leave(&caller.company, &id, departure.on.map(|day| day.0)).await?;
    Ok(StatusCode::NO_CONTENT)
}
