//! A company set up by a pack: what would be done is said first, and done once.

use daybreak_tests::company::{TestCompany, component};

const NOW: &str = "2026-07-01T01:00:00Z";

const PACK: [(&str, &str); 5] = [
    (
        "pack.toml",
        r#"
id = "service-desk"
version = "1.0.0"
title = { zh-CN = "服务台", en = "Service desk" }
summary = { zh-CN = "工单解决时长", en = "Hours to resolve tickets" }
"#,
    ),
    (
        "departments.toml",
        r#"
[[department]]
id = "service-east"
name = "华东售后"
parent = "service"

[[department]]
id = "service"
name = "售后"
"#,
    ),
    (
        "indicators.toml",
        r#"
[[indicator]]
id = "hours-to-resolve"
title = { zh-CN = "工单解决时长", en = "Hours to resolve" }
direction = "lower-is-better"
unit = "h"
plugin = "time-to-resolve"
parameters = { resolving = ["resolve"] }
"#,
    ),
    ("goals.toml", "[[goal]]\nindicator = \"hours-to-resolve\"\ntarget = 8.0\n"),
    ("mappings/tickets.toml", super::tickets::MAPPING),
];

/// Writes the pack into the company's folder, with its plugin, and returns its path.
fn write(company: &TestCompany, files: &[(&str, &str)]) -> String {
    let folder = company.folder().join("pack");
    for folder in ["mappings", "plugins"].map(|name| folder.join(name)) {
        std::fs::create_dir_all(folder).unwrap();
    }
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    std::fs::copy(component("time-to-resolve"), folder.join("plugins/time-to-resolve.wasm")).unwrap();
    folder.to_str().expect("paths are UTF-8").to_owned()
}

#[test]
fn a_pack_says_what_it_does_does_it_and_has_nothing_to_do_the_second_time() {
    let company = super::company("Asia/Shanghai", NOW);
    let pack = write(&company, &PACK);
    let said = company.ok(&["apply", &pack, "--plan"]);
    for line in [
        "+ department service",
        "+ department service-east",
        "+ plugin time-to-resolve",
        "+ indicator hours-to-resolve",
        "reads ticket.event facts of everybody on the documents",
        "+ goal hours-to-resolve",
        "+ mapping tickets",
        "nothing was changed",
    ] {
        assert!(said.contains(line), "{line:?} is missing in {said}");
    }
    let sequence = || company.number("SELECT sequence FROM company");
    let before = sequence();
    assert!(company.refused(&["apply", &pack]).contains("--grant"));
    assert_eq!(sequence(), before, "a plan and a refusal change nothing");

    assert!(company.ok(&["apply", &pack, "--grant"]).contains("applied"));
    let log = company.file("tickets.csv", super::tickets::LOG);
    // The mapping that the pack set up is known by its name.
    company.ok(&["import", "--mapping", "tickets", &log]);
    company.ok(&["score", "--period", "2026-06"]);
    let raw: Vec<_> = company.scores(false).iter().map(|score| score["raw"].as_f64()).collect();
    // Medians: Chen (4 h for T1 + 6 h for T3) / 2 = 5, Zhao (10 h for T2 + 48 h for T4) / 2 = 29.
    assert_eq!(raw.iter().flatten().sum::<f64>(), 5.0 + 29.0, "{raw:?}");

    let before = sequence();
    let said = company.ok(&["apply", &pack]);
    assert!(said.contains("nothing to do"), "{said}");
    assert_eq!(sequence(), before);
}

#[test]
fn another_version_of_a_pack_changes_what_differs_and_nothing_else() {
    let company = super::company("Asia/Shanghai", NOW);
    let pack = write(&company, &PACK);
    company.ok(&["apply", &pack, "--grant"]);
    let goal = PACK[3].1.replace("8.0", "6.0");
    write(&company, &[("goals.toml", &goal), ("departments.toml", &PACK[1].1.replace("华东售后", "东区售后"))]);
    let said = company.ok(&["apply", &pack]);
    assert!(said.contains("~ department service-east") && said.contains("~ goal hours-to-resolve"), "{said}");
    assert!(!said.contains("indicator") && !said.contains("mapping"), "{said}");
    assert!(company.ok(&["department", "list"]).contains("东区售后"));
    assert_eq!(company.number("SELECT COUNT(*) FROM applied_pack"), 2);
}

#[test]
fn what_is_wrong_in_a_pack_is_named_and_nothing_of_it_lands() {
    let company = super::company("Asia/Shanghai", NOW);
    let refused = |file: &str, text: &str| {
        let folder = company.folder().join("pack");
        let _ = std::fs::remove_dir_all(&folder);
        let pack = write(&company, &PACK);
        std::fs::write(folder.join(file), text).unwrap();
        let before = company.number("SELECT sequence FROM company");
        let errors = company.refused(&["apply", &pack, "--grant"]);
        assert_eq!(company.number("SELECT sequence FROM company"), before, "{errors}");
        errors
    };
    let errors = refused("indicators.toml", &PACK[2].1.replace("unit =", "units ="));
    assert!(errors.contains("indicators.toml") && errors.contains("units") && errors.contains("line 6"), "{errors}");
    let errors = refused("indicators.toml", &PACK[2].1.replace("resolving =", "answering ="));
    assert!(errors.contains("answering"), "{errors}");
    let errors = refused("indicators.toml", &PACK[2].1.replace("\"time-to-resolve\"", "\"time-to-close\""));
    assert!(errors.contains("there is no plugin \"time-to-close\""), "{errors}");
    let errors = refused(
        "departments.toml",
        &PACK[1].1.replace("name = \"售后\"", "name = \"售后\"\nparent = \"service-east\""),
    );
    assert!(errors.contains("stands below itself"), "{errors}");
    let errors = refused("mappings/orders.toml", "kind = 1");
    assert!(errors.contains("mappings/orders.toml"), "{errors}");
    let errors = refused("scripts.sh", "echo");
    assert!(errors.contains("scripts.sh is no file of a pack"), "{errors}");
}
