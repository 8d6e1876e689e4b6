//! Growth maps: how somebody's months went and what they did, gave and got; and how often people look at their own.

use std::collections::BTreeMap;

use daybreak_app::growth::WeekViews;
use daybreak_app::recognition::Recognised;
use daybreak_domain::recognition::Recognition;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::wire::{Text, WireDay, WireInstant};

mod count_view;
mod read;
mod self_views;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(read::read_growth))
        .routes(routes!(count_view::count_growth_view))
        .routes(routes!(self_views::read_self_views))
}

/// What a fact is to the person.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = Recognition)]
enum WireRecognition {
    FeedbackGiven,
    FeedbackReceived,
    Contribution,
    TaskDone,
}

impl From<Recognition> for WireRecognition {
    fn from(recognition: Recognition) -> Self {
        match recognition {
            Recognition::FeedbackGiven => Self::FeedbackGiven,
            Recognition::FeedbackReceived => Self::FeedbackReceived,
            Recognition::Contribution => Self::Contribution,
            Recognition::TaskDone => Self::TaskDone,
        }
    }
}

/// A fact that tells what the person gave to others or got from them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Recognised)]
pub(crate) struct RecognisedView {
    #[serde(rename = "type")]
    kind_of: WireRecognition,
    /// The fact's number.
    sequence: i64,
    /// The fact's kind.
    kind: String,
    occurred_at: WireInstant,
    /// Of a task that was done here, its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
    /// Of a task that was done here, its title as it is now.
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// What else the source says, by name.
    fields: BTreeMap<String, String>,
}

impl From<&Recognised> for RecognisedView {
    fn from(recognised: &Recognised) -> Self {
        let fact = &recognised.fact;
        Self {
            kind_of: recognised.is.into(),
            sequence: fact.sequence,
            kind: fact.kind.clone(),
            occurred_at: Text(fact.occurred_at),
            document: fact.document.clone(),
            customer: fact.customer.clone(),
            value: fact.value,
            title: recognised.title.clone(),
            fields: fact.attributes.clone(),
        }
    }
}

/// How often the person looked at their own growth map in a week.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = OwnViews)]
struct OwnViewsView {
    /// By ISO 8601.
    #[schema(example = "2026-W26")]
    week: String,
    /// The week's Monday.
    first_day: WireDay,
    views: u32,
}

impl From<&WeekViews> for OwnViewsView {
    fn from(week: &WeekViews) -> Self {
        Self { week: week.name(), first_day: Text(week.monday), views: week.views }
    }
}
