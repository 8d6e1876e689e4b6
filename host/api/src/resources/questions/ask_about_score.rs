//! `POST /api/v1/scores/{sequence}/questions`

use super::QuestionDraft;
use super::read::QuestionWithEntries;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::resources::scores::score_in_reach;
use crate::resources::tasks::named;

/// Ask about a score
///
/// For whoever may see it. The question keeps the number as it is now, and reaches the manager and the HR partners whom the
/// subject had on the last day of the period. Nobody has two questions about one number that are not closed.
#[utoipa::path(
    post,
    path = "/scores/{sequence}/questions",
    tag = "questions",
    params(("sequence" = i64, Path, description = "The score's number.")),
    request_body = QuestionDraft,
    responses((status = 200, body = QuestionWithEntries, description = "Asked."))
)]
pub(super) async fn ask_about_score(
    caller: Caller,
    Path(sequence): Path<i64>,
    Json(draft): Json<QuestionDraft>,
) -> Result<Json<QuestionWithEntries>, Problem> {
    let by = caller.person_id()?;
    let (score, kind) = score_in_reach(&caller, sequence).await?;
    let asked = caller.daybreak.ask_about_score(&caller.company, (&score, kind), draft.writing(), by).await;
    Ok(Json(QuestionWithEntries::of(asked.map_err(named)?, &caller).await?))
}
