//! `GET /api/v1/minimum-coverage`

use serde::Serialize;
use utoipa::ToSchema;

use super::OnQuery;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::problem::Problem;
use crate::wire::{Text, WireDay};

/// Which part of the shares must be computable for a composite to be.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MinimumCoverage)]
pub(super) struct MinimumCoverageView {
    /// The day on which it is so.
    on: WireDay,
    /// Millionths.
    coverage: u32,
}

/// Read the minimum coverage
#[utoipa::path(
    get,
    path = "/minimum-coverage",
    tag = "scorecards",
    params(OnQuery),
    responses((status = 200, body = MinimumCoverageView, description = "The minimum coverage."))
)]
pub(super) async fn read_minimum_coverage(
    caller: Caller,
    Query(query): Query<OnQuery>,
) -> Result<Json<MinimumCoverageView>, Problem> {
    let on = query.day(&caller);
    let coverage = caller.daybreak.minimum_coverage(&caller.company, on).await?;
    Ok(Json(MinimumCoverageView { on: Text(on), coverage }))
}
