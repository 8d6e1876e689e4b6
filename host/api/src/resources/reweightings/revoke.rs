//! `DELETE /api/v1/people/{id}/reweightings/{number}`

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::caller::Caller;
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::wire::WireDay;

/// From which day on.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RevokeQuery {
    /// One of its later days: it held until the day before. Absent: it never held.
    from: Option<WireDay>,
}

/// Take a reweighting back
///
/// From a day on, or as if it had never been ordered.
#[utoipa::path(
    delete,
    path = "/people/{id}/reweightings/{number}",
    tag = "scorecards",
    params(
        ("id" = String, Path, description = "The person's id."),
        ("number" = i64, Path, description = "The reweighting's number."),
        RevokeQuery
    ),
    responses((status = 204, description = "It is taken back."))
)]
pub(super) async fn revoke_reweighting(
    caller: Caller,
    Path((id, number)): Path<(String, i64)>,
    Query(query): Query<RevokeQuery>,
) -> Result<StatusCode, Problem> {
    if !caller.leads_person(&id, caller.today()) {
        return Err(Problem::not_found());
    }
    let known = caller.daybreak.reweighting(&caller.company, number).await?.content;
    if known.employee != id {
        return Err(Problem::not_found());
    }
    let from = query.from.map(|day| day.0);
    // What is taken back already stays so.
    if !known.revoked && from != Some(known.days.end()) {
        let by = caller.person_id().ok();
        caller.daybreak.revoke_reweighting(&caller.company, number, from, by).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
