//! `DELETE /api/v1/session`

use axum::extract::State;
use axum::http::StatusCode;
use axum_extra::extract::cookie::CookieJar;

use super::no_cookie;
use crate::api::Api;
use crate::caller::{Caller, Who};
use crate::problem::Problem;

/// Sign out
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204, description = "Signed out.")))]
pub(super) async fn sign_out(
    State(api): State<Api>,
    caller: Caller,
    jar: CookieJar,
) -> Result<(CookieJar, StatusCode), Problem> {
    if let Who::Person { secret, .. } = &caller.who {
        caller.daybreak.sign_out(secret).await?;
    }
    Ok((jar.add(no_cookie(&api)), StatusCode::NO_CONTENT))
}
