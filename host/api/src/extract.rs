//! Reading requests: as axum does it, with problems in place of its plain texts.

use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::problem::{Kind, Problem};

/// The character NUL in an address: no id and no text holds it, and not every database takes it.
const NUL: &str = "%00";

/// A JSON body, or a JSON answer.
pub(crate) struct Json<T>(pub(crate) T);

/// The variables of the address.
pub(crate) struct Path<T>(pub(crate) T);

/// What stands behind the question mark.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = match Bytes::from_request(Request::from_parts(parts.clone(), body), state).await {
            Ok(bytes) => bytes,
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => return Err(too_large()),
            Err(rejection) => return Err(Problem::malformed(rejection.body_text())),
        };
        if has_null_character(&bytes) {
            return Err(Problem::refused("A text holds the character U+0000: leave it out."));
        }
        match axum::Json::<T>::from_request(Request::from_parts(parts, Body::from(bytes)), state).await {
            Ok(axum::Json(value)) => Ok(Self(value)),
            Err(rejection) => Err(of_json(&rejection)),
        }
    }
}

/// Whether a text in the JSON holds the character U+0000, which not every database can keep.
fn has_null_character(json: &[u8]) -> bool {
    const ESCAPED: &[u8] = b"\\u0000";
    json.windows(ESCAPED.len()).enumerate().filter(|(_, window)| *window == ESCAPED).any(|(place, _)| {
        // After an odd number of other backslashes, this one is itself what is escaped.
        json[..place].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0
    })
}

fn of_json(rejection: &JsonRejection) -> Problem {
    let text = rejection.body_text();
    match rejection {
        JsonRejection::JsonDataError(_) => Problem::refused(text),
        JsonRejection::MissingJsonContentType(_) => {
            Problem::new(Kind::MediaType, "Send JSON, and say so: content-type: application/json.")
        }
        _ if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => Problem::malformed(text),
    }
}

/// The answer to a body that is longer than the endpoint takes.
pub(crate) fn too_large() -> Problem {
    Problem::new(Kind::TooLarge, "The body is longer than this endpoint takes. Split it into several requests.")
}

/// The file in the body, of at most so many bytes, where the request says that it is one of this kind.
pub(crate) async fn file(request: Request, media_type: &str, bytes_max: usize) -> Result<Bytes, Problem> {
    let said = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !said.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(media_type)) {
        let detail = format!("Send the file itself as the body, and say what it is: content-type: {media_type}.");
        discard(request.into_body()).await;
        return Err(Problem::new(Kind::MediaType, detail));
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if length.is_some_and(|length: usize| length > bytes_max) {
        discard(request.into_body()).await;
        return Err(Problem::new(Kind::TooLarge, format!("The file is longer than {bytes_max} bytes.")));
    }
    to_bytes(request.into_body(), bytes_max).await.map_err(|_| {
        let detail = format!("The file is longer than {bytes_max} bytes, or did not arrive as a whole.");
        Problem::new(Kind::TooLarge, detail)
    })
}

/// Reads what nobody wants, up to a bound: whoever is still sending could not read the answer otherwise.
pub(crate) async fn discard(body: Body) {
    const BYTES_MAX: usize = 8 << 20;
    const TIME_MAX: Duration = Duration::from_secs(2);
    let mut pieces = body.into_data_stream();
    let reading = async {
        let mut read = 0;
        while read < BYTES_MAX
            && let Some(Ok(piece)) = pieces.next().await
        {
            read += piece.len();
        }
    };
    // Whoever takes longer may be cut off.
    let _ = tokio::time::timeout(TIME_MAX, reading).await;
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.uri.path().contains(NUL) {
            return Err(Problem::not_found());
        }
        match axum::extract::Path::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Path(value)) => Ok(Self(value)),
            // An id that cannot be one names nothing.
            Err(PathRejection::FailedToDeserializePathParams(_)) => Err(Problem::not_found()),
            Err(rejection) => Err(Problem::malformed(rejection.body_text())),
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|query| query.contains(NUL)) {
            return Err(Problem::malformed("The query holds the character NUL, which nothing here is called by."));
        }
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(QueryRejection::FailedToDeserializeQueryString(problem)) => {
                Err(Problem::malformed(format!("The query cannot be read: {}.", problem.body_text())))
            }
            Err(rejection) => Err(Problem::malformed(rejection.body_text())),
        }
    }
}
