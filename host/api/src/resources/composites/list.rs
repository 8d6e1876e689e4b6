//! `GET /api/v1/composites`

use daybreak_app::stored::{CompositeQuery, StoredComposite};
use serde::Deserialize;
use utoipa::IntoParams;

use super::CompositeView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;
use crate::wire::WirePeriod;

/// Which composites. None given: all in reach.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CompositesQuery {
    period: Option<WirePeriod>,
    #[param(max_length = 256)]
    employee: Option<String>,
    /// Every composite that was ever computed, not only the current ones.
    #[serde(default)]
    #[param(required = false)]
    history: bool,
}

/// List composites
///
/// In the order in which they were computed: `after` may also be the number of the last one that the caller has seen, to get
/// what is new. People see whom they see on the period's last day; a page may therefore hold fewer composites than
/// `limit`, or none, and still have a next one.
#[utoipa::path(
    get,
    path = "/composites",
    tag = "composites",
    params(CompositesQuery, PageQuery),
    responses((status = 200, body = Page<CompositeView>, description = "A page of composites."))
)]
pub(super) async fn list_composites(
    caller: Caller,
    Query(query): Query<CompositesQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<CompositeView>>, Problem> {
    let query = CompositeQuery {
        employee: query.employee,
        period: query.period.map(|period| period.0),
        history: query.history,
        after: page.after_number()?,
        most: page.most()? + 1,
    };
    let composites = caller.daybreak.composites(&caller.company, &query).await?;
    let view = |stored: StoredComposite| {
        let receipt = &stored.composite.receipt;
        caller.covers_person(&receipt.employee, receipt.period.last()).then(|| CompositeView::from(&stored))
    };
    let Page { items, next } = page.of(composites, |stored| stored.sequence.to_string(), view)?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}
