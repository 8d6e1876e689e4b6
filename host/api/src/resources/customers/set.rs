//! `PUT /api/v1/customers/{id}`

use axum::http::StatusCode;
use daybreak_domain::customer::Customer;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerSetting {
    #[schema(min_length = 1, max_length = 256)]
    name: String,
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "hospital")]
    kind: Option<String>,
}

/// Set a customer
///
/// Adds it, or changes what is known of it.
#[utoipa::path(
    put,
    path = "/customers/{id}",
    tag = "customers",
    params(("id" = String, Path, description = "The customer's id, as facts name it.")),
    request_body = CustomerSetting,
    responses((status = 204, description = "It is so."))
)]
pub(super) async fn set_customer(
    caller: Caller,
    Path(id): Path<String>,
    Json(setting): Json<CustomerSetting>,
) -> Result<StatusCode, Problem> {
    let customer = Customer { id, name: setting.name, kind: setting.kind };
    caller.daybreak.add_customer(&caller.company, customer).await?;
    Ok(StatusCode::NO_CONTENT)
}
