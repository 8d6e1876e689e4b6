//! The commands of the README do what it says.

use std::path::Path;
use std::process::Command;

use daybreak_tests::company::{Said, TestCompany, binary, component};
use daybreak_tests::database::Database;

use crate::sqlite::tickets::NOW;

/// The first block of commands below a heading.
fn commands(heading: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (_, section) = readme.split_once(heading).expect("the README has the section");
    let (_, block) = section.split_once("```sh\n").expect("the section has commands");
    block.split_once("```").expect("the block ends").0.to_owned()
}

#[test]
fn your_own_data_becomes_scores() {
    let place = TestCompany::absent(Database::Sqlite, NOW);
    let plugins = component("time-to-resolve").parent().unwrap().to_owned();
    std::fs::create_dir_all(place.folder().join("target")).unwrap();
    std::os::unix::fs::symlink(plugins, place.folder().join("target/plugins")).unwrap();
    let script = format!("set -eu\ndaybreak() {{ {:?} \"$@\"; }}\n{}", binary(), commands("## Your own data"));
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(place.folder())
        .env("DAYBREAK_NOW", NOW)
        .output()
        .expect("bash can be started");
    let said = Said::of(&output);
    assert!(said.succeeded, "{}{}", said.output, said.errors);
    // T-1 took 4.5 hours, T-2 took 2: the median is 3.25, and 100 · (2 − 3.25 / 4) points.
    assert!(said.output.contains("3.25 from 2 · 118.75 points"), "{}", said.output);
    assert!(said.output.contains(" 0 differ"), "{}", said.output);
}
