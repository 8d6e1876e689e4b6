//! `GET /api/v1/insights/{sequence}`

use super::{InsightView, sentence_in_reach};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Read one insight
#[utoipa::path(
    get,
    path = "/insights/{sequence}",
    tag = "insights",
    params(("sequence" = i64, Path, description = "The insight's number.")),
    responses((status = 200, body = InsightView, description = "The insight."))
)]
pub(super) async fn read_insight(caller: Caller, Path(sequence): Path<i64>) -> Result<Json<InsightView>, Problem> {
    let stored = sentence_in_reach(&caller, sequence).await?;
    Ok(Json(InsightView::from(&stored)))
}
