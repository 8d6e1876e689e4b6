//! `POST /api/v1/indicators/{id}/plan`

use super::IndicatorDraft;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::requirements::GrantPlanView;

/// Ask what an indicator's plugin would read
///
/// With these parameters, for these departments. Changes nothing: the answer is what an administrator grants by setting the
/// indicator.
#[utoipa::path(
    post,
    path = "/indicators/{id}/plan",
    tag = "indicators",
    params(("id" = String, Path, description = "The indicator's id, which may be new.")),
    request_body = IndicatorDraft,
    responses((status = 200, body = GrantPlanView, description = "What each version would read."))
)]
pub(super) async fn plan_indicator(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<IndicatorDraft>,
) -> Result<Json<GrantPlanView>, Problem> {
    let setting = draft.setting(id)?;
    let plan = caller.daybreak.plan_indicator(&caller.company, &setting).await.map_err(Problem::of_named)?;
    Ok(Json(GrantPlanView::new(plan.versions.iter().map(|version| (&version.component, &version.requirements)))))
}
