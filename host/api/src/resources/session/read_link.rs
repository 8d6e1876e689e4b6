//! `POST /api/v1/links/read`

use axum::Extension;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::check_rate;
use crate::api::Api;
use crate::extract::Json;
use crate::guard::ClientAddress;
use crate::problem::Problem;

/// What stands in a one-time link. It is sent in the body, so that no log of addresses holds it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkSecret {
    #[schema(max_length = 128, example = "dbl_…")]
    secret: String,
}

/// What a one-time link is for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Link)]
pub(super) struct LinkView {
    company: String,
    login: String,
    /// `invite` or `reset`.
    purpose: String,
}

/// Read a one-time link
///
/// So that a page can say whose password is being set. A link that was used or has expired is not there.
#[utoipa::path(
    post,
    path = "/links/read",
    tag = "session",
    request_body = LinkSecret,
    responses((status = 200, body = LinkView, description = "What the link is for.")),
    security(())
)]
pub(super) async fn read_link(
    State(api): State<Api>,
    Extension(address): Extension<ClientAddress>,
    Json(LinkSecret { secret }): Json<LinkSecret>,
) -> Result<Json<LinkView>, Problem> {
    check_rate(&api, address)?;
    let link = api.daybreak.read_link(&secret).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(LinkView { company: link.company.id, login: link.login, purpose: link.purpose.word().to_owned() }))
}
