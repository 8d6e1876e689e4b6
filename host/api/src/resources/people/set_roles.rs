//! `PUT /api/v1/people/{id}/roles`

use axum::http::StatusCode;
use daybreak_app::AppError;
use daybreak_app::access::PersonRoles;

use super::roles::Roles;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Set a person's roles
///
/// These and no others. The last administrator who can sign in stays one.
#[utoipa::path(
    put,
    path = "/people/{id}/roles",
    tag = "people",
    params(("id" = String, Path, description = "The person's id.")),
    request_body = Roles,
    responses((status = 204, description = "The person has these roles."))
)]
pub(super) async fn set_roles(
    caller: Caller,
    Path(id): Path<String>,
    Json(roles): Json<Roles>,
) -> Result<StatusCode, Problem> {
    let roles = PersonRoles { admin: roles.administrator, hr_departments: roles.hr_departments };
    match caller.daybreak.set_roles(&caller.company, &id, &roles).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        // The address is right, what was sent is not.
        Err(error @ AppError::Unknown { what: "department", .. }) => Err(Problem::refused(error.to_string())),
        Err(error) => Err(error.into()),
    }
}
