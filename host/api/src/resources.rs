//! The resources, one folder each.

use utoipa_axum::router::OpenApiRouter;

use crate::api::Api;

pub(crate) mod absences;
pub(crate) mod audit;
pub(crate) mod company;
pub(crate) mod contacts;
pub(crate) mod customers;
pub(crate) mod departments;
pub(crate) mod facts;
pub(crate) mod host;
pub(crate) mod identities;
pub(crate) mod people;
pub(crate) mod positions;
pub(crate) mod presence;
pub(crate) mod scores;
pub(crate) mod session;
pub(crate) mod tokens;

/// Everything under the versioned base.
pub(crate) fn versioned() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .merge(absences::routes())
        .merge(audit::routes())
        .merge(company::routes())
        .merge(contacts::routes())
        .merge(customers::routes())
        .merge(departments::routes())
        .merge(facts::routes())
        .merge(identities::routes())
        .merge(people::routes())
        .merge(positions::routes())
        .merge(presence::routes())
        .merge(scores::routes())
        .merge(session::routes())
        .merge(tokens::routes())
}
