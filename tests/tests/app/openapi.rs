//! The document of the HTTP interface: what is written down is what is served.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

#[test]
fn the_document_in_the_checkout_is_the_one_that_is_served() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let written = std::fs::read_to_string(root.join("host/docs/openapi.json")).unwrap_or_default();
    let served = daybreak_api::document().to_pretty_json().unwrap() + "\n";
    assert!(
        written == served,
        "the interface has changed; look at the difference, then renew the document: \
         daybreak openapi > host/docs/openapi.json"
    );
}

/// Every value of `$ref` below.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    let document = serde_json::to_value(daybreak_api::document()).unwrap();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > 20, "{found:?}");
    let lost: Vec<&String> =
        found.iter().filter(|place| document.pointer(place.trim_start_matches('#')).is_none()).collect();
    assert!(lost.is_empty(), "write the schema of a parameter into it, `#[param(inline)]`: {lost:?}");
}

#[test]
fn the_page_about_the_interface_lists_every_type_of_problem() {
    let document = serde_json::to_value(daybreak_api::document()).unwrap();
    let types = document["components"]["schemas"]["ProblemType"]["enum"].as_array().unwrap();
    let word = |urn: &Value| urn.as_str().unwrap().strip_prefix("urn:daybreak:problem:").unwrap().to_owned();
    let known: BTreeSet<String> = types.iter().map(word).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = std::fs::read_to_string(root.join("host/docs/API.md")).unwrap();
    let section = page.split("\n## ").find(|section| section.starts_with("Problems")).unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| status"));
    let words = rows.flat_map(|row| row.split('|').nth(2).unwrap().split('`').skip(1).step_by(2));
    assert_eq!(words.map(str::to_owned).collect::<BTreeSet<_>>(), known);
}
