//! Files that no host may take for a plugin, given to it as an administrator would: on the command line and over HTTP. Each
//! is refused in its own words, leaves nothing behind, and the next honest one is taken.

use std::io::{Cursor, Write};

use daybreak_domain::plugin::COMPONENT_BYTES_MAX;
use daybreak_tests::company::{TestCompany, component};
use daybreak_tests::refused::{self, Manifest, Refused};
use daybreak_tests::served::{Answer, Caller, Served};
use reqwest::Method;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

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
fn many_uploads_at_once_are_turned_away_and_do_not_fill_the_memory() {
    const UPLOADS: usize = 40;
    let company = company();
    let served = Served::start_with(&company, &[COMPILING[0], ("limits.compile_seconds", "2")]);
    let admin = served.administrator(&company);
    let before = rows(&company);
    let memory = served.memory_kibibytes();
    let bomb = refused::all().into_iter().find(|refused| refused.name == "one function that explodes");
    // So much that all of them at once would not fit below the bound.
    let bomb = refused::padded(&bomb.expect("it is there").bytes, 7 << 20);
    let pack = pack_with(&bomb);
    for (path, media_type, body) in [("/plugins", "application/wasm", bomb), ("/packs/plan", "application/zip", pack)] {
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let send = || admin.send_bytes(Method::POST, path, Some((media_type, body.clone())));
            let sending: Vec<_> = (0..UPLOADS).map(|_| scope.spawn(send)).collect();
            sending.into_iter().map(|sent| sent.join().expect("the host answers")).collect()
        });
        let (busy, judged): (Vec<Answer>, Vec<Answer>) = answers.into_iter().partition(|answer| answer.status == 503);
        assert!(!busy.is_empty() && !judged.is_empty(), "{} busy, {} judged", busy.len(), judged.len());
        for answer in judged {
            assert_eq!((answer.status, answer.problem()), (422, "refused"), "{}", answer.text);
        }
        for answer in busy {
            assert_eq!(answer.problem(), "unavailable", "{}", answer.text);
            assert!(answer.headers.contains_key("retry-after") && answer.text.contains("Send it again"), "{answer:?}");
        }
    }
    // Nothing is left of them: neither a row nor a turn that somebody else has to wait for.
    assert_eq!(rows(&company), before);
    assert_eq!(upload(&admin, std::fs::read(component("measure")).unwrap()).ok()["new"], false);
    if let (Some(before), Some(after)) = (memory, served.memory_kibibytes()) {
        let growth = after.saturating_sub(before);
        assert!(growth < GROWTH_KIBIBYTES_MAX, "the host grew by {} MiB", growth >> 10);
    }
}

/// A pack that brings this plugin along.
fn pack_with(plugin: &[u8]) -> Vec<u8> {
    let about = "id = \"bomb\"\nversion = \"1.0.0\"\ntitle = { zh-CN = \"包\", en = \"Pack\" }\n\
                 summary = { zh-CN = \"包\", en = \"A pack\" }\n";
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in [("pack.toml", about.as_bytes()), ("plugins/bomb.wasm", plugin)] {
        archive.start_file(path, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
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
