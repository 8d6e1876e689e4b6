//! `GET /api/v1/customers`

use daybreak_domain::customer::Customer;
use daybreak_domain::requirements::SubjectKind;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{CustomerView, Owners};
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::WireDay;

/// Which customers. None given: all in reach.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CustomersQuery {
    /// The day that counts; today unless one is given.
    on: Option<WireDay>,
    /// The id of a person: the customers that they look after.
    #[param(max_length = 64)]
    owner: Option<String>,
    #[param(max_length = 64)]
    kind: Option<String>,
    /// A part of the name, or of the id.
    #[param(max_length = 256)]
    name: Option<String>,
}

impl CustomersQuery {
    fn names(&self, customer: &Customer) -> bool {
        let Some(part) = &self.name else { return true };
        let part = part.to_lowercase();
        [&customer.name, &customer.id].into_iter().any(|text| text.to_lowercase().contains(&part))
    }
}

/// List customers
///
/// By id. People see the customers that they look after on the day, and those of everybody in their reach.
#[utoipa::path(
    get,
    path = "/customers",
    tag = "customers",
    params(CustomersQuery, PageQuery),
    responses((status = 200, body = Page<CustomerView>, description = "A page of customers."))
)]
pub(super) async fn list_customers(
    caller: Caller,
    Query(query): Query<CustomersQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<CustomerView>>, Problem> {
    let on = query.on.map_or_else(|| caller.today(), |day| day.0);
    let owners = Owners::of(&caller).await?;
    let wanted = |customer: &Customer| {
        query.owner.as_deref().is_none_or(|owner| owners.owner_on(&customer.id, on) == Some(owner))
            && query.kind.as_ref().is_none_or(|kind| customer.kind.as_ref() == Some(kind))
            && query.names(customer)
            && caller.covers_subject(SubjectKind::Customer, &customer.id, on)
    };
    let customers = caller.daybreak.customers(&caller.company).await?;
    let customers: Vec<Customer> = customers.into_values().filter(wanted).collect();
    let Page { items, next } = page.cut(customers, |customer| customer.id.clone())?;
    Ok(Json(Page { items: items.into_iter().map(|customer| owners.view(customer, on)).collect(), next }))
}
