//! Checks what a caller hands in, so that slicing and converting it cannot fail. A wrong batch is the host's error,
//! never the plugin's.

use daybreak_domain::table::{Table, Values};

use crate::limits::{BATCH_BYTES_MAX, BATCH_SUBJECTS_MAX, FUEL_FACTOR_MAX, Size};
use crate::sandbox::HostError;

/// How the caller wants a call to be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallOptions {
    /// Multiplies the fuel: 1 for compiled languages, about 25 for scripting languages, at most
    /// [`crate::FUEL_FACTOR_MAX`].
    pub fuel_factor: u32,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self { fuel_factor: 1 }
    }
}

impl CallOptions {
    pub(crate) fn check(self) -> Result<u32, HostError> {
        if (1..=FUEL_FACTOR_MAX).contains(&self.fuel_factor) {
            Ok(self.fuel_factor)
        } else {
            Err(HostError::BadFuelFactor { factor: self.fuel_factor, most: FUEL_FACTOR_MAX })
        }
    }
}

/// A batch that is too large for any guest.
pub(crate) fn check_size(size: &Size) -> Result<(), HostError> {
    if size.bytes > BATCH_BYTES_MAX {
        return Err(HostError::BatchTooLarge { bytes: size.bytes, most: BATCH_BYTES_MAX });
    }
    if size.subjects > BATCH_SUBJECTS_MAX {
        return Err(HostError::BadBatch(format!("{} subjects: at most {BATCH_SUBJECTS_MAX}", size.subjects)));
    }
    Ok(())
}

/// Whether the tables belong to so many subjects and are what their documentation says.
pub(crate) fn check_tables(tables: &[Table], subjects: usize) -> Result<(), HostError> {
    let bad = |index: usize, what: String| Err(HostError::BadBatch(format!("table {index}: {what}")));
    for (index, table) in tables.iter().enumerate() {
        let rows = table.rows();
        let offsets = &table.offsets;
        if offsets.len() != subjects + 1 && offsets.len() != 2 {
            return bad(index, format!("{} offsets for {subjects} subjects", offsets.len()));
        }
        let covers_all = offsets.first() == Some(&0) && offsets.last().map(|&last| last as usize) == Some(rows);
        if !covers_all || !offsets.is_sorted() {
            return bad(index, format!("its offsets do not ascend from 0 to its {rows} rows"));
        }
        for column in &table.columns {
            let missing = &column.missing;
            if !missing.is_sorted_by(|earlier, later| earlier < later)
                || missing.last().is_some_and(|&last| last as usize >= rows)
            {
                return bad(index, format!("the missing rows of {} do not ascend within its {rows} rows", column.name));
            }
            let length = match &column.values {
                Values::Numbers(numbers) => numbers.len(),
                Values::Instants(instants) => instants.len(),
                Values::Truths(truths) => truths.len(),
                Values::Texts { dictionary, codes } => {
                    let largest = codes.iter().copied().max().unwrap_or(0) as usize;
                    if largest >= dictionary.len() && missing.len() != rows {
                        return bad(index, format!("{} has a code outside its dictionary", column.name));
                    }
                    codes.len()
                }
            };
            if length != rows {
                return bad(index, format!("{} has {length} values for {rows} rows", column.name));
            }
        }
    }
    Ok(())
}
