//! `GET /metrics`

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::api::Api;
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
pub(super) async fn figures(State(api): State<Api>) -> Result<impl IntoResponse, Problem> {
    let figures = api.figures.as_ref().ok_or_else(Problem::not_found)?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], figures.render()))
}
