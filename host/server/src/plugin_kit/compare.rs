//! Expected and actual answers, compared value by value.

use serde_json::Value;

/// Most differences that are listed.
const DIFFERENCES_MAX: usize = 20;

/// Numbers may differ by this much of the larger one: expected values may have been computed by other means.
const TOLERANCE: f64 = 1e-9;

/// Where the two differ, each with its path; empty if they agree.
pub fn differences(expected: &Value, actual: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", expected, actual, &mut found);
    found
}

fn compare(path: &str, expected: &Value, actual: &Value, found: &mut Vec<String>) {
    if found.len() >= DIFFERENCES_MAX {
        return;
    }
    match (expected, actual) {
        (Value::Number(left), Value::Number(right)) => {
            let (left, right) = (left.as_f64().unwrap_or(f64::NAN), right.as_f64().unwrap_or(f64::NAN));
            let close = (left - right).abs() <= TOLERANCE * left.abs().max(right.abs());
            if left.to_bits() != right.to_bits() && !close {
                found.push(format!("{path}: expected {left}, got {right}"));
            }
        }
        (Value::Array(left), Value::Array(right)) => {
            if left.len() != right.len() {
                found.push(format!("{path}: expected {} entries, got {}", left.len(), right.len()));
            }
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                let label = ["subject", "employee", "chart"].into_iter().find_map(|name| right.get(name)?.as_str());
                let step = label.map_or_else(|| index.to_string(), str::to_owned);
                compare(&format!("{path}/{step}"), left, right, found);
            }
        }
        // A fault has none of an outcome's fields; to list them all would hide what happened.
        (Value::Object(left), Value::Object(right)) if right.contains_key("fault") != left.contains_key("fault") => {
            let in_words = |answer: &serde_json::Map<String, Value>| match answer.get("message") {
                Some(message) if answer.contains_key("fault") => format!("a fault: {message}"),
                _ => "an answer".to_owned(),
            };
            found.push(format!("{path}: expected {}, got {}", in_words(left), in_words(right)));
        }
        (Value::Object(left), Value::Object(right)) => {
            for (name, value) in left {
                match right.get(name) {
                    Some(other) => compare(&format!("{path}/{name}"), value, other, found),
                    None => found.push(format!("{path}/{name}: expected {value}, got nothing")),
                }
            }
            for (name, value) in right.iter().filter(|(name, _)| !left.contains_key(*name)) {
                found.push(format!("{path}/{name}: expected nothing, got {value}"));
            }
        }
        (left, right) if left == right => {}
        (left, right) => found.push(format!("{path}: expected {left}, got {right}")),
    }
}
