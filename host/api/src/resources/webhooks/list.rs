//! `GET /api/v1/webhooks`

use super::WebhookView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;

/// List webhooks
#[utoipa::path(
    get,
    path = "/webhooks",
    tag = "webhooks",
    params(PageQuery),
    responses((status = 200, body = Page<WebhookView>, description = "A page of webhooks."))
)]
pub(super) async fn list_webhooks(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<WebhookView>>, Problem> {
    let webhooks = caller.daybreak.webhooks(&caller.company).await?;
    let views = webhooks.into_iter().map(|webhook| WebhookView::of(&caller, webhook)).collect();
    Ok(Json(page.cut(views, |view: &WebhookView| view.id.clone())?))
}
