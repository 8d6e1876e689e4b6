//! `DELETE /api/v1/session/everywhere`

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;

use super::no_cookie;
use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;

/// Sign out on every device
#[utoipa::path(
    delete,
    path = "/session/everywhere",
    tag = "session",
    responses((status = 204, description = "All sessions have ended."))
)]
pub(super) async fn sign_out_everywhere(
    State(api): State<Api>,
    caller: Caller,
    jar: CookieJar,
) -> Result<(CookieJar, StatusCode), Problem> {
    caller.daybreak.sign_out_everywhere(&caller.company, caller.person_id()?).await?;
    Ok((jar.add(no_cookie(&api)), StatusCode::NO_CONTENT))
}
