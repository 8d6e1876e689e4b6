//! Payloads: what another system delivers as JSON, read by a mapping whose columns are names of its fields.
//!
//! An object within an object gives names with dots (`order.customer.id`), a list gives numbers from 0 (`items.0.sku`). A
//! field that is absent or null is an empty cell.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::mapping::Mapping;
use super::records::{COLUMNS_MAX, Cells, HeaderError};
use super::row::{Columns, Problem, RowFact};
use super::template::{Header, Template};

/// How deep objects and lists may stand in one another.
const DEPTH_MAX: usize = 32;

/// Longest text of one field, in bytes: what is longer fits into no part of a fact.
const FIELD_BYTES_MAX: usize = 65_536;

/// Reads the objects of payloads as facts.
pub struct Payload {
    /// Those that the mapping names, in the order of columns.
    names: Vec<String>,
    columns: Columns,
}

/// What is wrong with an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    #[error("it is no object: send an object, or a list of objects")]
    NoObject,
    #[error("objects and lists stand in one another more than {DEPTH_MAX} deep: flatten them")]
    TooDeep,
    #[error("it has more than {COLUMNS_MAX} fields: send fewer")]
    TooManyFields,
    #[error("two fields are called {0:?}, once they are written with dots: rename one")]
    Twice(String),
    #[error("{name}: {problem}")]
    Field { name: String, problem: String },
    #[error("{0}")]
    Row(String),
}

impl Payload {
    /// Every name in the mapping is the name of a field; none has to be there.
    pub fn new(mapping: &Mapping) -> Result<Self, HeaderError> {
        let optional = [&mapping.who, &mapping.document, &mapping.customer, &mapping.value];
        let times = std::iter::once(&mapping.time).chain(&mapping.recorded).map(|time| &time.text);
        let templates = [&mapping.kind, &mapping.external_id]
            .into_iter()
            .chain(optional.into_iter().flatten())
            .chain(times)
            .chain(mapping.fields.values().map(|field| &field.text));
        let names: BTreeSet<&str> = templates.flat_map(Template::names).collect();
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let columns = Columns::bind(mapping, &Header::new(names.clone()))?;
        Ok(Self { names, columns })
    }

    /// Reads the object that stands at this place, from 1, as a fact. Its external id does not depend on the place.
    pub fn read(&self, place: u64, object: &Value) -> Result<RowFact, PayloadError> {
        let mut fields = BTreeMap::new();
        if !object.is_object() {
            return Err(PayloadError::NoObject);
        }
        flatten(object, "", 0, &mut fields)?;
        let texts = self.names.iter().map(|name| fields.get(name.as_str()).map_or("", String::as_str));
        let cells = Cells::of(place, texts);
        let named = |problem: Problem| match problem.column.and_then(|column| self.names.get(column)) {
            Some(name) => PayloadError::Field { name: name.clone(), problem: problem.text },
            None => PayloadError::Row(problem.text),
        };
        let external_id = self.columns.external_id.render(|column| cells.text(column), place, None);
        let external_id = external_id.map_err(|empty| named(Problem::empty(empty.0, "the external id")))?;
        self.columns.convert(&cells, external_id).map_err(named)
    }
}

fn flatten(value: &Value, name: &str, depth: usize, fields: &mut BTreeMap<String, String>) -> Result<(), PayloadError> {
    let inner = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}.{key}") };
    let text = match value {
        _ if depth > DEPTH_MAX => return Err(PayloadError::TooDeep),
        Value::Null => return Ok(()),
        Value::Object(object) => {
            return object.iter().try_for_each(|(key, value)| flatten(value, &inner(key), depth + 1, fields));
        }
        Value::Array(list) => {
            let mut values = list.iter().enumerate();
            return values.try_for_each(|(place, value)| flatten(value, &inner(&place.to_string()), depth + 1, fields));
        }
        Value::String(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
    };
    let shown = || name.chars().take(80).collect();
    if text.len() > FIELD_BYTES_MAX {
        let problem = format!("it has {} bytes: at most {FIELD_BYTES_MAX}", text.len());
        return Err(PayloadError::Field { name: shown(), problem });
    }
    if fields.len() >= COLUMNS_MAX {
        return Err(PayloadError::TooManyFields);
    }
    match fields.insert(name.to_owned(), text) {
        None => Ok(()),
        Some(_) => Err(PayloadError::Twice(shown())),
    }
}
