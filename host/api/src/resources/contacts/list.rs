//! `GET /api/v1/customers/{id}/contacts`

use daybreak_domain::requirements::SubjectKind;

use super::ContactView;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;

/// List a customer's contacts
///
/// By id, those who left among them.
#[utoipa::path(
    get,
    path = "/customers/{id}/contacts",
    tag = "customers",
    params(("id" = String, Path, description = "The customer's id."), PageQuery),
    responses((status = 200, body = Page<ContactView>, description = "A page of contacts."))
)]
pub(super) async fn list_contacts(
    caller: Caller,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ContactView>>, Problem> {
    let today = caller.today();
    caller.require_subject(SubjectKind::Customer, &id, today)?;
    if !caller.daybreak.customers(&caller.company).await?.contains_key(&id) {
        return Err(Problem::not_found());
    }
    let contacts = caller.daybreak.contacts(&caller.company).await?;
    let own = contacts.into_values().filter(|record| record.contact.customer == id);
    let contacts: Vec<ContactView> = own.map(|record| ContactView::of(record, today)).collect();
    Ok(Json(page.cut(contacts, |contact| contact.id.clone())?))
}
