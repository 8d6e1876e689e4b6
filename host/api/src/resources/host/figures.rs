//! `GET /metrics`

use axum::extract::State;
use axum::response::Response;

use crate::api::Api;
use crate::figures::page;
use crate::problem::Problem;

/// Figures about the host
///
/// In the text format of Prometheus. They hold no personal data. Where the host serves them at an address of their own,
/// there is nothing here.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "host",
    responses((status = 200, body = String, content_type = "text/plain", description = "The figures."))
)]
pub(super) async fn figures(State(api): State<Api>) -> Result<Response, Problem> {
    let figures = api.figures.as_ref().ok_or_else(Problem::not_found)?;
    api.daybreak.measure().await?;
    Ok(page(figures))
}
