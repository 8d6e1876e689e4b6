//! Parameters are checked against the plugin's schema before any call.

use daybreak_domain::plugin::Fault;
use daybreak_engine::{CallError, PARAMETERS_BYTES_MAX};

use crate::kit::{attack, batch, hostile, score};

#[test]
fn every_violation_is_named_with_its_path() {
    let plugin = hostile();
    assert_eq!(plugin.check_parameters(&attack("honest")), Ok(()));
    let Err(Fault::BadParameters { reason }) = plugin.check_parameters(r#"{"attack": "A b", "culprit": 7, "x": 1}"#)
    else {
        panic!("accepted")
    };
    for words in ["/attack: ", "/culprit: ", "'x' was unexpected"] {
        assert!(reason.contains(words), "{words} is missing: {reason}");
    }
}

#[test]
fn what_is_no_json_or_too_much_of_it_is_refused() {
    let plugin = hostile();
    let reason = |parameters: &str| match plugin.check_parameters(parameters) {
        Err(Fault::BadParameters { reason }) => reason,
        other => panic!("{other:?}"),
    };
    assert!(reason("").contains("no JSON"));
    assert!(reason("[]").contains("is not of type \"object\""));
    assert!(reason(&"[".repeat(100_000)).contains("at most"));
    assert!(reason(&format!("{}{}", "[".repeat(100), "]".repeat(100))).contains("levels deep"));
    assert!(reason(&format!("\"{}\"", "x".repeat(PARAMETERS_BYTES_MAX))).contains("at most"));
}

#[test]
fn a_batch_with_bad_parameters_never_reaches_the_plugin() {
    let error = score(&hostile(), batch(3, 1, r#"{"attack": 1}"#)).unwrap_err();
    assert!(matches!(error, CallError::Fault(Fault::BadParameters { .. })), "{error}");
    assert!(error.to_string().contains("/attack"), "{error}");
}
