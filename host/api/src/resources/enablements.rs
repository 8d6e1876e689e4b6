//! Enablements: reweighting, insight and assistant plugins in use. Indicators are set as such.

use daybreak_app::enablement::EnablementSetting;
use daybreak_app::install::ALWAYS;
use daybreak_app::stored::Enablement;
use daybreak_domain::digest::Digest;
use daybreak_domain::fact::NAME_BYTES_MAX;
use daybreak_domain::plugin::PluginKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::requirements::{
    RequirementsView, WirePluginKind, WireSubjectKind, from_view, parameters_json, parameters_view,
};
use crate::wire::{WireDay, WireText, check_plain};

mod end;
mod list;
mod plan;
mod set;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_enablements))
        .routes(routes!(set::set_enablement, end::end_enablement))
        .routes(routes!(plan::plan_enablement))
}

/// What a plugin is enabled for.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = EnablementKind)]
pub(super) enum WireEnablementKind {
    Insight,
    Reweighting,
    Assistant,
}

impl From<WireEnablementKind> for PluginKind {
    fn from(kind: WireEnablementKind) -> Self {
        match kind {
            WireEnablementKind::Insight => Self::Insight,
            WireEnablementKind::Reweighting => Self::Reweighting,
            WireEnablementKind::Assistant => Self::Assistant,
        }
    }
}

/// A plugin's use.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Enablement)]
pub(super) struct EnablementView {
    id: String,
    /// The number of the row that says so; receipts name it.
    revision: i64,
    kind: WirePluginKind,
    /// Absent: for the whole company.
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    title: WireText,
    plugin: String,
    /// The SHA-256 of the component.
    component: String,
    /// Whom an assistant watches.
    subject_kind: WireSubjectKind,
    #[schema(value_type = Object)]
    parameters: Value,
    /// What it was granted to read.
    requirements: RequirementsView,
    /// The first day; absent: since ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<WireDay>,
}

impl From<&Enablement> for EnablementView {
    fn from(known: &Enablement) -> Self {
        Self {
            id: known.enablement.clone(),
            revision: known.sequence,
            kind: known.kind.into(),
            department: known.department.clone(),
            title: (&known.title).into(),
            plugin: known.plugin.clone(),
            component: known.component.to_string(),
            subject_kind: known.subject_kind.into(),
            parameters: parameters_view(&known.parameters_json),
            requirements: (&known.requirements).into(),
            from: from_view(known.from),
        }
    }
}

/// A plugin's use as an administrator sets it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EnablementSetting)]
pub(super) struct EnablementDraft {
    kind: WireEnablementKind,
    title: WireText,
    /// The name of an installed plugin.
    #[schema(pattern = "^[a-z][a-z0-9._-]{0,63}$", example = "customer-risk")]
    plugin: String,
    /// The SHA-256 of the component; without it, the version in use on the first day.
    #[schema(pattern = "^sha256:[0-9a-f]{64}$")]
    component: Option<String>,
    /// Whom an assistant watches.
    #[serde(default)]
    #[schema(required = false)]
    subject_kind: WireSubjectKind,
    /// As the plugin's schema says.
    #[serde(default)]
    #[schema(required = false, value_type = Object)]
    parameters: Map<String, Value>,
    /// The first day; without it, it holds for all of history.
    from: Option<WireDay>,
    /// Without it, for the whole company.
    department: Option<String>,
    /// Grant the plugin what the plan says. The plan itself takes no notice of it.
    #[serde(default)]
    #[schema(required = false)]
    grant: bool,
}

impl EnablementDraft {
    async fn setting(self, caller: &Caller, id: String) -> Result<EnablementSetting, Problem> {
        check_plain("The plugin", &self.plugin, NAME_BYTES_MAX)?;
        let component = match &self.component {
            None => None,
            Some(text) => Some(installed(caller, &self.plugin, text).await?),
        };
        Ok(EnablementSetting {
            id,
            kind: self.kind.into(),
            plugin: self.plugin,
            component,
            title: self.title.read()?,
            subject_kind: self.subject_kind.into(),
            parameters_json: parameters_json(&self.parameters)?,
            from: self.from.map_or(ALWAYS, |day| day.0),
            department: self.department,
        })
    }
}

/// The component of the plugin that the text names, if it is installed.
async fn installed(caller: &Caller, plugin: &str, text: &str) -> Result<Digest, Problem> {
    let known = caller.daybreak.plugins(&caller.company).await?;
    let own = known.iter().filter(|known| known.record.manifest.name == plugin).map(|known| known.record.digest);
    own.into_iter().find(|digest| digest.to_string() == text).ok_or_else(|| {
        Problem::refused(
            "The plugin has no such component; GET /plugins lists them. Leave it out to use the one in use.",
        )
    })
}
