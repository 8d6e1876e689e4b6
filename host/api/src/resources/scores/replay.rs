//! `POST /api/v1/scores/{sequence}/replay`

use serde::Serialize;
use utoipa::ToSchema;

use super::score_in_reach;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// What computing a score, a sentence or an alert again found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Replay)]
pub(crate) struct ReplayView {
    /// Whether every bit is the same.
    equal: bool,
    /// What differs, in words; nothing where all is equal.
    differences: Vec<String>,
    /// Whether the call ran under this engine, so that its fuel was compared too.
    same_engine: bool,
}

impl ReplayView {
    pub(crate) fn of<D: ToString>(differences: &[D], same_engine: bool) -> Self {
        let differences: Vec<String> = differences.iter().map(ToString::to_string).collect();
        Self { equal: differences.is_empty(), differences, same_engine }
    }
}

/// Compute a score again
///
/// From stored rows, never from a saved input: the facts as they were known then, the component that the receipt names.
/// Nothing is stored.
#[utoipa::path(
    post,
    path = "/scores/{sequence}/replay",
    tag = "scores",
    params(("sequence" = i64, Path, description = "The score's number.")),
    responses((status = 200, body = ReplayView, description = "Equal bit for bit, or what differs."))
)]
pub(super) async fn replay_score(caller: Caller, Path(sequence): Path<i64>) -> Result<Json<ReplayView>, Problem> {
    let (score, _) = score_in_reach(&caller, sequence).await?;
    let replayed = caller.daybreak.replay(&caller.company, score.batch, None).await?;
    let own = replayed.scores.iter().find(|replayed| replayed.score.sequence == sequence);
    let own = own.map(|own| own.differences.as_slice()).unwrap_or_default();
    let differences: Vec<String> = replayed.differences.iter().chain(own).map(ToString::to_string).collect();
    Ok(Json(ReplayView { equal: differences.is_empty(), differences, same_engine: replayed.same_engine }))
}
