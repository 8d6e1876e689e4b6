//! Reading scores, people and departments for whoever shows them.

use std::collections::BTreeMap;

use daybreak_domain::company::{Company, Department, Person, Spell};
use daybreak_domain::fact::Fact;
use daybreak_storage::{ScoreQuery, StoredBatch, StoredFault, StoredScore};

use crate::{AppError, Daybreak};

impl Daybreak {
    pub async fn people(&self, company: &Company) -> Result<BTreeMap<String, Person>, AppError> {
        Ok(self.store.people(&company.id).await?)
    }

    /// The departments that there are today, by id.
    pub async fn departments(&self, company: &Company) -> Result<BTreeMap<String, Department>, AppError> {
        self.departments_on(company, self.today(company), i64::MAX).await
    }

    /// Where everybody belonged when, as known at the sequence.
    pub async fn spells(&self, company: &Company, known_to: i64) -> Result<Vec<Spell>, AppError> {
        Ok(self.store.spells(&company.id, known_to).await?)
    }

    pub async fn scores(&self, company: &Company, query: &ScoreQuery) -> Result<Vec<StoredScore>, AppError> {
        Ok(self.store.scores(&company.id, query).await?)
    }

    /// The batch with this number, which every score names.
    pub async fn batch(&self, company: &Company, batch: i64) -> Result<StoredBatch, AppError> {
        let found = self.store.batch(&company.id, batch).await?;
        found.ok_or_else(|| AppError::Unknown { what: "batch", id: batch.to_string() })
    }

    /// The facts with these sequences, in the order of their sequence.
    pub async fn facts(&self, company: &Company, sequences: &[i64]) -> Result<Vec<Fact>, AppError> {
        Ok(self.store.facts(&company.id, sequences).await?)
    }

    pub async fn faults(&self, company: &Company, most: u32) -> Result<Vec<StoredFault>, AppError> {
        Ok(self.store.faults(&company.id, most).await?)
    }
}
