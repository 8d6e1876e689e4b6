//! `POST /api/v1/customers`

use daybreak_domain::customer::Customer;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::entries::{EntriesTaken, check_count};
use crate::extract::Json;
use crate::problem::Problem;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerDraft {
    /// As facts name it.
    #[schema(min_length = 1, max_length = 256, example = "H-001")]
    id: String,
    #[schema(min_length = 1, max_length = 256)]
    name: String,
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "hospital")]
    kind: Option<String>,
}

/// Customers that are added together.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerDrafts {
    #[schema(max_items = 10000)]
    customers: Vec<CustomerDraft>,
}

/// Add customers, or change what is known of them
///
/// All of them or, if one entry cannot be taken, none; every bad entry is named. Sending the same again changes nothing.
#[utoipa::path(
    post,
    path = "/customers",
    tag = "customers",
    request_body = CustomerDrafts,
    responses((status = 200, body = EntriesTaken, description = "What the list changed."))
)]
pub(super) async fn add_customers(
    caller: Caller,
    Json(drafts): Json<CustomerDrafts>,
) -> Result<Json<EntriesTaken>, Problem> {
    check_count(drafts.customers.len())?;
    let customer = |CustomerDraft { id, name, kind }: CustomerDraft| Customer { id, name, kind };
    let customers: Vec<Customer> = drafts.customers.into_iter().map(customer).collect();
    Ok(Json(caller.daybreak.add_customers(&caller.company, &customers.into()).await?.into()))
}
