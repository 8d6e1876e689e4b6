//! Packs and mappings over HTTP: planned, granted and applied from one file that is trusted in nothing.

use std::io::{Cursor, Write};

use daybreak_tests::company::component;
use daybreak_tests::served::{Answer, Caller, Served};
use reqwest::Method;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::super::tickets::MAPPING;
use super::indicators::{listed, organised, rows_set};

const PACK: &str = r#"
id = "service-desk"
version = "1.0.0"
title = { zh-CN = "服务台", en = "Service desk" }
summary = { zh-CN = "工单解决时长", en = "Hours to resolve tickets" }
"#;

const INDICATORS: &str = r#"
[[indicator]]
id = "hours-to-resolve"
title = { zh-CN = "工单解决时长", en = "Hours to resolve" }
direction = "lower-is-better"
unit = "h"
plugin = "time-to-resolve"
parameters = { resolving = ["resolve"] }
"#;

fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in files {
        archive.start_file(*path, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The pack in a folder, as most programs put it there, with what some of them add.
fn pack() -> Vec<u8> {
    let plugin = std::fs::read(component("time-to-resolve")).unwrap();
    archive(&[
        ("desk/pack.toml", PACK.as_bytes()),
        ("desk/indicators.toml", INDICATORS.as_bytes()),
        ("desk/goals.toml", b"[[goal]]\nindicator = \"hours-to-resolve\"\ntarget = 8.0\n"),
        ("desk/mappings/tickets.toml", MAPPING.as_bytes()),
        ("desk/plugins/time-to-resolve.wasm", &plugin),
        ("desk/.DS_Store", b"\0"),
        ("__MACOSX/desk/._pack.toml", b"\0"),
    ])
}

fn send(caller: &Caller, path: &str, archive: Vec<u8>) -> Answer {
    caller.send_bytes(Method::POST, path, Some(("application/zip", archive)))
}

#[test]
fn a_pack_is_planned_granted_and_applied_once() {
    let company = organised();
    let served = Served::start(&company);
    let (admin, chen) = (served.administrator(&company), served.person(&company, "chen", "chen"));
    let before = rows_set(&company);
    let plan = send(&admin, "/packs/plan", pack()).ok();
    let steps: Vec<String> =
        plan["steps"].as_array().unwrap().iter().map(|step| step["what"].as_str().unwrap().into()).collect();
    assert_eq!(steps, ["plugin", "indicator", "goal", "mapping"]);
    let words = &plan["steps"][1]["grants"]["reads"][0]["words"]["en"];
    assert!(words.as_str().unwrap().starts_with("reads ticket.event facts"), "{words}");
    let refused = send(&admin, "/packs/apply", pack());
    assert!(refused.status == 422 && refused.text.contains("?grant=true"), "{}", refused.text);
    for answer in [send(&chen, "/packs/plan", pack()), send(&chen, "/packs/apply?grant=true", pack())] {
        assert_eq!(answer.status, 404);
    }
    assert_eq!(rows_set(&company), before, "plans and refusals change nothing");

    let applied = send(&admin, "/packs/apply?grant=true", pack()).ok();
    assert_eq!(applied["steps"], plan["steps"]);
    let after = rows_set(&company);
    let again = send(&admin, "/packs/apply", pack()).ok();
    assert_eq!((&again["steps"], &again["grant_needed"]), (&json!([]), &json!(false)));
    assert_eq!(rows_set(&company), after);
    assert_eq!(listed(&chen.get("/packs").ok(), "pack"), ["service-desk"]);
    assert_eq!(chen.get("/packs").ok()["items"][0]["digest"], plan["digest"]);
    assert_eq!(listed(&chen.get("/mappings").ok(), "name"), ["tickets"]);
    assert_eq!(served.person(&company, "li", "li").get("/packs").status, 404);
}

#[test]
fn an_archive_that_is_no_pack_is_refused_with_the_reason() {
    let company = organised();
    let served = Served::start(&company);
    let admin = served.administrator(&company);
    let before = rows_set(&company);
    let refused = |archive: Vec<u8>, said: &str| {
        for path in ["/packs/plan", "/packs/apply?grant=true"] {
            let answer = send(&admin, path, archive.clone());
            assert!(answer.status == 422 && answer.text.contains(said), "{said}: {} {}", answer.status, answer.text);
        }
    };
    refused(b"PK and no more".to_vec(), "cannot be read as a ZIP archive");
    refused(archive(&[]), "no pack.toml");
    refused(archive(&[("pack.toml", PACK.as_bytes()), ("run.sh", b"echo")]), "run.sh is no file of a pack");
    for path in ["../pack.toml", "/pack.toml", "a/../../pack.toml", "mappings\\..\\pack.toml", "C:pack.toml"] {
        refused(archive(&[(path, PACK.as_bytes())]), "leads out of the pack");
    }
    let mut link = ZipWriter::new(Cursor::new(Vec::new()));
    link.add_symlink("pack.toml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    refused(link.finish().unwrap().into_inner(), "is a symbolic link");
    let names: Vec<String> = (0..2_001).map(|number| format!("mappings/m{number}.toml")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    refused(archive(&many), "files: at most 1000");
    // 130 MiB of nothing take little room until they are unpacked.
    let nothing = vec![0; 130 << 20];
    refused(archive(&[("plugins/nothing.wasm", &nothing)]), "bytes: at most");
    let unsaid = admin.post("/packs/plan", &json!({}));
    assert_eq!((unsaid.status, unsaid.problem()), (415, "media-type"));
    assert_eq!(rows_set(&company), before);
}

#[test]
fn a_mapping_is_kept_under_its_name() {
    let company = organised();
    let served = Served::start(&company);
    let (admin, chen) = (served.administrator(&company), served.person(&company, "chen", "chen"));
    let put = |caller: &Caller, path: &str, text: &str| {
        caller.send_bytes(Method::PUT, path, Some(("text/plain; charset=utf-8", text.as_bytes().to_vec())))
    };
    assert_eq!(put(&admin, "/mappings/tickets", MAPPING).status, 204);
    let after = rows_set(&company);
    assert_eq!(put(&admin, "/mappings/tickets", MAPPING).status, 204);
    assert_eq!(rows_set(&company), after, "the same again changes nothing");
    let read = chen.get("/mappings/tickets");
    assert_eq!((read.status, read.text.as_str()), (200, MAPPING));
    let list = chen.get("/mappings").ok();
    assert_eq!(list["items"], json!([{ "name": "tickets", "source": "helpdesk" }]));
    for (path, text, said) in [
        ("/mappings/tickets", "colour = 1", "the key colour is unknown"),
        ("/mappings/tickets", "", "missing"),
        ("/mappings/Tickets", MAPPING, "is no id"),
    ] {
        let answer = put(&admin, path, text);
        assert!(answer.status == 422 && answer.text.contains(said), "{}", answer.text);
    }
    let bytes = Some(("text/plain", vec![0xff, 0xfe]));
    assert_eq!(admin.send_bytes(Method::PUT, "/mappings/tickets", bytes).status, 400);
    assert_eq!((chen.get("/mappings/nothing").status, put(&chen, "/mappings/tickets", MAPPING).status), (404, 404));
}
