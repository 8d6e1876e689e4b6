//! `GET /api/v1/headcount`

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use daybreak_domain::requirements::SubjectKind;

use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::problem::Problem;
use crate::wire::{Text, WireDay};

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct HeadcountQuery {
    /// The day that counts; today unless one is given.
    on: Option<WireDay>,
    /// What was known: rows up to this number; everything unless one is given.
    #[param(minimum = 0)]
    known_to: Option<i64>,
}

/// How many people a department has.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = DepartmentCount)]
struct DepartmentCountView {
    /// Absent for whoever belongs to no department.
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    /// In the department itself.
    people: usize,
    /// In the department and in all those below it.
    people_with_those_below: usize,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Headcount)]
pub(super) struct HeadcountView {
    on: WireDay,
    known_to: i64,
    /// Everybody who belongs to the company on the day; for those who see everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<usize>,
    departments: Vec<DepartmentCountView>,
}

/// Count people by department
///
/// Those who belong to the company on the day, by the department that they have then.
#[utoipa::path(
    get,
    path = "/headcount",
    tag = "departments",
    params(HeadcountQuery),
    responses((status = 200, body = HeadcountView, description = "The counts."))
)]
pub(super) async fn read_headcount(
    caller: Caller,
    Query(query): Query<HeadcountQuery>,
) -> Result<Json<HeadcountView>, Problem> {
    let on = query.on.map_or_else(|| caller.today(), |day| day.0);
    let headcount = caller.daybreak.headcount(&caller.company, on, query.known_to).await?;
    let sees = |department: Option<&str>| match department {
        Some(department) => caller.covers_subject(SubjectKind::Department, department, on),
        None => caller.sees_everybody(),
    };
    let counts = headcount.departments.into_iter().filter(|count| sees(count.department.as_deref()));
    let counts = counts.map(|count| DepartmentCountView {
        department: count.department,
        people: count.people,
        people_with_those_below: count.people_with_those_below,
    });
    Ok(Json(HeadcountView {
        on: Text(on),
        known_to: headcount.known_to,
        people: caller.sees_everybody().then_some(headcount.people),
        departments: counts.collect(),
    }))
}
