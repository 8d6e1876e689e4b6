//! `PUT /api/v1/enablements/{id}`

use super::{EnablementDraft, EnablementView};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::requirements::GrantPlanView;

/// Enable a plugin
///
/// Puts it to use for the whole company or one department and grants what it reads, in one step. Where it reads anything,
/// `grant` has to be true. The same again changes nothing.
#[utoipa::path(
    put,
    path = "/enablements/{id}",
    tag = "plugins",
    params(("id" = String, Path, description = "The enablement's id, which may be new.")),
    request_body = EnablementDraft,
    responses((status = 200, body = EnablementView, description = "The enablement as it is now."))
)]
pub(super) async fn set_enablement(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<EnablementDraft>,
) -> Result<Json<EnablementView>, Problem> {
    let grant = draft.grant;
    let setting = draft.setting(&caller, id).await?;
    let plan = caller.daybreak.plan_enablement(&caller.company, &setting).await.map_err(Problem::of_named)?;
    GrantPlanView::new(std::iter::once((&plan.component, &plan.requirements))).check(grant)?;
    caller.daybreak.enable_plugin(&caller.company, &setting).await.map_err(Problem::of_named)?;
    let known = caller.daybreak.enablements_now(&caller.company).await?;
    let own = known.iter().find(|known| known.enablement == setting.id && known.department == setting.department);
    Ok(Json(own.ok_or_else(Problem::not_found)?.into()))
}
