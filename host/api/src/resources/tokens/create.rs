//! `POST /api/v1/tokens`

use std::collections::BTreeSet;

use daybreak_domain::access::Scope;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{TokenView, WireScope};
use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;
use crate::wire::WireInstant;

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TokenDraft {
    /// What it is for, as people will read it in lists.
    #[schema(min_length = 1, max_length = 80, example = "CRM export")]
    name: String,
    #[schema(min_items = 1, max_items = 64)]
    scopes: Vec<WireScope>,
    /// When it ends; within 400 days.
    expires_at: WireInstant,
}

/// A token that has just been made.
#[derive(Serialize, ToSchema)]
#[schema(as = TokenMade)]
pub(super) struct TokenMadeView {
    #[serde(flatten)]
    token: TokenView,
    /// What the other system sends in `authorization: Bearer …`. It is told this once and stored nowhere.
    #[schema(example = "dbt_…")]
    secret: String,
}

/// Make a token for another system
#[utoipa::path(
    post,
    path = "/tokens",
    tag = "tokens",
    request_body = TokenDraft,
    responses((status = 200, body = TokenMadeView, description = "The token; its secret is told this once."))
)]
pub(super) async fn create_token(
    caller: Caller,
    Json(draft): Json<TokenDraft>,
) -> Result<Json<TokenMadeView>, Problem> {
    let scopes: BTreeSet<Scope> = draft.scopes.into_iter().map(Scope::from).collect();
    let expires_at = draft.expires_at.0;
    let made = caller.daybreak.create_token(&caller.company, &draft.name, &scopes, expires_at).await?;
    Ok(Json(TokenMadeView { token: made.token.into(), secret: made.secret }))
}
