//! Webhooks: with which other systems deliver what happened there. What they deliver comes in at `hooks`.

use daybreak_app::webhook::{WebhookDraft, WebhookSecretGiven};
use daybreak_domain::webhook::Webhook;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;
use crate::document::BASE;
use crate::wire::{Text, WireInstant};

mod change;
mod create;
mod delete;
mod disable;
mod enable;
mod list;
mod read;
mod rotate;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_webhooks, create::create_webhook))
        .routes(routes!(read::read_webhook, change::change_webhook, delete::delete_webhook))
        .routes(routes!(rotate::rotate_webhook))
        .routes(routes!(disable::disable_webhook))
        .routes(routes!(enable::enable_webhook))
}

/// What an administrator says of a webhook.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookWrite {
    /// What it is for, as people will read it in lists.
    #[schema(min_length = 1, max_length = 80, example = "Visits of the CRM")]
    name: String,
    /// A mapping in TOML, as for imports. Its templates name fields of the payload, with dots where objects stand within
    /// objects. `external_id` must not hold `{row}` or `{occurrence}`, and `unknown_people` must not be `create`.
    #[schema(min_length = 1, max_length = 65536)]
    mapping: String,
    /// Record the good facts of a delivery although some are bad. Otherwise one bad fact keeps all of them out.
    #[serde(default)]
    #[schema(required = false)]
    skip_bad_facts: bool,
}

impl From<WebhookWrite> for WebhookDraft {
    fn from(write: WebhookWrite) -> Self {
        Self { name: write.name, mapping: write.mapping, skip_bad_facts: write.skip_bad_facts }
    }
}

/// A webhook, without its secrets.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Webhook)]
pub(super) struct WebhookView {
    id: String,
    name: String,
    mapping: String,
    skip_bad_facts: bool,
    /// Where to deliver, below the host's address.
    #[schema(example = "/api/v1/hooks/acme/webhook_0123456789abcdefghjkmnpqr")]
    path: String,
    /// Who made it: the kind of author and their id.
    #[schema(example = "person:wang-fang")]
    created_by: String,
    created_at: WireInstant,
    /// Nothing can be delivered since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<WireInstant>,
    /// To the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<WireInstant>,
}

impl WebhookView {
    fn of(caller: &Caller, webhook: Webhook) -> Self {
        Self {
            path: format!("{BASE}/hooks/{}/{}", caller.company.id, webhook.webhook),
            id: webhook.webhook,
            name: webhook.name,
            mapping: webhook.mapping,
            skip_bad_facts: webhook.skip_bad_facts,
            created_by: webhook.created_by,
            created_at: Text(webhook.created_at),
            disabled_at: webhook.disabled_at.map(Text),
            last_used_at: webhook.last_used_at.map(Text),
        }
    }
}

/// A webhook with its newest secret, which is shown this once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct WebhookWithSecret {
    webhook: WebhookView,
    /// The key of the signatures. Keep it now: it is shown this once.
    #[schema(example = "dbw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    secret: String,
}

impl WebhookWithSecret {
    fn of(caller: &Caller, given: WebhookSecretGiven) -> Self {
        Self { webhook: WebhookView::of(caller, given.webhook), secret: given.secret.secret }
    }
}
