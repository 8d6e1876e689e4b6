//! `GET /api/v1/people/{id}/reports`

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{PersonView, directory_with};
use crate::caller::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::WireDay;

#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportsQuery {
    /// The day that counts; today unless one is given.
    on: Option<WireDay>,
    /// Only whoever reports directly to the person.
    #[serde(default)]
    #[param(required = false)]
    direct: bool,
}

/// Somebody who reports to the person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Report {
    #[serde(flatten)]
    person: PersonView,
    /// Directly; otherwise through others.
    direct: bool,
}

/// List who reports to a person
///
/// Their whole line on the day, at any depth, by id.
#[utoipa::path(
    get,
    path = "/people/{id}/reports",
    tag = "people",
    params(("id" = String, Path, description = "The person's id."), ReportsQuery, PageQuery),
    responses((status = 200, body = Page<Report>, description = "A page of people."))
)]
pub(super) async fn list_reports(
    caller: Caller,
    Path(id): Path<String>,
    Query(query): Query<ReportsQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<Report>>, Problem> {
    let on = query.on.map_or_else(|| caller.today(), |day| day.0);
    let directory = directory_with(&caller, &id, on).await?;
    let line = caller.daybreak.reach(&caller.company, &id, None).await?;
    let direct = line.direct_reports_on(on);
    let wanted = if query.direct { direct.clone() } else { line.line_on(on) };
    // An HR partner of somebody's department does not look after everybody whom that person leads.
    let people = wanted.iter().filter(|id| caller.covers_person(id, on)).filter_map(|id| directory.person(id));
    let Page { items, next } = page.cut(people.collect(), |person| person.id.clone())?;
    let report = |person: &daybreak_domain::company::Person| Report {
        direct: direct.contains(&person.id),
        person: PersonView::of(&directory, person),
    };
    Ok(Json(Page { items: items.into_iter().map(report).collect(), next }))
}
