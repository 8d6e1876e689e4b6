//! Hooks: where other systems deliver, signed with the secret of a webhook.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;

mod receive;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(receive::receive_webhook))
}
