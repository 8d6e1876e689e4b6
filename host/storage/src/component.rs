//! Components: the bytes of every plugin version that was ever installed, kept because receipts name them.

use daybreak_domain::digest::Digest;
use daybreak_domain::plugin::ComponentRecord;
use daybreak_domain::time::Instant;

use crate::store::{Store, StoreError, Write, document, reading, writing, written};

#[derive(Clone, Debug, PartialEq)]
pub struct StoredComponent {
    pub sequence: i64,
    pub record: ComponentRecord,
    pub installed_at: Instant,
}

impl Write {
    /// Keeps the component; the same bytes twice are one component. Returns whether it is new.
    pub async fn add_component(
        &mut self,
        record: &ComponentRecord,
        bytes: &[u8],
        installed_at: Instant,
    ) -> Result<bool, StoreError> {
        let sequence = self.next_sequence();
        let added =
            writing!(self, execute, sqlx::query(
            "INSERT INTO component (company, component, sequence, plugin, version, record, bytes, installed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (company, component) DO NOTHING",
        )
        .bind(&self.company)
        .bind(record.digest.to_string())
        .bind(sequence)
        .bind(&record.manifest.name)
        .bind(&record.manifest.version)
        .bind(written("component", record)?)
        .bind(bytes)
        .bind(installed_at.0))?;
        Ok(added > 0)
    }
}

impl Store {
    /// All installed components, in the order of their installation.
    pub async fn components(&self, company: &str) -> Result<Vec<StoredComponent>, StoreError> {
        let rows: Vec<(i64, String, i64)> = reading!(
            self,
            fetch_all,
            sqlx::query_as("SELECT sequence, record, installed_at FROM component WHERE company = $1 ORDER BY sequence")
                .bind(company)
        )?;
        rows.into_iter()
            .map(|(sequence, record, installed_at)| {
                let record = document("component", sequence, &record)?;
                Ok(StoredComponent { sequence, record, installed_at: Instant(installed_at) })
            })
            .collect()
    }

    /// The bytes that are kept under this digest. Whether they still have it is for the reader to check.
    pub async fn component_bytes(&self, company: &str, digest: &Digest) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(reading!(
            self,
            fetch_optional,
            sqlx::query_scalar("SELECT bytes FROM component WHERE company = $1 AND component = $2")
                .bind(company)
                .bind(digest.to_string())
        )?)
    }
}
