//! `GET /api/v1/people/{id}/account`

use daybreak_domain::access::Account;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::{Text, WireInstant};

#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum AccountState {
    /// Has not chosen a password yet.
    Invited,
    Active,
    /// Nobody signs in until an administrator says so.
    Disabled,
}

/// The account with which a person signs in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Account)]
pub(super) struct AccountView {
    pub(super) person: String,
    login: String,
    state: AccountState,
    created_at: WireInstant,
    #[serde(skip_serializing_if = "Option::is_none")]
    disabled_at: Option<WireInstant>,
    /// After too many wrong passwords nobody signs in before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    locked_until: Option<WireInstant>,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        let state = match &account {
            Account { disabled_at: Some(_), .. } => AccountState::Disabled,
            Account { has_password: false, .. } => AccountState::Invited,
            Account { .. } => AccountState::Active,
        };
        Self {
            person: account.person,
            login: account.login,
            state,
            created_at: Text(account.created_at),
            disabled_at: account.disabled_at.map(Text),
            locked_until: account.locked_until.map(Text),
        }
    }
}

/// Read a person's account
#[utoipa::path(
    get,
    path = "/people/{id}/account",
    tag = "accounts",
    params(("id" = String, Path, description = "The person's id.")),
    responses((status = 200, body = AccountView, description = "The account."))
)]
pub(super) async fn read_account(caller: Caller, Path(id): Path<String>) -> Result<Json<AccountView>, Problem> {
    let account = caller.daybreak.account(&caller.company, &id).await?;
    Ok(Json(account.ok_or_else(Problem::not_found)?.into()))
}
