//! The people of a real company over three years: head counts and silence on the days of the reference, through the
//! real binary. Nothing of the data stands in the project.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use daybreak_domain::time::Day;
use daybreak_tests::company::TestCompany;
use daybreak_tests::data;
use serde_json::Value;

const EDITS: &str = r#"
source = "handbook"
kind = "edit"
external_id = "{commit}/{area}/{occurrence}"
capture = "automatic"
who = "{employee}"
unknown_people = "unassigned"
document = "{commit}"

[time]
text = "{edited_at}"
format = "rfc3339"

[fields]
area = "{area}"
"#;

/// The rows of a file without quotation marks, by the names of the columns.
fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(file).unwrap();
    assert!(!text.contains('"'), "{} has quoted cells", file.display());
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row =
        |line: &str| header.iter().map(|name| (*name).to_owned()).zip(line.split(',').map(str::to_owned)).collect();
    lines.map(row).collect()
}

/// An id for a department's name.
fn slug(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

fn day_after(day: &str) -> String {
    day.parse::<Day>().unwrap().plus(1).to_string()
}

/// departments.csv and people.csv of the two files: a person's last day counts there, here it does not.
fn converted(employees: &Path, lines: &Path) -> (String, String) {
    let mut spells: BTreeMap<String, Vec<BTreeMap<String, String>>> = BTreeMap::new();
    for row in rows(lines) {
        spells.entry(row["employee"].clone()).or_default().push(row);
    }
    let mut names = BTreeSet::new();
    let mut people = "id,name,department,manager,from,until,identities\n".to_owned();
    for employee in rows(employees) {
        let (id, last) = (&employee["employee"], day_after(&employee["last_seen"]));
        let own = &spells[id];
        for (place, row) in own.iter().enumerate() {
            let until = own.get(place + 1).map_or(&last, |next| &next["valid_from"]);
            let department = &row["department"];
            names.insert(department.clone());
            let (department, manager, from) = (slug(department), &row["manager"], &row["valid_from"]);
            writeln!(people, "{id},{id},{department},{manager},{from},{until},handbook:{id}").unwrap();
        }
    }
    let departments = names.iter().fold("id,name\n".to_owned(), |mut text, name| {
        writeln!(text, "{},{name}", slug(name)).unwrap();
        text
    });
    (departments, people)
}

#[test]
fn head_counts_and_silence_are_those_of_the_reference() {
    let files = ["employees.csv", "reporting_lines.csv", "edits.csv", "ref.json"];
    let files = files.map(|name| data::file(&format!("org_handbook/{name}")));
    let [Some(employees), Some(lines), Some(edits), Some(reference)] = files else { return };
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(reference).unwrap()).unwrap();
    let company = super::company("Etc/UTC", "2024-07-01T12:00:00Z");
    let (departments, people) = converted(&employees, &lines);
    let departments = company.file("departments.csv", &departments);
    let people = company.file("people.csv", &people);
    let mapping = company.file("edits.toml", EDITS);
    company.ok(&["department", "import", &departments]);
    let sanity = &reference["sanity"];
    let said = company.ok(&["people", "import", &people]);
    let expected = format!("{} people read, {} of them new", sanity["reporting_rows"], sanity["employees"]);
    assert!(said.starts_with(&expected), "{said}");
    let said = company.ok(&["import", "--mapping", &mapping, edits.to_str().unwrap()]);
    let outside = sanity["unmapped_rows"].as_u64().unwrap() + sanity["bot_rows"].as_u64().unwrap();
    assert!(said.contains(&format!("{outside} facts kept without a person")), "{said}");
    // The same files again change nothing.
    assert!(company.ok(&["people", "import", &people]).contains(" 0 of them new, 0 spells appended"));

    let names: BTreeMap<String, String> = std::fs::read_to_string(departments)
        .unwrap()
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(','))
        .map(|(id, name)| (id.to_owned(), name.to_owned()))
        .collect();
    println!("org_handbook: head count by department");
    for (on, expected) in reference["headcount_by_department"].as_object().unwrap() {
        let counted: Value = json(&company, &["headcount", "--on", on, "--format", "json"]);
        let counts: BTreeMap<&str, u64> = counted["departments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|count| count["people"] != 0)
            .map(|count| (names[count["department"].as_str().unwrap()].as_str(), count["people"].as_u64().unwrap()))
            .collect();
        let expected: BTreeMap<&str, u64> = expected
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, count)| (name.as_str(), count.as_u64().unwrap()))
            .collect();
        println!("{on}: {} people, {counts:?}", counted["people"]);
        assert_eq!(counts, expected, "{on}");
        assert_eq!(counted["people"].as_u64(), Some(expected.values().sum()), "{on}");
    }

    println!("\norg_handbook: silent for 30 days, under the manager of that day");
    for (on, expected) in reference["silent_30_days"].as_object().unwrap() {
        let arguments = ["silence", "--kind", "edit", "--days", "30", "--on", on, "--format", "json"];
        let silence = json(&company, &arguments);
        for (ours, theirs) in [
            ("employed", "employed"),
            ("active", "active_last_30_days"),
            ("silent", "silent"),
            ("managers_alerted", "managers_alerted"),
        ] {
            println!("{on} {theirs:20} {:>4} {:>4}", silence[ours], expected[theirs]);
            assert_eq!(silence[ours], expected[theirs], "{on} {theirs}");
        }
        let top: Vec<(String, u64)> = silence["managers"]
            .as_array()
            .unwrap()
            .iter()
            .take(10)
            .map(|team| (team["manager"].as_str().unwrap_or("(none)").to_owned(), team["silent"].as_u64().unwrap()))
            .collect();
        // A JSON object has no order: most people first, then by name, as the reference is sorted.
        let mut expected: Vec<(String, u64)> = expected["top_10_managers"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(manager, silent)| (manager.clone(), silent.as_u64().unwrap()))
            .collect();
        expected.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        assert_eq!(top, expected, "{on}");
    }
}

fn json(company: &TestCompany, arguments: &[&str]) -> Value {
    serde_json::from_str(&company.ok(arguments)).unwrap()
}
