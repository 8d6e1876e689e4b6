//! `GET /api/v1/plugins/{name}`

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{PluginView, installed};
use crate::caller::Caller;
use crate::extract::{Json, Path};
use crate::problem::Problem;
use crate::requirements::{RequirementsView, WirePluginKind};

/// What something that uses the plugin lets it read.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PluginUse)]
pub(super) struct UseView {
    kind: WirePluginKind,
    /// The id of the indicator or of the enablement.
    id: String,
    /// Absent: for the whole company.
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    /// The version for which it was granted.
    component: String,
    requirements: RequirementsView,
}

/// A plugin with its parameters' schema and its uses.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PluginInFull)]
pub(super) struct PluginInFullView {
    #[serde(flatten)]
    plugin: PluginView,
    /// The JSON Schema of its parameters, as its newest version says.
    #[schema(value_type = Object)]
    parameters_schema: Value,
    /// What it was granted to read, in words. What it would read otherwise depends on parameters: ask for a plan.
    uses: Vec<UseView>,
}

/// Read one plugin
#[utoipa::path(
    get,
    path = "/plugins/{name}",
    tag = "plugins",
    params(("name" = String, Path, description = "The plugin's name.")),
    responses((status = 200, body = PluginInFullView, description = "The plugin."))
)]
pub(super) async fn read_plugin(caller: Caller, Path(name): Path<String>) -> Result<Json<PluginInFullView>, Problem> {
    let versions = installed(&caller).await?.remove(&name).unwrap_or_default();
    let plugin = PluginView::of(&caller, &name, &versions).await?.ok_or_else(Problem::not_found)?;
    let parameters_schema = versions.last().map(|newest| newest.record.manifest.parameters_schema.clone());
    let mut uses = Vec::new();
    for known in caller.daybreak.known_indicators(&caller.company).await? {
        if known.definition.plugin != name {
            continue;
        }
        for grant in caller.daybreak.indicator_grants(&caller.company, &known, caller.today()).await? {
            uses.push(UseView {
                kind: WirePluginKind::Indicator,
                id: known.definition.indicator.clone(),
                department: grant.department,
                component: grant.component.to_string(),
                requirements: (&grant.requirements).into(),
            });
        }
    }
    for enablement in caller.daybreak.enablements_now(&caller.company).await? {
        if enablement.plugin == name {
            uses.push(UseView {
                kind: enablement.kind.into(),
                id: enablement.enablement,
                department: enablement.department,
                component: enablement.component.to_string(),
                requirements: (&enablement.requirements).into(),
            });
        }
    }
    Ok(Json(PluginInFullView { plugin, parameters_schema: parameters_schema.unwrap_or_default(), uses }))
}
