//! `PUT /api/v1/minimum-coverage`

use axum::http::StatusCode;
use daybreak_app::install::ALWAYS;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::WireDay;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MinimumCoverageSetting)]
pub(super) struct MinimumCoverageDraft {
    /// Millionths.
    #[schema(minimum = 0, maximum = 1_000_000, example = 500_000)]
    coverage: u32,
    /// The first day; without it, it holds for all of history.
    from: Option<WireDay>,
}

/// Set the minimum coverage
///
/// From the day on, a composite of which a smaller part of the shares is computable is not computable.
#[utoipa::path(
    put,
    path = "/minimum-coverage",
    tag = "scorecards",
    request_body = MinimumCoverageDraft,
    responses((status = 204, description = "It is set."))
)]
pub(super) async fn set_minimum_coverage(
    caller: Caller,
    Json(draft): Json<MinimumCoverageDraft>,
) -> Result<StatusCode, Problem> {
    let from = draft.from.map_or(ALWAYS, |day| day.0);
    let by = caller.person_id().ok();
    caller.daybreak.set_minimum_coverage(&caller.company, draft.coverage, from, by).await?;
    Ok(StatusCode::NO_CONTENT)
}
