//! Errors as RFC 9457 problem details: what is wrong, and what to do next.

use std::borrow::Cow;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use daybreak_app::AppError;
use daybreak_app::deliver::DeliveryRefused;
use serde::{Serialize, Serializer};
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// What kind of problem it is. The word stands in `type`, after `urn:daybreak:problem:`, and never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The request cannot be read as what it should be.
    Malformed,
    /// It can be read, but what it says cannot be done.
    Refused,
    SignInNeeded,
    /// It is not there, or the caller may not know that it is.
    NotFound,
    MethodNotAllowed,
    /// It contradicts what is there already.
    Conflict,
    TooLarge,
    MediaType,
    TooMany,
    /// A browser was made to send the request by a page of somebody else.
    ForeignPage,
    TooSlow,
    Internal,
    Unavailable,
}

/// What the type of every problem begins with.
const URN: &str = "urn:daybreak:problem:";

impl Kind {
    /// All there are, for the document: pages say each in their own language.
    const ALL: [Self; 13] = [
        Self::Malformed,
        Self::SignInNeeded,
        Self::ForeignPage,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::Conflict,
        Self::TooLarge,
        Self::MediaType,
        Self::Refused,
        Self::TooMany,
        Self::Internal,
        Self::Unavailable,
        Self::TooSlow,
    ];

    const fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed", "The request cannot be read"),
            Self::Refused => (StatusCode::UNPROCESSABLE_ENTITY, "refused", "The request cannot be carried out"),
            Self::SignInNeeded => (StatusCode::UNAUTHORIZED, "sign-in-needed", "Sign in first"),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is no such thing"),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "The address knows no such method")
            }
            Self::Conflict => (StatusCode::CONFLICT, "conflict", "The request contradicts what is there"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is too large"),
            Self::MediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "The body is of another kind"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests"),
            Self::ForeignPage => (StatusCode::FORBIDDEN, "foreign-page", "The request comes from a foreign page"),
            Self::TooSlow => (StatusCode::SERVICE_UNAVAILABLE, "too-slow", "The request took too long"),
            Self::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "Something failed inside"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "The host is not ready"),
        }
    }

    pub(crate) const fn status(self) -> StatusCode {
        self.parts().0
    }
}

/// One thing that is wrong in a list or a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Flaw {
    /// The place in the list, from 0, or the line of the file, from 1.
    pub(crate) place: u64,
    /// The field or the column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<String>,
    /// What is wrong and what to do.
    pub(crate) detail: String,
}

/// Most flaws that one answer names; more are counted.
pub(crate) const FLAWS_MAX: usize = 1_000;

/// The kind of problem as it stands in `type`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProblemType(Kind);

impl Serialize for ProblemType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{URN}{}", self.0.parts().1))
    }
}

impl ToSchema for ProblemType {
    fn name() -> Cow<'static, str> {
        "ProblemType".into()
    }
}

impl PartialSchema for ProblemType {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::String))
            .description(Some(
                "Which kind of problem it is. Programs rely on it, and pages say it in the reader's language.",
            ))
            .enum_values(Some(Kind::ALL.map(|kind| format!("{URN}{}", kind.parts().1))))
            .into()
    }
}

/// Problem details (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    #[serde(rename = "type")]
    kind: ProblemType,
    /// What kind of problem it is, for people.
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong, and what to do next.
    detail: String,
    /// What is wrong one by one, in a list or a file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<Flaw>,
    /// How many more there are beyond those listed.
    #[serde(skip_serializing_if = "is_zero")]
    #[schema(required = false)]
    more_errors: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What a handler answers instead.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) kind: Kind,
    detail: String,
    errors: Vec<Flaw>,
    more_errors: u64,
    /// Seconds after which another try makes sense.
    pub(crate) retry_after: Option<u64>,
}

impl Problem {
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), errors: Vec::new(), more_errors: 0, retry_after: None }
    }

    /// The one answer to everything that is not there or may not be seen.
    pub(crate) fn not_found() -> Self {
        Self::new(Kind::NotFound, "There is nothing here, or nothing that you may see. Check the address and the id.")
    }

    pub(crate) fn refused(detail: impl Into<String>) -> Self {
        Self::new(Kind::Refused, detail)
    }

    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(Kind::Malformed, detail)
    }

    /// The answer to an error about something that the body names. Whoever may set it up may also know what is not
    /// there, so the error says it in place of "not found".
    pub(crate) fn of_named(error: AppError) -> Self {
        match error {
            AppError::Unknown { .. } => Self::refused(error.to_string()),
            error => error.into(),
        }
    }

    pub(crate) fn with_flaws(mut self, mut flaws: Vec<Flaw>, more: u64) -> Self {
        let surplus = flaws.len().saturating_sub(FLAWS_MAX);
        flaws.truncate(FLAWS_MAX);
        self.errors = flaws;
        self.more_errors = more + surplus as u64;
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, _, title) = self.kind.parts();
        let body = ProblemBody {
            kind: ProblemType(self.kind),
            title,
            status: status.as_u16(),
            detail: self.detail,
            errors: self.errors,
            more_errors: self.more_errors,
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"daybreak\""));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// The whole chain of causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.ends_with(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        use daybreak_app::ErrorKind;
        match error.kind() {
            ErrorKind::NotFound => Self::not_found(),
            ErrorKind::Refused => {
                let detail = chain(&error);
                let (flaws, more) = flaws(error);
                Self::refused(detail).with_flaws(flaws, more)
            }
            ErrorKind::NotLetIn => Self::new(Kind::SignInNeeded, chain(&error)),
            ErrorKind::Conflict => Self::new(Kind::Conflict, chain(&error)),
            ErrorKind::Busy => {
                let (detail, seconds) = match &error {
                    // Compiling takes a while.
                    AppError::IntakesBusy => {
                        ("The host takes in as many plugins and packs as it can at once. Send it again in a moment.", 5)
                    }
                    _ => ("The host is busy. Try again in a moment.", 1),
                };
                let mut problem = Self::new(Kind::Unavailable, detail);
                problem.retry_after = Some(seconds);
                problem
            }
            ErrorKind::Internal => {
                // The operator reads it in the log; a caller can do nothing with it and might learn too much.
                tracing::error!(error = chain(&error), "a request failed");
                Self::new(
                    Kind::Internal,
                    "The host failed. Try again; if it goes on, tell the operator the request id in this answer.",
                )
            }
        }
    }
}

/// What is wrong one by one, where the error is about a list or a file.
fn flaws(error: AppError) -> (Vec<Flaw>, u64) {
    match error {
        AppError::BadRows { errors, more, .. } => {
            let flaw =
                |row: daybreak_app::import::RowError| Flaw { place: row.line, field: row.column, detail: row.problem };
            (errors.into_iter().map(flaw).collect(), more)
        }
        AppError::BadEntries { errors, .. } => {
            let flaw = |error: daybreak_app::organise::EntryError| Flaw {
                place: error.place.number(),
                field: error.column.map(str::to_owned),
                detail: error.problem.to_string(),
            };
            (errors.into_iter().map(flaw).collect(), 0)
        }
        AppError::BadFact { index, source } => {
            (vec![Flaw { place: index as u64, field: None, detail: source.to_string() }], 0)
        }
        AppError::DeliveryRefused(DeliveryRefused::BadFacts { bad, .. }) => {
            let flaw = |(place, detail)| Flaw { place: place as u64, field: None, detail };
            (bad.into_iter().map(flaw).collect(), 0)
        }
        _ => (Vec::new(), 0),
    }
}
