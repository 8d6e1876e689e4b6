//! `PUT /api/v1/webhooks/{webhook}`

use super::{WebhookView, WebhookWrite};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Change a webhook
///
/// Its secrets stay, and what was delivered before stays as it was read then.
#[utoipa::path(
    put,
    path = "/webhooks/{webhook}",
    tag = "webhooks",
    params(("webhook" = String, Path, description = "The webhook's id.")),
    request_body = WebhookWrite,
    responses((status = 200, body = WebhookView, description = "The webhook as it is now."))
)]
pub(super) async fn change_webhook(
    caller: Caller,
    Path(id): Path<String>,
    Json(write): Json<WebhookWrite>,
) -> Result<Json<WebhookView>, Problem> {
    let webhook = caller.daybreak.change_webhook(&caller.company, &id, &write.into()).await?;
    Ok(Json(WebhookView::of(&caller, webhook)))
}
