//! `GET /api/v1/webhooks/{webhook}`

use super::WebhookView;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Read a webhook
#[utoipa::path(
    get,
    path = "/webhooks/{webhook}",
    tag = "webhooks",
    params(("webhook" = String, Path, description = "The webhook's id.")),
    responses((status = 200, body = WebhookView, description = "The webhook."))
)]
pub(super) async fn read_webhook(caller: Caller, Path(id): Path<String>) -> Result<Json<WebhookView>, Problem> {
    let webhook = caller.daybreak.webhook(&caller.company, &id).await?;
    Ok(Json(WebhookView::of(&caller, webhook)))
}
