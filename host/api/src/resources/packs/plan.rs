//! `POST /api/v1/packs/plan`

use axum::extract::{Request, State};

use super::PlanView;
use crate::api::Api;
use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;
use crate::upload::intake;

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
    let (caller, archive) = intake(&api, caller, request, "application/zip").await?;
    let pack = caller.daybreak.read_pack(archive.into()).await?;
    let plan = caller.daybreak.plan_pack(&caller.company, &pack).await.map_err(Problem::of_named)?;
    Ok(Json(PlanView::new(&pack, &plan)))
}
