//! The resources, one folder each.

use utoipa_axum::router::OpenApiRouter;

use crate::api::Api;

pub(crate) mod alerts;
pub(crate) mod circumstances;
pub(crate) mod composites;
pub(crate) mod crises;
pub(crate) mod day;
pub(crate) mod facts;
pub(crate) mod host;
pub(crate) mod insights;
pub(crate) mod scores;
pub(crate) mod session;
pub(crate) mod tasks;

/// Everything under the versioned base.
pub(crate) fn versioned() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(facts::routes())
        .merge(scores::routes())
        .merge(session::routes())
        .merge(tasks::routes())
        .merge(crises::routes())
        .merge(circumstances::routes())
        .merge(composites::routes())
        .merge(insights::routes())
        .merge(alerts::routes())
        .merge(day::routes())
}
