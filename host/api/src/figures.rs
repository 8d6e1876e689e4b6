//! Around every request: its id, its span in traces, and the figures about it.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use daybreak_app::Daybreak;
use daybreak_app::figures::HTTP_REQUEST_SECONDS;
use metrics_exporter_prometheus::PrometheusHandle;
use opentelemetry::propagation::Extractor;
use tracing::Instrument;
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::api::Api;
use crate::guard::REQUEST_ID;
use crate::problem::{Kind, Problem};

/// The page of figures alone, for an address of its own that only the machine's own network reaches.
pub fn figures_router(daybreak: Daybreak, figures: PrometheusHandle) -> axum::Router {
    let answer = async move || -> Result<Response, Problem> {
        daybreak.measure().await?;
        Ok(page(&figures))
    };
    axum::Router::new().route("/metrics", axum::routing::get(answer))
}

/// The figures in the text format of Prometheus.
pub(crate) fn page(figures: &PrometheusHandle) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], figures.render()).into_response()
}

/// Longest request id that is taken over from a caller.
const ID_BYTES_MAX: usize = 64;

/// Gives the request an id unless it has one, bounds how long it may take, and notes how it ended.
pub(crate) async fn observe(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    let id = request.headers().get(REQUEST_ID).filter(|id| is_plain(id)).cloned();
    let id = id.or_else(|| HeaderValue::from_str(&api.daybreak.new_id("req")).ok());
    if let Some(id) = &id {
        request.headers_mut().insert(REQUEST_ID, id.clone());
    } else {
        request.headers_mut().remove(REQUEST_ID);
    }
    let method = request.method().clone();
    // The pattern, never the address: addresses hold ids of people.
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let shown = id.as_ref().and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let span = tracing::info_span!(
        "request",
        otel.kind = "server",
        http.request.method = %method,
        http.route = path,
        http.response.status_code = tracing::field::Empty,
        request = shown,
    );
    // Whoever calls may be part of a trace already (W3C trace context). Without a collector nothing comes of it.
    let caller = opentelemetry::global::get_text_map_propagator(|known| known.extract(&Headers(request.headers())));
    let _ = span.set_parent(caller);
    let began = api.daybreak.elapsed();
    let is_stream = path.ends_with("/events");
    let bound = if is_stream { Duration::MAX } else { api.settings.limits.request_time };
    let answered = tokio::time::timeout(bound, next.run(request).instrument(span.clone())).await;
    let mut response = answered.unwrap_or_else(|_| {
        Problem::new(Kind::TooSlow, "The request took too long. Ask for less, or make it a job.").into_response()
    });
    let status = response.status();
    span.record("http.response.status_code", status.as_u16());
    let took = api.daybreak.elapsed().saturating_sub(began);
    let labels = [
        ("method", method_word(&method).to_owned()),
        ("route", if path.is_empty() { "none".to_owned() } else { path }),
        ("status", status.as_u16().to_string()),
    ];
    if !is_stream {
        metrics::histogram!(HTTP_REQUEST_SECONDS, &labels).record(took.as_secs_f64());
    }
    span.in_scope(|| tracing::info!(milliseconds = took.as_millis() as u64, status = status.as_u16(), "answered"));
    if let Some(id) = id {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The headers of a request, as trace contexts are read from them.
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(header::HeaderName::as_str).collect()
    }
}

/// Methods that nobody knows share one word, or a caller could make as many figures as there are texts.
fn method_word(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE | Method::OPTIONS => {
            method.as_str()
        }
        _ => "other",
    }
}

fn is_plain(id: &HeaderValue) -> bool {
    let bytes = id.as_bytes();
    !bytes.is_empty()
        && bytes.len() <= ID_BYTES_MAX
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(byte))
}
