//! `POST /api/v1/people/{id}/account`

use serde::Deserialize;
use utoipa::ToSchema;

use super::LinkMadeView;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Invitation {
    /// What the person types to sign in, such as an e-mail address or a staff number; case does not matter.
    #[schema(min_length = 1, max_length = 128, example = "li.lei@example.com")]
    login: String,
}

/// Invite a person to sign in
///
/// Makes their account, and a one-time link with which they choose a password. While they have not, inviting them again
/// makes another link and voids the one before.
#[utoipa::path(
    post,
    path = "/people/{id}/account",
    tag = "accounts",
    params(("id" = String, Path, description = "The person's id.")),
    request_body = Invitation,
    responses((status = 200, body = LinkMadeView, description = "Invited; the link is told this once."))
)]
pub(super) async fn invite_person(
    caller: Caller,
    Path(id): Path<String>,
    Json(invitation): Json<Invitation>,
) -> Result<Json<LinkMadeView>, Problem> {
    Ok(Json(caller.daybreak.invite(&caller.company, &id, &invitation.login).await?.into()))
}
