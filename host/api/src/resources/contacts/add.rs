//! `POST /api/v1/contacts`

use daybreak_app::organise::contacts::ContactEntry;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{ContactSaid, entry};
use crate::caller::Caller;
use crate::entries::{EntriesTaken, check_count};
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::WireDay;

/// A contact with a title. Several entries of one contact are titles one after the other.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedContact {
    #[schema(min_length = 1, max_length = 256)]
    id: String,
    #[schema(min_length = 1, max_length = 256)]
    customer: String,
    #[schema(min_length = 1, max_length = 256)]
    name: String,
    #[schema(min_length = 1, max_length = 256)]
    title: String,
    /// First day with this title. Without one: the day that is known, and today for somebody new.
    from: Option<WireDay>,
    /// The day on which the contact left.
    left: Option<WireDay>,
}

impl From<ListedContact> for ContactEntry {
    fn from(listed: ListedContact) -> Self {
        let said = ContactSaid { name: listed.name, title: listed.title, from: listed.from, left: listed.left };
        entry(listed.id, listed.customer, said)
    }
}

/// Contacts that are recorded together.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ListedContacts {
    #[schema(max_items = 10000)]
    contacts: Vec<ListedContact>,
}

/// Record many contacts
///
/// The entries of a contact are everything that is known of it afterwards: what stands in none of them is withdrawn. All
/// of them are taken or, if one cannot be, none.
#[utoipa::path(
    post,
    path = "/contacts",
    tag = "customers",
    request_body = ListedContacts,
    responses((status = 200, body = EntriesTaken, description = "What the list changed."))
)]
pub(super) async fn add_contacts(
    caller: Caller,
    Json(listed): Json<ListedContacts>,
) -> Result<Json<EntriesTaken>, Problem> {
    check_count(listed.contacts.len())?;
    let entries: Vec<ContactEntry> = listed.contacts.into_iter().map(ContactEntry::from).collect();
    Ok(Json(caller.daybreak.add_contacts(&caller.company, &entries.into()).await?.into()))
}
