//! `POST /api/v1/questions/{id}/answers`

use std::collections::BTreeSet;

use daybreak_app::question::{Answering, Writing};
use serde::Deserialize;
use utoipa::ToSchema;

use super::read::QuestionWithEntries;
use super::{answers_for, may_close, question_in_reach};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::resources::tasks::named;

/// What somebody answers.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AnswerDraft)]
pub(super) struct AnswerDraft {
    /// The answer, in as many lines as it takes.
    #[schema(min_length = 1, max_length = 2000, example = "The visit was entered late and counts now.")]
    text: String,
    /// Whether nothing is open any more. For whoever asked, and whoever answers for the number.
    #[serde(default)]
    #[schema(required = false)]
    closes: bool,
    /// The ids of people who know more about it.
    #[serde(default)]
    #[schema(max_items = 20, required = false)]
    mentions: BTreeSet<String>,
}

/// Answer a question
///
/// For whoever may see it. An answer of those who answer for the number makes the question `answered`, something that its
/// asker adds makes it `open` again, and what others say leaves it as it is. A question that is closed stays closed.
#[utoipa::path(
    post,
    path = "/questions/{id}/answers",
    tag = "questions",
    params(("id" = String, Path, description = "The id of the question.", max_length = 64)),
    request_body = AnswerDraft,
    responses((status = 200, body = QuestionWithEntries, description = "Answered."))
)]
pub(super) async fn answer_question(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<AnswerDraft>,
) -> Result<Json<QuestionWithEntries>, Problem> {
    let by = caller.person_id()?;
    let known = question_in_reach(&caller, &id).await?;
    if draft.closes && !may_close(&caller, &known) {
        return Err(Problem::refused(
            "A question is closed by whoever asked it or answers for the number: leave out closes.",
        ));
    }
    let answering = Answering { for_it: answers_for(&caller, &known), closes: draft.closes };
    let writing = Writing { text: draft.text, mentions: draft.mentions };
    let answered = caller.daybreak.answer_question(&caller.company, &id, writing, answering, by).await;
    Ok(Json(QuestionWithEntries::of(answered.map_err(named)?, &caller).await?))
}
