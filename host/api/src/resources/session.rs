//! Signing in and out, one's own session, and the one-time links that let somebody in.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use daybreak_app::access::SignedIn;
use daybreak_domain::company::Company;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::COOKIE;
use crate::guard::{ClientAddress, too_many};
use crate::problem::Problem;
use crate::wire::{Text, WireInstant};

mod accept_link;
mod change_password;
mod demonstration;
mod preferences;
mod read;
mod read_link;
mod sign_in;
mod sign_out;
mod sign_out_everywhere;
mod ways;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(read::read_session, sign_in::sign_in, sign_out::sign_out))
        .routes(routes!(ways::read_ways))
        .routes(routes!(demonstration::sign_in_to_demonstration))
        .routes(routes!(sign_out_everywhere::sign_out_everywhere))
        .routes(routes!(change_password::change_password))
        .routes(routes!(preferences::set_preferences))
        .routes(routes!(read_link::read_link))
        .routes(routes!(accept_link::accept_link))
}

/// A session that has just begun. Its secret is in the cookie and nowhere else.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SessionBegun)]
pub(super) struct SessionBegun {
    company: String,
    person: String,
    /// When it ends at the latest.
    expires_at: WireInstant,
}

/// The answer that begins a session.
fn begin(api: &Api, jar: CookieJar, signed_in: &SignedIn) -> (CookieJar, SessionBegun) {
    let session = &signed_in.session;
    let begun = SessionBegun {
        company: session.company.id.clone(),
        person: session.person.clone(),
        expires_at: Text(session.expires_at),
    };
    (jar.add(cookie(api, signed_in.secret.clone())), begun)
}

/// The session's cookie: no script reads it, and no foreign page's form sends it.
fn cookie(api: &Api, secret: String) -> Cookie<'static> {
    Cookie::build((COOKIE, secret))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(api.is_encrypted())
        .permanent()
        .build()
}

fn no_cookie(api: &Api) -> Cookie<'static> {
    let mut cookie = cookie(api, String::new());
    cookie.make_removal();
    cookie
}

/// Bounds how often one address may try a password or a link.
fn check_rate(api: &Api, ClientAddress(address): ClientAddress) -> Result<(), Problem> {
    use governor::clock::{Clock, DefaultClock};
    api.sign_ins
        .check_key(&address)
        .map_err(|early| too_many(early.wait_time_from(DefaultClock::default().now()).as_secs()))
}

/// The company that is meant, if there is one: without a name the only one of this host.
async fn company(api: &Api, id: Option<&str>) -> Result<Company, Problem> {
    match api.daybreak.company(id).await {
        Ok(company) => Ok(company),
        Err(daybreak_app::AppError::WhichCompany { .. }) => {
            Err(Problem::refused("Several companies are here: say which one is yours in `company`."))
        }
        // As for a wrong password, so that nobody learns which companies there are.
        Err(daybreak_app::AppError::UnknownCompany { .. } | daybreak_app::AppError::NoCompany) => Err(not_signed_in()),
        Err(error) => Err(error.into()),
    }
}

fn not_signed_in() -> Problem {
    daybreak_app::AppError::from(daybreak_app::access::AccessRefused::NotSignedIn).into()
}
