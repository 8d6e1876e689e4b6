//! `POST /api/v1/circumstances/{circumstance}/participants`

use daybreak_app::circumstance::CircumstanceChange;
use daybreak_domain::circumstance::Participant;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{CircumstanceRecordedView, WireParticipant, change, known};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Who takes part, too, or on other days than was said.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CircumstanceJoin {
    #[schema(min_items = 1, max_items = 1000)]
    participants: Vec<WireParticipant>,
}

/// Add people to a circumstance
///
/// For whoever leads them and everybody who takes part already. Somebody who does already is given the new days.
#[utoipa::path(
    post,
    path = "/circumstances/{circumstance}/participants",
    tag = "circumstances",
    params(("circumstance" = String, Path, description = "The circumstance's id.", max_length = 256)),
    request_body = CircumstanceJoin,
    responses((status = 200, body = CircumstanceRecordedView, description = "The circumstance as it is now."))
)]
pub(super) async fn join_circumstance(
    caller: Caller,
    Path(id): Path<String>,
    Json(join): Json<CircumstanceJoin>,
) -> Result<Json<CircumstanceRecordedView>, Problem> {
    let from = known(&caller, &id).await?.circumstance.from;
    let joining: Vec<Participant> = join.participants.into_iter().map(|participant| participant.read(from)).collect();
    change(&caller, &id, CircumstanceChange::Join(joining)).await.map(Json)
}
