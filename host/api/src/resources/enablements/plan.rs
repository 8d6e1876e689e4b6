//! `POST /api/v1/enablements/{id}/plan`

use super::EnablementDraft;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::requirements::GrantPlanView;

/// Ask what a plugin would read
///
/// With these parameters. Changes nothing: the answer is what an administrator grants by enabling the plugin.
#[utoipa::path(
    post,
    path = "/enablements/{id}/plan",
    tag = "plugins",
    params(("id" = String, Path, description = "The enablement's id, which may be new.")),
    request_body = EnablementDraft,
    responses((status = 200, body = GrantPlanView, description = "What the plugin would read."))
)]
pub(super) async fn plan_enablement(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<EnablementDraft>,
) -> Result<Json<GrantPlanView>, Problem> {
    let setting = draft.setting(&caller, id).await?;
    let plan = caller.daybreak.plan_enablement(&caller.company, &setting).await.map_err(Problem::of_named)?;
    Ok(Json(GrantPlanView::new(std::iter::once((&plan.component, &plan.requirements)))))
}
