//! `PUT /api/v1/departments/{id}`

use axum::http::StatusCode;
use daybreak_app::organise::departments::DepartmentEntry;
use daybreak_domain::company::Department;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::WireDay;

/// How a department is from a day on.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DepartmentSetting)]
pub(super) struct Setting {
    #[schema(min_length = 1, max_length = 256)]
    name: String,
    /// The id of the department above it; without one it stands at the top.
    #[schema(max_length = 64)]
    parent: Option<String>,
    /// Without a day a new department was there always, and one that is known changes today.
    from: Option<WireDay>,
    /// The first day on which it is so no longer.
    until: Option<WireDay>,
}

/// Set a department
///
/// Adds it, or names and places the known one from a day on. What was known to change later, before `until`, is replaced.
#[utoipa::path(
    put,
    path = "/departments/{id}",
    tag = "departments",
    params(("id" = String, Path, description = "The department's id.")),
    request_body = Setting,
    responses((status = 204, description = "It is so from that day on."))
)]
pub(super) async fn set_department(
    caller: Caller,
    Path(id): Path<String>,
    Json(setting): Json<Setting>,
) -> Result<StatusCode, Problem> {
    let entry = DepartmentEntry {
        department: Department { id, name: setting.name, parent: setting.parent },
        from: setting.from.map(|day| day.0),
        until: setting.until.map(|day| day.0),
    };
    caller.daybreak.set_department(&caller.company, entry).await?;
    Ok(StatusCode::NO_CONTENT)
}
