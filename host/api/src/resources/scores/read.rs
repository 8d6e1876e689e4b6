//! `GET /api/v1/scores/{sequence}`

use super::{ScoreView, score_in_reach};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Read one score
#[utoipa::path(
    get,
    path = "/scores/{sequence}",
    tag = "scores",
    params(("sequence" = i64, Path, description = "The score's number.")),
    responses((status = 200, body = ScoreView, description = "The score."))
)]
pub(super) async fn read_score(caller: Caller, Path(sequence): Path<i64>) -> Result<Json<ScoreView>, Problem> {
    let (score, _) = score_in_reach(&caller, sequence).await?;
    Ok(Json(ScoreView::from(&score)))
}
