//! `POST /api/v1/webhooks/{webhook}/disable`

use super::WebhookView;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Disable a webhook
///
/// Nothing can be delivered with it from now on; whoever tries gets the answer that they would get if it were not there.
#[utoipa::path(
    post,
    path = "/webhooks/{webhook}/disable",
    tag = "webhooks",
    params(("webhook" = String, Path, description = "The webhook's id.")),
    responses((status = 200, body = WebhookView, description = "The webhook as it is now."))
)]
pub(super) async fn disable_webhook(caller: Caller, Path(id): Path<String>) -> Result<Json<WebhookView>, Problem> {
    let webhook = caller.daybreak.set_webhook_disabled(&caller.company, &id, true).await?;
    Ok(Json(WebhookView::of(&caller, webhook)))
}
