//! Departments: the tree as it stands on a day, setting it up and changing it.

use daybreak_domain::company::Department;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;

mod add;
mod close;
mod list;
mod set;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_departments, add::add_departments))
        .routes(routes!(set::set_department, close::close_department))
}

/// A department as it is on a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Department)]
pub(super) struct DepartmentView {
    id: String,
    name: String,
    /// The id of the department above it; absent at the top.
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<String>,
}

impl From<Department> for DepartmentView {
    fn from(Department { id, name, parent }: Department) -> Self {
        Self { id, name, parent }
    }
}
