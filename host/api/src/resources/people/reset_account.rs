//! `POST /api/v1/people/{id}/account/reset`

use super::LinkMadeView;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Let a person choose another password
///
/// Makes a one-time link. Until it is used the present password holds; links of before are void.
#[utoipa::path(
    post,
    path = "/people/{id}/account/reset",
    tag = "accounts",
    params(("id" = String, Path, description = "The person's id.")),
    responses((status = 200, body = LinkMadeView, description = "The link, told this once."))
)]
pub(super) async fn reset_account(caller: Caller, Path(id): Path<String>) -> Result<Json<LinkMadeView>, Problem> {
    Ok(Json(caller.daybreak.reset_password(&caller.company, &id).await?.into()))
}
