//! Customers, and who looks after them when.

use daybreak_domain::company::{Person, counts_on};
use daybreak_domain::customer::{Customer, Ownership};
use daybreak_domain::time::Day;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::resources::people::Named;

mod add;
mod add_owners;
mod assign;
mod list;
mod owners;
mod read;
mod set;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_customers, add::add_customers))
        .routes(routes!(read::read_customer, set::set_customer))
        .routes(routes!(owners::list_owners, assign::assign_customer))
        .routes(routes!(add_owners::add_owners))
}

/// A customer, and who looks after it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Customer)]
pub(super) struct CustomerView {
    /// As facts name it.
    id: String,
    name: String,
    /// A name such as `hospital` or `distributor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// Who looks after it on the day; absent: nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Named>,
}

/// Who looks after whom, with everybody's name.
struct Owners {
    people: BTreeMap<String, Person>,
    ownerships: HashMap<String, Vec<Ownership>>,
}

impl Owners {
    async fn of(caller: &Caller) -> Result<Self, Problem> {
        let mut ownerships: HashMap<String, Vec<Ownership>> = HashMap::new();
        for ownership in caller.daybreak.ownerships(&caller.company).await? {
            ownerships.entry(ownership.customer.clone()).or_default().push(ownership);
        }
        Ok(Self { people: caller.daybreak.people(&caller.company).await?, ownerships })
    }

    fn rows(&self, customer: &str) -> &[Ownership] {
        self.ownerships.get(customer).map(Vec::as_slice).unwrap_or_default()
    }

    fn owner_on(&self, customer: &str, on: Day) -> Option<&str> {
        counts_on(self.rows(customer), on).and_then(|ownership| ownership.owner.as_deref())
    }

    fn named(&self, owner: &str) -> Named {
        Named::person(owner, self.people.get(owner))
    }

    fn view(&self, customer: Customer, on: Day) -> CustomerView {
        let owner = self.owner_on(&customer.id, on).map(|owner| self.named(owner));
        CustomerView { id: customer.id, name: customer.name, kind: customer.kind, owner }
    }
}
