//! Named mappings, and which packs were applied.

use std::collections::BTreeMap;

use daybreak_domain::digest::Digest;
use daybreak_domain::time::Instant;

use crate::store::{Store, StoreError, Write, reading, word, writing};

/// A pack that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppliedPack {
    pub sequence: i64,
    pub pack: String,
    pub version: String,
    /// Of all its files.
    pub digest: Digest,
    pub applied_at: Instant,
}

impl Write {
    /// Keeps the mapping's text under its name; what stood there before stays readable by its sequence.
    pub async fn set_mapping(&mut self, mapping: &str, content: &str) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        let insert = "INSERT INTO mapping (company, sequence, mapping, content) VALUES ($1, $2, $3, $4)";
        writing!(self, execute, sqlx::query(insert).bind(&self.company).bind(sequence).bind(mapping).bind(content))?;
        Ok(sequence)
    }

    pub async fn add_applied_pack(
        &mut self,
        pack: &str,
        version: &str,
        digest: &Digest,
        applied_at: Instant,
    ) -> Result<i64, StoreError> {
        let sequence = self.next_sequence();
        let insert = "INSERT INTO applied_pack (company, sequence, pack, version, digest, applied_at) \
                      VALUES ($1, $2, $3, $4, $5, $6)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(sequence)
                .bind(pack)
                .bind(version)
                .bind(digest.to_string())
                .bind(applied_at.0)
        )?;
        Ok(sequence)
    }
}

impl Store {
    /// The newest text of every mapping, by name.
    pub async fn mappings(&self, company: &str) -> Result<BTreeMap<String, String>, StoreError> {
        let rows: Vec<(String, String)> = reading!(
            self,
            fetch_all,
            sqlx::query_as("SELECT mapping, content FROM mapping WHERE company = $1 ORDER BY sequence").bind(company)
        )?;
        Ok(rows.into_iter().collect())
    }

    /// The packs that were applied, the newest last.
    pub async fn applied_packs(&self, company: &str) -> Result<Vec<AppliedPack>, StoreError> {
        let rows: Vec<(i64, String, String, String, i64)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(
                "SELECT sequence, pack, version, digest, applied_at FROM applied_pack WHERE company = $1 \
                 ORDER BY sequence",
            )
            .bind(company)
        )?;
        rows.into_iter()
            .map(|(sequence, pack, version, digest, applied_at)| {
                let digest = word("applied_pack", sequence, &digest)?;
                Ok(AppliedPack { sequence, pack, version, digest, applied_at: Instant(applied_at) })
            })
            .collect()
    }
}
