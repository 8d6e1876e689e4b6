//! The resources, one folder each.

use utoipa_axum::router::OpenApiRouter;

use crate::api::Api;

pub(crate) mod facts;
pub(crate) mod host;
pub(crate) mod scores;
pub(crate) mod session;

/// Everything under the versioned base.
pub(crate) fn versioned() -> OpenApiRouter<Api> {
    OpenApiRouter::new().merge(facts::routes()).merge(scores::routes()).merge(session::routes())
}
