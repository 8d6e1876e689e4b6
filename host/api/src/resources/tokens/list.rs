//! `GET /api/v1/tokens`

use super::TokenView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;

/// List tokens
///
/// By id, those that can no longer be used among them.
#[utoipa::path(
    get,
    path = "/tokens",
    tag = "tokens",
    params(PageQuery),
    responses((status = 200, body = Page<TokenView>, description = "A page of tokens."))
)]
pub(super) async fn list_tokens(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<TokenView>>, Problem> {
    let mut tokens = caller.daybreak.tokens(&caller.company).await?;
    tokens.sort_by(|one, other| one.id.cmp(&other.id));
    let tokens: Vec<TokenView> = tokens.into_iter().map(TokenView::from).collect();
    Ok(Json(page.cut(tokens, |token| token.id.clone())?))
}
