//! `POST /api/v1/crises/plan`

use super::{PlanView, SearchDraft};
use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;

/// Find who touched a document
///
/// In the whole company, whoever asks: a crisis crosses departments. Changes nothing.
#[utoipa::path(
    post,
    path = "/crises/plan",
    tag = "crises",
    request_body = SearchDraft,
    responses((status = 200, body = PlanView, description = "Everybody whose facts name the document."))
)]
pub(super) async fn plan_crisis(caller: Caller, Json(search): Json<SearchDraft>) -> Result<Json<PlanView>, Problem> {
    let plan = caller.daybreak.plan_crisis(&caller.company, &search.into(), None).await?;
    Ok(Json(PlanView::of(plan, &caller)))
}
