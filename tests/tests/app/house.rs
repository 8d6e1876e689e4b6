//! The rules of the house, stated as absences: what is nowhere, and what is nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use toml::{Table, Value};

const TEST_BINARIES_MAX: usize = 5;

/// Which of our own crates a crate may stand on. Tests may stand on anything, plugins on the SDK alone.
const ARROWS: [(&str, &[&str]); 10] = [
    ("host/domain", &[]),
    ("host/engine", &["daybreak-domain"]),
    ("host/storage", &["daybreak-domain"]),
    ("host/app", &["daybreak-domain", "daybreak-engine", "daybreak-storage"]),
    ("host/api", &["daybreak-app", "daybreak-domain"]),
    ("host/server", &["daybreak-api", "daybreak-app", "daybreak-domain", "daybreak-engine", "daybreak-storage"]),
    ("tests/bench", &["daybreak-domain", "daybreak-engine", "daybreak-plugin-measure", "daybreak-sdk"]),
    ("host/demo", &[]),
    ("host/xtask", &["daybreak-demo"]),
    ("sdk/rust", &[]),
];

/// Libraries that one crate names and no other: the beginning of the package's name, and where it may stand.
const FENCED: [(&str, &str); 3] = [("wasmtime", "host/engine"), ("sqlx", "host/storage"), ("rusqlite", "host/storage")];

/// Functions of use cases that write and note nothing in the audit: what the host does by itself, which nobody changes.
/// Each module with its functions, and what stands there instead.
const NOT_AUDITED: [(&str, &[&str], &str); 6] = [
    (
        "assess.rs",
        &["assess", "keep_answer", "settle_assessment", "keep_assessment_faults"],
        "assessments have receipts",
    ),
    ("compose.rs", &["add_running_composites", "compose", "keep", "compose_period"], "composites have receipts"),
    ("growth/views.rs", &["count_growth_view"], "an entry for each look would say who looked when"),
    ("narrate.rs", &["keep_sentences", "keep_narration_faults"], "sentences have receipts"),
    ("score.rs", &["settle", "keep_scores", "keep_faults"], "scores have receipts"),
    ("stale.rs", &["expand_marks", "release", "add_daily"], "what waits to be scored is the host's own list of work"),
];

/// Everything that may stand at the top of the checkout besides files whose names begin with a dot.
const TOP_LEVEL: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "host",
    "plugins",
    "rust-toolchain.toml",
    "sdk",
    "tests",
    "wit",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests stands in the workspace")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn manifest(folder: &str) -> Table {
    let path = root().join(folder).join("Cargo.toml");
    text(&path).parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folders of all crates of the workspace.
fn members() -> Vec<String> {
    let members = manifest(".")["workspace"]["members"].as_array().expect("a list of members").clone();
    members.iter().map(|member| member.as_str().expect("a text").to_owned()).collect()
}

/// Names of the packages in one table of dependencies, also of those under a target.
fn dependencies(manifest: &Table, table: &str) -> BTreeSet<String> {
    let named = |manifest: &Table| -> Vec<String> {
        manifest.get(table).and_then(Value::as_table).map(|table| table.keys().cloned().collect()).unwrap_or_default()
    };
    let mut names: BTreeSet<_> = named(manifest).into_iter().collect();
    for target in manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values) {
        names.extend(target.as_table().map(named).unwrap_or_default());
    }
    names
}

/// Every Rust file below the folder that cargo would not find under `target`.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

/// Lines of code that hold one of the words, as `path:line`. Comments may name what the code may not.
fn lines_with(folders: &[&str], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in folders.iter().flat_map(|folder| rust_files(folder)) {
        for (index, line) in text(&file).lines().enumerate() {
            if !line.trim_start().starts_with("//") && words.iter().any(|word| line.contains(word)) {
                let path = file.strip_prefix(root()).unwrap_or(&file);
                found.push(format!("{}:{}: {}", path.display(), index + 1, line.trim()));
            }
        }
    }
    found
}

#[track_caller]
fn assert_none(found: &[String], rule: &str) {
    assert!(found.is_empty(), "{rule}:\n{}", found.join("\n"));
}

#[test]
fn dependencies_point_inwards() {
    for member in members() {
        if member == "tests" {
            continue;
        }
        let manifest = manifest(&member);
        let ours: Vec<_> =
            dependencies(&manifest, "dependencies").into_iter().filter(|name| name.starts_with("daybreak-")).collect();
        let arrows = ARROWS.iter().find(|(folder, _)| *folder == member).map(|(_, arrows)| *arrows);
        let allowed = arrows.unwrap_or_else(|| {
            assert!(
                member.starts_with("plugins/") || member.starts_with("tests/guests/"),
                "{member} has no arrows yet"
            );
            &["daybreak-sdk"]
        });
        let wrong: Vec<_> = ours.into_iter().filter(|name| !allowed.contains(&name.as_str())).collect();
        assert_none(&wrong, &format!("{member} may stand on {allowed:?} only"));
    }
}

/// Tests look into databases, and what is measured is measured against the bare library.
fn may_not_name(member: &str, home: &str) -> bool {
    ![home, "tests", "tests/bench"].contains(&member)
}

#[test]
fn wasmtime_and_sql_have_one_home_each() {
    for (library, home) in FENCED {
        for member in members().into_iter().filter(|member| may_not_name(member, home)) {
            let manifest = manifest(&member);
            for table in ["dependencies", "dev-dependencies", "build-dependencies"] {
                let wrong: Vec<_> =
                    dependencies(&manifest, table).into_iter().filter(|name| name.starts_with(library)).collect();
                assert_none(&wrong, &format!("{library} belongs to {home}, but {member} depends on"));
            }
        }
        let elsewhere: Vec<_> = members().into_iter().filter(|member| may_not_name(member, home)).collect();
        let elsewhere: Vec<_> = elsewhere.iter().map(String::as_str).collect();
        assert_none(&lines_with(&elsewhere, &[&format!("{library}::")]), &format!("only {home} names {library}"));
    }
}

#[test]
fn the_domain_does_no_input_or_output() {
    let outside = ["tokio", "axum", "hyper", "reqwest", "tracing", "sqlx", "rusqlite", "wasmtime"];
    let wrong: Vec<_> = dependencies(&manifest("host/domain"), "dependencies")
        .into_iter()
        .filter(|name| outside.iter().any(|outside| name.starts_with(outside)))
        .collect();
    assert_none(&wrong, "the domain stands on no library that reaches outside");
    let words = ["std::fs", "std::net", "std::env", "std::process", "std::thread", "std::io", "println!", "tokio::"];
    assert_none(&lines_with(&["host/domain"], &words), "the domain does no input or output");
}

#[test]
fn clocks_and_chance_are_passed_in() {
    let folders = ["host/domain", "host/app", "host/engine"];
    // The clock's own method is `clock.now()`; a path that ends in `::now` reads the machine's.
    let words = ["::now(", "::now)", "::now,", "getrandom", "rand::", "TimeZone::system"];
    assert_none(&lines_with(&folders, &words), "no clock and no chance is read here, both are passed in");
    for folder in folders {
        let wrong: Vec<_> = dependencies(&manifest(folder), "dependencies")
            .into_iter()
            .filter(|name| ["rand", "getrandom", "uuid", "ulid", "fastrand", "chrono", "time"].contains(&name.as_str()))
            .collect();
        assert_none(&wrong, &format!("{folder} gets ids and times from its caller"));
    }
}

/// A function of the use cases: its file, its name, and its text until the brace that closes it.
struct UseCase {
    file: String,
    name: String,
    text: String,
}

/// Every function below `host/app/src`, as the formatter leaves it.
fn use_cases() -> Vec<UseCase> {
    let source = root().join("host/app/src");
    let mut found = Vec::new();
    for file in rust_files("host/app/src") {
        let text = text(&file);
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let plain = line.trim_start();
            let words: Vec<&str> = plain.split([' ', '(', '<']).collect();
            let Some(place) = words.iter().position(|word| *word == "fn") else { continue };
            if plain.starts_with("//") || words[..place].iter().any(|word| !word.starts_with(char::is_alphabetic)) {
                continue;
            }
            let closing = format!("{}}}", &line[..line.len() - plain.len()]);
            let rest = lines[index..].iter().take_while(|line| **line != closing).copied().collect::<Vec<_>>();
            found.push(UseCase {
                file: file.strip_prefix(&source).unwrap_or(&file).display().to_string(),
                name: words.get(place + 1).map(ToString::to_string).unwrap_or_default(),
                text: rest.join("\n"),
            });
        }
    }
    found
}

#[test]
fn every_use_case_that_writes_notes_it_in_the_audit() {
    let use_cases = use_cases();
    assert!(use_cases.len() > 200, "{} functions were found", use_cases.len());
    // What is handed a transaction and notes its changes there, notes them for whoever hands it over.
    let notes = |text: &str, noting: &BTreeSet<String>| {
        text.contains(".note(") || noting.iter().any(|name| text.contains(&format!(".{name}(")))
    };
    let mut noting = BTreeSet::new();
    loop {
        let more: BTreeSet<String> = use_cases
            .iter()
            .filter(|use_case| {
                use_case.text.contains("write: &mut Write") || use_case.text.contains("mut write: Write")
            })
            .filter(|use_case| use_case.name != "note" && notes(&use_case.text, &noting))
            .map(|use_case| use_case.name.clone())
            .collect();
        if more == noting {
            break;
        }
        noting = more;
    }
    let writes = |text: &str| ["store.write(", "store.create_company("].iter().any(|begin| text.contains(begin));
    let silent: BTreeSet<(&str, &str)> = use_cases
        .iter()
        .filter(|use_case| writes(&use_case.text) && !notes(&use_case.text, &noting))
        .map(|use_case| (use_case.file.as_str(), use_case.name.as_str()))
        .collect();
    let allowed: BTreeSet<(&str, &str)> =
        NOT_AUDITED.iter().flat_map(|(file, names, _)| names.iter().map(move |name| (*file, *name))).collect();
    let wrong: Vec<String> = silent.difference(&allowed).map(|(file, name)| format!("{file}: {name}")).collect();
    assert_none(&wrong, "a use case that writes notes who changed what: `self.note(&mut write, …)`");
    let gone: Vec<String> = allowed.difference(&silent).map(|(file, name)| format!("{file}: {name}")).collect();
    assert_none(&gone, "these are excused from the audit and need no excuse");
}

#[test]
fn the_architecture_lists_every_action_of_the_audit() {
    let page = text(&root().join("host/docs/ARCHITECTURE.md"));
    let section = page.split("\n## ").find(|section| section.starts_with("The audit")).expect("a section");
    let is_action = |word: &&str| {
        let is_plain =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        word.split_once('.').is_some_and(|(what, done)| is_plain(what) && is_plain(done) && done != "toml")
    };
    let listed: BTreeSet<&str> = section.split('`').skip(1).step_by(2).filter(is_action).collect();
    let mut noted = BTreeSet::new();
    for file in rust_files("host/app/src") {
        let text = text(&file);
        if text.contains("AuditEntry::new(") {
            noted.extend(text.split('"').filter(is_action).map(str::to_owned));
        }
    }
    assert_eq!(noted.iter().map(String::as_str).collect::<BTreeSet<_>>(), listed);
}

/// In the document one of them would silently stand for both.
#[test]
fn no_two_views_have_one_name_in_the_document() {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in rust_files("host/api/src") {
        for line in text(&file).lines() {
            let Some((_, name)) = line.split_once("schema(as = ") else { continue };
            let name = name.split([',', ')']).next().unwrap_or_default().to_owned();
            names.entry(name).or_default().push(file.display().to_string());
        }
    }
    assert!(names.len() > 100, "{} names were found", names.len());
    let twice = names.into_iter().filter(|(_, files)| files.len() > 1);
    let twice: Vec<String> = twice.map(|(name, files)| format!("{name}: {}", files.join(", "))).collect();
    assert_none(&twice, "another name for one of these schemas");
}

#[test]
fn xtask_starts_in_seconds() {
    // The demonstration company is its one dependency, and has none.
    for crate_of in ["host/xtask", "host/demo"] {
        for table in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let mut found = dependencies(&manifest(crate_of), table);
            found.remove("daybreak-demo");
            assert_none(&found.into_iter().collect::<Vec<_>>(), "xtask has no dependencies on others");
        }
    }
}

#[test]
fn the_sdk_needs_nothing_of_the_workspace() {
    // The binary writes the SDK's sources beside a new plugin, where there is no workspace to inherit from.
    let text = text(&root().join("sdk/rust/Cargo.toml"));
    let inherited: Vec<_> =
        text.lines().filter(|line| line.replace(' ', "").contains("workspace=true")).map(str::to_owned).collect();
    assert_none(&inherited, "the SDK builds outside the checkout");
}

#[test]
fn every_crate_keeps_the_house_lints() {
    // The SDK is compiled outside of the workspace, too, and a hostile guest has manners of its own.
    for member in members().into_iter().filter(|member| member != "sdk/rust" && !member.starts_with("tests/guests/")) {
        let inherited =
            manifest(&member).get("lints").and_then(|lints| lints.get("workspace")).and_then(Value::as_bool);
        assert_eq!(inherited, Some(true), "{member}/Cargo.toml lacks [lints] workspace = true");
    }
}

#[test]
fn every_folder_with_a_manifest_belongs_to_the_workspace() {
    let members = members();
    for parent in ["host", "plugins", "sdk", "tests/guests"] {
        let Ok(entries) = fs::read_dir(root().join(parent)) else { continue };
        for entry in entries {
            let path = entry.expect("a readable folder").path();
            let folder = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
            assert!(!path.join("Cargo.toml").is_file() || members.contains(&folder), "{folder} is no member");
        }
    }
}

#[test]
fn the_architecture_lists_exactly_what_exists() {
    let text = text(&root().join("host/docs/ARCHITECTURE.md"));
    let quoted: BTreeSet<_> = text.split('`').skip(1).step_by(2).map(|word| word.trim_end_matches('/')).collect();
    for member in members() {
        let named = if member.starts_with("tests/guests/") { "tests/guests" } else { &member };
        assert!(quoted.contains(named), "host/docs/ARCHITECTURE.md does not name `{member}`");
    }
    // A word such as `engine/batch.rs` or `host/docs` is a promise that it is there.
    let is_plain = |word: &&&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
    let path = |word: &str| match word.split_once('/') {
        Some(("host" | "plugins" | "sdk" | "tests" | "wit", _)) => Some(root().join(word)),
        Some((member @ ("domain" | "engine" | "storage" | "app" | "server"), file)) => {
            Some(root().join("host").join(member).join("src").join(file))
        }
        _ => None,
    };
    let is_gone = |word: &&&str| path(word).is_some_and(|path| !path.exists());
    let gone: Vec<_> = quoted.iter().filter(is_plain).filter(is_gone).map(ToString::to_string).collect();
    assert_none(&gone, "host/docs/ARCHITECTURE.md names what does not exist");
}

#[test]
fn every_file_is_compiled() {
    let mut dead = Vec::new();
    for member in members() {
        let source = root().join(&member).join("src");
        for file in rust_files(&format!("{member}/src")) {
            let folder = file.parent().expect("a file stands in a folder");
            let stem = file.file_stem().and_then(|stem| stem.to_str()).expect("a plain name");
            let is_root = ["lib", "main"].contains(&stem) || folder.ends_with("bin");
            let parents = if folder == source {
                vec![source.join("lib.rs"), source.join("main.rs")]
            } else {
                vec![folder.with_extension("rs")]
            };
            let declared = format!("mod {stem};");
            let is_declared = parents.iter().any(|parent| {
                fs::read_to_string(parent)
                    .is_ok_and(|parent| parent.lines().any(|line| line.trim_end().ends_with(&declared)))
            });
            if !is_root && !is_declared {
                dead.push(file.display().to_string());
            }
        }
    }
    assert_none(&dead, "no module declares these files, so nobody compiles them");
}

#[test]
fn modules_have_names_of_their_own() {
    let named_mod: Vec<_> = ["host", "plugins", "sdk", "tests"]
        .iter()
        .flat_map(|folder| rust_files(folder))
        .filter(|file| file.ends_with("mod.rs"))
        .map(|file| file.display().to_string())
        .collect();
    assert_none(&named_mod, "a module `x` stands in x.rs");
    let grab_bags = ["utils.rs", "util.rs", "helpers.rs", "helper.rs", "manager.rs", "common.rs", "misc.rs"];
    let found: Vec<_> = ["host", "plugins", "sdk", "tests"]
        .iter()
        .flat_map(|folder| rust_files(folder))
        .filter(|file| grab_bags.iter().any(|bag| file.ends_with(bag)))
        .map(|file| file.display().to_string())
        .collect();
    assert_none(&found, "a file is named after what is in it");
}

#[test]
fn nothing_is_unfinished_or_switched_off() {
    // Put together here, so that this file does not find itself.
    let words = [["to", "do!("], ["unimple", "mented!("], ["#[", "ignore"], ["FIX", "ME"], ["X", "XX"]]
        .map(|word| word.concat());
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for file in ["host", "plugins", "sdk", "tests"].iter().flat_map(|folder| rust_files(folder)) {
        for (index, line) in text(&file).lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{}:{}: {}", file.display(), index + 1, line.trim()));
            }
        }
    }
    assert_none(&found, "finish it, or take it out");
}

#[test]
fn no_test_sleeps_until_something_has_happened() {
    let words = ["thread::", "time::"].map(|module| format!("{module}sleep("));
    let words: Vec<_> = words.iter().map(String::as_str).collect();
    // What measures sends at a steady rate, and sleeps until the next request is due.
    assert_none(&lines_with(&["tests/src", "tests/tests", "tests/guests"], &words), "wait for what should happen");
}

#[test]
fn every_unit_test_is_run() {
    for member in members() {
        let tested = manifest(&member)
            .get("lib")
            .or(manifest(&member).get("bin"))
            .and_then(|lib| lib.get("test"))
            .and_then(Value::as_bool);
        if tested == Some(false) || member == "host/server" || member == "host/xtask" {
            let marker = ["#[te", "st]"].concat();
            assert_none(
                &lines_with(&[&format!("{member}/src")], &[&marker]),
                "cargo runs no tests there: put them into tests/",
            );
        }
    }
}

#[test]
fn the_top_level_holds_only_what_belongs_there() {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(root()).expect("the workspace's folder") {
        let name = entry.expect("a readable folder").file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') && name != "target" {
            found.insert(name);
        }
    }
    let allowed: BTreeSet<_> = TOP_LEVEL.map(str::to_owned).into_iter().collect();
    assert_eq!(found, allowed);
}

#[test]
fn every_interface_package_has_its_version() {
    let mut versions = BTreeMap::new();
    for entry in fs::read_dir(root().join("wit")).expect("the folder of interfaces") {
        let folder = entry.expect("a readable folder").path();
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        for entry in fs::read_dir(&folder).expect("a package's folder") {
            let file = entry.expect("a readable folder").path();
            if file.extension().is_none_or(|extension| extension != "wit") {
                continue;
            }
            let text = text(&file);
            for line in text.lines().filter_map(|line| line.trim().strip_prefix("package ")) {
                let version = line.trim_end_matches(';').strip_prefix(&format!("daybreak:{name}@"));
                let version =
                    version.unwrap_or_else(|| panic!("{}: not `package daybreak:{name}@VERSION;`", file.display()));
                let numbers = version.split('.').filter(|number| number.parse::<u32>().is_ok()).count();
                assert_eq!((numbers, version.split('.').count()), (3, 3), "{}: {version}", file.display());
                versions.insert(name.clone(), version.to_owned());
            }
        }
        assert!(versions.contains_key(&name), "wit/{name} declares no package");
    }
    let names: Vec<_> = versions.keys().map(String::as_str).collect();
    assert_eq!(names, ["assistant", "common", "indicator", "insight", "reweighting"]);
}

#[test]
fn few_binaries_link_the_engine() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut tested = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        for target in package["targets"].as_array().expect("targets") {
            if target["test"] == true {
                tested.push(format!("{} {}", package["name"], target["name"]));
            }
        }
    }
    assert!(tested.len() <= TEST_BINARIES_MAX, "at most {TEST_BINARIES_MAX} test binaries:\n{}", tested.join("\n"));
}

#[test]
fn every_endpoint_has_a_row_in_the_table_of_permissions() {
    let document = daybreak_api::document();
    let mut operations = BTreeSet::new();
    for (path, item) in &document.paths.paths {
        for operation in [&item.get, &item.put, &item.post, &item.delete, &item.patch].into_iter().flatten() {
            let id = operation.operation_id.clone().unwrap_or_else(|| panic!("{path} has no operation id"));
            assert!(operations.insert(id.clone()), "two endpoints are called {id}");
        }
    }
    let rows: BTreeSet<String> = daybreak_api::permissions::TABLE.iter().map(|row| row.operation.to_owned()).collect();
    assert_eq!(rows.len(), daybreak_api::permissions::TABLE.len(), "an endpoint has two rows");
    let wrong: Vec<String> = operations.difference(&rows).cloned().collect();
    assert_none(&wrong, "an endpoint without a row is there for nobody: add one to host/api/src/permissions.rs");
    let gone: Vec<String> = rows.difference(&operations).cloned().collect();
    assert_none(&gone, "a row without an endpoint: take it out of host/api/src/permissions.rs");
}
