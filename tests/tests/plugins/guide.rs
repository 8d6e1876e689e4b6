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
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        blocks.push(block.join("\n") + "\n");
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
        "too-much-to-compile",
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
fn the_budgets_are_those_of_the_engine() {
    let guide = read("host/docs/PLUGIN-GUIDE.md");
    let limits = daybreak_engine::Limits::default();
    let rows = [
        format!("{} + {} for each row", grouped(limits.fuel_base), grouped(limits.fuel_per_row)),
        format!("| fuel of `describe` and `requires` | {} |", grouped(limits.fuel_description)),
        format!("{} MiB + twice the input", limits.memory_bytes >> 20),
        format!("{} KiB + {} KiB for each subject", limits.output_bytes >> 10, limits.output_bytes_per_subject >> 10),
        format!("{} lines of {} bytes", limits.log_lines, grouped(limits.log_line_bytes as u64)),
    ];
    assert_eq!(limits.memory_per_input_byte, 2);
    for row in rows {
        assert!(guide.contains(&row), "the guide does not say {row:?}");
    }
}

/// With a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
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

/// The section of a shipped plugin in the page about them.
fn section(plugin: &str) -> String {
    let page = read("host/docs/PLUGINS.md");
    let sections = page.split("\n## ").skip(1);
    let mut titled = sections.filter(|section| section.lines().next() == Some(plugin));
    titled.next().unwrap_or_else(|| panic!("host/docs/PLUGINS.md has no section {plugin}")).to_owned()
}

fn lists_every_parameter<P: schemars::JsonSchema>(plugin: &str) {
    let section = section(plugin);
    let schema = daybreak_sdk::parameters::schema::<P>();
    let properties = schema["properties"].as_object().expect("properties");
    for (name, property) in properties {
        let default = property.get("default").map_or_else(String::new, |default| format!("`{default}` "));
        let row = format!("| `{name}` | {default}| ");
        assert!(section.contains(&row), "the section of {plugin} has no row that begins with {row}");
    }
    assert_eq!(section.lines().filter(|line| line.starts_with("| `")).count(), properties.len(), "{plugin}");
}

#[test]
fn every_parameter_of_the_plugins_for_crises_and_customers_is_listed_with_its_default() {
    lists_every_parameter::<daybreak_plugin_crisis_response::Parameters>("crisis-response");
    lists_every_parameter::<daybreak_plugin_customer_risk::Parameters>("customer-risk");
}
