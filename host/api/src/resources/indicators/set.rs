//! `PUT /api/v1/indicators/{id}`

use super::{IndicatorDraft, IndicatorView};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::requirements::GrantPlanView;

/// Set an indicator
///
/// Defines it, sets its parameters and grants what its plugin reads, in one step. Where the plugin reads anything, `grant`
/// has to be true. The same again changes nothing; anything else has everything scored again that it concerns.
#[utoipa::path(
    put,
    path = "/indicators/{id}",
    tag = "indicators",
    params(("id" = String, Path, description = "The indicator's id, which may be new.")),
    request_body = IndicatorDraft,
    responses((status = 200, body = IndicatorView, description = "The indicator as it is now."))
)]
pub(super) async fn set_indicator(
    caller: Caller,
    Path(id): Path<String>,
    Json(draft): Json<IndicatorDraft>,
) -> Result<Json<IndicatorView>, Problem> {
    let grant = draft.grant;
    let setting = draft.setting(id)?;
    let plan = caller.daybreak.plan_indicator(&caller.company, &setting).await.map_err(Problem::of_named)?;
    let versions = plan.versions.iter().map(|version| (&version.component, &version.requirements));
    GrantPlanView::new(versions).check(grant)?;
    caller.daybreak.set_indicator(&caller.company, &setting).await.map_err(Problem::of_named)?;
    let known = caller.daybreak.known_indicator(&caller.company, &setting.id).await?;
    Ok(Json((&known).into()))
}
