//! What is wrong with what the host keeps, beyond the database itself: for `daybreak doctor`.

use daybreak_domain::digest::Digest;
use daybreak_storage::{Finding, Verdict};

use crate::{AppError, Daybreak};

impl Daybreak {
    /// Whether every installed component still has its digest, and what waits to be scored.
    pub async fn examine_plugins(&self) -> Result<Vec<Finding>, AppError> {
        let mut findings = Vec::new();
        for company in self.store.companies().await? {
            let components = self.store.components(&company.id).await?;
            let installed = components.len();
            let mut sound = 0;
            for component in components {
                let digest = component.record.digest;
                let bytes = self.store.component_bytes(&company.id, &digest).await?;
                if bytes.is_some_and(|bytes| Digest::of(&bytes) == digest) {
                    sound += 1;
                    continue;
                }
                let manifest = &component.record.manifest;
                findings.push(Finding {
                    verdict: Verdict::Bad,
                    what: format!(
                        "{}: the stored bytes of {} {} are not those that were installed",
                        company.id, manifest.name, manifest.version
                    ),
                    advice: "restore a backup: receipts name these bytes".to_owned(),
                });
            }
            let today = company.zone.day_of(self.clock.now());
            let waiting = self.store.waiting_work(&company.id, today).await?;
            findings.push(Finding {
                verdict: Verdict::Good,
                what: format!(
                    "{}: {sound} of {installed} plugin versions as installed, {waiting} indicators and periods wait to \
                     be scored",
                    company.id
                ),
                advice: String::new(),
            });
        }
        Ok(findings)
    }
}
