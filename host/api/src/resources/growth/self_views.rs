//! `GET /api/v1/self-views`

use daybreak_app::growth::SelfViewWeek;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::self_view::GROUP_MIN;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::problem::Problem;
use crate::wire::{Text, WireDay};

/// Whose looks, and how far back.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SelfViewsQuery {
    /// The id of a department, with those below it; without one the whole company, for those who see everybody.
    #[param(max_length = 64)]
    department: Option<String>,
    /// How many finished weeks, up to the last one; 4 if absent.
    #[param(minimum = 1, maximum = 52)]
    weeks: Option<u32>,
}

/// A finished week.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SelfViewWeek)]
struct WeekView {
    /// By ISO 8601.
    #[schema(example = "2026-W26")]
    week: String,
    /// The week's Monday.
    first_day: WireDay,
    /// How many belonged to the group when the week ended; absent where somebody could be singled out.
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<u32>,
    /// The mean number of looks of each of them, to one decimal; absent where somebody could be singled out.
    #[serde(skip_serializing_if = "Option::is_none")]
    mean_views: Option<f64>,
}

impl From<SelfViewWeek> for WeekView {
    fn from(week: SelfViewWeek) -> Self {
        Self {
            week: week.name(),
            first_day: Text(week.monday),
            people: week.told.map(|(people, _)| people),
            mean_views: week.told.map(|(_, mean)| (mean * 10.0).round() / 10.0),
        }
    }
}

/// How often people look at their own growth maps.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SelfViews)]
pub(super) struct SelfViewsView {
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    /// Fewest people, besides whoever calls, of whom anything is told.
    smallest_group: u32,
    /// In order.
    weeks: Vec<WeekView>,
}

/// Read how often people look at their own growth maps
///
/// As a mean over a department with those below it, or over the company, and only over finished weeks. A group is told of
/// only if it has at least five people besides whoever calls, and if what is left of a larger one that is told, without
/// it, is nobody or at least five people, too.
#[utoipa::path(
    get,
    path = "/self-views",
    tag = "growth",
    params(SelfViewsQuery),
    responses((status = 200, body = SelfViewsView, description = "The means of these weeks."))
)]
pub(super) async fn read_self_views(
    caller: Caller,
    Query(query): Query<SelfViewsQuery>,
) -> Result<Json<SelfViewsView>, Problem> {
    match &query.department {
        Some(department) => caller.require_subject(SubjectKind::Department, department, caller.today())?,
        None if caller.sees_everybody() => {}
        None => return Err(Problem::not_found()),
    }
    let asker = caller.person_id().ok();
    let department = query.department.as_deref();
    let weeks = query.weeks.unwrap_or(4);
    let weeks = caller.daybreak.self_views(&caller.company, department, weeks, asker).await?;
    let weeks = weeks.into_iter().map(WeekView::from).collect();
    Ok(Json(SelfViewsView { department: query.department, smallest_group: GROUP_MIN, weeks }))
}
