//! `GET /api/v1/people/{id}`

use serde::Deserialize;
use utoipa::IntoParams;

use super::{PersonView, directory_with};
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::wire::WireDay;

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DayQuery {
    /// The day that counts; today unless one is given.
    pub(super) on: Option<WireDay>,
}

/// Read one person
#[utoipa::path(
    get,
    path = "/people/{id}",
    tag = "people",
    params(("id" = String, Path, description = "The person's id."), DayQuery),
    responses((status = 200, body = PersonView, description = "The person."))
)]
pub(super) async fn read_person(
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<DayQuery>,
) -> Result<Json<PersonView>, Problem> {
    let on = query.on.map_or_else(|| caller.today(), |day| day.0);
    let directory = directory_with(&caller, &id, on).await?;
    let person = directory.person(&id).ok_or_else(Problem::not_found)?;
    Ok(Json(PersonView::of(&directory, person)))
}
