//! `GET /health`

use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::Json;

#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// The version of the host.
    version: &'static str,
}

/// Whether the host runs
///
/// Asks nothing of the database: a supervisor that gets no answer starts the host again.
#[utoipa::path(get, path = "/health", tag = "host", responses((status = 200, body = Health, description = "It runs.")))]
pub(super) async fn health() -> Json<Health> {
    Json(Health { version: env!("CARGO_PKG_VERSION") })
}
