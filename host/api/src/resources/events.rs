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

/// One event: where a stream begins, or what is different now. It names the thing and holds no values: whoever hears of it
/// reads what they may see. `what` is also the name of the event, and `sequence` its id.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "what", rename_all = "kebab-case")]
#[schema(as = News)]
pub(super) enum NewsView {
    /// The stream begins; everything up to this number is older.
    Begin { sequence: i64 },
    /// In the place of `begin`: the caller was away for too long, and reads everything anew.
    Reset { sequence: i64 },
    /// There is a newer score of this subject, indicator and period.
    Score { sequence: i64, subject_kind: WireSubjectKind, subject: String, indicator: String, period: WirePeriod },
    /// There is a newer composite of this employee and period.
    Composite { sequence: i64, subject: String, period: WirePeriod },
    /// An alert was opened, changed or closed.
    Alert { sequence: i64, alert: i64 },
    /// A task was created or changed.
    Task { sequence: i64, task: String },
    /// A question was asked or answered.
    Question { sequence: i64, question: String },
}

impl NewsView {
    const fn event(&self) -> &'static str {
        match self {
            Self::Begin { .. } => "begin",
            Self::Reset { .. } => "reset",
            Self::Score { .. } => "score",
            Self::Composite { .. } => "composite",
            Self::Alert { .. } => "alert",
            Self::Task { .. } => "task",
            Self::Question { .. } => "question",
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
            NewsKind::Question { question, .. } => Self::Question { sequence, question: question.clone() },
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
        NewsKind::Question { people, .. } => match &caller.who {
            Who::Person { person, .. } => {
                people.contains(person) || caller.covers_subject(news.subject_kind, &news.subject, news.day)
            }
            Who::System => true,
        },
    }
}
