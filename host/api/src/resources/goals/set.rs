//! `PUT /api/v1/indicators/{id}/goals`

use axum::http::StatusCode;
use daybreak_app::install::ALWAYS;
use daybreak_domain::goal::Goal;
use daybreak_domain::requirements::SubjectKind;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::{WireDay, check_plain};

/// Longest id of a customer, in bytes.
const SUBJECT_BYTES_MAX: usize = 256;

/// A goal, in the indicator's own unit; one of the three values has to be given.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GoalSetting)]
pub(super) struct GoalDraft {
    /// Whose goal it is; without it, that of everybody who has none of their own.
    #[schema(min_length = 1, max_length = 256)]
    subject: Option<String>,
    /// The first day; without it, it holds for all of history.
    from: Option<WireDay>,
    /// The first day on which it no longer holds.
    until: Option<WireDay>,
    baseline: Option<f64>,
    target: Option<f64>,
    stretch: Option<f64>,
}

/// Set a goal
///
/// On its days it takes the place of whatever was set for the same subject before. HR partners set the goals of people of
/// their departments; those of everybody, of departments and of customers are for administrators. The same again changes
/// nothing.
#[utoipa::path(
    put,
    path = "/indicators/{id}/goals",
    tag = "indicators",
    params(("id" = String, Path, description = "The indicator's id.")),
    request_body = GoalDraft,
    responses((status = 204, description = "The goal is set."))
)]
pub(super) async fn set_goal(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<GoalDraft>,
) -> Result<StatusCode, Problem> {
    let known = caller.daybreak.known_indicator(&caller.company, &id).await?;
    let may = match (&draft.subject, known.definition.subject_kind) {
        _ if caller.sees_everybody() => true,
        (Some(person), SubjectKind::Employee) => caller.leads_person(person, caller.today()),
        _ => false,
    };
    if !may {
        return Err(Problem::not_found());
    }
    if let Some(subject) = &draft.subject {
        check_plain("The subject", subject, SUBJECT_BYTES_MAX)?;
        if subject.is_empty() {
            return Err(Problem::refused("The subject is empty: leave it out, or name one."));
        }
    }
    let from = draft.from.map_or(ALWAYS, |day| day.0);
    let goal = Goal { baseline: draft.baseline, target: draft.target, stretch: draft.stretch };
    let (subject, until) = (draft.subject.as_deref(), draft.until.map(|day| day.0));
    let set = caller.daybreak.set_goal(&caller.company, &id, subject, from, until, goal).await;
    set.map_err(Problem::of_named)?;
    Ok(StatusCode::NO_CONTENT)
}
