//! `POST /api/v1/people/{id}/account/disable`

use axum::http::StatusCode;

use crate::caller::Caller;
use crate::extract::Path;
use crate::problem::Problem;

/// Take the right to sign in away from a person
///
/// Their sessions end at once. Roles stay, for when they may sign in again.
#[utoipa::path(
    post,
    path = "/people/{id}/account/disable",
    tag = "accounts",
    params(("id" = String, Path, description = "The person's id.")),
    responses((status = 204, description = "They may not sign in."))
)]
pub(super) async fn disable_account(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    caller.daybreak.disable_account(&caller.company, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
