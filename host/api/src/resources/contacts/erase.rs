//! `POST /api/v1/contacts/{id}/erasure`

use axum::http::StatusCode;

use super::contact_to_change;
use crate::caller::Caller;
use crate::extract::Path;
use crate::problem::Problem;

/// Forget the name of a contact
///
/// The id stays, with the facts that name it.
#[utoipa::path(
    post,
    path = "/contacts/{id}/erasure",
    tag = "customers",
    params(("id" = String, Path, description = "The contact's id.")),
    responses((status = 204, description = "The name is forgotten."))
)]
pub(super) async fn erase_contact(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    // Whoever was forgotten before is so still.
    if !contact_to_change(&caller, &id).await?.contact.erased {
        caller.daybreak.erase_contact(&caller.company, &id).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
