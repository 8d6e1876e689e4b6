//! The author's tools, as the binary offers them.

use std::fs;
use std::path::Path;
use std::process::Command;

use daybreak_tests::company::{Said, binary, component};
use serde_json::Value;

fn daybreak(folder: &Path, arguments: &[&str]) -> Said {
    let output =
        Command::new(binary()).args(arguments).current_dir(folder).output().expect("the binary can be started");
    Said::of(&output)
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder can be read")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests stand in the workspace")
}

#[test]
fn a_new_crate_holds_the_sdk_that_the_repository_holds() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let said = daybreak(folder.path(), &["plugin", "new", "first-answer"]);
    assert!(said.succeeded, "{}", said.errors);
    assert_eq!(entries(folder.path()), ["first-answer"]);
    let made = folder.path().join("first-answer");
    assert_eq!(entries(&made), [".daybreak", ".gitignore", "Cargo.toml", "README.md", "fixtures", "src"]);
    let manifest = fs::read_to_string(made.join("Cargo.toml")).expect("a manifest");
    assert!(manifest.contains("name = \"first-answer\""), "{manifest}");
    let same = |carried: &str, original: &str| {
        let carried = fs::read_to_string(made.join(carried)).expect("the carried file");
        assert_eq!(carried, fs::read_to_string(root().join(original)).expect("the original"), "{original}");
    };
    same(".daybreak/sdk/rust/src/facts.rs", "sdk/rust/src/facts.rs");
    same(".daybreak/sdk/rust/Cargo.toml", "sdk/rust/Cargo.toml");
    same(".daybreak/wit/common/common.wit", "wit/common/common.wit");
}

#[test]
fn a_new_crate_passes_its_check_its_fixture_and_its_property_test_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert!(daybreak(folder.path(), &["plugin", "new", "first-answer"]).succeeded);
    let made = folder.path().join("first-answer");
    // Kept between runs, because what the crate stands on takes a minute to compile.
    let target = component("measure").parent().and_then(Path::parent).expect("a target folder").join("new-plugin");
    let run = |program: &Path, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&made).env("CARGO_TARGET_DIR", &target);
        let said = Said::of(&command.output().expect("the program can be started"));
        assert!(said.succeeded, "{}{}", said.output, said.errors);
        said.output
    };
    assert!(run(&binary(), &["plugin", "check"]).contains("the same answers in another order"));
    assert!(run(&binary(), &["plugin", "test"]).contains("fuel"));
    assert!(run(Path::new("cargo"), &["test"]).contains("1 passed"));
}

#[test]
fn a_name_that_is_taken_or_none_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::create_dir(folder.path().join("taken")).expect("a folder");
    for (name, hint) in [
        ("taken", "exists already"),
        ("Loud", "lower-case"),
        ("a--b", "single dashes"),
        ("../x", "lower-case"),
        ("fn", "keep"),
    ] {
        let said = daybreak(folder.path(), &["plugin", "new", name]);
        assert!(!said.succeeded && said.errors.contains(hint), "{name}: {}", said.errors);
    }
    assert_eq!(entries(folder.path()), ["taken"]);
    assert!(entries(&folder.path().join("taken")).is_empty());
}

#[test]
fn shipped_plugins_pass_their_own_fixtures_and_are_pure() {
    for plugin in [
        "collaboration",
        "crisis-response",
        "customer-risk",
        "measure",
        "plain-words",
        "professional-influence",
        "time-to-resolve",
    ] {
        let file = component(plugin);
        let file = file.to_str().expect("paths are UTF-8");
        let fixtures = root().join("plugins").join(plugin).join("fixtures");
        let fixtures = fixtures.to_str().expect("paths are UTF-8");
        for command in ["test", "check"] {
            let said = daybreak(root(), &["plugin", command, file, "--fixtures", fixtures]);
            assert!(said.succeeded, "{plugin} {command}:\n{}{}", said.output, said.errors);
        }
    }
}

#[test]
fn a_wrong_expectation_fails_and_says_where() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let case = folder.path().join("one");
    fs::create_dir(&case).expect("a folder");
    let original = root().join("plugins/time-to-resolve/fixtures/company-by-its-own-words");
    for file in ["case.toml", "facts.csv", "expected.json"] {
        fs::copy(original.join(file), case.join(file)).expect("a copy");
    }
    let component = component("time-to-resolve");
    let arguments =
        ["plugin", "test", component.to_str().expect("UTF-8"), "--fixtures", folder.path().to_str().expect("UTF-8")];
    assert!(daybreak(folder.path(), &arguments).succeeded);
    let expected = fs::read_to_string(case.join("expected.json")).expect("expectations");
    let mut expected: Value = serde_json::from_str(&expected).expect("JSON");
    let raw = expected[0]["raw"].as_f64().expect("a raw value");
    // What rounding could do is no difference; anything more is.
    expected[0]["raw"] = Value::from(raw * (1.0 + 1e-12));
    fs::write(case.join("expected.json"), expected.to_string()).expect("written");
    assert!(daybreak(folder.path(), &arguments).succeeded);
    expected[0]["raw"] = Value::from(raw + 1e-6);
    fs::write(case.join("expected.json"), expected.to_string()).expect("written");
    let said = daybreak(folder.path(), &arguments);
    assert!(!said.succeeded && said.output.contains("/company/raw: expected"), "{}{}", said.output, said.errors);
}

#[test]
fn run_scores_a_file_and_names_bad_rows() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    write("parameters.json", r#"{ "kind": "visit", "measure": "count" }"#);
    write("facts.csv", "occurred_at,kind,actor\n2026-03-01 09:00,visit,anna\n2026-03-02 09:00,visit,anna\n");
    let component = component("measure");
    let component = component.to_str().expect("UTF-8");
    let run = |facts: &str, more: &[&str]| {
        let mut arguments = vec!["plugin", "run", component, "--facts", facts, "--parameters", "parameters.json"];
        arguments.extend(more);
        daybreak(folder.path(), &arguments)
    };
    let said = run("facts.csv", &["--target", "4", "--json"]);
    let document: Value = serde_json::from_str(&said.output).expect("JSON");
    assert_eq!(
        (&document["scores"][0]["raw"], &document["scores"][0]["points"]),
        (&Value::from(2.0), &Value::from(50.0))
    );
    assert_eq!(document["period"], "2026-03");
    assert!(document["fuel"].as_u64().is_some_and(|fuel| fuel > 0));
    write(
        "bad.csv",
        "occurred_at,kind,actor\n2026-03-01 09:00,visit,anna\nyesterday,visit,anna\n2026-03-02,Visit!,bo\n",
    );
    let said = run("bad.csv", &[]);
    assert!(!said.succeeded);
    for part in ["2 bad rows", "row 2: \"yesterday\" is no time", "row 3: the kind"] {
        assert!(said.errors.contains(part), "{part}: {}", said.errors);
    }
    write("parameters.json", r#"{ "kind": "visit", "measure": "count", "colour": "red" }"#);
    let said = run("facts.csv", &[]);
    assert!(!said.succeeded && said.errors.contains("colour"), "{}", said.errors);
    write("parameters.json", "{}");
    write("no.wasm", "this is no component");
    let said = daybreak(folder.path(), &["plugin", "inspect", "no.wasm"]);
    assert!(!said.succeeded && said.errors.contains("no component"), "{}", said.errors);
}
