//! `GET /api/v1/goals`

use std::collections::HashMap;

use daybreak_app::stored::{GoalInForce, GoalQuery};
use daybreak_domain::requirements::SubjectKind;
use serde::Deserialize;
use utoipa::IntoParams;

use super::GoalView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::WireDay;

/// Which goals. A person who names neither an indicator nor a subject sees their own and everybody's.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct GoalsQuery {
    #[param(max_length = 64)]
    indicator: Option<String>,
    /// Only the goals of this one, and those of everybody who has none of their own.
    #[param(max_length = 256)]
    subject: Option<String>,
    /// In force on this day; today if absent.
    on: Option<WireDay>,
}

/// List goals in force
///
/// In the order in which they were set. People see the goals of whom they see on the day; a page may therefore hold fewer
/// goals than `limit`, or none, and still have a next one.
#[utoipa::path(
    get,
    path = "/goals",
    tag = "indicators",
    params(GoalsQuery, PageQuery),
    responses((status = 200, body = Page<GoalView>, description = "A page of goals."))
)]
pub(super) async fn list_goals(
    caller: Caller,
    Query(query): Query<GoalsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<GoalView>>, Problem> {
    let on = query.on.map_or_else(|| caller.today(), |day| day.0);
    let own = || caller.person_id().ok().filter(|_| !caller.sees_everybody()).map(str::to_owned);
    let subject = query.subject.or_else(|| if query.indicator.is_none() { own() } else { None });
    let wanted =
        GoalQuery { indicator: query.indicator, subject, on, after: page.after_number()?, most: page.most()? + 1 };
    let kinds: HashMap<String, SubjectKind> = caller.daybreak.subject_kinds(&caller.company).await?;
    let goals = caller.daybreak.goals_in_force(&caller.company, &wanted).await?;
    let sees = |goal: &GoalInForce| match (&goal.stored.subject, kinds.get(&goal.indicator)) {
        (None, _) => true,
        (Some(subject), Some(kind)) => caller.covers_subject(*kind, subject, on),
        (Some(_), None) => false,
    };
    let key = |goal: &GoalInForce| goal.stored.validity.sequence.to_string();
    let Page { items, next } = page.of(goals, key, |goal| sees(&goal).then(|| GoalView::from(&goal)))?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}
