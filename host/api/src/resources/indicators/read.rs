//! `GET /api/v1/indicators/{id}`

use daybreak_app::stored::GoalQuery;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::IndicatorView;
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::ITEMS_MAX;
use crate::problem::Problem;
use crate::requirements::RequirementsView;
use crate::resources::goals::GoalView;
use crate::wire::WireDay;

/// On which day.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OnQuery {
    /// The day whose goals are wanted; today if absent.
    on: Option<WireDay>,
}

/// What a version of the plugin may read for the indicator.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IndicatorGrant)]
pub(super) struct GrantView {
    /// The SHA-256 of the component.
    component: String,
    /// Absent: for the whole company.
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    requirements: RequirementsView,
}

/// An indicator with what was granted and the goals in reach.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = IndicatorWithGoals)]
pub(super) struct IndicatorWithGoalsView {
    #[serde(flatten)]
    indicator: IndicatorView,
    /// What its plugin may read. HR partners and administrators see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    grants: Option<Vec<GrantView>>,
    /// The goals in force on the day, of those in reach: for people who lead nobody, their own and everybody's. At most
    /// 1,000; `GET /goals` has them all, in pages.
    goals: Vec<GoalView>,
}

/// Read one indicator
#[utoipa::path(
    get,
    path = "/indicators/{id}",
    tag = "indicators",
    params(("id" = String, Path, description = "The indicator's id."), OnQuery),
    responses((status = 200, body = IndicatorWithGoalsView, description = "The indicator."))
)]
pub(super) async fn read_indicator(
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<OnQuery>,
) -> Result<Json<IndicatorWithGoalsView>, Problem> {
    let on = query.on.map_or_else(|| caller.today(), |day| day.0);
    let known = caller.daybreak.known_indicator(&caller.company, &id).await?;
    let grants = if caller.reads_setup() {
        let grants = caller.daybreak.indicator_grants(&caller.company, &known, caller.today()).await?;
        let grant = |grant: &daybreak_app::stored::Permission| GrantView {
            component: grant.component.to_string(),
            department: grant.department.clone(),
            requirements: (&grant.requirements).into(),
        };
        Some(grants.iter().map(grant).collect())
    } else {
        None
    };
    // Whoever sees nobody but themselves is not shown an empty page of everybody else's goals.
    let alone = !caller.reads_setup() && caller.line(caller.today()).len() < 2;
    let subject = if alone { Some(caller.person_id()?.to_owned()) } else { None };
    let wanted = GoalQuery { indicator: Some(id), subject, on, after: 0, most: ITEMS_MAX };
    let goals = caller.daybreak.goals_in_force(&caller.company, &wanted).await?;
    let kind = known.definition.subject_kind;
    let in_reach = goals
        .iter()
        .filter(|goal| goal.stored.subject.as_deref().is_none_or(|subject| caller.covers_subject(kind, subject, on)));
    Ok(Json(IndicatorWithGoalsView {
        indicator: (&known).into(),
        grants,
        goals: in_reach.map(GoalView::from).collect(),
    }))
}
