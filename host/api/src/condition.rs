//! Entity tags: an answer that the caller has already is not sent again.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::problem::{Kind, Problem};

/// Longest answer that gets a tag, in bytes; longer ones are streams.
const TAGGED_BYTES_MAX: usize = 16 << 20;

/// Tags answers to GET with a digest of what they hold, and answers 304 where the caller names that tag.
pub(crate) async fn tag(request: Request, next: Next) -> Response {
    let wanted = request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let is_json = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if !wanted || response.status() != StatusCode::OK || !is_json {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, TAGGED_BYTES_MAX).await else {
        return Problem::new(Kind::Internal, "The answer is too long. Ask for a smaller page.").into_response();
    };
    let tag = tag_of(&bytes);
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    parts.headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
    if known.is_some_and(|known| names(&known, &tag)) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

fn tag_of(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    format!("\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..16]))
}

/// Whether the list of tags, or the star, means this one. Compression makes a tag weak, so weak ones count too.
pub(crate) fn names(list: &HeaderValue, tag: &str) -> bool {
    let text = list.to_str().unwrap_or_default();
    text.split(',').map(|known| known.trim().trim_start_matches("W/")).any(|known| known == tag || known == "*")
}
