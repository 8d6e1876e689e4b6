//! `POST /api/v1/plugins`

use axum::extract::{Request, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PluginView, installed};
use crate::api::Api;
use crate::caller::Caller;
use crate::extract::Json;
use crate::problem::Problem;
use crate::upload::intake;

/// What became of a component.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PluginInstalled)]
pub(super) struct InstalledView {
    /// The SHA-256 of the component.
    component: String,
    /// False where the same bytes were installed before: nothing happened.
    new: bool,
    /// The whole company uses it from now on, because it is the plugin's first version. A later one is used when somebody
    /// pins it.
    in_use: bool,
    plugin: PluginView,
}

/// Install a plugin
///
/// The body is the component itself. It is checked and compiled before anything of it runs, and refused with the reason
/// where it imports what no plugin may, exports none of the host's interfaces, or does not keep its limits. Installing grants
/// nothing.
#[utoipa::path(
    post,
    path = "/plugins",
    tag = "plugins",
    request_body(content = Vec<u8>, content_type = "application/wasm", description = "The component."),
    responses((status = 200, body = InstalledView, description = "It is installed."))
)]
pub(super) async fn install_plugin(
    State(api): State<Api>,
    caller: Caller,
    request: Request,
) -> Result<Json<InstalledView>, Problem> {
    let (caller, bytes) = intake(&api, caller, request, "application/wasm").await?;
    let done = caller.daybreak.install_plugin(&caller.company, bytes.into()).await?;
    let name = done.record.manifest.name;
    let versions = installed(&caller).await?.remove(&name).unwrap_or_default();
    let plugin = PluginView::of(&caller, &name, &versions).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(InstalledView { component: done.record.digest.to_string(), new: done.new, in_use: done.pinned, plugin }))
}
