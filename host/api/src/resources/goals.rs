//! Goals: what raw values are measured against, from a day on.

use daybreak_app::stored::GoalInForce;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::requirements::from_view;
use crate::wire::{Text, WireDay};

mod list;
mod set;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list::list_goals)).routes(routes!(set::set_goal))
}

/// A goal, in the indicator's own unit.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Goal)]
pub(crate) struct GoalView {
    /// The number of the row that says so.
    sequence: i64,
    indicator: String,
    /// Whose goal it is; absent: that of everybody who has none of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    /// The first day; absent: since ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<WireDay>,
    /// The first day on which it no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<WireDay>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stretch: Option<f64>,
    /// The first later day from which another one holds in its place, where one was set for later.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_from: Option<WireDay>,
}

impl From<&GoalInForce> for GoalView {
    fn from(known: &GoalInForce) -> Self {
        let stored = &known.stored;
        Self {
            sequence: stored.validity.sequence,
            indicator: known.indicator.clone(),
            subject: stored.subject.clone(),
            from: from_view(stored.validity.from),
            until: stored.validity.until.map(Text),
            baseline: stored.goal.baseline,
            target: stored.goal.target,
            stretch: stored.goal.stretch,
            next_from: known.next_from.map(Text),
        }
    }
}
