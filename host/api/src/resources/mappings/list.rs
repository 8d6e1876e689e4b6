//! `GET /api/v1/mappings`

use daybreak_app::import::Mapping;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;

/// A mapping's name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Mapping)]
pub(super) struct MappingView {
    name: String,
    /// The system whose external ids and identities the files hold; absent where the text is no mapping for this host.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
}

/// List mappings
///
/// By name.
#[utoipa::path(
    get,
    path = "/mappings",
    tag = "mappings",
    params(PageQuery),
    responses((status = 200, body = Page<MappingView>, description = "A page of mappings."))
)]
pub(super) async fn list_mappings(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<MappingView>>, Problem> {
    let known = caller.daybreak.mappings(&caller.company).await?;
    let Page { items, next } = page.cut(known.into_iter().collect(), |(name, _)| name.clone())?;
    let view = |(name, text): (String, String)| {
        let source = Mapping::parse(&text).ok().map(|mapping| mapping.source);
        MappingView { name, source }
    };
    Ok(Json(Page { items: items.into_iter().map(view).collect(), next }))
}
