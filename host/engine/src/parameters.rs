//! The JSON Schema a plugin gives for its parameters, and whether parameters satisfy it.
//!
//! A schema is a program that the host runs, written by somebody else. So it is bounded as one: in size, in depth, in
//! how large it becomes when every reference is followed; it may not refer to itself or to anything outside; its
//! patterns run in linear time.

use std::collections::BTreeMap;

use daybreak_domain::plugin::Fault;
use jsonschema::{Draft, PatternOptions, Validator};
use serde_json::Value;

use crate::text;

/// Largest schema, in bytes.
pub const SCHEMA_BYTES_MAX: usize = 64 << 10;
/// Largest parameters, in bytes.
pub const PARAMETERS_BYTES_MAX: usize = 32 << 10;
/// Deepest nesting of either.
const DEPTH_MAX: usize = 32;
/// Most JSON values in a schema after every reference is replaced by what it refers to.
const SCHEMA_VALUES_MAX: u64 = 5_000;
/// Most violations that are listed.
const VIOLATIONS_MAX: usize = 20;
/// Largest compiled pattern, in bytes.
const PATTERN_BYTES_MAX: usize = 256 << 10;
/// As how many values a pattern counts: so a schema holds at most a hundred of them, compiled no more than 25 MiB.
const PATTERN_VALUES: u64 = 50;

pub(crate) struct Schema(Validator);

impl Schema {
    /// Reads the schema; says in words what is wrong with it.
    pub(crate) fn read(schema_json: &str) -> Result<(Self, Value), String> {
        if schema_json.len() > SCHEMA_BYTES_MAX {
            return Err(format!("it has {} bytes: at most {SCHEMA_BYTES_MAX}", schema_json.len()));
        }
        let schema: Value = serde_json::from_str(schema_json).map_err(|error| format!("it is no JSON: {error}"))?;
        if !schema.is_object() {
            return Err("it is no JSON object".into());
        }
        if depth(&schema) > DEPTH_MAX {
            return Err(format!("it is nested more than {DEPTH_MAX} levels deep"));
        }
        let values = Expansion { root: &schema, sizes: BTreeMap::new() }.size(&schema)?;
        if values > SCHEMA_VALUES_MAX {
            return Err(format!(
                "it has {values} values with its references followed, a pattern being {PATTERN_VALUES}: at most \
                                {SCHEMA_VALUES_MAX}"
            ));
        }
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .offline()
            .with_pattern_options(
                PatternOptions::regex().size_limit(PATTERN_BYTES_MAX).dfa_size_limit(PATTERN_BYTES_MAX),
            )
            .build(&schema)
            .map_err(|error| text::plain(&error.to_string()))?;
        Ok((Self(validator), schema))
    }

    /// Lists every violation with its path.
    pub(crate) fn check(&self, parameters_json: &str) -> Result<(), Fault> {
        let bad = |reason: String| Err(Fault::BadParameters { reason });
        if parameters_json.len() > PARAMETERS_BYTES_MAX {
            return bad(format!("they have {} bytes: at most {PARAMETERS_BYTES_MAX}", parameters_json.len()));
        }
        let parameters: Value = match serde_json::from_str(parameters_json) {
            Ok(parameters) => parameters,
            Err(error) => return bad(format!("they are no JSON: {error}")),
        };
        if depth(&parameters) > DEPTH_MAX {
            return bad(format!("they are nested more than {DEPTH_MAX} levels deep"));
        }
        let mut violations = Vec::new();
        for violation in self.0.iter_errors(&parameters) {
            if violations.len() == VIOLATIONS_MAX {
                violations.push("and more".to_owned());
                break;
            }
            let path = violation.instance_path().to_string();
            let path = if path.is_empty() { "/" } else { &path };
            violations.push(text::plain_within(&format!("{path}: {violation}"), 300));
        }
        if violations.is_empty() { Ok(()) } else { bad(violations.join("; ")) }
    }
}

fn depth(value: &Value) -> usize {
    let of = |values: &mut dyn Iterator<Item = &Value>| 1 + values.map(depth).max().unwrap_or(0);
    match value {
        Value::Array(values) => of(&mut values.iter()),
        Value::Object(members) => of(&mut members.values()),
        _ => 1,
    }
}

/// Measures a schema with every reference followed.
struct Expansion<'a> {
    root: &'a Value,
    /// What each reference leads to; None while it is being measured.
    sizes: BTreeMap<&'a str, Option<u64>>,
}

impl<'a> Expansion<'a> {
    fn size(&mut self, value: &'a Value) -> Result<u64, String> {
        let mut size = 1_u64;
        match value {
            Value::Array(values) => {
                for value in values {
                    size = size.saturating_add(self.size(value)?);
                }
            }
            Value::Object(members) => {
                for (key, value) in members {
                    size = size.saturating_add(match (key.as_str(), value) {
                        ("$ref", Value::String(reference)) => self.reference(reference)?,
                        ("pattern", Value::String(_)) => PATTERN_VALUES,
                        ("patternProperties", Value::Object(members)) => {
                            self.size(value)?.saturating_add(PATTERN_VALUES * members.len() as u64)
                        }
                        ("$dynamicRef" | "$recursiveRef" | "$id" | "$anchor" | "$dynamicAnchor", Value::String(_)) => {
                            return Err(format!("{key} is not supported: refer to definitions by \"#/$defs/…\""));
                        }
                        _ => self.size(value)?,
                    });
                }
            }
            _ => {}
        }
        Ok(size)
    }

    fn reference(&mut self, reference: &'a str) -> Result<u64, String> {
        match self.sizes.get(reference) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => return Err(format!("{} refers to itself", text::plain_within(reference, 80))),
            None => {}
        }
        let unknown = || {
            let reference = text::plain_within(reference, 80);
            format!("it refers to {reference}, which is not among its own definitions")
        };
        let pointer = reference.strip_prefix('#').filter(|pointer| pointer.starts_with('/')).ok_or_else(unknown)?;
        let target = self.root.pointer(pointer).ok_or_else(unknown)?;
        self.sizes.insert(reference, None);
        let size = self.size(target)?;
        self.sizes.insert(reference, Some(size));
        Ok(size)
    }
}
