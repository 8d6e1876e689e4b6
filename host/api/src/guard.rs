//! Before every endpoint: how often somebody may call, who calls, and whether they may.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use governor::clock::{Clock, DefaultClock};

use crate::api::Api;
use crate::caller::{COOKIE, Caller};
use crate::document::{self, Ruling};
use crate::extract::discard;
use crate::permissions::{People, Permission};
use crate::problem::{Kind, Problem};

/// The id that every request carries, its answer too.
pub(crate) const REQUEST_ID: &str = "x-request-id";

/// Where the request came from: the connection's other end, or what a trusted proxy says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// Lets a request through to its endpoint, or answers in its place.
pub(crate) async fn guard(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    match admit(&api, &mut request).await {
        Ok(()) => next.run(request).await,
        Err(problem) => {
            discard(request.into_body()).await;
            problem.into_response()
        }
    }
}

async fn admit(api: &Api, request: &mut Request) -> Result<(), Problem> {
    let address = client_address(api, request);
    request.extensions_mut().insert(ClientAddress(address));
    let Some(permission) = permission_of(request)? else { return Ok(()) };
    let secret = credentials(request.headers());
    // A secret is as good a name as an address, and known before the database is asked.
    let caller = match &secret {
        Some(Credentials::Session(secret) | Credentials::Token(secret)) => secret.chars().take(16).collect(),
        None => address.to_string(),
    };
    if let Err(early) = api.callers.check_key(&caller) {
        return Err(too_many(early.wait_time_from(DefaultClock::default().now()).as_secs()));
    }
    if permission.people == People::Anyone {
        return Ok(());
    }
    let request_id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
    let caller = match secret {
        Some(Credentials::Session(secret)) => {
            own_page(request.method(), request.headers())?;
            of_session(api, permission, &secret, request_id).await?
        }
        Some(Credentials::Token(secret)) => of_token(api, permission, &secret, request_id).await?,
        None => return Err(sign_in_first()),
    };
    request.extensions_mut().insert(caller);
    Ok(())
}

pub(crate) fn too_many(seconds: u64) -> Problem {
    let seconds = seconds + 1;
    let mut problem =
        Problem::new(Kind::TooMany, format!("You ask more often than this host allows. Try again in {seconds} s."));
    problem.retry_after = Some(seconds);
    problem
}

fn sign_in_first() -> Problem {
    Problem::new(
        Kind::SignInNeeded,
        "Sign in (POST /api/v1/session), or send a valid token: authorization: Bearer dbt_….",
    )
}

/// The row of the endpoint that the address and the method mean. None where there is no endpoint, which the router says
/// itself; an endpoint without a row is there for nobody.
fn permission_of(request: &Request) -> Result<Option<&'static Permission>, Problem> {
    let Some(path) = request.extensions().get::<MatchedPath>() else { return Ok(None) };
    match document::ruling(request.method(), path.as_str()) {
        Ruling::Row(permission) => Ok(Some(permission)),
        Ruling::NoRow => Err(Problem::not_found()),
        Ruling::NoEndpoint => Ok(None),
    }
}

enum Credentials {
    Session(String),
    Token(String),
}

/// A token is taken before a cookie: whoever sends one means it.
fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = bearer.and_then(|text| text.strip_prefix("Bearer ")) {
        return Some(Credentials::Token(token.trim().to_owned()));
    }
    let jar = CookieJar::from_headers(headers);
    jar.get(COOKIE).map(|cookie| Credentials::Session(cookie.value().to_owned()))
}

async fn of_session(
    api: &Api,
    permission: &Permission,
    secret: &str,
    request: Option<String>,
) -> Result<Caller, Problem> {
    let (session, reach) = api.daybreak.session(secret).await?.ok_or_else(sign_in_first)?;
    let today = api.daybreak.today(&session.company);
    let may = match permission.people {
        People::Anyone | People::Employees => true,
        People::Nobody => false,
        People::Leaders => reach.is_admin() || reach.is_hr() || reach.manages_somebody_on(today),
        People::HrPartners => reach.is_admin() || reach.is_hr(),
        People::Administrators => reach.is_admin(),
    };
    if !may {
        return Err(Problem::not_found());
    }
    Ok(Caller::person(&api.daybreak, session.company, session.person, secret, Arc::new(reach), request))
}

async fn of_token(
    api: &Api,
    permission: &Permission,
    secret: &str,
    request: Option<String>,
) -> Result<Caller, Problem> {
    let (company, token) = api.daybreak.token(secret).await?.ok_or_else(sign_in_first)?;
    match permission.scope {
        Some(scope) if token.scopes.contains(&scope) => Ok(Caller::system(&api.daybreak, company, token.id, request)),
        _ => Err(Problem::not_found()),
    }
}

/// Refuses what a page of somebody else makes a browser send with the cookie of a person who is signed in. Browsers say
/// where a request comes from; what says nothing is no browser.
pub(crate) fn own_page(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name: header::HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let foreign = match headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()) {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => text(header::ORIGIN).is_some_and(|origin| {
            let origin_host = origin.split_once("://").map(|(_, host)| host);
            origin_host != text(header::HOST)
        }),
    };
    if foreign {
        return Err(Problem::new(
            Kind::ForeignPage,
            "A page of another site sent this request. Open Daybreak itself and do it there.",
        ));
    }
    Ok(())
}

/// Refuses what reaches this host under another name than one of its own machine, or through a proxy. A page of somebody else
/// can have its own name resolved to this machine, and is then one of ours by all that a browser says; that name it cannot hide.
pub(crate) fn own_machine(headers: &HeaderMap) -> Result<(), Problem> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let is_sent_on = headers.keys().any(|name| name == header::FORWARDED || name.as_str().starts_with("x-forwarded-"));
    if is_sent_on || !host.is_some_and(is_own_machine) {
        return Err(Problem::new(
            Kind::ForeignPage,
            "Without a password somebody is let in only where the host itself runs. Open it there, under localhost or \
             127.0.0.1 and not through a proxy, or sign in with a password.",
        ));
    }
    Ok(())
}

/// Whether the host of an address, with or without a port, is `localhost` or a loopback address.
fn is_own_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => return address.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback()),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
}

fn client_address(api: &Api, request: &Request) -> IpAddr {
    let connection = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = connection.map_or(IpAddr::from([0, 0, 0, 0]), |ConnectInfo(address)| address.ip());
    let trusted = |address: &IpAddr| api.settings.trusted_proxies.contains(address);
    if !trusted(&peer) {
        return peer;
    }
    // From the right: the first one that none of our proxies is.
    let forwarded = request.headers().get("x-forwarded-for").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let named = forwarded.rsplit(',').filter_map(|address| address.trim().parse().ok());
    named.into_iter().find(|address| !trusted(address)).unwrap_or(peer)
}
