//! `DELETE /api/v1/departments/{id}`

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::caller::Caller;
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::wire::WireDay;

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ClosingQuery {
    /// The first day on which it is not there; today unless one is given.
    from: Option<WireDay>,
}

/// Close a department
///
/// From a day on; what it was before stays. Nobody may belong to it any more, and no department stand below it.
#[utoipa::path(
    delete,
    path = "/departments/{id}",
    tag = "departments",
    params(("id" = String, Path, description = "The department's id."), ClosingQuery),
    responses((status = 204, description = "It is closed from that day on."))
)]
pub(super) async fn close_department(
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<ClosingQuery>,
) -> Result<StatusCode, Problem> {
    caller.daybreak.close_department(&caller.company, &id, query.from.map(|day| day.0)).await?;
    Ok(StatusCode::NO_CONTENT)
}
