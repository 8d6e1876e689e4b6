//! What somebody's day begins with, in one answer.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;

mod read;

pub(crate) use read::DaySentenceView;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(read::read_day))
}
