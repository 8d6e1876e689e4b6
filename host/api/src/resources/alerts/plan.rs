//! `POST /api/v1/alerts/{alert}/plan`

use std::collections::BTreeSet;

use daybreak_app::alert::PlanOrder;
use serde::Deserialize;
use utoipa::ToSchema;

use super::history_in_reach;
use crate::caller::{Caller, Who};
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::resources::tasks::{TaskRecordedView, named};

/// Who carries out an alert's plan.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlanOrder)]
pub(super) struct PlanDraft {
    /// The ids of those who do it; without any, whoever sends this.
    #[serde(default)]
    #[schema(max_items = 1000, required = false)]
    assignees: BTreeSet<String>,
    /// The language of the task's title.
    #[serde(default)]
    #[schema(required = false)]
    language: TitleLanguage,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[schema(as = TitleLanguage)]
enum TitleLanguage {
    #[default]
    #[serde(rename = "zh-CN")]
    Chinese,
    #[serde(rename = "en")]
    English,
}

impl TitleLanguage {
    const fn word(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

/// Make a task of an alert's plan
///
/// Its completion is a fact that counts in the indicator that the plan names. One alert has one task.
#[utoipa::path(
    post,
    path = "/alerts/{alert}/plan",
    tag = "alerts",
    params(("alert" = i64, Path, description = "The alert's number.")),
    request_body = PlanDraft,
    responses((status = 200, body = TaskRecordedView, description = "The task."))
)]
pub(super) async fn plan_alert(
    caller: Caller,
    Path(alert): Path<i64>,
    Json(draft): Json<PlanDraft>,
) -> Result<Json<TaskRecordedView>, Problem> {
    history_in_reach(&caller, alert).await?;
    let (by, assignees) = match &caller.who {
        Who::Person { person, .. } if draft.assignees.is_empty() => {
            (Some(person.clone()), BTreeSet::from([person.clone()]))
        }
        Who::Person { person, .. } => (Some(person.clone()), draft.assignees),
        Who::System if draft.assignees.is_empty() => {
            return Err(Problem::refused("Say who carries it out: assignees."));
        }
        Who::System => (None, draft.assignees),
    };
    let order = PlanOrder { alert, assignees, by, language: draft.language.word().to_owned() };
    let recorded = caller.daybreak.plan_alert(&caller.company, &order).await.map_err(named)?;
    Ok(Json(TaskRecordedView::of(recorded, &caller)))
}
