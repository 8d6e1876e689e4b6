//! `PUT /api/v1/plugins/{name}/pins`

use axum::http::StatusCode;
use daybreak_app::install::ALWAYS;
use daybreak_app::stored::StoredComponent;
use serde::Deserialize;
use utoipa::ToSchema;

use super::installed;
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::wire::WireDay;

/// Which version, for whom, from when. One of version and component has to be given.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PluginPinSetting)]
pub(super) struct PinDraft {
    /// The version as the plugin says, where only one installed component says so.
    #[schema(max_length = 128, example = "1.2.0")]
    version: Option<String>,
    /// The SHA-256 of the component.
    #[schema(pattern = "^sha256:[0-9a-f]{64}$")]
    component: Option<String>,
    /// Without it, the whole company, as far as a department has a version of its own.
    department: Option<String>,
    /// The first day; without it, it counts for all of history.
    from: Option<WireDay>,
}

impl PinDraft {
    fn chosen<'a>(&self, versions: &'a [StoredComponent]) -> Result<&'a StoredComponent, Problem> {
        let fits = |known: &&StoredComponent| match (&self.version, &self.component) {
            (Some(version), None) => known.record.manifest.version == *version,
            (None, Some(component)) => known.record.digest.to_string() == *component,
            _ => false,
        };
        if self.version.is_some() == self.component.is_some() {
            return Err(Problem::refused("Name the version or the component, one of the two."));
        }
        let mut fitting = versions.iter().filter(fits);
        match (fitting.next(), fitting.next()) {
            (Some(chosen), None) => Ok(chosen),
            (Some(_), Some(_)) => {
                Err(Problem::refused("Several components say that they are this version: name the component instead."))
            }
            (None, _) => Err(Problem::refused("No such version of the plugin is installed; GET /plugins lists them.")),
        }
    }
}

/// Choose the version of a plugin
///
/// For the whole company or one department, from a day on; so a version is also rolled back. Scores follow by themselves, as
/// far as the version was granted what it reads: set the indicator again to grant it.
#[utoipa::path(
    put,
    path = "/plugins/{name}/pins",
    tag = "plugins",
    params(("name" = String, Path, description = "The plugin's name.")),
    request_body = PinDraft,
    responses((status = 204, description = "The version is in use from the day on."))
)]
pub(super) async fn pin_plugin(
    caller: Caller,
    Path(name): Path<String>,
    Json(draft): Json<PinDraft>,
) -> Result<StatusCode, Problem> {
    let versions = installed(&caller).await?.remove(&name).ok_or_else(Problem::not_found)?;
    let digest = draft.chosen(&versions)?.record.digest;
    let (department, from) = (draft.department.as_deref(), draft.from.map_or(ALWAYS, |day| day.0));
    let pinned = caller.daybreak.pin_plugin(&caller.company, &name, department, from, digest).await;
    pinned.map_err(Problem::of_named)?;
    Ok(StatusCode::NO_CONTENT)
}
