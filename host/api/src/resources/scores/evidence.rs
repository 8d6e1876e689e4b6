//! `GET /api/v1/scores/{sequence}/evidence`

use super::score_in_reach;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::resources::facts::FactView;

/// List the facts that a score names as evidence
///
/// In the order in which they occurred to be recorded. Whoever may see the score may see them, also those of colleagues
/// who worked on the same document.
#[utoipa::path(
    get,
    path = "/scores/{sequence}/evidence",
    tag = "scores",
    params(("sequence" = i64, Path, description = "The score's number.")),
    responses((status = 200, body = Vec<FactView>, description = "At most 1,000 facts."))
)]
pub(super) async fn list_score_evidence(
    caller: Caller,
    Path(sequence): Path<i64>,
) -> Result<Json<Vec<FactView>>, Problem> {
    let (score, _) = score_in_reach(&caller, sequence).await?;
    let facts = caller.daybreak.facts(&caller.company, &score.evidence).await?;
    Ok(Json(facts.into_iter().map(FactView::from).collect()))
}
