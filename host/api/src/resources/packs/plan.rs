//! `POST /api/v1/packs/plan`

use axum::extract::{Request, State};

use super::PlanView;
use crate::api::Api;
use crate::caller::Caller;
use crate::extract::{Json, file};
use crate::problem::Problem;

/// Ask what applying a pack would do
///
/// The body is a ZIP archive of the pack's folder. Its plugins are checked; nothing is changed.
#[utoipa::path(
    post,
    path = "/packs/plan",
    tag = "packs",
    request_body(content = Vec<u8>, content_type = "application/zip", description = "The pack."),
    responses((status = 200, body = PlanView, description = "The steps, with what each grants."))
)]
pub(super) async fn plan_pack(
    State(api): State<Api>,
    caller: Caller,
    request: Request,
) -> Result<Json<PlanView>, Problem> {
    let archive = file(request, "application/zip", api.settings.limits.plugin_bytes).await?;
    let pack = caller.daybreak.read_pack(archive.into()).await?;
    let plan = caller.daybreak.plan_pack(&caller.company, &pack).await.map_err(Problem::of_named)?;
    Ok(Json(PlanView::new(&pack, &plan)))
}
