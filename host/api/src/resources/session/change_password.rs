//! `PUT /api/v1/session/password`

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use super::check_rate;
use crate::api::Api;
use crate::caller::Caller;
use crate::extract::Json;
use crate::guard::ClientAddress;
use crate::problem::Problem;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PasswordChange {
    #[schema(max_length = 512, format = Password)]
    old: String,
    /// 10 to 128 characters.
    #[schema(min_length = 10, max_length = 128, format = Password)]
    new: String,
}

/// Change one's own password
///
/// Sessions on other devices end.
#[utoipa::path(
    put,
    path = "/session/password",
    tag = "session",
    request_body = PasswordChange,
    responses((status = 204, description = "Changed."))
)]
pub(super) async fn change_password(
    State(api): State<Api>,
    Extension(address): Extension<ClientAddress>,
    caller: Caller,
    Json(change): Json<PasswordChange>,
) -> Result<StatusCode, Problem> {
    check_rate(&api, address)?;
    let person = caller.person_id()?;
    let secret = caller.session_secret()?;
    caller.daybreak.change_password(&caller.company, person, &change.old, &change.new, secret).await?;
    Ok(StatusCode::NO_CONTENT)
}
