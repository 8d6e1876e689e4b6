//! Which components are taken, and what is said to those that are not.

use daybreak_domain::plugin::{COMPONENT_BYTES_MAX, Fault, PluginKind};
use daybreak_engine::{CallError, Limits};

use crate::kit::{component, engine};

fn refusal(bytes: &[u8]) -> Fault {
    match engine(Limits::default()).load(bytes) {
        Ok(_) => panic!("it was taken"),
        Err(CallError::Fault(fault)) => fault,
        Err(error) => panic!("{error}"),
    }
}

fn refusal_of_text(text: &str) -> Fault {
    refusal(&wat::parse_str(text).unwrap())
}

#[test]
fn an_honest_component_is_described() {
    let bytes = component("hostile");
    let plugin = engine(Limits::default()).load(&bytes).unwrap();
    let record = plugin.record();
    assert_eq!(record.size_bytes, bytes.len() as u64);
    assert_eq!(record.manifest.name, "hostile");
    assert_eq!(record.manifest.title.get("zh-CN"), "恶意插件");
    assert_eq!(record.manifest.parameters_schema["type"], "object");
    let interface = record.interface(PluginKind::Indicator).unwrap();
    assert_eq!(interface.name, "daybreak:indicator/indicator@0.1.0");
    assert_eq!(plugin.adapter(PluginKind::Indicator), "indicator-0.1");
    assert_eq!(plugin.adapter(PluginKind::Assistant), "");
}

#[test]
fn what_is_no_component_is_said_to_be_none() {
    let module = wat::parse_str("(module)").unwrap();
    let whole = component("hostile");
    let truncated = &whole[..whole.len() / 2];
    let garbage: Vec<u8> = whole[..8].iter().copied().chain((0..=255).cycle().take(5_000)).collect();
    for (bytes, words) in [
        (&b""[..], "too short"),
        (b"RIFF, or what have you", "not WebAssembly"),
        (&module, "core WebAssembly module"),
        (truncated, ""),
        (&garbage, ""),
        (&vec![0; COMPONENT_BYTES_MAX + 1], "at most"),
    ] {
        let fault = refusal(bytes);
        assert!(matches!(&fault, Fault::NotAComponent { reason } if reason.contains(words)), "{fault}");
    }
}

#[test]
fn a_forbidden_import_is_named_before_anything_runs() {
    let fault = refusal_of_text(
        r#"(component
            (import "wasi:clocks/wall-clock@0.2.6" (instance
                (export "now" (func (result u64)))
            ))
            (import "daybreak:common/logging@0.1.0" (instance))
        )"#,
    );
    assert_eq!(fault, Fault::ForbiddenImport { name: "wasi:clocks/wall-clock@0.2.6".into() });
    assert!(fault.to_string().contains("nothing but daybreak:common/logging"));
    let fault = refusal_of_text(r#"(component (import "run-this" (func)))"#);
    assert_eq!(fault, Fault::ForbiddenImport { name: "run-this".into() });
}

#[test]
fn a_component_without_a_known_interface_is_told_what_is_known() {
    let fault = refusal_of_text("(component)");
    assert!(fault.to_string().contains("does not export daybreak:common/about"), "{fault}");
    let about = r#"(component
        (instance $nothing)
        (export "daybreak:common/about@0.1.0" (instance $nothing))
        (export "daybreak:indicator/indicator@0.9.0" (instance $nothing))
    )"#;
    let fault = refusal_of_text(about);
    assert!(matches!(fault, Fault::MissingInterface { .. }), "{fault}");
    for words in ["daybreak:indicator/indicator@0.1,", "daybreak:indicator/indicator@0.9.0"] {
        assert!(fault.to_string().contains(words), "{fault}");
    }
}

#[test]
fn an_interface_without_its_functions_is_missing() {
    let empty = r#"(component
        (instance $nothing)
        (export "daybreak:common/about@0.1.0" (instance $nothing))
        (export "daybreak:indicator/indicator@0.1.0" (instance $nothing))
    )"#;
    let fault = refusal_of_text(empty);
    assert!(matches!(&fault, Fault::MissingInterface { reason } if reason.contains("describe")), "{fault}");
}

#[test]
fn a_function_of_another_type_is_a_missing_interface() {
    let other_type = r#"(component
        (core module $core (func (export "describe") (result i32) (i32.const 7)))
        (core instance $core (instantiate $core))
        (func $describe (result u32) (canon lift (core func $core "describe")))
        (func $score (result u32) (canon lift (core func $core "describe")))
        (instance $about (export "describe" (func $describe)))
        (instance $indicator (export "requires" (func $score)) (export "score" (func $score)))
        (export "daybreak:common/about@0.1.0" (instance $about))
        (export "daybreak:indicator/indicator@0.1.0" (instance $indicator))
    )"#;
    let fault = refusal_of_text(other_type);
    assert!(matches!(&fault, Fault::MissingInterface { reason } if reason.contains("type mismatch")), "{fault}");
}
