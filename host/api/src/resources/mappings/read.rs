//! `GET /api/v1/mappings/{name}`

use axum::http::header;
use axum::response::IntoResponse;

use crate::caller::Caller;
use crate::extract::Path;
use crate::problem::Problem;

/// Read one mapping
///
/// Its text, in TOML.
#[utoipa::path(
    get,
    path = "/mappings/{name}",
    tag = "mappings",
    params(("name" = String, Path, description = "The mapping's name.")),
    responses((status = 200, body = String, content_type = "text/plain", description = "The mapping."))
)]
pub(super) async fn read_mapping(
    caller: Caller,
    Path(name): Path<String>,
) -> Result<impl IntoResponse + use<>, Problem> {
    let text = caller.daybreak.mapping(&caller.company, &name).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text))
}
