//! `GET /api/v1/people/{id}/roles`

use daybreak_app::access::PersonRoles;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// What a person may do beyond an employee. Managers follow from reporting lines and are no role.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Roles {
    pub(super) administrator: bool,
    /// The departments, each with those below it, whose HR partner the person is.
    #[schema(max_items = 1000)]
    pub(super) hr_departments: Vec<String>,
}

impl From<PersonRoles> for Roles {
    fn from(roles: PersonRoles) -> Self {
        Self { administrator: roles.admin, hr_departments: roles.hr_departments }
    }
}

/// Read a person's roles
#[utoipa::path(
    get,
    path = "/people/{id}/roles",
    tag = "people",
    params(("id" = String, Path, description = "The person's id.")),
    responses((status = 200, body = Roles, description = "The roles."))
)]
pub(super) async fn read_roles(caller: Caller, Path(id): Path<String>) -> Result<Json<Roles>, Problem> {
    let person = caller.daybreak.person(&caller.company, &id).await?;
    Ok(Json(caller.daybreak.roles_of(&caller.company, &person.id).await?.into()))
}
