//! `DELETE /api/v1/absences/{id}`

use axum::http::StatusCode;

use super::may_record;
use crate::caller::Caller;
use crate::extract::Path;
use crate::problem::Problem;

/// Withdraw an absence
///
/// The person was there.
#[utoipa::path(
    delete,
    path = "/absences/{id}",
    tag = "absences",
    params(("id" = String, Path, description = "The absence's id.")),
    responses((status = 204, description = "It is withdrawn."))
)]
pub(super) async fn withdraw_absence(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let known = caller.daybreak.absences(&caller.company, i64::MAX).await?.remove(&id);
    let known = known.ok_or_else(Problem::not_found)?;
    if !may_record(&caller, &known.person, known.validity.from, known.validity.until) {
        return Err(Problem::not_found());
    }
    caller.daybreak.withdraw_absence(&caller.company, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
