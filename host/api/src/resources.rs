//! The resources, one folder each.

use utoipa_axum::router::OpenApiRouter;

use crate::api::Api;

pub(crate) mod facts;
pub(crate) mod hooks;
pub(crate) mod host;
pub(crate) mod imports;
pub(crate) mod jobs;
pub(crate) mod scores;
pub(crate) mod session;
pub(crate) mod webhooks;

/// Everything under the versioned base.
pub(crate) fn versioned() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(facts::routes())
        .merge(hooks::routes())
        .merge(imports::routes())
        .merge(jobs::routes())
        .merge(scores::routes())
        .merge(session::routes())
        .merge(webhooks::routes())
}
