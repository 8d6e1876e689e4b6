//! `POST /api/v1/webhooks/{webhook}/rotation`

use super::WebhookWithSecret;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Make another secret
///
/// The answer holds it; it is shown this once. Those of before hold for another 24 hours, so that nothing is lost while the
/// source is told. Of more than three secrets the oldest ends at once.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook}/rotation",
    tag = "webhooks",
    params(("webhook" = String, Path, description = "The webhook's id.")),
    responses((status = 200, body = WebhookWithSecret, description = "The webhook and its new secret."))
)]
pub(super) async fn rotate_webhook(caller: Caller, Path(id): Path<String>) -> Result<Json<WebhookWithSecret>, Problem> {
    let given = caller.daybreak.rotate_webhook(&caller.company, &id).await?;
    Ok(Json(WebhookWithSecret::of(&caller, given)))
}
