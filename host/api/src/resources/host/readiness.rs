//! `GET /ready`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Api;
use crate::extract::Json;
use crate::problem::{Kind, Problem};

#[derive(Serialize, ToSchema)]
pub(super) struct Readiness {
    /// Whether the database answers.
    database: bool,
}

/// Whether the host can work
///
/// A proxy sends requests only to hosts that can: not to one whose database does not answer or that is stopping.
#[utoipa::path(get, path = "/ready", tag = "host", responses((status = 200, body = Readiness, description = "It can.")))]
pub(super) async fn readiness(State(api): State<Api>) -> Result<Json<Readiness>, Problem> {
    if api.stopping.is_cancelled() {
        return Err(Problem::new(Kind::Unavailable, "The host is stopping. Ask another one, or try again."));
    }
    match api.daybreak.check_database().await {
        Ok(()) => Ok(Json(Readiness { database: true })),
        Err(error) => {
            tracing::warn!(error = crate::problem::chain(&error), "the database does not answer");
            Err(Problem::new(Kind::Unavailable, "The database does not answer. `daybreak doctor` says more."))
        }
    }
}
