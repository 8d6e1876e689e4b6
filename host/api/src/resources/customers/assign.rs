//! `POST /api/v1/customers/{id}/owners`

use axum::http::StatusCode;
use daybreak_app::organise::customers::OwnershipEntry;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::WireDay;

/// Who looks after a customer, from a day until another.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Assignment {
    /// The id of a person; null: nobody.
    #[schema(max_length = 64)]
    owner: Option<String>,
    /// The first day; today unless one is given.
    from: Option<WireDay>,
    /// The first day on which it is so no longer.
    until: Option<WireDay>,
}

/// Say who looks after a customer
///
/// What was known of the days before `from`, and from `until` on, stays.
#[utoipa::path(
    post,
    path = "/customers/{id}/owners",
    tag = "customers",
    params(("id" = String, Path, description = "The customer's id.")),
    request_body = Assignment,
    responses((status = 204, description = "It is so on these days."))
)]
pub(super) async fn assign_customer(
    caller: Caller,
    Path(id): Path<String>,
    Json(assignment): Json<Assignment>,
) -> Result<StatusCode, Problem> {
    if !caller.daybreak.customers(&caller.company).await?.contains_key(&id) {
        return Err(Problem::not_found());
    }
    let entry = OwnershipEntry {
        customer: id,
        owner: assignment.owner,
        from: assignment.from.map(|day| day.0),
        until: assignment.until.map(|day| day.0),
    };
    caller.daybreak.assign_customer(&caller.company, entry).await?;
    Ok(StatusCode::NO_CONTENT)
}
