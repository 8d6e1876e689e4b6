//! `POST /api/v1/composites/{sequence}/questions`

use super::QuestionDraft;
use super::read::QuestionWithEntries;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::resources::composites::composite_in_reach;
use crate::resources::tasks::named;

/// Ask about a composite
///
/// For whoever may see it, as about a score.
#[utoipa::path(
    post,
    path = "/composites/{sequence}/questions",
    tag = "questions",
    params(("sequence" = i64, Path, description = "The composite's number.")),
    request_body = QuestionDraft,
    responses((status = 200, body = QuestionWithEntries, description = "Asked."))
)]
pub(super) async fn ask_about_composite(
    caller: Caller,
    Path(sequence): Path<i64>,
    Json(draft): Json<QuestionDraft>,
) -> Result<Json<QuestionWithEntries>, Problem> {
    let by = caller.person_id()?;
    let composite = composite_in_reach(&caller, sequence).await?;
    let asked = caller.daybreak.ask_about_composite(&caller.company, &composite, draft.writing(), by).await;
    Ok(Json(QuestionWithEntries::of(asked.map_err(named)?, &caller).await?))
}
