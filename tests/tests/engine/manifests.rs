//! What a component may say of itself. The guest keeps its manifest in one place of its binary, and each test writes
//! another one there.

use daybreak_domain::plugin::Fault;
use daybreak_engine::{CallError, Limits, Plugin};

use crate::kit::{component, engine};

struct Manifest {
    name: String,
    version: &'static str,
    language: &'static str,
    text: String,
    schema: String,
}

fn manifest() -> Manifest {
    Manifest {
        name: "written-over".into(),
        version: "1.2.3-rc.1",
        language: "en",
        text: "Written over".into(),
        schema: r#"{"type": "object"}"#.into(),
    }
}

fn load(manifest: &Manifest) -> Result<Plugin, CallError> {
    let mut bytes = component("quartet");
    let mark = b"@manifest@\n";
    let at = bytes.windows(mark.len()).position(|window| window == mark).unwrap() + mark.len();
    let Manifest { name, version, language, text, schema } = manifest;
    let lines = format!("{name}\n{version}\n{language}\n{text}\n{schema}\n");
    assert!(lines.len() < 8_000, "the guest has no room for {} bytes", lines.len());
    bytes[at..][..lines.len()].copy_from_slice(lines.as_bytes());
    engine(Limits::default()).load(&bytes)
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
    let chain: Vec<String> = (0..40)
        .map(|link| {
            let next = link + 1;
            format!(r##""d{link}": {{"allOf": [{{"$ref": "#/$defs/d{next}"}}, {{"$ref": "#/$defs/d{next}"}}]}}"##)
        })
        .collect();
    let explosion =
        format!(r##"{{"$ref": "#/$defs/d0", "$defs": {{{}, "d40": {{"type": "object"}}}}}}"##, chain.join(", "));
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
        (&deep, "levels deep"),
    ] {
        let reason = refusal(&Manifest { schema: schema.into(), ..manifest() });
        assert!(reason.contains("the schema of its parameters") && reason.contains(words), "{schema}: {reason}");
    }
}
