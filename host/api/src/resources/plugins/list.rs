//! `GET /api/v1/plugins`

use super::{PluginView, installed};
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;

/// List plugins
///
/// By name, with every installed version and who uses which one.
#[utoipa::path(
    get,
    path = "/plugins",
    tag = "plugins",
    params(PageQuery),
    responses((status = 200, body = Page<PluginView>, description = "A page of plugins."))
)]
pub(super) async fn list_plugins(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<PluginView>>, Problem> {
    let installed = installed(&caller).await?;
    let Page { items, next } = page.cut(installed.into_iter().collect(), |(name, _)| name.clone())?;
    let mut views = Vec::new();
    for (name, versions) in items {
        views.extend(PluginView::of(&caller, &name, &versions).await?);
    }
    Ok(Json(Page { items: views, next }))
}
