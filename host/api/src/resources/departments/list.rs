//! `GET /api/v1/departments`

use serde::Deserialize;
use utoipa::IntoParams;

use super::DepartmentView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::WireDay;

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DepartmentsQuery {
    /// The day that counts; today unless one is given.
    on: Option<WireDay>,
}

/// List departments
///
/// Those that there are on the day, by id; each names the one above it, so together they are the tree. Everybody sees
/// the tree; who belongs where is another question.
#[utoipa::path(
    get,
    path = "/departments",
    tag = "departments",
    params(DepartmentsQuery, PageQuery),
    responses((status = 200, body = Page<DepartmentView>, description = "A page of departments."))
)]
pub(super) async fn list_departments(
    caller: Caller,
    Query(query): Query<DepartmentsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<DepartmentView>>, Problem> {
    let on = query.on.map_or_else(|| caller.today(), |day| day.0);
    let departments = caller.daybreak.departments_on(&caller.company, on, i64::MAX).await?;
    let departments: Vec<DepartmentView> = departments.into_values().map(DepartmentView::from).collect();
    Ok(Json(page.cut(departments, |department| department.id.clone())?))
}
