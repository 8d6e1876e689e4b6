//! `DELETE /api/v1/webhooks/{webhook}`

use axum::http::StatusCode;

use crate::caller::Caller;
use crate::extract::Path;
use crate::problem::Problem;

/// Delete a webhook
///
/// With all its secrets. Facts that it delivered stay.
#[utoipa::path(
    delete,
    path = "/webhooks/{webhook}",
    tag = "webhooks",
    params(("webhook" = String, Path, description = "The webhook's id.")),
    responses((status = 204, description = "The webhook is gone."))
)]
pub(super) async fn delete_webhook(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    caller.daybreak.delete_webhook(&caller.company, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
