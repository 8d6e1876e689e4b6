//! Replay of narrations: the charts drawn again of the stored scores, the same component, and what it says of them.

use std::collections::BTreeMap;

use daybreak_domain::company::Company;
use daybreak_domain::insight::Sentence;
use daybreak_domain::narration::{Drawn, NarrationReceipt, digest_of};
use daybreak_domain::period::Period;
use daybreak_storage::{StoreError, StoredSentence};

use super::Difference;
use crate::narrate::{LookedAt, call, context_of};
use crate::{AppError, Daybreak};

/// One narration and what its replay found.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedNarration {
    pub batch: i64,
    pub enablement: String,
    /// What differs of the call as a whole.
    pub differences: Vec<Difference>,
    /// Every sentence by indicator and subject, each with what differs. Empty: equal, bit for bit.
    pub sentences: Vec<(String, String, Vec<Difference>)>,
    /// False if it ran under another engine, so that its fuel says nothing.
    pub same_engine: bool,
}

impl Daybreak {
    /// The numbers of the narrations after one, for replaying all of them piece by piece.
    pub async fn narrations_after(&self, company: &Company, after: i64, most: u32) -> Result<Vec<i64>, AppError> {
        Ok(self.store.narrations_after(&company.id, after, most).await?)
    }

    /// Narrates again and compares with what is stored. A row that somebody damaged is a difference, not an error.
    pub async fn replay_narration(&self, company: &Company, batch: i64) -> Result<ReplayedNarration, AppError> {
        match self.replay_stored_narration(company, batch).await {
            Err(AppError::Store(StoreError::Inconsistent { table, key, problem })) => Ok(ReplayedNarration {
                batch,
                enablement: String::new(),
                differences: vec![Difference::Unreadable { problem: format!("{table} {key}: {problem}") }],
                sentences: Vec::new(),
                same_engine: false,
            }),
            replayed => replayed,
        }
    }

    async fn replay_stored_narration(&self, company: &Company, batch: i64) -> Result<ReplayedNarration, AppError> {
        let unknown = || AppError::Unknown { what: "narration", id: batch.to_string() };
        let narration = self.store.narration(&company.id, batch).await?.ok_or_else(unknown)?;
        let kept = self.store.sentences_of_narration(&company.id, batch).await?;
        let receipt = narration.receipt;
        let mut shared = Vec::new();
        let mut own: Vec<Vec<Difference>> = vec![Vec::new(); kept.len()];
        if kept.len() != narration.sentences {
            shared.push(Difference::SentencesGone { stored: narration.sentences, found: kept.len() });
        }
        self.compare_enablement(company, &receipt, &mut shared).await?;
        let redrawn = self.redraw(company, &receipt, &kept).await?;
        let mut charts = Vec::with_capacity(kept.len());
        let mut changed = false;
        for (sentence, differences) in kept.iter().zip(&mut own) {
            let key = (sentence.drawn.indicator.as_str(), sentence.drawn.subject.as_str());
            let drawn = redrawn.get(&key);
            if drawn != Some(&sentence.drawn) || sentence.month != Period::month_of(receipt.narrated_on) {
                changed = true;
                differences.push(Difference::ChartChanged);
            }
            let disagrees = sentence.narrated_on != receipt.narrated_on || sentence.known_to != receipt.known_to;
            if sentence.digest != digest_of(sentence.sentence.as_ref()) || disagrees {
                differences.push(Difference::SentenceChanged);
            }
            charts.push(drawn.map_or_else(|| sentence.drawn.chart.clone(), |drawn| drawn.chart.clone()));
        }
        let same_engine = receipt.engine == self.engine.fingerprint();
        if let Some(plugin) = self.receipt_plugin(company, receipt.component, None, &mut shared).await? {
            match call(self.call_watch(), &plugin, &receipt.context, charts).await? {
                Ok(run) => {
                    if same_engine && !changed && run.fuel != receipt.fuel {
                        shared.push(Difference::FuelDiffers { stored: receipt.fuel, replayed: run.fuel });
                    }
                    compare_sentences(&kept, &run.sentences, &mut own);
                }
                Err(error) => shared.push(Difference::Fault { problem: error.to_string() }),
            }
        }
        let sentences = kept
            .into_iter()
            .zip(own)
            .map(|(sentence, own)| {
                let Drawn { indicator, subject, .. } = sentence.drawn;
                (indicator, subject, shared.iter().cloned().chain(own).collect())
            })
            .collect();
        Ok(ReplayedNarration { batch, enablement: receipt.enablement, differences: shared, sentences, same_engine })
    }

    async fn compare_enablement(
        &self,
        company: &Company,
        receipt: &NarrationReceipt,
        shared: &mut Vec<Difference>,
    ) -> Result<(), AppError> {
        let sequence = receipt.revision;
        let Some(enablement) = self.store.enablement_revision(&company.id, sequence).await? else {
            shared.push(Difference::RevisionGone { what: "enablement", sequence });
            return Ok(());
        };
        let same = enablement.enablement == receipt.enablement
            && enablement.component == receipt.component
            && enablement.interface == receipt.interface
            && enablement.parameters_json == receipt.context.parameters_json;
        if !same {
            shared.push(Difference::EnablementChanged { sequence });
        } else if context_of(&company.zone, receipt.narrated_on, &enablement) != receipt.context {
            shared.push(Difference::ContextChanged);
        }
        Ok(())
    }

    /// The charts of the kept sentences, drawn again as known at n.
    async fn redraw<'a>(
        &self,
        company: &Company,
        receipt: &NarrationReceipt,
        kept: &'a [StoredSentence],
    ) -> Result<BTreeMap<(&'a str, &'a str), Drawn>, AppError> {
        let mut by_indicator: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for sentence in kept {
            by_indicator.entry(&sentence.drawn.indicator).or_default().push(&sentence.drawn.subject);
        }
        let (on, known_to) = (receipt.narrated_on, receipt.known_to);
        let mut redrawn = BTreeMap::new();
        for (indicator, subjects) in by_indicator {
            let Some(definition) = self.store.definition(&company.id, indicator, on, known_to).await? else { continue };
            let goals = self.store.goals(&company.id, indicator, on, known_to).await?;
            let looked_at = LookedAt { definition: &definition, goals: &goals, on, known_to };
            let ids: Vec<String> = subjects.iter().map(|subject| (*subject).to_owned()).collect();
            for drawn in self.draw(company, &looked_at, &ids).await? {
                if let Some(subject) = subjects.iter().find(|subject| **subject == drawn.subject) {
                    redrawn.insert((indicator, *subject), drawn);
                }
            }
        }
        Ok(redrawn)
    }
}

fn compare_sentences(kept: &[StoredSentence], said: &[Option<Sentence>], own: &mut [Vec<Difference>]) {
    for ((sentence, said), differences) in kept.iter().zip(said).zip(own) {
        let replayed = digest_of(said.as_ref());
        if replayed != sentence.digest {
            differences.push(Difference::OutcomeDiffers { stored: sentence.digest, replayed });
        }
    }
}
