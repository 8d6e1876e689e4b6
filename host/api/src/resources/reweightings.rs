//! Reweightings: a manager's temporary change of one share of one employee, with a reason. It reverts by itself.

use daybreak_app::stored::StoredAdjustment;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::resources::shares::WireTarget;
use crate::wire::{Text, WireDay, WireInstant};

mod list;
mod order;
mod revoke;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_reweightings))
        .routes(routes!(order::order_reweighting))
        .routes(routes!(revoke::revoke_reweighting))
}

/// A reweighting in its newest revision.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Reweighting)]
pub(super) struct ReweightingView {
    /// The change's own number, however often it is revised.
    number: i64,
    employee: String,
    target: WireTarget,
    /// Millionths.
    share: u32,
    from: WireDay,
    /// The day from which it no longer holds.
    until: WireDay,
    reason: String,
    /// It was taken back as a whole, as if it had never been ordered.
    revoked: bool,
    /// When it was ordered, or last revised.
    set_at: WireInstant,
    /// The person who ordered or last revised it, where a person did.
    #[serde(skip_serializing_if = "Option::is_none")]
    set_by: Option<String>,
}

impl From<&StoredAdjustment> for ReweightingView {
    fn from(stored: &StoredAdjustment) -> Self {
        let content = &stored.content;
        Self {
            number: stored.adjustment,
            employee: content.employee.clone(),
            target: (&content.target).into(),
            share: content.share,
            from: Text(content.days.first()),
            until: Text(content.days.end()),
            reason: content.reason.clone(),
            revoked: content.revoked,
            set_at: Text(content.recorded_at),
            set_by: content.recorded_by.clone(),
        }
    }
}
