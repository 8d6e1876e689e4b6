//! Enabling reweighting, insight and assistant plugins: what each would read, in words, and then the grant.
//!
//! Indicators are enabled in `enable.rs`, because they are scored, have goals and follow the pins of their plugin's
//! versions. What is enabled here names its version itself: another version is another revision of the enablement.

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use daybreak_domain::plugin::{ComponentRecord, PluginKind};
use daybreak_domain::requirements::{Requirements, SubjectKind};
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;
use daybreak_engine::{CallError, Plugin};
use daybreak_storage::{Enablement, NewEnablement, Write};
use serde_json::{Value, json};

use crate::enable::{Coming, parameters};
use crate::organise::check_id;
use crate::stale::EVERYBODY;
use crate::{AppError, Daybreak};

/// Most revisions that are listed.
const LISTED_MAX: u32 = 10_000;

/// A plugin's use as an administrator sets it.
#[derive(Clone, Debug, PartialEq)]
pub struct EnablementSetting {
    pub id: String,
    /// Not an indicator.
    pub kind: PluginKind,
    pub plugin: String,
    /// None: the version that the company's pin names on the first day.
    pub component: Option<Digest>,
    pub title: Localized,
    /// Whom an assistant watches.
    pub subject_kind: SubjectKind,
    pub parameters_json: String,
    /// From this day on.
    pub from: Day,
    /// None: for the whole company.
    pub department: Option<String>,
}

/// What enabling the plugin would let it read.
#[derive(Clone, Debug, PartialEq)]
pub struct PluginPlan {
    pub component: ComponentRecord,
    pub requirements: Requirements,
}

impl Daybreak {
    /// Asks the plugin what it would read with these parameters. Changes nothing.
    pub async fn plan_enablement(
        &self,
        company: &Company,
        setting: &EnablementSetting,
    ) -> Result<PluginPlan, AppError> {
        self.check_enablement(company, setting, &Coming::default()).await?;
        let unknown = || AppError::Unknown { what: "plugin", id: setting.plugin.clone() };
        let component = self.pinned_for(company, setting).await?.ok_or_else(unknown)?;
        plan_use(setting, self.plugin(&company.id, component).await?).await
    }

    /// The version that the setting names, else the one in use on its first day; none if no version is.
    pub(crate) async fn pinned_for(
        &self,
        company: &Company,
        setting: &EnablementSetting,
    ) -> Result<Option<Digest>, AppError> {
        if let Some(component) = setting.component {
            return Ok(Some(component));
        }
        let pins = self.plugin_pins(company, &setting.plugin, setting.from).await?;
        let own = |pin: &&daybreak_storage::Pin| pin.department == setting.department;
        let everybody = |pin: &&daybreak_storage::Pin| pin.department.is_none();
        Ok(pins.iter().find(own).or_else(|| pins.iter().find(everybody)).map(|pin| pin.component))
    }

    /// Checks what does not depend on the plugin.
    pub(crate) async fn check_enablement(
        &self,
        company: &Company,
        setting: &EnablementSetting,
        coming: &Coming,
    ) -> Result<(), AppError> {
        check_id("the enablement", &setting.id)?;
        if let Some(department) = setting.department.as_ref().filter(|id| !coming.departments.contains(*id)) {
            self.check_department(company, department).await?;
        }
        let known = self.every_enablement(company).await?;
        match known.iter().find(|known| known.enablement == setting.id && known.kind != setting.kind) {
            Some(other) => Err(AppError::EnablementIsOther { id: setting.id.clone(), kind: other.kind }),
            None => Ok(()),
        }
    }

    /// Puts the plugin to use and grants what it asks for, in one step. The same setting again changes nothing.
    pub async fn enable_plugin(&self, company: &Company, setting: &EnablementSetting) -> Result<PluginPlan, AppError> {
        let plan = self.plan_enablement(company, setting).await?;
        let unknown = || AppError::WrongPluginKind { plugin: setting.plugin.clone(), kind: setting.kind };
        let interface = plan.component.interface(setting.kind).ok_or_else(unknown)?;
        let new = NewEnablement {
            enablement: &setting.id,
            department: setting.department.as_deref(),
            from: setting.from,
            title: &setting.title,
            plugin: &setting.plugin,
            component: &plan.component.digest,
            interface,
            subject_kind: setting.subject_kind,
            parameters_json: &setting.parameters_json,
            requirements: &plan.requirements,
            revoked: false,
        };
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.all_enablements(&company.id, LISTED_MAX).await?;
        let newest =
            known.iter().rev().find(|known| known.enablement == setting.id && known.department == setting.department);
        if let Some(other) = known.iter().find(|known| known.enablement == setting.id && known.kind != setting.kind) {
            return Err(AppError::EnablementIsOther { id: setting.id.clone(), kind: other.kind });
        }
        if !newest.is_some_and(|newest| says_the_same(newest, &new)) {
            write.add_enablement(&new).await?;
            let before = newest.map(|known| told(&again(known, known.from, known.revoked)));
            let entry = AuditEntry::new("enablement.set", &setting.id).before(before).after(told(&new));
            self.note(&mut write, &[entry]).await?;
            self.mark_policy(&mut write, company, setting.kind, setting.from).await?;
            write.commit().await?;
        }
        Ok(plan)
    }

    /// Ends the plugin's use from the day on.
    pub async fn disable_plugin(
        &self,
        company: &Company,
        id: &str,
        department: Option<&str>,
        from: Day,
    ) -> Result<(), AppError> {
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.all_enablements(&company.id, LISTED_MAX).await?;
        let newest =
            known.iter().rev().find(|known| known.enablement == id && known.department.as_deref() == department);
        let known = newest.ok_or_else(|| AppError::Unknown { what: "enablement", id: id.to_owned() })?;
        if known.revoked && known.from <= from {
            return Ok(());
        }
        let new = again(known, from, true);
        write.add_enablement(&new).await?;
        let before = told(&again(known, known.from, known.revoked));
        self.note(&mut write, &[AuditEntry::new("enablement.end", id).before(before).after(told(&new))]).await?;
        self.mark_policy(&mut write, company, known.kind, from).await?;
        Ok(write.commit().await?)
    }

    /// Every revision of every enablement, in the order in which they were made.
    pub(crate) async fn every_enablement(&self, company: &Company) -> Result<Vec<Enablement>, AppError> {
        Ok(self.store.all_enablements(&company.id, LISTED_MAX).await?)
    }

    /// A policy that begins or ends changes shares.
    async fn mark_policy(
        &self,
        write: &mut Write,
        company: &Company,
        kind: PluginKind,
        from: Day,
    ) -> Result<(), AppError> {
        match kind {
            PluginKind::Reweighting => self.mark_shares(write, company, EVERYBODY, from, None).await,
            PluginKind::Indicator | PluginKind::Insight | PluginKind::Assistant => Ok(()),
        }
    }

    /// The newest revision of every enablement, ended ones left out.
    pub async fn enablements_now(&self, company: &Company) -> Result<Vec<Enablement>, AppError> {
        let mut newest: Vec<Enablement> = Vec::new();
        for enablement in self.store.all_enablements(&company.id, LISTED_MAX).await? {
            newest
                .retain(|older| older.enablement != enablement.enablement || older.department != enablement.department);
            newest.push(enablement);
        }
        newest.retain(|enablement| !enablement.revoked);
        Ok(newest)
    }
}

/// What is known, from this day on.
fn again(known: &Enablement, from: Day, revoked: bool) -> NewEnablement<'_> {
    NewEnablement {
        enablement: &known.enablement,
        department: known.department.as_deref(),
        from,
        title: &known.title,
        plugin: &known.plugin,
        component: &known.component,
        interface: &known.interface,
        subject_kind: known.subject_kind,
        parameters_json: &known.parameters_json,
        requirements: &known.requirements,
        revoked,
    }
}

/// As the audit tells of it.
fn told(new: &NewEnablement<'_>) -> Value {
    json!({
        "from": new.from.to_string(),
        "department": new.department,
        "title": new.title,
        "plugin": new.plugin,
        "component": new.component,
        "kind": new.interface.kind,
        "subject_kind": new.subject_kind,
        "parameters": parameters(new.parameters_json),
        "requirements": new.requirements,
        "ended": new.revoked,
    })
}

/// What this version of the plugin would read.
pub(crate) async fn plan_use(setting: &EnablementSetting, plugin: Plugin) -> Result<PluginPlan, AppError> {
    let component = plugin.record().clone();
    if setting.kind == PluginKind::Indicator
        || component.interface(setting.kind).is_none()
        || component.manifest.name != setting.plugin
    {
        return Err(AppError::WrongPluginKind { plugin: setting.plugin.clone(), kind: setting.kind });
    }
    let (kind, parameters) = (setting.kind, setting.parameters_json.clone());
    let requirements = tokio::task::spawn_blocking(move || {
        plugin.check_parameters(&parameters).map_err(CallError::Fault)?;
        plugin.requires(kind, &parameters)
    })
    .await??;
    if kind == PluginKind::Assistant && !requirements.subjects.contains(&setting.subject_kind) {
        let able = requirements.subjects.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ");
        let (plugin, subject_kind) = (setting.plugin.clone(), setting.subject_kind);
        return Err(AppError::WrongSubjectKind { plugin, subject_kind, able });
    }
    let reaches = requirements.needs.iter().any(|need| need.scope.reaches_other_departments());
    if reaches && setting.department.is_some() {
        return Err(AppError::GrantTooNarrow);
    }
    Ok(PluginPlan { component, requirements })
}

fn says_the_same(known: &Enablement, new: &NewEnablement<'_>) -> bool {
    known.from == new.from
        && known.title == *new.title
        && known.component == *new.component
        && known.subject_kind == new.subject_kind
        && known.parameters_json == new.parameters_json
        && known.requirements == *new.requirements
        && known.revoked == new.revoked
}
