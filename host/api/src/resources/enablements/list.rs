//! `GET /api/v1/enablements`

use daybreak_app::stored::Enablement;

use super::EnablementView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;

/// List enablements
///
/// In their newest revision, ended ones left out, by id and department.
#[utoipa::path(
    get,
    path = "/enablements",
    tag = "plugins",
    params(PageQuery),
    responses((status = 200, body = Page<EnablementView>, description = "A page of enablements."))
)]
pub(super) async fn list_enablements(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<EnablementView>>, Problem> {
    let mut known = caller.daybreak.enablements_now(&caller.company).await?;
    // No id holds a slash, and it sorts before whatever an id can go on with.
    let key = |known: &Enablement| format!("{}/{}", known.enablement, known.department.as_deref().unwrap_or_default());
    known.sort_by_key(key);
    let Page { items, next } = page.cut(known, key)?;
    Ok(Json(Page { items: items.iter().map(EnablementView::from).collect(), next }))
}
