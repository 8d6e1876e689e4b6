//! `GET /api/v1/customers/{id}`

use daybreak_domain::requirements::SubjectKind;

use super::{CustomerView, Owners};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Read one customer
#[utoipa::path(
    get,
    path = "/customers/{id}",
    tag = "customers",
    params(("id" = String, Path, description = "The customer's id.")),
    responses((status = 200, body = CustomerView, description = "The customer."))
)]
pub(super) async fn read_customer(caller: Caller, Path(id): Path<String>) -> Result<Json<CustomerView>, Problem> {
    let today = caller.today();
    caller.require_subject(SubjectKind::Customer, &id, today)?;
    let customer = caller.daybreak.customers(&caller.company).await?.remove(&id);
    let customer = customer.ok_or_else(Problem::not_found)?;
    Ok(Json(Owners::of(&caller).await?.view(customer, today)))
}
