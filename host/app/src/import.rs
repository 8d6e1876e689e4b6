//! Delimited files, turned into facts.
//!
//! A [`Mapping`] says which column means what; a [`Reader`] checks it against the header and then gives one fact or
//! one error for each row. What lives here is conversion only: who a person in the file is, whether the fact is new
//! and where it is kept are decided by the callers, so nothing here knows a database or a clock.

mod cells;
mod mapping;
mod moment;
mod row;
mod template;

pub use mapping::{FIELD_TYPES, FieldType, Mapping, MappingError, UnknownPeople};
pub use moment::{Moment, MomentError};
pub use row::{HeaderError, Reader, RowError, RowFact};
pub use template::{Template, TemplateError};
