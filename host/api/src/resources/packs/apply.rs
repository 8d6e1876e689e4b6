//! `POST /api/v1/packs/apply`

use axum::extract::{Request, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{PlanView, grant_needed};
use crate::api::Api;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::problem::Problem;
use crate::requirements::grant_first;
use crate::upload::intake;

/// What the caller agrees to.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ApplyQuery {
    /// Grant the pack's plugins what the plan says.
    #[serde(default)]
    #[param(required = false)]
    grant: bool,
}

/// Apply a pack
///
/// The body is a ZIP archive of the pack's folder. Does what its plan says, step by step; where that grants a plugin
/// anything, `grant` has to be true. What is done already is left alone, so applying it again is safe, also after an
/// interruption.
#[utoipa::path(
    post,
    path = "/packs/apply",
    tag = "packs",
    params(ApplyQuery),
    request_body(content = Vec<u8>, content_type = "application/zip", description = "The pack."),
    responses((status = 200, body = PlanView, description = "The steps that were done."))
)]
pub(super) async fn apply_pack(
    State(api): State<Api>,
    caller: Caller,
    Query(query): Query<ApplyQuery>,
    request: Request,
) -> Result<Json<PlanView>, Problem> {
    let (caller, archive) = intake(&api, caller, request, "application/zip").await?;
    let pack = caller.daybreak.read_pack(archive.into()).await?;
    let plan = caller.daybreak.plan_pack(&caller.company, &pack).await.map_err(Problem::of_named)?;
    if grant_needed(&plan) && !query.grant {
        return Err(grant_first("add ?grant=true"));
    }
    let applied = caller.daybreak.apply_pack(&caller.company, &pack).await.map_err(Problem::of_named)?;
    Ok(Json(PlanView::new(&pack, &applied)))
}
