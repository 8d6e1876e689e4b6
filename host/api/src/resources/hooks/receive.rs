//! `POST /api/v1/hooks/{company}/{webhook}`

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use daybreak_app::webhook::WebhookDelivery;
use governor::clock::{Clock, DefaultClock};

use crate::api::Api;
use crate::extract::{Json, Path};
use crate::guard::{REQUEST_ID, too_many};
use crate::problem::Problem;
use crate::resources::facts::FactResults;
use crate::upload::whole;

/// The header with the time and the signature.
const SIGNATURE: &str = "x-daybreak-signature";

/// Deliver with a webhook
///
/// The body is an object, or a list of up to 10,000; the webhook's mapping makes a fact of each. Signed are the time, a dot
/// and the body, byte for byte: `x-daybreak-signature: t=1782878400,v1=<hex of HMAC-SHA-256>`, with the webhook's secret as
/// key and the time in seconds since 1970, at most five minutes from the host's. The answer says what became of each. Sending
/// the same again changes nothing. Without a valid signature the answer is the same as if there were no such webhook.
#[utoipa::path(
    post,
    path = "/hooks/{company}/{webhook}",
    tag = "webhooks",
    params(
        ("company" = String, Path, description = "The company's id."),
        ("webhook" = String, Path, description = "The webhook's id."),
        ("x-daybreak-signature" = String, Header, description = "When it was signed, and the signature.")
    ),
    request_body(content = serde_json::Value, content_type = "application/json", description = "What happened."),
    responses((status = 200, body = FactResults, description = "What became of each object, in their order."))
)]
pub(super) async fn receive_webhook(
    State(api): State<Api>,
    Path((company, webhook)): Path<(String, String)>,
    request: Request,
) -> Result<Json<FactResults>, Problem> {
    let signature = header(request.headers(), SIGNATURE).ok_or_else(Problem::not_found)?;
    let request_id = header(request.headers(), REQUEST_ID);
    let body = whole(request, api.settings.limits.body_bytes).await?;
    let (signature, request) = (signature.as_str(), request_id.as_deref());
    let delivery = WebhookDelivery { company: &company, webhook: &webhook, signature, body: &body, request };
    let signed = api.daybreak.signed(&delivery).await?.ok_or_else(Problem::not_found)?;
    // Only what is signed counts, or anybody could use up what the source may send.
    if let Err(early) = api.webhooks.check_key(&webhook) {
        return Err(too_many(early.wait_time_from(DefaultClock::default().now()).as_secs()));
    }
    Ok(Json(api.daybreak.receive(&signed, &body).await?.into()))
}

fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}
