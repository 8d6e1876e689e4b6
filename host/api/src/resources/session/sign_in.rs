//! `POST /api/v1/session`

use axum::Extension;
use axum::extract::State;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBegun, begin, check_rate, company};
use crate::api::Api;
use crate::extract::Json;
use crate::guard::ClientAddress;
use crate::problem::{Problem, ProblemBody};

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SignIn {
    #[schema(max_length = 128)]
    login: String,
    #[schema(max_length = 512, format = Password)]
    password: String,
    /// The company's id; may be left out where there is only one.
    #[schema(max_length = 64)]
    company: Option<String>,
}

/// Sign in
///
/// The session is in the cookie `daybreak_session`, which no script can read. Wrong login, wrong password and an account
/// that may not sign in get the same answer.
#[utoipa::path(
    post,
    path = "/session",
    tag = "session",
    request_body = SignIn,
    responses(
        (status = 200, body = SessionBegun, description = "Signed in."),
        (status = 401, body = ProblemBody, content_type = "application/problem+json", description = "Not signed in."),
    ),
    security(())
)]
pub(super) async fn sign_in(
    State(api): State<Api>,
    Extension(address): Extension<ClientAddress>,
    jar: CookieJar,
    Json(given): Json<SignIn>,
) -> Result<(CookieJar, Json<SessionBegun>), Problem> {
    check_rate(&api, address)?;
    let company = company(&api, given.company.as_deref()).await?;
    let client = address.0.to_string();
    let signed_in = api.daybreak.sign_in(&company, &given.login, &given.password, &client).await?;
    let (jar, begun) = begin(&api, jar, &signed_in);
    Ok((jar, Json(begun)))
}
