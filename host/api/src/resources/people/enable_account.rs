//! `POST /api/v1/people/{id}/account/enable`

use axum::http::StatusCode;

use crate::caller::Caller;
use crate::extract::Path;
use crate::problem::Problem;

/// Give a person the right to sign in back
#[utoipa::path(
    post,
    path = "/people/{id}/account/enable",
    tag = "accounts",
    params(("id" = String, Path, description = "The person's id.")),
    responses((status = 204, description = "They may sign in again, with the password of before."))
)]
pub(super) async fn enable_account(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    caller.daybreak.enable_account(&caller.company, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
