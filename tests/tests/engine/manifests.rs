//! What a component may say of itself.

use daybreak_domain::plugin::Fault;
use daybreak_engine::{CallError, Limits, Plugin};
use daybreak_tests::refused::{Manifest, doubling_schema, schema_of_patterns};

use crate::kit::engine;

fn manifest() -> Manifest {
    Manifest::default()
}

fn load(manifest: &Manifest) -> Result<Plugin, CallError> {
    engine(Limits::default()).load(&manifest.component())
}

fn refusal(manifest: &Manifest) -> String {
    match load(manifest) {
        Ok(_) => panic!("it was taken"),
        Err(CallError::Fault(Fault::BadOutput { reason })) => reason,
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn an_honest_manifest_is_taken() {
    let plugin = load(&manifest()).unwrap();
    assert_eq!(plugin.record().manifest.name, "written-over");
    assert_eq!(plugin.record().manifest.title.get("en"), "Written over");
    plugin.check_parameters("{}").unwrap();
}

#[test]
fn names_versions_and_texts_are_checked() {
    for (manifest, words) in [
        (Manifest { name: "../../etc".into(), ..manifest() }, "\"../../etc\" is no name"),
        (Manifest { name: String::new(), ..manifest() }, "\"\" is no name"),
        (Manifest { name: "x".repeat(5_000), ..manifest() }, "is no name"),
        (Manifest { version: "latest", ..manifest() }, "\"latest\" is no semantic version"),
        (Manifest { language: "fr", ..manifest() }, "the title: the text for en is missing"),
        (Manifest { language: "zh-CN", ..manifest() }, "the title: the language \"zh-CN\" stands twice"),
        (Manifest { text: "\u{1b}[2J".into(), ..manifest() }, "the title: the en text holds control characters"),
        (Manifest { text: "x".repeat(2_001), ..manifest() }, "the title: the en text has 2001 bytes"),
    ] {
        let reason = refusal(&manifest);
        assert!(reason.contains(words), "{reason}");
        assert!(reason.len() < 1_100, "{}", reason.len());
    }
}

#[test]
fn a_schema_is_bounded_and_keeps_to_itself() {
    let (explosion, patterns) = (doubling_schema(), schema_of_patterns());
    let deep = format!("{}{{}}{}", r#"{"not": "#.repeat(50), "}".repeat(50));
    for (schema, words) in [
        ("not JSON", "no JSON"),
        ("[]", "no JSON object"),
        ("true", "no JSON object"),
        (r#"{"type": "thing"}"#, "thing"),
        (r#"{"$ref": "https://example.com/schema.json"}"#, "not among its own definitions"),
        (r#"{"$ref": "file:///etc/passwd"}"#, "not among its own definitions"),
        (r##"{"$ref": "#"}"##, "not among its own definitions"),
        (r##"{"$ref": "#/$defs/absent"}"##, "not among its own definitions"),
        (r##"{"$ref": "#/$defs/a", "$defs": {"a": {"not": {"$ref": "#/$defs/a"}}}}"##, "#/$defs/a refers to itself"),
        (
            r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}"##,
            "refers to itself",
        ),
        (r##"{"$dynamicRef": "#node"}"##, "$dynamicRef is not supported"),
        (r#"{"type": "string", "pattern": "(a{1000}){1000}{1000}"}"#, ""),
        (&explosion, "with its references followed"),
        (&patterns, "a pattern being 50"),
        (&deep, "levels deep"),
    ] {
        let reason = refusal(&Manifest { schema: schema.into(), ..manifest() });
        assert!(reason.contains("the schema of its parameters") && reason.contains(words), "{schema}: {reason}");
    }
}
