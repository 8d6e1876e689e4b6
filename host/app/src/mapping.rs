//! Keeping a mapping under a name, so that imports can use it without sending it again.

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use serde_json::{Value, json};

use crate::import::{Mapping, MappingError};
use crate::organise::check_id;
use crate::{AppError, Daybreak};

/// Most mappings of one company; those that packs bring count, too.
const MAPPINGS_MAX: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingRefused {
    #[error(transparent)]
    Bad(#[from] MappingError),
    #[error("there are {0} mappings: change one of them instead")]
    TooMany(usize),
}

impl Daybreak {
    /// Keeps the mapping's text under the name, in place of what stood there. The same text again changes nothing.
    pub async fn set_mapping(&self, company: &Company, name: &str, text: &str) -> Result<(), AppError> {
        check_id("the mapping", name)?;
        Mapping::parse(text).map_err(MappingRefused::from)?;
        let mut write = self.store.write(&company.id).await?;
        let known = self.store.mappings(&company.id).await?;
        let before = known.get(name);
        if before.is_some_and(|before| before == text) {
            return Ok(());
        }
        if before.is_none() && known.len() >= MAPPINGS_MAX {
            return Err(MappingRefused::TooMany(known.len()).into());
        }
        write.set_mapping(name, text).await?;
        let entry = AuditEntry::new("mapping.set", name).before(before.map(|before| told(before))).after(told(text));
        self.note(&mut write, &[entry]).await?;
        Ok(write.commit().await?)
    }
}

/// As the audit tells of a mapping, whose text is kept beside those that it had before.
fn told(text: &str) -> Value {
    json!({ "bytes": text.len(), "digest": Digest::of(text.as_bytes()) })
}
