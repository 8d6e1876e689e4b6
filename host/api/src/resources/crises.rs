//! Crises on a document: finding who touched it, and assigning them.

use daybreak_app::crisis::{CrisisPlan, CrisisSearch, Found};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::tasks::TaskView;
use crate::api::Api;
use crate::caller::Caller;
use crate::wire::{Text, WireInstant, WirePeriod};

mod plan;
mod start;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(start::start_crisis)).routes(routes!(plan::plan_crisis))
}

/// Whose facts count as having touched the document.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CrisisSearch)]
pub(super) struct SearchDraft {
    /// For example the number of a batch.
    #[schema(min_length = 1, max_length = 256, example = "B7")]
    document: String,
    /// A field in which other facts name the document: orders that name a batch, for example.
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$")]
    linked_by: Option<String>,
    /// Only facts of these kinds; without any, of every kind.
    #[serde(default)]
    #[schema(max_items = 64, required = false)]
    kinds: Vec<String>,
    /// Only facts of these days.
    during: Option<WirePeriod>,
}

impl From<SearchDraft> for CrisisSearch {
    fn from(draft: SearchDraft) -> Self {
        Self {
            document: draft.document,
            linked_by: draft.linked_by,
            kinds: draft.kinds,
            during: draft.during.map(|during| during.0),
        }
    }
}

/// Somebody who touched the document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CrisisPerson)]
pub(super) struct FoundView {
    /// The id of the person.
    person: String,
    /// How many facts of theirs.
    facts: u64,
    first: WireInstant,
    last: WireInstant,
    /// Has left the company, and is not assigned.
    has_left: bool,
}

impl From<Found> for FoundView {
    fn from(found: Found) -> Self {
        Self {
            person: found.person,
            facts: found.facts,
            first: Text(found.first),
            last: Text(found.last),
            has_left: found.has_left,
        }
    }
}

/// Who touched the document, as known now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CrisisPlan)]
pub(super) struct PlanView {
    people: Vec<FoundView>,
    /// Facts of which nobody knows whose they are.
    facts_of_nobody: u64,
    /// The crisis that is open on the document already.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<TaskView>,
}

impl PlanView {
    fn of(plan: CrisisPlan, caller: &Caller) -> Self {
        let now = caller.daybreak.now();
        Self {
            people: plan.people.into_iter().map(FoundView::from).collect(),
            facts_of_nobody: plan.facts_of_nobody,
            open: plan.open.map(|task| TaskView::of(task, &caller.company, now)),
        }
    }
}
