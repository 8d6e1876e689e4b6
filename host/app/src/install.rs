//! Installing plugins and choosing their versions.

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use daybreak_domain::plugin::ComponentRecord;
use daybreak_domain::time::Day;
use daybreak_storage::{Pin, StoredComponent};
use serde_json::json;

use crate::{AppError, Daybreak};

/// From the first day there is: a plugin's first version counts for all of history.
pub const ALWAYS: Day = Day(-25_567);

#[derive(Clone, Debug, PartialEq)]
pub struct Installed {
    pub record: ComponentRecord,
    /// False if the same bytes were installed before.
    pub new: bool,
    /// True if it is the version that the company uses from now on, because there was none.
    pub pinned: bool,
}

impl Daybreak {
    /// Checks and compiles a component and keeps it. The first version of a plugin is used at once; a later one when
    /// somebody pins it.
    pub async fn install_plugin(&self, company: &Company, bytes: Vec<u8>) -> Result<Installed, AppError> {
        let engine = self.engine.clone();
        let (plugin, bytes) = self.aside(move || engine.load(&bytes).map(|plugin| (plugin, bytes))).await??;
        let record = plugin.record().clone();
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.components(&company.id).await?;
        let first = known.iter().all(|component| component.record.manifest.name != record.manifest.name);
        let new = known.iter().all(|component| component.record.digest != record.digest);
        if new {
            write.add_component(&record, &bytes, self.clock.now()).await?;
            if first {
                write.add_pin(&record.manifest.name, None, ALWAYS, &record.digest).await?;
            }
            let after =
                json!({ "version": record.manifest.version, "component": record.digest, "pinned_everywhere": first });
            self.note(&mut write, &[AuditEntry::new("plugin.install", &record.manifest.name).after(after)]).await?;
            write.commit().await?;
        }
        Ok(Installed { record, new, pinned: new && first })
    }

    /// From the day on, the department (or without one, the company) uses this version of the plugin.
    pub async fn pin_plugin(
        &self,
        company: &Company,
        plugin: &str,
        department: Option<&str>,
        from: Day,
        digest: Digest,
    ) -> Result<(), AppError> {
        let installed = self.plugins(company).await?;
        let known = installed
            .iter()
            .any(|component| component.record.digest == digest && component.record.manifest.name == plugin);
        if !known {
            return Err(AppError::Unknown { what: "plugin", id: format!("{plugin} {}", digest.short()) });
        }
        if let Some(department) = department {
            self.check_department(company, department).await?;
        }
        let mut write = self.store.write(&company.id).await?;
        // The same again changes nothing, so nothing is scored again because of it.
        let set = self.store.pins_set(&company.id, plugin).await?;
        let newest = set.iter().rfind(|pin| pin.department.as_deref() == department);
        if newest.is_some_and(|newest| newest.from == from && newest.component == digest) {
            return Ok(());
        }
        let pins = self.store.pins(&company.id, plugin, from, i64::MAX).await?;
        let before = pins.iter().find(|pin| pin.department.as_deref() == department);
        let before = before.map(|pin| json!({ "department": department, "component": pin.component }));
        let after = json!({ "from": from.to_string(), "department": department, "component": digest });
        write.add_pin(plugin, department, from, &digest).await?;
        self.note(&mut write, &[AuditEntry::new("plugin.pin", plugin).before(before).after(after)]).await?;
        Ok(write.commit().await?)
    }

    /// Every installed version, in the order of installation.
    pub async fn plugins(&self, company: &Company) -> Result<Vec<StoredComponent>, AppError> {
        Ok(self.store.components(&company.id).await?)
    }

    /// The pins of a plugin that hold on the day.
    pub async fn plugin_pins(&self, company: &Company, plugin: &str, on: Day) -> Result<Vec<Pin>, AppError> {
        Ok(self.store.pins(&company.id, plugin, on, i64::MAX).await?)
    }

    pub(crate) async fn check_department(&self, company: &Company, department: &str) -> Result<(), AppError> {
        let departments = self.store.departments(&company.id, i64::MAX).await?;
        if departments.contains_key(department) {
            Ok(())
        } else {
            Err(AppError::Unknown { what: "department", id: department.to_owned() })
        }
    }
}
