//! `PUT /api/v1/session/password`

use axum::Extension;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBegun, begin, check_rate};
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
/// All sessions end, and a new one begins here.
#[utoipa::path(
    put,
    path = "/session/password",
    tag = "session",
    request_body = PasswordChange,
    responses((status = 200, body = SessionBegun, description = "Changed."))
)]
pub(super) async fn change_password(
    State(api): State<Api>,
    Extension(address): Extension<ClientAddress>,
    caller: Caller,
    jar: CookieJar,
    Json(change): Json<PasswordChange>,
) -> Result<(CookieJar, Json<SessionBegun>), Problem> {
    check_rate(&api, address)?;
    let person = caller.person_id()?;
    let signed_in = caller.daybreak.change_password(&caller.company, person, &change.old, &change.new).await?;
    let (jar, begun) = begin(&api, jar, &signed_in);
    Ok((jar, Json(begun)))
}
