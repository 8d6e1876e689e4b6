//! `GET /api/v1/events`

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use daybreak_app::figures::LIVE_STREAMS;
use daybreak_app::news::Listener;
use daybreak_domain::news::News;
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{NewsView, concerns};
use crate::api::Api;
use crate::caller::{Caller, Who};
use crate::extract::Query;
use crate::problem::{Kind, Problem};

/// Streams of one person or token that may be open at once. A browser needs one, however many pages it shows.
const STREAMS_MAX: usize = 16;

/// How often a silent stream says that it is alive.
const ALIVE: Duration = Duration::from_secs(15);

/// How long a stream goes on without looking again whether its person may still hear what it says.
const TRUST: Duration = Duration::from_secs(30);

/// Numbers that a stream may be behind; whoever is further behind reads everything anew.
const BEHIND_MAX: i64 = 100_000;

/// How many streams each caller has open.
#[derive(Clone, Default)]
pub(crate) struct Streams(Arc<Mutex<HashMap<String, usize>>>);

/// An open stream; it is counted as long as this value lives.
struct Open {
    streams: Streams,
    caller: String,
}

impl Streams {
    fn open(&self, caller: &str) -> Option<Open> {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = streams.entry(caller.to_owned()).or_default();
        if *count >= STREAMS_MAX {
            return None;
        }
        *count += 1;
        metrics::gauge!(LIVE_STREAMS).increment(1.0);
        Some(Open { streams: self.clone(), caller: caller.to_owned() })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!(LIVE_STREAMS).decrement(1.0);
        let mut streams = self.streams.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = streams.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                streams.remove(&self.caller);
            }
        }
    }
}

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EventsQuery {
    /// Everything after this number; without it, from now on. The header `Last-Event-ID`, which browsers send by
    /// themselves, counts before it.
    #[param(minimum = 0)]
    after: Option<i64>,
}

/// One open stream.
struct Streaming {
    api: Api,
    caller: Caller,
    listener: Listener,
    /// Events that are ready, the next one last.
    ready: Vec<Event>,
    /// When it was last looked whether the caller may still hear of them.
    trusted_at: Duration,
    _open: Open,
}

/// Follow what changes
///
/// Server-sent events, as `EventSource` of a browser reads them: `score`, `composite`, `alert`, `task` and `question` say what
/// is different now, as far as the caller may see it. The first event is `begin`; `reset` in its place says that the caller
/// was away for too long and reads everything anew. The `data` of every event is one object of the schema below, in one
/// line; `what` in it is the name of the event, and its `sequence` is the event's `id`, after which a stream that broke off
/// goes on, so nothing is missed and nothing told twice. A browser opens one stream for all its pages.
#[utoipa::path(
    get,
    path = "/events",
    tag = "live",
    params(EventsQuery),
    responses((status = 200, body = NewsView, content_type = "text/event-stream", description = "The stream."))
)]
pub(super) async fn stream_events(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    Query(query): Query<EventsQuery>,
) -> Result<Response, Problem> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.trim().parse().ok());
    let after: Option<i64> = last.or(query.after);
    let open = api.streams.open(&format!("{}/{}", caller.company.id, caller.author_id())).ok_or_else(|| {
        let detail = format!("{STREAMS_MAX} streams are open already. Close some: a browser needs only one.");
        let mut problem = Problem::new(Kind::TooMany, detail);
        problem.retry_after = Some(ALIVE.as_secs());
        problem
    })?;
    let now = caller.daybreak.sequence(&caller.company).await?;
    // A number that was never given out is one of another database.
    let too_far = after.is_some_and(|after| now - after > BEHIND_MAX || after > now);
    let listener = caller.daybreak.listen(&caller.company, after.filter(|_| !too_far)).await?;
    let sequence = listener.until();
    let first = event(sequence, &if too_far { NewsView::Reset { sequence } } else { NewsView::Begin { sequence } });
    let trusted_at = api.daybreak.elapsed();
    let streaming = Streaming { api, caller, listener, ready: vec![first], trusted_at, _open: open };
    let stream = follow(streaming);
    let mut response = Sse::new(stream).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    // Proxies that collect answers before they pass them on would hold the news back.
    response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn follow(streaming: Streaming) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(streaming, |mut streaming| async move {
        loop {
            if let Some(event) = streaming.ready.pop() {
                return Some((Ok(event), streaming));
            }
            streaming.fill().await?;
        }
    })
}

impl Streaming {
    /// Waits for news that concern the caller. None: the stream ends.
    async fn fill(&mut self) -> Option<()> {
        let stopping = self.api.stopping.clone();
        let next = stopping.run_until_cancelled(tokio::time::timeout(TRUST, self.listener.next())).await?;
        if self.api.daybreak.elapsed().saturating_sub(self.trusted_at) >= TRUST {
            self.look_again().await?;
        }
        let reading = match next {
            Ok(Ok(reading)) => reading,
            Ok(Err(error)) => {
                // The browser connects again by itself, and goes on after the last number.
                tracing::warn!(%error, "a stream ends because news cannot be read");
                return None;
            }
            Err(_) => return Some(()),
        };
        let concerning: Vec<&News> = reading.news.iter().filter(|news| concerns(&self.caller, news)).collect();
        self.ready = concerning.into_iter().rev().map(|news| event(news.sequence, &NewsView::of(news))).collect();
        Some(())
    }

    /// Somebody who signed out, left, or leads others now must not go on hearing what they heard before.
    async fn look_again(&mut self) -> Option<()> {
        self.trusted_at = self.api.daybreak.elapsed();
        let Who::Person { secret, reach, .. } = &mut self.caller.who else { return Some(()) };
        let (_, now) = self.api.daybreak.session(secret).await.ok()??;
        *reach = Arc::new(now);
        Some(())
    }
}

fn event(id: i64, view: &NewsView) -> Event {
    let event = Event::default().event(view.event()).id(id.to_string());
    event.json_data(view).unwrap_or_else(|_| Event::default().comment("unreadable"))
}
