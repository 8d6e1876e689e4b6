//! How many people there are where, and of whom nothing was heard.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;

mod headcount;
mod silence;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(headcount::read_headcount)).routes(routes!(silence::read_silence))
}
