//! `GET /api/v1/accounts`

use super::account::AccountView;
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery};
use crate::problem::Problem;

/// List accounts
///
/// Everybody who may sign in, was invited, or is kept out; by person.
#[utoipa::path(
    get,
    path = "/accounts",
    tag = "accounts",
    params(PageQuery),
    responses((status = 200, body = Page<AccountView>, description = "A page of accounts."))
)]
pub(super) async fn list_accounts(
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<AccountView>>, Problem> {
    let accounts = caller.daybreak.accounts(&caller.company).await?;
    let accounts: Vec<AccountView> = accounts.into_iter().map(AccountView::from).collect();
    Ok(Json(page.cut(accounts, |account| account.person.clone())?))
}
