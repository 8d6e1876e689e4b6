//! Files, turned into facts and into lists of people.
//!
//! A [`TableFile`] is delimited text or an Excel workbook and gives [`Records`], rows of texts. A [`Mapping`] says which
//! column means what; a [`Reader`] checks it against the header and then gives one fact or one error for each row. What
//! lives here is conversion only: who a person in the file is, whether the fact is new and where it is kept are decided by
//! the callers, so nothing here knows a database or a clock.

mod cells;
mod delimited;
mod mapping;
mod moment;
mod payload;
mod records;
mod row;
mod serial;
mod template;
mod unchanged;
mod workbook;
mod worksheet;

pub use mapping::{FIELD_TYPES, FieldType, Mapping, MappingError, UnknownPeople};
pub use moment::{Moment, MomentError};
pub use payload::{Payload, PayloadError};
pub use records::{COLUMNS_MAX, Cells, FileOptions, HeaderError, Records, RowError, TableFile};
pub use row::{Reader, RowFact};
pub(crate) use template::nearest;
pub use template::{Template, TemplateError};
pub use workbook::WorkbookError;
