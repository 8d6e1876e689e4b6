//! `POST /api/v1/customers/{id}/contacts`

use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContactSaid, ContactView, contact_to_change, entry};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::WireDay;

/// What is true of a contact from a day on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ContactDraft {
    /// Of a contact that is known, or of a new one; without one the host gives an id, to a new contact each time.
    #[schema(min_length = 1, max_length = 256)]
    id: Option<String>,
    #[schema(min_length = 1, max_length = 256)]
    name: String,
    #[schema(min_length = 1, max_length = 256, example = "Head of purchasing")]
    title: String,
    /// First day with this title. Without one: the day that is known, and today for somebody new.
    from: Option<WireDay>,
    /// The day on which the contact left.
    left: Option<WireDay>,
}

/// Record a contact
///
/// Adds one, or says what is true of a known one from a day on. Whoever looks after the customer may do so, and whoever
/// leads them.
#[utoipa::path(
    post,
    path = "/customers/{id}/contacts",
    tag = "customers",
    params(("id" = String, Path, description = "The customer's id.")),
    request_body = ContactDraft,
    responses((status = 200, body = ContactView, description = "The contact, with what is known of it now."))
)]
pub(super) async fn record_contact(
    caller: Caller,
    Path(customer): Path<String>,
    Json(draft): Json<ContactDraft>,
) -> Result<Json<ContactView>, Problem> {
    let today = caller.today();
    let is_known = caller.daybreak.customers(&caller.company).await?.contains_key(&customer);
    if !is_known || !caller.answers_for_customer(&customer, today) {
        return Err(Problem::not_found());
    }
    let id = draft.id.unwrap_or_else(|| caller.daybreak.new_id("contact"));
    // A contact who goes over from another customer is taken away from that one.
    if caller.daybreak.contacts(&caller.company).await?.contains_key(&id) {
        contact_to_change(&caller, &id).await?;
    }
    let said = ContactSaid { name: draft.name, title: draft.title, from: draft.from, left: draft.left };
    caller.daybreak.record_contact(&caller.company, entry(id.clone(), customer, said)).await?;
    let record = caller.daybreak.contacts(&caller.company).await?.remove(&id).ok_or_else(Problem::not_found)?;
    Ok(Json(ContactView::of(record, today)))
}
