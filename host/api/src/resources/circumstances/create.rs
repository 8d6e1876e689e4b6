//! `POST /api/v1/circumstances`

use std::collections::BTreeMap;

use daybreak_app::circumstance::CircumstanceEntry;
use daybreak_domain::circumstance::{Cause, Circumstance, Participant};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CircumstanceRecordedView, WireParticipant, require_led};
use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;
use crate::resources::tasks::named;
use crate::wire::WireDay;

/// A circumstance as somebody wants it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CircumstanceDraft {
    /// Without one the circumstance gets a new id. With one, sending the same twice makes one circumstance.
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "delivery-4711")]
    id: Option<String>,
    /// Any kind but `crisis` and `absence`.
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "urgent-delivery")]
    kind: String,
    /// Its first day.
    from: WireDay,
    /// The day from which it no longer holds; without one, nobody knows yet.
    until: Option<WireDay>,
    /// For whom it holds.
    #[schema(min_items = 1, max_items = 1000)]
    participants: Vec<WireParticipant>,
    /// How much of it there is, by name; policies of shares may look at it.
    #[serde(default)]
    #[schema(required = false)]
    measures: BTreeMap<String, f64>,
    /// Why it holds, for those whom it concerns.
    #[schema(min_length = 1, max_length = 1000)]
    reason: String,
}

/// Record a circumstance
///
/// For people whom the caller leads, looks after as HR partner, or administers. Their shares follow the company's policies.
#[utoipa::path(
    post,
    path = "/circumstances",
    tag = "circumstances",
    request_body = CircumstanceDraft,
    responses((
        status = 200,
        body = CircumstanceRecordedView,
        description = "The circumstance, new or as it was already."
    ))
)]
pub(super) async fn create_circumstance(
    caller: Caller,
    Json(draft): Json<CircumstanceDraft>,
) -> Result<Json<CircumstanceRecordedView>, Problem> {
    let from = draft.from.0;
    let participants: Vec<Participant> =
        draft.participants.into_iter().map(|participant| participant.read(from)).collect();
    let wanted = Circumstance {
        id: String::new(),
        kind: draft.kind.clone(),
        from,
        until: draft.until.map(|until| until.0),
        participants: participants.clone(),
        measures: BTreeMap::new(),
        cause: Cause::Person(caller.author_id().to_owned()),
        reason: String::new(),
        withdrawn: false,
    };
    require_led(&caller, &wanted, &participants)?;
    let entry = CircumstanceEntry {
        id: draft.id,
        kind: draft.kind,
        from,
        until: wanted.until,
        participants,
        measures: draft.measures,
        reason: draft.reason,
    };
    let added = caller.daybreak.add_circumstance(&caller.company, &entry, caller.author_id()).await;
    CircumstanceRecordedView::of(added.map_err(named)?, &caller).map(Json)
}
