//! Live: what has changed, as it changes.

use daybreak_domain::news::{News, NewsKind};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::{Caller, Who};
use crate::requirements::WireSubjectKind;
use crate::wire::{Text, WirePeriod};

mod stream;

pub(crate) use stream::Streams;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(stream::stream_events))
}

/// What is different now. It names the thing and holds no values: whoever hears of it reads what they may see.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "what", rename_all = "kebab-case")]
#[schema(as = News)]
pub(super) enum NewsView {
    Score { sequence: i64, subject_kind: WireSubjectKind, subject: String, indicator: String, period: WirePeriod },
    Composite { sequence: i64, subject: String, period: WirePeriod },
    Alert { sequence: i64, alert: i64 },
    Task { sequence: i64, task: String },
}

impl NewsView {
    const fn event(&self) -> &'static str {
        match self {
            Self::Score { .. } => "score",
            Self::Composite { .. } => "composite",
            Self::Alert { .. } => "alert",
            Self::Task { .. } => "task",
        }
    }

    fn of(news: &News) -> Self {
        let sequence = news.sequence;
        match &news.kind {
            NewsKind::Score { indicator, period } => Self::Score {
                sequence,
                subject_kind: news.subject_kind.into(),
                subject: news.subject.clone(),
                indicator: indicator.clone(),
                period: Text(*period),
            },
            NewsKind::Composite { period } => {
                Self::Composite { sequence, subject: news.subject.clone(), period: Text(*period) }
            }
            NewsKind::Alert { alert } => Self::Alert { sequence, alert: *alert },
            NewsKind::Task { task, .. } => Self::Task { sequence, task: task.clone() },
        }
    }
}

/// Whether the caller may hear of it.
fn concerns(caller: &Caller, news: &News) -> bool {
    match &news.kind {
        NewsKind::Score { .. } | NewsKind::Composite { .. } => {
            caller.covers_subject(news.subject_kind, &news.subject, news.day)
        }
        NewsKind::Alert { .. } => super::alerts::receives_about(caller, news.subject_kind, &news.subject, news.day),
        NewsKind::Task { people, .. } => {
            let today = caller.today();
            match &caller.who {
                Who::Person { person, .. } => {
                    people.contains(person) || people.iter().any(|other| caller.leads_person(other, today))
                }
                Who::System => true,
            }
        }
    }
}
