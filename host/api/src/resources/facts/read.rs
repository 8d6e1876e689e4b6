//! `GET /api/v1/facts/{sequence}`

use super::FactView;
use super::list::may_see;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// Read one fact
#[utoipa::path(
    get,
    path = "/facts/{sequence}",
    tag = "facts",
    params(("sequence" = i64, Path, description = "The fact's number.")),
    responses((status = 200, body = FactView, description = "The fact."))
)]
pub(super) async fn read_fact(caller: Caller, Path(sequence): Path<i64>) -> Result<Json<FactView>, Problem> {
    let facts = caller.daybreak.facts(&caller.company, &[sequence]).await?;
    let fact = facts.into_iter().next().filter(|fact| may_see(&caller, fact)).ok_or_else(Problem::not_found)?;
    Ok(Json(fact.into()))
}
