//! `GET /api/v1/questions`

use std::collections::BTreeSet;

use daybreak_app::stored::{QuestionQuery, StoredQuestion};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{QuestionNames, QuestionView, WireQuestionState, sees};
use crate::caller::{Caller, Who};
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;

/// Which questions. None given: all that concern the caller.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct QuestionsQuery {
    #[param(inline)]
    state: Option<WireQuestionState>,
    /// Those about numbers of this subject.
    #[param(max_length = 256)]
    subject: Option<String>,
    /// Those about the score with this number.
    score: Option<i64>,
    /// Those about the composite with this number.
    composite: Option<i64>,
    /// Only those that the caller asked.
    #[serde(default)]
    #[param(required = false)]
    mine: bool,
    /// Only those that are open and were put to the caller.
    #[serde(default)]
    #[param(required = false)]
    waiting: bool,
}

/// List questions
///
/// Those that were asked last come first. People see what they asked, what is about a number that they may see, and where
/// they were mentioned; a page may therefore hold fewer questions than `limit`, or none, and still have a next one.
#[utoipa::path(
    get,
    path = "/questions",
    tag = "questions",
    params(QuestionsQuery, PageQuery),
    responses((status = 200, body = Page<QuestionView>, description = "A page of questions."))
)]
pub(super) async fn list_questions(
    caller: Caller,
    Query(query): Query<QuestionsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<QuestionView>>, Problem> {
    let own = |wanted: bool| match (&caller.who, wanted) {
        (_, false) => Ok(None),
        (Who::Person { person, .. }, true) => Ok(Some(person.clone())),
        (Who::System, true) => Err(Problem::malformed("mine and waiting are for people who sign in: leave them out.")),
    };
    let state = if query.waiting { Some(WireQuestionState::Open) } else { query.state };
    let number = match (query.score, query.composite) {
        (Some(_), Some(_)) => return Err(Problem::malformed("Ask for score or for composite, not for both.")),
        (score, composite) => score.or(composite),
    };
    let query = QuestionQuery {
        state: state.map(Into::into),
        subject: query.subject,
        number,
        asked_by: own(query.mine)?,
        put_to: own(query.waiting)?,
        // Who leads nobody is concerned by few questions, which are found much faster.
        concerning: own(sees_no_others(&caller))?,
        these: None,
        before: Some(page.after_number()?).filter(|after| *after > 0),
        most: page.most()? + 1,
    };
    let found = caller.daybreak.questions(&caller.company, &query).await?;
    let seen: Vec<StoredQuestion> = found.iter().filter(|known| sees(&caller, known)).cloned().collect();
    let names = QuestionNames::of(&caller.daybreak, &caller.company, &seen, &BTreeSet::new()).await?;
    let view = |known: StoredQuestion| sees(&caller, &known).then(|| QuestionView::of(&known, &names, &caller));
    let Page { items, next } = page.of(found, |known| known.sequence.to_string(), view)?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}

/// Whether no other employee's numbers are or were ever in the caller's reach.
fn sees_no_others(caller: &Caller) -> bool {
    match &caller.who {
        Who::Person { reach, .. } => !reach.is_admin() && !reach.is_hr() && !reach.has_ever_managed(),
        Who::System => false,
    }
}
