//! `POST /api/v1/people/{person}/growth/views`

use serde::Serialize;
use utoipa::ToSchema;

use super::OwnViewsView;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;

/// How often there was a look in this week, this one included.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ViewCounted)]
pub(super) struct ViewCountedView {
    #[serde(flatten)]
    own: OwnViewsView,
    /// False: it was still the same look as the last one that counted.
    counted: bool,
}

/// Say that one looks at one's own growth map
///
/// Counted for each person and week; within half an hour after a look that counted it is still the same one. Looks at
/// somebody else's map are not counted: then there is nothing at this address. When somebody looked is told to nobody.
#[utoipa::path(
    post,
    path = "/people/{person}/growth/views",
    tag = "growth",
    params(("person" = String, Path, description = "The id of the person who calls.", max_length = 256)),
    responses((status = 200, body = ViewCountedView, description = "The looks of this week."))
)]
pub(super) async fn count_growth_view(
    caller: Caller,
    Path(person): Path<String>,
) -> Result<Json<ViewCountedView>, Problem> {
    if caller.person_id()? != person {
        return Err(Problem::not_found());
    }
    let counted = caller.daybreak.count_growth_view(&caller.company, &person).await?;
    Ok(Json(ViewCountedView { own: (&counted.week).into(), counted: counted.counted }))
}
