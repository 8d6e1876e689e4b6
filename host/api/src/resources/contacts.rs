//! Contacts: people who work for customers.

use daybreak_app::organise::contacts::{ContactEntry, ContactRecord};
use daybreak_domain::customer::ContactState;
use daybreak_domain::time::Day;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::wire::{Text, WireDay};

mod add;
mod depart;
mod erase;
mod list;
mod record;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_contacts, record::record_contact))
        .routes(routes!(add::add_contacts))
        .routes(routes!(depart::let_contact_leave))
        .routes(routes!(erase::erase_contact))
}

/// What happened to a contact.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = ContactState)]
enum WireContactState {
    /// Came, or was given another title.
    Here,
    Left,
}

impl From<ContactState> for WireContactState {
    fn from(state: ContactState) -> Self {
        match state {
            ContactState::Here => Self::Here,
            ContactState::Left => Self::Left,
        }
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ContactEvent)]
struct ContactEventView {
    day: WireDay,
    state: WireContactState,
    title: String,
}

/// Somebody who works for a customer.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Contact)]
struct ContactView {
    id: String,
    customer: String,
    /// Empty for a contact who was erased.
    name: String,
    erased: bool,
    /// Today's, or the last one; absent before they come.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// Whether they work for the customer today.
    here: bool,
    /// What happened, in the order of the days.
    events: Vec<ContactEventView>,
}

impl ContactView {
    fn of(record: ContactRecord, today: Day) -> Self {
        let last = record.events.iter().rev().find(|event| event.day <= today);
        Self {
            title: last.map(|event| event.title.clone()),
            here: last.is_some_and(|event| event.state == ContactState::Here),
            id: record.contact.id,
            customer: record.contact.customer,
            name: record.contact.name,
            erased: record.contact.erased,
            events: record
                .events
                .into_iter()
                .map(|event| ContactEventView { day: Text(event.day), state: event.state.into(), title: event.title })
                .collect(),
        }
    }
}

/// The contact, if the caller may change what is known of it.
async fn contact_to_change(caller: &Caller, id: &str) -> Result<ContactRecord, Problem> {
    let record = caller.daybreak.contacts(&caller.company).await?.remove(id);
    record
        .filter(|record| caller.answers_for_customer(&record.contact.customer, caller.today()))
        .ok_or_else(Problem::not_found)
}

/// What is said of a contact from a day on.
fn entry(id: String, customer: String, said: ContactSaid) -> ContactEntry {
    ContactEntry {
        id,
        customer,
        name: said.name,
        title: said.title,
        from: said.from.map(|day| day.0),
        left: said.left.map(|day| day.0),
    }
}

struct ContactSaid {
    name: String,
    title: String,
    from: Option<WireDay>,
    left: Option<WireDay>,
}
