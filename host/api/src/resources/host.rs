//! The host itself: whether it is well, its figures, its document.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;

mod figures;
mod health;
mod openapi;
mod readiness;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(health::health))
        .routes(routes!(readiness::readiness))
        .routes(routes!(figures::figures))
        .routes(routes!(openapi::openapi_document))
}
