//! Plugins over HTTP: uploaded and checked, pinned, enabled, and what became of them.

use daybreak_tests::company::component;
use daybreak_tests::served::{Answer, Caller, Served};
use reqwest::Method;
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::{LOG, MAPPING, NOW};
use super::indicators::{listed, organised, rows_set};

fn upload(caller: &Caller, kind: &str, bytes: Vec<u8>) -> Answer {
    caller.send_bytes(Method::POST, "/plugins", Some((kind, bytes)))
}

#[test]
fn a_plugin_is_checked_before_it_is_installed_and_its_version_is_chosen() {
    let company = organised();
    let served = Served::start_with(&company, &[("limits.plugin_bytes", "4 MiB")]);
    let admin = served.administrator(&company);
    let chen = served.person(&company, "chen", "chen");
    let bytes = std::fs::read(component("time-to-resolve")).unwrap();

    let before = rows_set(&company);
    let garbage = upload(&admin, "application/wasm", b"\0asm and no more".to_vec());
    assert!(garbage.status == 422 && garbage.text.contains("no component"), "{}", garbage.text);
    let module = upload(&admin, "application/wasm", wat::parse_str("(module)").unwrap());
    assert_eq!((module.status, module.problem()), (422, "refused"), "{}", module.text);
    let unsaid = upload(&admin, "application/octet-stream", bytes.clone());
    assert_eq!((unsaid.status, unsaid.problem()), (415, "media-type"));
    let long = upload(&admin, "application/wasm", vec![0; (4 << 20) + 1]);
    assert_eq!((long.status, long.problem()), (413, "too-large"));
    for caller in [&chen, &served.system(&company, &["setup:read"])] {
        assert_eq!(upload(caller, "application/wasm", bytes.clone()).status, 404);
    }
    assert_eq!(rows_set(&company), before, "what is refused leaves nothing behind");

    let installed = upload(&admin, "application/wasm", bytes.clone()).ok();
    assert_eq!((&installed["new"], &installed["in_use"]), (&json!(true), &json!(true)));
    let again = upload(&admin, "application/wasm", bytes).ok();
    assert_eq!((&again["new"], &again["in_use"]), (&json!(false), &json!(false)));
    assert_eq!(listed(&chen.get("/plugins").ok(), "name"), ["measure", "time-to-resolve"]);
    let plugin = chen.get("/plugins/time-to-resolve").ok();
    assert_eq!(plugin["versions"][0]["interfaces"][0]["kind"], "indicator");
    assert!(plugin["parameters_schema"]["properties"]["resolving"].is_object(), "{plugin}");
    assert_eq!((&plugin["uses"], &plugin["pins"][0]["in_use"]), (&json!([]), &json!(true)));
    assert_eq!(
        (chen.get("/plugins/nothing").status, served.person(&company, "li", "li").get("/plugins").status),
        (404, 404)
    );

    let (version, digest) = (&plugin["versions"][0]["version"], &plugin["versions"][0]["component"]);
    let path = "/plugins/time-to-resolve/pins";
    let pin = json!({ "version": version, "department": "service", "from": "2026-08-01" });
    for _ in 0..2 {
        assert_eq!(admin.put(path, &pin).status, 204);
    }
    assert_eq!(admin.put(path, &json!({ "component": digest })).status, 204);
    let pins = chen.get("/plugins/time-to-resolve").ok()["pins"].clone();
    let told: Vec<(&Value, &Value)> =
        pins.as_array().unwrap().iter().map(|pin| (&pin["department"], &pin["in_use"])).collect();
    // The company's pin is as it was; that of the service team has not begun.
    assert_eq!(told, [(&Value::Null, &json!(true)), (&json!("service"), &json!(false))]);
    for (draft, said) in [
        (json!({ "version": "0.0.0" }), "No such version"),
        (json!({}), "one of the two"),
        (json!({ "version": version, "component": digest }), "one of the two"),
        (json!({ "version": version, "department": "nowhere" }), "there is no department"),
    ] {
        let answer = admin.put(path, &draft);
        assert!(answer.status == 422 && answer.text.contains(said), "{}", answer.text);
    }
    assert_eq!((admin.put("/plugins/nothing/pins", &pin).status, chen.put(path, &pin).status), (404, 404));
}

#[test]
fn a_plugin_is_enabled_with_what_it_is_told_and_disabled_from_a_day_on() {
    let company = organised();
    company.install("crisis-response");
    let served = Served::start(&company);
    let (admin, chen) = (served.administrator(&company), served.person(&company, "chen", "chen"));
    let mut draft = json!({
        "kind": "reweighting", "title": { "zh-CN": "危机响应", "en": "Crisis response" }, "plugin": "crisis-response",
        "parameters": { "target": "collaboration" },
    });
    let plan = admin.post("/enablements/crisis/plan", &draft).ok();
    assert_eq!(plan["versions"][0]["requirements"]["circumstances"], json!(["crisis"]));
    // What it is told of circumstances has to be granted as facts have to be.
    assert_eq!((&plan["grant_needed"], admin.put("/enablements/crisis", &draft).status), (&json!(true), 422));
    draft["grant"] = json!(true);
    let set = admin.put("/enablements/crisis", &draft).ok();
    let after = rows_set(&company);
    assert_eq!(admin.put("/enablements/crisis", &draft).ok(), set);
    assert_eq!(rows_set(&company), after, "the same again changes nothing");
    assert_eq!(listed(&chen.get("/enablements").ok(), "id"), ["crisis"]);
    assert_eq!(chen.get("/plugins/crisis-response").ok()["uses"][0]["id"], "crisis");

    let refused = |field: &str, value: Value| {
        let mut wrong = draft.clone();
        wrong[field] = value;
        let answer = admin.put("/enablements/crisis", &wrong);
        assert!(answer.status == 422 || answer.status == 409, "{field}: {}", answer.text);
        answer.text
    };
    let other_kind = refused("kind", json!("assistant"));
    assert!(other_kind.contains("no assistant plugin") || other_kind.contains("reweighting"), "{other_kind}");
    assert!(refused("kind", json!("indicator")).contains("indicator"));
    assert!(refused("component", json!(format!("sha256:{}", "0".repeat(64)))).contains("no such component"));
    assert!(refused("department", json!("nowhere")).contains("there is no department"));
    assert_eq!((chen.put("/enablements/crisis", &draft).status, chen.delete("/enablements/crisis").status), (404, 404));

    for _ in 0..2 {
        assert_eq!(admin.delete("/enablements/crisis").status, 204);
    }
    assert_eq!(listed(&chen.get("/enablements").ok(), "id"), [""; 0]);
    assert_eq!(admin.delete("/enablements/nothing").status, 404);
}

#[test]
fn faults_are_listed_for_those_who_may_see_with_whom() {
    let company = company("Asia/Shanghai", NOW);
    let people = "id,name,department,from,identities\nchen,陈,service,2026-01-01,projects:chen\n\
                  zhao,赵,sales,2026-01-01,projects:zhao\nhan,韩,,2026-01-01,\n";
    company.ok(&["department", "add", "service", "--name", "售后"]);
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    company.ok(&["people", "import", &company.file("people.csv", people)]);
    company.ok(&["role", "set", "han", "--hr", "service"]);
    company.install("hostile");
    let tasks = MAPPING.replace("ticket.event", "task.done").replace("activity = \"{activity}\"", "hours = \"4\"");
    let tasks = tasks.replace("source = \"helpdesk\"", "source = \"projects\"");
    company.ok(&["import", "--mapping", &company.file("tasks.toml", &tasks), &company.file("tickets.csv", LOG)]);
    let parameters = company.file("attack.json", r#"{"attack": "panic"}"#);
    let titles = ["--title-zh", "攻击", "--title-en", "Attacked"];
    let set = ["indicator", "set", "attacked", "--plugin", "hostile", "--parameters", &parameters, "--grant"];
    company.ok(&[&set[..], &titles[..]].concat());
    let _ = company.refused(&["score", "--period", "2026-06", "--indicator", "attacked"]);

    let served = Served::start(&company);
    let (admin, han) = (served.administrator(&company), served.person(&company, "han", "han"));
    let mut all = listed(&admin.get("/faults").ok(), "subject");
    all.sort();
    all.dedup();
    assert!(all.contains(&"chen".to_owned()) && all.contains(&"zhao".to_owned()), "{all:?}");
    let mut seen = listed(&han.get("/faults").ok(), "subject");
    seen.dedup();
    assert_eq!(seen, ["chen"]);
    let fault = han.get("/faults").ok()["items"][0].clone();
    assert_eq!(
        (&fault["code"], &fault["id"], &fault["kind"]),
        (&json!("trap"), &json!("attacked"), &json!("indicator"))
    );
    let first = admin.get("/faults?limit=1").ok();
    let next = admin.get(&format!("/faults?limit=1&after={}", first["next"].as_str().unwrap())).ok();
    assert!(next["items"][0]["sequence"].as_i64() < first["items"][0]["sequence"].as_i64());
    assert_eq!(served.person(&company, "chen", "chen").get("/faults").status, 404);
}
