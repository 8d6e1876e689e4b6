//! The document of the HTTP interface: what is written down is what is served.

use std::path::Path;

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
