//! Files that no host may take for a plugin, given to it as an administrator would: on the command line and over HTTP. Each
//! is refused in its own words, leaves nothing behind, and the next honest one is taken.

use daybreak_domain::plugin::COMPONENT_BYTES_MAX;
use daybreak_tests::company::{TestCompany, component};
use daybreak_tests::refused::{self, Manifest, Refused};
use daybreak_tests::served::{Answer, Caller, Served};
use reqwest::Method;
use serde_json::json;

/// Small enough for a test, large enough for honest plugins.
const COMPILING: [(&str, &str); 2] = [("limits.compile_bytes", "400 MiB"), ("limits.compile_seconds", "10")];

/// Most that the serving process may grow, whatever is uploaded, in KiB: the file, a copy of it on its way, compiled code
/// and guests. What is refused here would take gigabytes if it were let through.
const GROWTH_KIBIBYTES_MAX: u64 = 256 << 10;

fn company() -> TestCompany {
    let company = TestCompany::new("Asia/Shanghai", "2026-07-01T01:00:00Z");
    company.install("measure");
    company
}

fn upload(caller: &Caller, bytes: Vec<u8>) -> Answer {
    caller.send_bytes(Method::POST, "/plugins", Some(("application/wasm", bytes)))
}

fn rows(company: &TestCompany) -> i64 {
    company.number("SELECT COUNT(*) FROM component") + company.number("SELECT COUNT(*) FROM audit")
}

#[test]
fn no_upload_brings_a_host_down_and_each_is_refused_in_its_own_words() {
    let company = company();
    let most = format!("{} MiB", COMPONENT_BYTES_MAX >> 20);
    let served = Served::start_with(&company, &[&COMPILING[..], &[("limits.plugin_bytes", &most)]].concat());
    let admin = served.administrator(&company);
    let honest = std::fs::read(component("measure")).unwrap();
    let known = upload(&admin, honest.clone()).ok();
    assert_eq!(known["new"], false);
    let before = rows(&company);
    let memory = served.memory_kibibytes();
    for Refused { name, bytes, words, .. } in refused::all() {
        let too_long = bytes.len() > COMPONENT_BYTES_MAX;
        match admin.try_send(Method::POST, "/plugins", Some(("application/wasm", bytes))) {
            // The host knows from the first line that it is too long, and may hang up before all of it was sent.
            Err(_) => assert!(too_long, "{name} was not answered"),
            Ok(answer) if too_long => assert_eq!((answer.status, answer.problem()), (413, "too-large"), "{name}"),
            Ok(answer) => {
                assert_eq!((answer.status, answer.problem()), (422, "refused"), "{name}: {}", answer.text);
                let said = answer.body["detail"].as_str().unwrap_or_default().to_lowercase();
                assert!(said.contains(&words.to_lowercase()), "{name}: {said}");
            }
        }
        assert_eq!(upload(&admin, honest.clone()).ok(), known, "after {name}");
        assert_eq!(rows(&company), before, "{name} left something behind");
    }
    if let (Some(before), Some(after)) = (memory, served.memory_kibibytes()) {
        let growth = after.saturating_sub(before);
        assert!(growth < GROWTH_KIBIBYTES_MAX, "the host grew by {} MiB", growth >> 10);
    }
    // Who claims to be another plugin is a further version of it, which nobody uses until somebody chooses it.
    let pretender = Manifest { name: "measure".into(), version: "99.0.0", ..Manifest::default() }.component();
    let taken = upload(&admin, pretender).ok();
    assert_eq!((&taken["new"], &taken["in_use"]), (&json!(true), &json!(false)));
}

#[test]
fn no_file_is_installed_from_the_command_line_that_is_refused_over_http() {
    let company = company();
    let honest = component("measure");
    let honest = ["plugin", "install", honest.to_str().unwrap()];
    let before = rows(&company);
    let bounds = COMPILING.map(|(key, value)| format!("{key}={value}"));
    let path = company.folder().join("refused.wasm");
    for Refused { name, bytes, words, .. } in refused::all() {
        std::fs::write(&path, &bytes).unwrap();
        let file = path.to_str().unwrap();
        let said = company.refused(&["--set", &bounds[0], "--set", &bounds[1], "plugin", "install", file]);
        assert!(said.to_lowercase().contains(&words.to_lowercase()), "{name}: {said}");
        company.ok(&honest);
        assert_eq!(rows(&company), before, "{name} left something behind");
    }
}
