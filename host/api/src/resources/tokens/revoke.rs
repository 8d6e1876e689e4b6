//! `DELETE /api/v1/tokens/{id}`

use axum::http::StatusCode;

use crate::caller::Caller;
use crate::extract::Path;
use crate::problem::Problem;

/// Revoke a token
///
/// It ends at once. One that was revoked stays so.
#[utoipa::path(
    delete,
    path = "/tokens/{id}",
    tag = "tokens",
    params(("id" = String, Path, description = "The token's id.")),
    responses((status = 204, description = "It can be used no more."))
)]
pub(super) async fn revoke_token(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    caller.daybreak.revoke_token(&caller.company, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
