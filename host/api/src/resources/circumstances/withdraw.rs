//! `POST /api/v1/circumstances/{circumstance}/withdrawal`

use daybreak_app::circumstance::CircumstanceChange;

use super::{CircumstanceRecordedView, change};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Take a circumstance back that was recorded by mistake
///
/// For whoever leads everybody who takes part. It then never held.
#[utoipa::path(
    post,
    path = "/circumstances/{circumstance}/withdrawal",
    tag = "circumstances",
    params(("circumstance" = String, Path, description = "The circumstance's id.", max_length = 256)),
    responses((status = 200, body = CircumstanceRecordedView, description = "The circumstance as it is now."))
)]
pub(super) async fn withdraw_circumstance(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<CircumstanceRecordedView>, Problem> {
    change(&caller, &id, CircumstanceChange::Withdraw).await.map(Json)
}
