//! Tokens: how other systems are let in.

use daybreak_domain::access::{ApiToken, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::wire::{Text, WireInstant};

mod create;
mod list;
mod revoke;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list::list_tokens, create::create_token)).routes(routes!(revoke::revoke_token))
}

/// What a token may do, in its whole company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Scope)]
enum WireScope {
    #[serde(rename = "facts:read")]
    FactsRead,
    #[serde(rename = "facts:write")]
    FactsWrite,
    #[serde(rename = "organisation:read")]
    OrganisationRead,
    #[serde(rename = "organisation:write")]
    OrganisationWrite,
    #[serde(rename = "customers:read")]
    CustomersRead,
    #[serde(rename = "customers:write")]
    CustomersWrite,
    #[serde(rename = "tasks:read")]
    TasksRead,
    #[serde(rename = "tasks:write")]
    TasksWrite,
    #[serde(rename = "scores:read")]
    ScoresRead,
    #[serde(rename = "scores:compute")]
    ScoresCompute,
    /// Indicators, scorecards, plugins, packs, mappings and webhooks.
    #[serde(rename = "setup:read")]
    SetupRead,
    #[serde(rename = "setup:write")]
    SetupWrite,
    #[serde(rename = "alerts:read")]
    AlertsRead,
    #[serde(rename = "alerts:write")]
    AlertsWrite,
    #[serde(rename = "audit:read")]
    AuditRead,
    #[serde(rename = "jobs:read")]
    JobsRead,
    /// Figures about the host.
    #[serde(rename = "operation:read")]
    OperationRead,
}

macro_rules! same_scopes {
    ($($scope:ident),*) => {
        impl From<Scope> for WireScope {
            fn from(scope: Scope) -> Self {
                match scope { $(Scope::$scope => Self::$scope),* }
            }
        }

        impl From<WireScope> for Scope {
            fn from(scope: WireScope) -> Self {
                match scope { $(WireScope::$scope => Self::$scope),* }
            }
        }
    };
}

same_scopes!(
    FactsRead,
    FactsWrite,
    OrganisationRead,
    OrganisationWrite,
    CustomersRead,
    CustomersWrite,
    TasksRead,
    TasksWrite,
    ScoresRead,
    ScoresCompute,
    SetupRead,
    SetupWrite,
    AlertsRead,
    AlertsWrite,
    AuditRead,
    JobsRead,
    OperationRead
);

/// Who made a token, and what it may do. Its secret was shown once, when it was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Token)]
struct TokenView {
    id: String,
    /// What it is for.
    name: String,
    scopes: Vec<WireScope>,
    /// As the audit names authors: `person:li`, `command-line`.
    created_by: String,
    created_at: WireInstant,
    expires_at: WireInstant,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<WireInstant>,
    /// To the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_used_at: Option<WireInstant>,
}

impl From<ApiToken> for TokenView {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            scopes: token.scopes.into_iter().map(WireScope::from).collect(),
            created_by: token.created_by,
            created_at: Text(token.created_at),
            expires_at: Text(token.expires_at),
            revoked_at: token.revoked_at.map(Text),
            last_used_at: token.last_used_at.map(Text),
        }
    }
}
