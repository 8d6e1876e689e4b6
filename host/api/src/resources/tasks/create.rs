//! `POST /api/v1/tasks`

use std::collections::BTreeSet;

use daybreak_app::task::TaskEntry;
use daybreak_domain::task::{CRISIS, ORDINARY};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{TaskRecordedView, check_moment, named};
use crate::caller::{Caller, Who};
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::{WireDay, WireInstant};

/// A task as somebody wants it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TaskDraft {
    /// Without one the task gets a new id. With one, sending the same twice makes one task.
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "call-back-4711")]
    id: Option<String>,
    /// What is to be done, in one line.
    #[schema(min_length = 1, max_length = 500, example = "Call the hospital back")]
    title: String,
    /// Any kind but `crisis`.
    #[serde(default = "ordinary")]
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", required = false, example = "ordinary")]
    kind: String,
    /// The id of the person who wants it; without one, whoever sends it. Others than oneself only for those who lead
    /// them, and for systems, which have to name one.
    #[schema(max_length = 256)]
    initiator: Option<String>,
    /// The ids of those who do it.
    #[schema(min_items = 1, max_items = 1000)]
    assignees: BTreeSet<String>,
    /// The last day on which it is done in time.
    due: Option<WireDay>,
    #[schema(max_length = 256)]
    document: Option<String>,
    #[schema(max_length = 256)]
    customer: Option<String>,
    /// Above 0.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 1_000_000, required = false)]
    weight: f64,
    /// The id of the indicator that it is to count in.
    #[schema(max_length = 64)]
    counts_in: Option<String>,
    /// When it was agreed; without a moment, now. Only for systems and for those who lead the initiator.
    at: Option<WireInstant>,
}

fn ordinary() -> String {
    ORDINARY.to_owned()
}

const fn one() -> f64 {
    1.0
}

/// Create a task
///
/// For anybody. Each participant gets a fact that it was created, and another one when it is done.
#[utoipa::path(
    post,
    path = "/tasks",
    tag = "tasks",
    request_body = TaskDraft,
    responses((status = 200, body = TaskRecordedView, description = "The task, new or as it was already."))
)]
pub(super) async fn create_task(
    caller: Caller,
    Json(draft): Json<TaskDraft>,
) -> Result<Json<TaskRecordedView>, Problem> {
    if draft.kind == CRISIS {
        return Err(Problem::refused(
            "A crisis begins with POST /api/v1/crises, which finds who touched the document.",
        ));
    }
    let today = caller.today();
    let initiator = match (&caller.who, draft.initiator) {
        (Who::Person { person, .. }, Some(initiator)) if *person == initiator => initiator,
        (Who::Person { .. }, Some(initiator)) if caller.leads_person(&initiator, today) => initiator,
        (Who::Person { .. }, Some(_)) => {
            return Err(Problem::refused(
                "You can want a task yourself, or for somebody whom you lead: leave out initiator.",
            ));
        }
        (Who::Person { person, .. }, None) => person.clone(),
        (Who::System, Some(initiator)) => initiator,
        (Who::System, None) => return Err(Problem::refused("Say who wants the task: initiator.")),
    };
    check_moment(&caller, draft.at.as_ref(), caller.leads_person(&initiator, today))?;
    let entry = TaskEntry {
        id: draft.id,
        title: draft.title,
        kind: draft.kind,
        initiator,
        assignees: draft.assignees,
        due: draft.due.map(|due| due.0),
        document: draft.document,
        customer: draft.customer,
        weight: draft.weight,
        counts_in: draft.counts_in,
        at: draft.at.map(|at| at.0),
    };
    let recorded = caller.daybreak.add_task(&caller.company, &entry, caller.author_id()).await.map_err(named)?;
    Ok(Json(TaskRecordedView::of(recorded, &caller)))
}
