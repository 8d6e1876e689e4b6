//! `PUT /api/v1/mappings/{name}`

use axum::extract::{Request, State};
use axum::http::StatusCode;

use crate::api::Api;
use crate::caller::Caller;
use crate::extract::{Path, file};
use crate::problem::Problem;

/// Keep a mapping
///
/// In place of what stood under the name. The text is checked; what was imported with an earlier one stays.
#[utoipa::path(
    put,
    path = "/mappings/{name}",
    tag = "mappings",
    params(("name" = String, Path, description = "The mapping's name, which may be new.")),
    request_body(content = String, content_type = "text/plain", description = "The mapping, in TOML."),
    responses((status = 204, description = "The mapping is kept."))
)]
pub(super) async fn set_mapping(
    State(api): State<Api>,
    caller: Caller,
    Path(name): Path<String>,
    request: Request,
) -> Result<StatusCode, Problem> {
    let bytes = file(request, "text/plain", api.settings.limits.body_bytes).await?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Problem::malformed("The mapping is not UTF-8."))?;
    if text.contains('\0') {
        return Err(Problem::malformed("The mapping holds the character NUL: send it as plain text."));
    }
    caller.daybreak.set_mapping(&caller.company, &name, text).await?;
    Ok(StatusCode::NO_CONTENT)
}
