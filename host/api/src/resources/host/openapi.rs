//! `GET /api/v1/openapi.json`

use std::sync::OnceLock;

use axum::http::header;
use axum::response::IntoResponse;

use crate::document::document;

/// This document
#[utoipa::path(
    get,
    path = "/api/v1/openapi.json",
    tag = "host",
    responses((status = 200, body = Object, description = "The OpenAPI 3.1 document."))
)]
pub(super) async fn openapi_document() -> impl IntoResponse {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| document().to_json().unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], text.as_str())
}
