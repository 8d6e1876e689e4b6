//! `POST /api/v1/links/accept`

use axum::Extension;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBegun, begin, check_rate};
use crate::api::Api;
use crate::extract::Json;
use crate::guard::ClientAddress;
use crate::problem::Problem;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Acceptance {
    /// What stands in the link.
    #[schema(max_length = 128, example = "dbl_…")]
    secret: String,
    /// 10 to 128 characters.
    #[schema(min_length = 10, max_length = 128, format = Password)]
    password: String,
}

/// Set a password with a one-time link, and sign in
#[utoipa::path(
    post,
    path = "/links/accept",
    tag = "session",
    request_body = Acceptance,
    responses((status = 200, body = SessionBegun, description = "The password is set; signed in.")),
    security(())
)]
pub(super) async fn accept_link(
    State(api): State<Api>,
    Extension(address): Extension<ClientAddress>,
    jar: CookieJar,
    Json(acceptance): Json<Acceptance>,
) -> Result<(CookieJar, Json<SessionBegun>), Problem> {
    check_rate(&api, address)?;
    let signed_in = api.daybreak.accept_link(&acceptance.secret, &acceptance.password).await?;
    let (jar, begun) = begin(&api, jar, &signed_in);
    Ok((jar, Json(begun)))
}
