//! `POST /api/v1/webhooks/{webhook}/enable`

use super::WebhookView;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Enable a webhook
///
/// With the secrets of before.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook}/enable",
    tag = "webhooks",
    params(("webhook" = String, Path, description = "The webhook's id.")),
    responses((status = 200, body = WebhookView, description = "The webhook as it is now."))
)]
pub(super) async fn enable_webhook(caller: Caller, Path(id): Path<String>) -> Result<Json<WebhookView>, Problem> {
    let webhook = caller.daybreak.set_webhook_disabled(&caller.company, &id, false).await?;
    Ok(Json(WebhookView::of(&caller, webhook)))
}
