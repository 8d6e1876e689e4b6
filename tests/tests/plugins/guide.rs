//! The plugin guide says what is true: its example is the template, its tables are the host's.

use std::fs;
use std::path::Path;

use daybreak_domain::requirements::Envelope;

fn read(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests stand in the workspace");
    fs::read_to_string(root.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of one language.
fn blocks(guide: &str, language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = guide.lines();
    while lines.any(|line| line == format!("```{language}")) {
        blocks.push(lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect());
    }
    blocks
}

#[test]
fn the_example_is_the_template() {
    let guide = read("host/docs/PLUGIN-GUIDE.md");
    let template = read("sdk/templates/indicator/src/lib.rs");
    let rust = blocks(&guide, "rust");
    assert!(rust.len() >= 3, "the guide quotes the template in parts");
    for block in &rust {
        assert!(template.contains(block.as_str()), "not in the template:\n{block}");
    }
    let case = read("sdk/templates/indicator/fixtures/march/case.toml");
    for block in blocks(&guide, "toml") {
        assert!(case.contains(&block), "not in the template's case:\n{block}");
    }
}

#[test]
fn every_envelope_column_is_listed_with_its_type() {
    let guide = read("host/docs/PLUGIN-GUIDE.md");
    for (name, _, column) in Envelope::ALL {
        let row = format!("| `{name}` | {} |", column.name());
        assert!(guide.contains(&row), "no row begins with {row}");
    }
}

#[test]
fn every_fault_is_listed() {
    let guide = read("host/docs/PLUGIN-GUIDE.md");
    let codes = [
        "out-of-fuel",
        "out-of-memory",
        "stack",
        "trap",
        "too-much-data",
        "bad-output",
        "bad-parameters",
        "internal",
        "missing-interface",
        "forbidden-import",
        "not-a-component",
    ];
    let source = read("host/domain/src/plugin.rs");
    assert_eq!(
        source.matches("=> \"").count() - 4,
        codes.len(),
        "a fault came or went: change this list and the guide"
    );
    for code in codes {
        assert!(guide.contains(&format!("| `{code}` |")), "no row for {code}");
        assert!(source.contains(&format!("\"{code}\"")), "{code} is no fault any more");
    }
}

#[test]
fn every_command_of_the_guide_is_one() {
    let guide = read("host/docs/PLUGIN-GUIDE.md");
    let help = std::process::Command::new(daybreak_tests::company::binary()).args(["plugin", "--help"]).output();
    let help = String::from_utf8_lossy(&help.expect("the binary can be started").stdout).into_owned();
    let mut named = 0;
    for command in guide.split("daybreak plugin ").skip(1) {
        let command: String = command.chars().take_while(char::is_ascii_lowercase).collect();
        assert!(
            help.contains(&format!("  {command} ")) || help.contains(&format!("  {command}\n")),
            "no command {command:?}"
        );
        named += 1;
    }
    assert!(named > 5);
}
