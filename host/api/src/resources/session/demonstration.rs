//! `POST /api/v1/session/demo`

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{SessionBegun, begin, check_rate};
use crate::api::Api;
use crate::extract::Json;
use crate::guard::{ClientAddress, own_machine, own_page};
use crate::problem::Problem;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DemonstrationSignIn {
    /// The id of one of the people whom `GET /api/v1/session/ways` lists.
    #[schema(max_length = 256)]
    person: String,
}

/// Sign in to a demonstration
///
/// Without a password, as one of the people whom `GET /api/v1/session/ways` lists. Elsewhere there is nobody to be.
#[utoipa::path(
    post,
    path = "/session/demo",
    tag = "session",
    request_body = DemonstrationSignIn,
    responses((status = 200, body = SessionBegun, description = "Signed in.")),
    security(())
)]
pub(super) async fn sign_in_to_demonstration(
    State(api): State<Api>,
    Extension(address): Extension<ClientAddress>,
    headers: HeaderMap,
    jar: CookieJar,
    Json(given): Json<DemonstrationSignIn>,
) -> Result<(CookieJar, Json<SessionBegun>), Problem> {
    check_rate(&api, address)?;
    // Where nobody has to know anything, a page of somebody else could do it, too.
    own_page(&Method::POST, &headers)?;
    if !api.settings.demonstration.contains(&given.person) {
        return Err(Problem::not_found());
    }
    own_machine(&headers)?;
    // Whom the list means is clear only where there is one company.
    let company = api.daybreak.company(None).await?;
    let signed_in = api.daybreak.sign_in_as(&company, &given.person, &address.0.to_string()).await?;
    let (jar, begun) = begin(&api, jar, &signed_in);
    Ok((jar, Json(begun)))
}
