//! `POST /api/v1/composites/{sequence}/replay`

use serde::Serialize;
use utoipa::ToSchema;

use super::composite_in_reach;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// What computing a composite again found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CompositeReplay)]
pub(super) struct CompositeReplayView {
    /// Whether every bit is the same.
    equal: bool,
    /// What differs, in words; nothing where all is equal.
    differences: Vec<String>,
}

/// Compute a composite again
///
/// From stored rows, never from a saved input: the scorecard, the changes of shares and the scores as they were known then.
/// The calls of policies that it names are made again, too. Nothing is stored.
#[utoipa::path(
    post,
    path = "/composites/{sequence}/replay",
    tag = "composites",
    params(("sequence" = i64, Path, description = "The composite's number.")),
    responses((status = 200, body = CompositeReplayView, description = "Equal bit for bit, or what differs."))
)]
pub(super) async fn replay_composite(
    caller: Caller,
    Path(sequence): Path<i64>,
) -> Result<Json<CompositeReplayView>, Problem> {
    composite_in_reach(&caller, sequence).await?;
    let replayed = caller.daybreak.replay_numbered_composite(&caller.company, sequence).await?;
    let differences: Vec<String> = replayed.differences.iter().map(ToString::to_string).collect();
    Ok(Json(CompositeReplayView { equal: differences.is_empty(), differences }))
}
