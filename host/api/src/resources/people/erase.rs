//! `POST /api/v1/people/{id}/erasure`

use axum::http::StatusCode;

use crate::caller::Caller;
use crate::extract::Path;
use crate::problem::Problem;

/// Forget who a person is
///
/// The id stays, with every fact, score and receipt that names it; the name, the names in other systems, the reasons of
/// absences and the account are gone for ever.
#[utoipa::path(
    post,
    path = "/people/{id}/erasure",
    tag = "people",
    params(("id" = String, Path, description = "The person's id.")),
    responses((status = 204, description = "The person is forgotten."))
)]
pub(super) async fn erase_person(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    // Whoever was forgotten before is so still.
    if !caller.daybreak.person(&caller.company, &id).await?.erased {
        caller.daybreak.erase_person(&caller.company, &id).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
