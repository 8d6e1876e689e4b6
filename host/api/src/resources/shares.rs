//! Shares: how much each indicator of somebody's scorecard counts in a month, and what changed it.

use daybreak_domain::reweighting::Target;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;

mod read;

pub(crate) use read::{ChangeView, WireHow};

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(read::read_shares))
}

/// Whose share is changed.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schema(as = ShareTarget)]
pub(crate) enum WireTarget {
    Indicator(String),
    /// Its indicators share it in proportion.
    Dimension(String),
}

impl From<&Target> for WireTarget {
    fn from(target: &Target) -> Self {
        match target {
            Target::Indicator(id) => Self::Indicator(id.clone()),
            Target::Dimension(id) => Self::Dimension(id.clone()),
        }
    }
}

impl From<WireTarget> for Target {
    fn from(target: WireTarget) -> Self {
        match target {
            WireTarget::Indicator(id) => Self::Indicator(id),
            WireTarget::Dimension(id) => Self::Dimension(id),
        }
    }
}
