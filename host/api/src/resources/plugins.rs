//! Plugins: which are installed in which versions, which version whom serves, and how they failed.

use std::collections::BTreeMap;

use daybreak_app::stored::{Pin, StoredComponent};
use daybreak_domain::time::Day;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::Api;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::requirements::{WirePluginKind, from_view};
use crate::wire::{Text, WireDay, WireInstant, WireText};

mod install;
mod list;
mod list_faults;
mod pin;
mod read;

pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_plugins, install::install_plugin))
        .routes(routes!(read::read_plugin))
        .routes(routes!(pin::pin_plugin))
        .routes(routes!(list_faults::list_faults))
}

/// An installed version of a plugin.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PluginVersion)]
pub(super) struct VersionView {
    /// As the plugin says.
    version: String,
    /// The SHA-256 of the component.
    component: String,
    /// What it can do, and the interface that it was built for.
    interfaces: Vec<InterfaceView>,
    size_bytes: u64,
    installed_at: WireInstant,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PluginInterface)]
pub(super) struct InterfaceView {
    kind: WirePluginKind,
    #[schema(example = "daybreak:indicator/indicator@0.1.0")]
    name: String,
}

impl From<&StoredComponent> for VersionView {
    fn from(stored: &StoredComponent) -> Self {
        let record = &stored.record;
        let interfaces = record.interfaces.iter();
        Self {
            version: record.manifest.version.clone(),
            component: record.digest.to_string(),
            interfaces: interfaces
                .map(|known| InterfaceView { kind: known.kind.into(), name: known.name.clone() })
                .collect(),
            size_bytes: record.size_bytes,
            installed_at: Text(stored.installed_at),
        }
    }
}

/// The version that somebody uses from a day on. Of those whose day has come, the one that was set last counts.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PluginPin)]
pub(super) struct PinView {
    /// The number of the row that says so.
    sequence: i64,
    /// Absent: the whole company, as far as a department has none of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    component: String,
    /// Absent: since ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<WireDay>,
    /// It counts today.
    in_use: bool,
}

/// A plugin with all its versions.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Plugin)]
pub(super) struct PluginView {
    name: String,
    /// As its newest version says, as is the summary.
    title: WireText,
    summary: WireText,
    /// In the order in which they were installed.
    versions: Vec<VersionView>,
    /// In the order in which they were set.
    pins: Vec<PinView>,
}

impl PluginView {
    /// None without a version.
    async fn of(caller: &Caller, name: &str, versions: &[StoredComponent]) -> Result<Option<Self>, Problem> {
        let Some(newest) = versions.last() else { return Ok(None) };
        let pins = caller.daybreak.pins_set(&caller.company, name).await?;
        Ok(Some(Self {
            name: name.to_owned(),
            title: (&newest.record.manifest.title).into(),
            summary: (&newest.record.manifest.summary).into(),
            versions: versions.iter().map(VersionView::from).collect(),
            pins: pin_views(&pins, caller.today()),
        }))
    }
}

fn pin_views(pins: &[Pin], today: Day) -> Vec<PinView> {
    let counts = |pin: &Pin| {
        let rivals = pins.iter().filter(|rival| rival.department == pin.department && rival.from <= today);
        rivals.map(|rival| rival.sequence).max() == Some(pin.sequence)
    };
    let view = |pin: &Pin| PinView {
        sequence: pin.sequence,
        department: pin.department.clone(),
        component: pin.component.to_string(),
        from: from_view(pin.from),
        in_use: counts(pin),
    };
    pins.iter().map(view).collect()
}

/// Every installed version, by the plugin's name.
async fn installed(caller: &Caller) -> Result<BTreeMap<String, Vec<StoredComponent>>, Problem> {
    let mut by_name: BTreeMap<String, Vec<StoredComponent>> = BTreeMap::new();
    for component in caller.daybreak.plugins(&caller.company).await? {
        by_name.entry(component.record.manifest.name.clone()).or_default().push(component);
    }
    Ok(by_name)
}
