//! `POST /api/v1/webhooks`

use super::{WebhookWithSecret, WebhookWrite};
use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;

/// Make a webhook
///
/// The answer holds its secret, which is shown this once. Deliveries are signed with it, see `POST
/// /hooks/{company}/{webhook}`.
#[utoipa::path(
    post,
    path = "/webhooks",
    tag = "webhooks",
    request_body = WebhookWrite,
    responses((status = 200, body = WebhookWithSecret, description = "The webhook and its secret."))
)]
pub(super) async fn create_webhook(
    caller: Caller,
    Json(write): Json<WebhookWrite>,
) -> Result<Json<WebhookWithSecret>, Problem> {
    let given = caller.daybreak.create_webhook(&caller.company, &write.into()).await?;
    Ok(Json(WebhookWithSecret::of(&caller, given)))
}
