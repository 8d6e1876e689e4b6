//! `POST /api/v1/crises`

use std::collections::BTreeSet;

use daybreak_app::crisis::CrisisEntry;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{PlanView, SearchDraft};
use crate::caller::{Caller, Who};
use crate::extract::Json;
use crate::problem::Problem;
use crate::resources::tasks::{TaskRecordedView, named};
use crate::wire::{WireDay, WireInstant};

/// A crisis that is to be answered.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CrisisDraft {
    search: SearchDraft,
    /// Of the task; without one it gets a new id.
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "recall-b7")]
    id: Option<String>,
    #[schema(min_length = 1, max_length = 500, example = "Recall of batch B7")]
    title: String,
    /// The id of the person who answers for it; without one, whoever sends this. Systems have to name one.
    #[schema(max_length = 256)]
    initiator: Option<String>,
    /// The ids of people who are assigned although they did not touch the document.
    #[serde(default)]
    #[schema(max_items = 1000, required = false)]
    also: BTreeSet<String>,
    /// The last day on which it is done in time.
    due: Option<WireDay>,
    #[schema(max_length = 256)]
    customer: Option<String>,
    /// Above 0; policies of shares may look at it.
    #[serde(default = "one")]
    #[schema(minimum = 0, maximum = 1_000_000, required = false)]
    weight: f64,
    /// The id of the indicator that it is to count in.
    #[schema(max_length = 64)]
    counts_in: Option<String>,
    /// When it began; without a moment, now.
    at: Option<WireInstant>,
}

const fn one() -> f64 {
    1.0
}

/// A crisis with who touched its document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CrisisStarted)]
pub(super) struct CrisisStarted {
    #[serde(flatten)]
    recorded: TaskRecordedView,
    plan: PlanView,
}

/// Start a crisis
///
/// Everybody who touched the document is assigned a task, and their shares follow the company's policies until it ends.
/// While a crisis is open on the document, that one is the answer and nothing happens.
#[utoipa::path(
    post,
    path = "/crises",
    tag = "crises",
    request_body = CrisisDraft,
    responses((status = 200, body = CrisisStarted, description = "The crisis, new or the one that is open already."))
)]
pub(super) async fn start_crisis(
    caller: Caller,
    Json(draft): Json<CrisisDraft>,
) -> Result<Json<CrisisStarted>, Problem> {
    let initiator = match (&caller.who, draft.initiator) {
        (_, Some(initiator)) => initiator,
        (Who::Person { person, .. }, None) => person.clone(),
        (Who::System, None) => return Err(Problem::refused("Say who answers for the crisis: initiator.")),
    };
    let entry = CrisisEntry {
        search: draft.search.into(),
        id: draft.id,
        title: draft.title,
        initiator,
        also: draft.also,
        due: draft.due.map(|due| due.0),
        customer: draft.customer,
        weight: draft.weight,
        counts_in: draft.counts_in,
        at: draft.at.map(|at| at.0),
    };
    let started = caller.daybreak.start_crisis(&caller.company, &entry, caller.author_id()).await;
    let (plan, recorded) = started.map_err(named)?;
    let recorded = TaskRecordedView::of(recorded, &caller);
    Ok(Json(CrisisStarted { recorded, plan: PlanView::of(plan, &caller) }))
}
