//! A company set up by a pack: what would be done is said first, and done once.

use daybreak_domain::time::Day;
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
    for folder in ["mappings", "plugins", "scorecards"].map(|name| folder.join(name)) {
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

const POSITIONS: &str = r#"
[[position]]
id = "engineer"
title = { zh-CN = "服务工程师", en = "Service engineer" }
"#;

const ENABLEMENTS: &str = r#"
[[enablement]]
id = "sentence"
kind = "insight"
plugin = "plain-words"
title = { zh-CN = "一句话", en = "In one sentence" }

[[enablement.parameters.rules]]
id = "met"
when = ["target-met"]
tone = "steady"
text = { zh-CN = "{period}用了 {value} 小时", en = "It took {value} h in {period}" }
"#;

const SCORECARD: &str = r#"
id = "engineers"
title = { zh-CN = "工程师", en = "Engineers" }
position = "engineer"

[[dimensions]]
id = "results"
title = { zh-CN = "业绩", en = "Results" }

[[indicators]]
id = "hours-to-resolve"
dimension = "results"
share = "100%"
"#;

/// The second half of 2026 has another goal than the first one, and 2027 none of the pack's.
const GOALS: &str = r#"
[[goal]]
indicator = "hours-to-resolve"
from = "2026-07-01"
until = "2027-01-01"
target = 6.0

[[goal]]
indicator = "hours-to-resolve"
from = "2026-01-01"
target = 8.0
"#;

/// The pack of before with everything else that a pack may hold.
fn write_all(company: &TestCompany) -> String {
    let pack = write(company, &PACK);
    let rest = [
        ("positions.toml", POSITIONS),
        ("enablements.toml", ENABLEMENTS),
        ("scorecards/engineers.toml", SCORECARD),
        ("goals.toml", GOALS),
    ];
    write(company, &rest);
    std::fs::copy(component("plain-words"), company.folder().join("pack/plugins/plain-words.wasm")).unwrap();
    pack
}

#[test]
fn a_pack_with_everything_that_one_can_hold_is_done_after_the_first_time() {
    let company = super::company("Asia/Shanghai", NOW);
    let pack = write_all(&company);
    let said = company.ok(&["apply", &pack, "--grant"]);
    for line in [
        "+ position engineer",
        "+ plugin plain-words",
        "+ enablement sentence",
        "+ goal hours-to-resolve from 2026-01-01",
        "+ goal hours-to-resolve from 2026-07-01",
        "+ scorecard engineers",
    ] {
        assert!(said.contains(line), "{line:?} is missing in {said}");
    }
    let goals = "SELECT CAST(valid_from AS TEXT), COALESCE(CAST(valid_until AS TEXT), ''), CAST(target AS TEXT) FROM goal \
                 ORDER BY valid_from";
    let number = |day: &str| day.parse::<Day>().expect("a day").0.to_string();
    let [january, july, next] = ["2026-01-01", "2026-07-01", "2027-01-01"].map(number);
    let rows = company.rows(goals);
    let days: Vec<&[String]> = rows.iter().map(|row| &row[..2]).collect();
    // The first one ends where the second begins, whatever their order in the file.
    assert_eq!(days, [[january, july.clone()], [july, next]]);

    let sequence = company.number("SELECT sequence FROM company");
    let said = company.ok(&["apply", &pack]);
    assert!(said.contains("nothing to do"), "{said}");
    assert_eq!(company.number("SELECT sequence FROM company"), sequence);

    // What was set up works: the rule speaks in the pack's own words, and who holds the position has the scorecard.
    let log = company.file("tickets.csv", super::tickets::LOG);
    company.ok(&["import", "--mapping", "tickets", &log]);
    let chen = super::tickets::person(&company, "chen");
    let people = company.file("people.csv", &format!("id,name,position,from\n{chen},陈,engineer,2026-06-01\n"));
    company.ok(&["people", "import", &people]);
    company.ok(&["score"]);
    let said = company.ok(&["insights", "--subject", &chen]);
    // (4 h for T1 + 6 h for T3) / 2.
    assert!(said.contains("It took 5 h in June 2026"), "{said}");
    assert!(company.ok(&["shares", &chen, "--period", "2026-06"]).contains("hours-to-resolve"));
}

#[test]
fn a_goal_that_holds_longer_in_another_version_is_a_change_and_a_shorter_one_is_not() {
    let company = super::company("Asia/Shanghai", NOW);
    let pack = write_all(&company);
    company.ok(&["apply", &pack, "--grant"]);
    let apply = |until: &str| {
        write(&company, &[("goals.toml", &GOALS.replace("2027-01-01", until))]);
        company.ok(&["apply", &pack])
    };
    // A pack takes nothing away on days of which it says nothing.
    assert!(apply("2026-12-01").contains("nothing to do"));
    let said = apply("2027-07-01");
    assert!(said.contains("~ goal hours-to-resolve from 2026-07-01"), "{said}");
    assert!(!said.contains("2026-01-01"), "{said}");
    assert!(apply("2027-07-01").contains("nothing to do"));
}

#[test]
fn whatever_a_pack_names_and_nobody_adds_is_found_before_anything_is_done() {
    let company = super::company("Asia/Shanghai", NOW);
    let refused = |file: &str, text: &str| {
        let folder = company.folder().join("pack");
        let _ = std::fs::remove_dir_all(&folder);
        let pack = write_all(&company);
        std::fs::write(folder.join(file), text).unwrap();
        let before = company.number("SELECT sequence FROM company");
        let planned = company.refused(&["apply", &pack, "--plan"]);
        let errors = company.refused(&["apply", &pack, "--grant"]);
        assert_eq!(company.number("SELECT sequence FROM company"), before, "{errors}");
        assert_eq!(planned, errors, "the plan finds it already");
        errors
    };
    let says = |file: &str, text: &str, problem: &str| {
        let errors = refused(file, text);
        assert!(errors.contains(problem), "{problem:?} is missing in {errors}");
    };
    let with = |line: &str| PACK[2].1.replace("unit =", &format!("{line}\nunit ="));
    says("indicators.toml", &with("departments = [\"sales\"]"), "no department \"sales\"");
    says("indicators.toml", &with("ceiling = 0.5"), "the ceiling is 0.5");
    says("indicators.toml", &with("subject = \"customer\""), "is not for employees");
    says("departments.toml", &PACK[1].1.replace("parent = \"service\"", "parent = \"sales\""), "\"sales\"");
    says("positions.toml", &POSITIONS.replace("\"engineer\"", "\"Engineer\""), "\"Engineer\"");
    says("positions.toml", &POSITIONS.replace("服务工程师", ""), "engineer");
    let enablement = |from: &str, to: &str| ENABLEMENTS.replace(from, to);
    says("enablements.toml", &enablement("kind = \"insight\"", "kind = \"assistant\""), "no assistant plugin");
    says("enablements.toml", &enablement("plain-words", "plain-speech"), "no plugin \"plain-speech\"");
    says("enablements.toml", &enablement("tone =", "tune ="), "tune");
    says("enablements.toml", &enablement("kind =", "department = \"sales\"\nkind ="), "no department \"sales\"");
    says("goals.toml", &GOALS.replace("hours-to-resolve", "minutes-to-resolve"), "no indicator \"minutes-to-resolve\"");
    says("goals.toml", &GOALS.replace("target = 8.0", "target = nan"), "no finite number");
    says("goals.toml", &GOALS.replace("target = 8.0", ""), "needs a baseline");
    says("goals.toml", &GOALS.replace("2027-01-01", "2026-07-01"), "not after its first day");
    says("goals.toml", &GOALS.replace("target = 8.0", "target = 8.0\nsubject = \"chen\""), "no person \"chen\"");
    says("goals.toml", &GOALS.replace("2026-01-01", "2026-07-01"), "twice");
    let scorecard = |from: &str, to: &str| SCORECARD.replace(from, to);
    let file = "scorecards/engineers.toml";
    says(file, &scorecard("\"hours-to-resolve\"", "\"sales\""), "no indicator \"sales\"");
    says(file, &scorecard("position = \"engineer\"", "position = \"seller\""), "no position \"seller\"");
    says(file, &scorecard("position = \"engineer\"", "department = \"sales\""), "no department \"sales\"");
    says(file, &scorecard("100%", "90%"), "90");
    says(file, &scorecard("dimension = \"results\"", "dimension = \"growth\""), "growth");
}
