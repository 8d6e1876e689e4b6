//! Mappings: which column of a file means what, kept under a name.

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;

mod list;
mod read;
mod set;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list::list_mappings)).routes(routes!(read::read_mapping, set::set_mapping))
}
