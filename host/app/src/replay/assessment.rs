//! Replay of assessments: the same subjects, the facts as they were known at n, the same component; and whether the
//! alerts that were kept are those that come out.

use std::collections::BTreeMap;
use std::sync::Arc;

use daybreak_domain::alert::{self, AssessmentReceipt, Event, Raised};
use daybreak_domain::company::Company;
use daybreak_domain::period::Period;
use daybreak_domain::table::rows_digest;
use daybreak_storage::{StoreError, StoredAlert};

use super::{Difference, Stored};
use crate::assess::{assemble_subjects, run};
use crate::tables::{Assembly, Frame, Sources};
use crate::{AppError, Daybreak};

/// One assessment and what its replay found.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedAssessment {
    pub batch: i64,
    pub enablement: String,
    /// What differs of the call as a whole; everybody in it differs in that too.
    pub differences: Vec<Difference>,
    /// Everybody who was assessed, each with what differs. Empty: equal, bit for bit.
    pub subjects: Vec<(String, Vec<Difference>)>,
    /// False if it ran under another engine, so that its fuel says nothing.
    pub same_engine: bool,
}

impl Daybreak {
    /// The numbers of the assessments after one, for replaying all of them piece by piece.
    pub async fn assessments_after(&self, company: &Company, after: i64, most: u32) -> Result<Vec<i64>, AppError> {
        Ok(self.store.assessments_after(&company.id, after, most).await?)
    }

    /// Assesses a batch again and compares it with what is stored. A row that somebody damaged is a difference, not an
    /// error.
    pub async fn replay_assessment(&self, company: &Company, batch: i64) -> Result<ReplayedAssessment, AppError> {
        match self.replay_stored_assessment(company, batch).await {
            Err(AppError::Store(StoreError::Inconsistent { table, key, problem })) => Ok(ReplayedAssessment {
                batch,
                enablement: String::new(),
                differences: vec![Difference::Unreadable { problem: format!("{table} {key}: {problem}") }],
                subjects: Vec::new(),
                same_engine: false,
            }),
            replayed => replayed,
        }
    }

    async fn replay_stored_assessment(&self, company: &Company, batch: i64) -> Result<ReplayedAssessment, AppError> {
        let unknown = || AppError::Unknown { what: "assessment", id: batch.to_string() };
        let assessment = self.store.assessment(&company.id, batch).await?.ok_or_else(unknown)?;
        let kept = self.store.alerts_of_assessment(&company.id, batch).await?;
        let receipt = assessment.receipt;
        let mut shared = Vec::new();
        let mut own: Vec<Vec<Difference>> = vec![Vec::new(); receipt.subjects.len()];
        if kept.len() != assessment.revisions {
            shared.push(Difference::AlertsGone { stored: assessment.revisions, found: kept.len() });
        }
        let period = Period::month_of(receipt.assessed_on);
        let frame = Frame::assessed_on(company.zone.clone(), period, receipt.assessed_on);
        let context = &receipt.context;
        if context.time_zone != company.zone.name()
            || context.as_of != frame.as_of
            || context.period != period.span(&company.zone)
        {
            shared.push(Difference::ContextChanged);
        }
        let stored = self.stored_for_assessment(company, &receipt, frame, &mut shared).await?;
        let plugin = self.receipt_plugin(company, receipt.component, None, &mut shared).await?;
        let same_engine = receipt.engine == self.engine.fingerprint();
        if let Some(stored) = stored {
            let stored = Arc::new(stored);
            let changed = self.compare_assessed_rows(company, &receipt, stored.clone(), &kept, &mut own).await?;
            if let Some(plugin) = plugin {
                let subjects: Vec<String> = receipt.subjects.iter().map(|subject| subject.id.clone()).collect();
                let (context, kind) = (receipt.context.clone(), receipt.subject_kind);
                let watch = self.call_watch();
                let ran = tokio::task::spawn_blocking(move || {
                    let assembled = assembled(&stored, kind, &subjects)?;
                    Ok::<_, AppError>(run(&plugin, &watch, context, &subjects, assembled))
                })
                .await??;
                match ran {
                    Ok(ran) => {
                        if same_engine && !changed && ran.fuel != receipt.fuel {
                            shared.push(Difference::FuelDiffers { stored: receipt.fuel, replayed: ran.fuel });
                        }
                        compare_alerts(&receipt, &ran.raised, &kept, &mut own);
                    }
                    Err(error) => shared.push(Difference::Fault { problem: error.to_string() }),
                }
            }
        }
        let ids = receipt.subjects.into_iter().map(|subject| subject.id);
        let subjects = ids.zip(own).map(|(id, own)| (id, shared.iter().cloned().chain(own).collect())).collect();
        Ok(ReplayedAssessment { batch, enablement: receipt.enablement, differences: shared, subjects, same_engine })
    }

    /// What the assistant was allowed to read, and the facts as they were known at n.
    async fn stored_for_assessment(
        &self,
        company: &Company,
        receipt: &AssessmentReceipt,
        frame: Frame,
        shared: &mut Vec<Difference>,
    ) -> Result<Option<Stored>, AppError> {
        let sequence = receipt.revision;
        let Some(enablement) = self.store.enablement_revision(&company.id, sequence).await? else {
            shared.push(Difference::RevisionGone { what: "enablement", sequence });
            return Ok(None);
        };
        let same = enablement.enablement == receipt.enablement
            && enablement.component == receipt.component
            && enablement.interface == receipt.interface
            && enablement.subject_kind == receipt.subject_kind
            && enablement.parameters_json == receipt.context.parameters_json
            && enablement.requirements.digest() == receipt.requirements;
        if !same {
            shared.push(Difference::EnablementChanged { sequence });
        }
        let organisation = self.organisation(company, receipt.known_to).await?;
        let requirements = enablement.requirements;
        let sets = self.read_facts(company, &requirements, &frame, receipt.known_to).await?;
        Ok(Some(Stored { requirements, organisation, sets, frame }))
    }

    /// The digests of the rows, subject by subject. Returns whether any differ.
    async fn compare_assessed_rows(
        &self,
        company: &Company,
        receipt: &AssessmentReceipt,
        stored: Arc<Stored>,
        kept: &[StoredAlert],
        own: &mut [Vec<Difference>],
    ) -> Result<bool, AppError> {
        let subjects: Vec<String> = receipt.subjects.iter().map(|subject| subject.id.clone()).collect();
        let kind = receipt.subject_kind;
        let assembled = tokio::task::spawn_blocking(move || assembled(&stored, kind, &subjects)).await??;
        let mut differ = false;
        for (index, (subject, differences)) in receipt.subjects.iter().zip(own).enumerate() {
            if rows_digest(&assembled.tables, index) == subject.rows {
                continue;
            }
            differ = true;
            let mut given: Vec<i64> = Vec::new();
            for (table, facts) in assembled.tables.iter().zip(&assembled.facts) {
                given.extend(&facts[table.rows_of(index)]);
            }
            let evidence: Vec<i64> = kept
                .iter()
                .filter(|alert| alert.subject == subject.id)
                .flat_map(|alert| alert.content.evidence.iter().copied())
                .collect();
            let changed = self.changed_facts(company, &given, &evidence).await?;
            differences.push(Difference::RowsChanged { changed });
        }
        Ok(differ)
    }
}

fn assembled(
    stored: &Stored,
    kind: daybreak_domain::requirements::SubjectKind,
    subjects: &[String],
) -> Result<Assembly, AppError> {
    let sources = Sources { facts: &stored.sets, organisation: &stored.organisation, frame: &stored.frame };
    assemble_subjects(&stored.requirements, kind, subjects, &sources)
}

/// What was raised now against what the receipt says and what was kept as alerts.
fn compare_alerts(
    receipt: &AssessmentReceipt,
    raised: &[Vec<Raised>],
    kept: &[StoredAlert],
    own: &mut [Vec<Difference>],
) {
    let mut kept_of: BTreeMap<&str, Vec<&StoredAlert>> = BTreeMap::new();
    for alert in kept {
        kept_of.entry(&alert.subject).or_default().push(alert);
    }
    for ((subject, raised), differences) in receipt.subjects.iter().zip(raised).zip(own) {
        let replayed = alert::digest_of(raised);
        if replayed != subject.alerts {
            differences.push(Difference::OutcomeDiffers { stored: subject.alerts, replayed });
        }
        for alert in kept_of.get(subject.id.as_str()).into_iter().flatten() {
            let now = raised.iter().find(|raised| raised.key == alert.content.key).map(Raised::digest);
            let is_as_raised = match alert.event {
                Event::Opened | Event::Updated => now == Some(alert.digest),
                Event::Closed => now.is_none(),
                // A person does that, no assessment.
                Event::Planned => false,
            };
            if !is_as_raised || !alert.columns_agree || alert.content.digest() != alert.digest {
                differences.push(Difference::AlertChanged { alert: alert.alert });
            }
        }
    }
}
