//! `DELETE /api/v1/enablements/{id}`

use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::caller::Caller;
use crate::extract::{Path, Query};
use crate::problem::Problem;
use crate::wire::WireDay;

/// Whose use ends, and when.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EndQuery {
    /// Absent: that of the whole company.
    #[param(max_length = 64)]
    department: Option<String>,
    /// The first day on which it is no longer in use; today if absent.
    from: Option<WireDay>,
}

/// End the use of a plugin
///
/// From the day on. What it did before stays.
#[utoipa::path(
    delete,
    path = "/enablements/{id}",
    tag = "plugins",
    params(("id" = String, Path, description = "The enablement's id."), EndQuery),
    responses((status = 204, description = "It is out of use from the day on."))
)]
pub(super) async fn end_enablement(
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<EndQuery>,
) -> Result<StatusCode, Problem> {
    let from = query.from.map_or_else(|| caller.today(), |day| day.0);
    caller.daybreak.disable_plugin(&caller.company, &id, query.department.as_deref(), from).await?;
    Ok(StatusCode::NO_CONTENT)
}
