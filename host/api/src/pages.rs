//! The built pages (`host/web`), which stand in the binary: files for ever, the page itself fresh with each answer.
//!
//! What is under `/assets/` has a digest in its name and never changes. Every page is one and the same document; which one
//! it shows is decided by its script from the address. The list of addresses, `host/web/pages.json`, decides whether the
//! document is answered as found or as not found. Nothing below `/api` ends here.

use std::sync::OnceLock;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::api::Api;
use crate::condition::names;
use crate::problem::{Kind, Problem};

/// A built file, as it is and as it was compressed with it.
struct File {
    name: &'static str,
    plain: &'static [u8],
    brotli: Option<&'static [u8]>,
    gzip: Option<&'static [u8]>,
}

static FILES: &[File] = &include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The addresses of all pages; a part that begins with `$` stands for any.
const ADDRESSES: &str = include_str!("../../web/pages.json");

const DOCUMENT: &str = "index.html";

/// What stands in the document where the answer's own value belongs.
const NONCE_PLACE: &str = "__NONCE__";

const NOT_BUILT: &str = "The pages are not in this binary. Build it with `cargo xtask setup`, which needs Node 20; \
                         the interface under /api/v1 works without them.\n";

/// Answers whatever no endpoint answers.
pub(crate) async fn serve(State(api): State<Api>, request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::not_found().into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = Problem::new(Kind::MethodNotAllowed, "Pages are only read: GET or HEAD.").into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    let name = path.trim_start_matches('/');
    if let Some(file) = file(name).filter(|file| file.name != DOCUMENT) {
        return answer_file(file, request.headers());
    }
    let is_page = is_page(path);
    let wants_page = accepts_pages(request.headers());
    match file(DOCUMENT) {
        Some(document) if is_page || wants_page && !path.starts_with("/assets/") => {
            let status = if is_page { StatusCode::OK } else { StatusCode::NOT_FOUND };
            answer_document(document, &api, status, request.headers())
        }
        None if is_page => {
            let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            (StatusCode::SERVICE_UNAVAILABLE, kind, NOT_BUILT).into_response()
        }
        _ => Problem::not_found().into_response(),
    }
}

fn file(name: &str) -> Option<&'static File> {
    let place = FILES.binary_search_by(|file| file.name.cmp(name)).ok()?;
    FILES.get(place)
}

/// Whether a page stands at the address.
fn is_page(path: &str) -> bool {
    static PAGES: OnceLock<Vec<String>> = OnceLock::new();
    let pages = PAGES.get_or_init(|| serde_json::from_str(ADDRESSES).unwrap_or_default());
    pages.iter().any(|page| {
        let (mut parts, mut given) = (page.split('/'), path.split('/'));
        loop {
            match (parts.next(), given.next()) {
                (None, None) => return true,
                (Some(part), Some(given)) if part == given || part.starts_with('$') && !given.is_empty() => {}
                _ => return false,
            }
        }
    })
}

/// Whether whoever asks is a browser that opens an address, and not a script that looks for a file.
fn accepts_pages(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|kind| kind.trim().starts_with("text/html"))
}

fn answer_file(file: &'static File, headers: &HeaderMap) -> Response {
    let tag = tag_of(file.plain);
    let lasting = file.name.starts_with("assets/");
    let caching = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| names(known, &tag));
    let (encoding, bytes) = encoded(file, headers);
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { Body::from(bytes).into_response() };
    let answered = response.headers_mut();
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    answered.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answered.insert(header::ETAG, tag);
    }
    if !known {
        answered.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(file.name)));
        answered.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        if let Some(encoding) = encoding {
            answered.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
    }
    response
}

/// The smallest form that the caller takes.
fn encoded(file: &'static File, headers: &HeaderMap) -> (Option<&'static str>, &'static [u8]) {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |wanted: &str| {
        accepted.split(',').any(|coding| {
            let (name, quality) = coding.split_once(';').unwrap_or((coding, ""));
            let refused = quality.trim().strip_prefix("q=").is_some_and(|quality| quality.parse() == Ok(0.0));
            name.trim() == wanted && !refused
        })
    };
    match (file.brotli, file.gzip) {
        (Some(bytes), _) if takes("br") => (Some("br"), bytes),
        (_, Some(bytes)) if takes("gzip") => (Some("gzip"), bytes),
        _ => (None, file.plain),
    }
}

fn answer_document(document: &File, api: &Api, status: StatusCode, headers: &HeaderMap) -> Response {
    // Of the document without a nonce: what somebody keeps goes with the policy that came with it.
    let tag = tag_of(document.plain);
    if status == StatusCode::OK && headers.get(header::IF_NONE_MATCH).is_some_and(|known| names(known, &tag)) {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        return response;
    }
    let nonce = nonce(api);
    let text = String::from_utf8_lossy(document.plain).replace(NONCE_PLACE, &nonce);
    let mut response = (status, text).into_response();
    let answered = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
        ),
    ] {
        answered.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in [(header::CONTENT_SECURITY_POLICY, policy(&nonce)), (header::ETAG, tag)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answered.insert(name, value);
        }
    }
    response
}

/// What the page may do: scripts and requests of this host only, style sheets of this host and those that the component
/// library marks with the nonce. Nothing in the page's own text runs.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

/// A value that nobody can guess.
fn nonce(api: &Api) -> String {
    URL_SAFE_NO_PAD.encode(&api.daybreak.chance()[..16])
}

fn tag_of(bytes: &[u8]) -> String {
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(bytes)[..16]))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("png") => "image/png",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
