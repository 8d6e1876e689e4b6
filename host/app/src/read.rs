//! Reading scores, people and departments for whoever shows them.

use std::collections::{BTreeMap, HashMap};

use daybreak_domain::company::{Company, Department, Person, Spell};
use daybreak_domain::fact::Fact;
use daybreak_domain::requirements::SubjectKind;
use daybreak_storage::{FactFilter, ScoreQuery, StoredBatch, StoredFault, StoredScore};

use crate::{AppError, Daybreak};

impl Daybreak {
    pub async fn people(&self, company: &Company) -> Result<BTreeMap<String, Person>, AppError> {
        Ok(self.store.people(&company.id).await?)
    }

    /// The person with this id.
    pub async fn person(&self, company: &Company, id: &str) -> Result<Person, AppError> {
        let found = self.store.people(&company.id).await?.remove(id);
        found.ok_or_else(|| AppError::Unknown { what: "person", id: id.to_owned() })
    }

    /// Those of the people whose ids are named, by id.
    pub async fn people_named(&self, company: &Company, ids: &[&str]) -> Result<BTreeMap<String, Person>, AppError> {
        Ok(self.store.people_named(&company.id, ids).await?)
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

    /// A page of the facts that fit, the newest occurrence first.
    pub async fn facts_matching(&self, company: &Company, filter: &FactFilter) -> Result<Vec<Fact>, AppError> {
        Ok(self.store.facts_matching(&company.id, filter).await?)
    }

    /// Whom each indicator scores, by the indicator's newest definition.
    pub async fn subject_kinds(&self, company: &Company) -> Result<HashMap<String, SubjectKind>, AppError> {
        let definitions = self.store.definitions(&company.id).await?;
        Ok(definitions.into_iter().map(|known| (known.indicator, known.subject_kind)).collect())
    }

    /// The score with this number.
    pub async fn numbered_score(&self, company: &Company, sequence: i64) -> Result<StoredScore, AppError> {
        let found = self.store.scores_numbered(&company.id, &[sequence]).await?.pop();
        found.ok_or_else(|| AppError::Unknown { what: "score", id: sequence.to_string() })
    }

    pub async fn faults(&self, company: &Company, most: u32) -> Result<Vec<StoredFault>, AppError> {
        Ok(self.store.faults(&company.id, i64::MAX, most).await?)
    }
}
