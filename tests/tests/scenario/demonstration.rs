//! The demonstration company, smaller than it is shown: its pack takes in all that its systems export.

use std::fs;
use std::path::Path;

use daybreak_demo::calendar::{Minute, parse_instant};
use daybreak_demo::sheets::{CORRECTIONS, HISTORY, RECENT, SHEETS};
use daybreak_demo::{Options, TIME_ZONE, Written};
use daybreak_tests::company::{TestCompany, component};

const PLUGINS: [&str; 7] = [
    "collaboration",
    "crisis-response",
    "customer-risk",
    "measure",
    "plain-words",
    "professional-influence",
    "time-to-resolve",
];

/// A morning in the middle of a month.
pub const NOW: &str = "2026-07-15T01:00:00Z";

pub fn now() -> Minute {
    parse_instant(NOW).expect("it is an instant")
}

/// The company of the demonstration with so many people and two complete months before the present one; everything is
/// imported and nothing is scored.
pub fn company(people: usize) -> (TestCompany, Written) {
    let company = super::company(TIME_ZONE, NOW);
    let files = company.folder().join("files");
    let written = daybreak_demo::write(&files, &Options { people, months: 2, ..Options::at(now()) })
        .expect("files can be written");
    let pack = company.folder().join("pack");
    copy(&pack_folder(), &pack);
    fs::create_dir_all(pack.join("plugins")).unwrap();
    for plugin in PLUGINS {
        fs::copy(component(plugin), pack.join("plugins").join(format!("{plugin}.wasm"))).unwrap();
    }
    company.ok(&["apply", "pack", "--grant"]);
    company.ok(&["people", "import", "files/people.csv"]);
    company.ok(&["absence", "import", "files/absences.csv"]);
    company.ok(&["customer", "import", "files/customers.csv"]);
    company.ok(&["customer", "owners", "files/owners.csv"]);
    company.ok(&["contact", "import", "files/contacts.csv"]);
    for part in [RECENT, HISTORY, CORRECTIONS] {
        for sheet in SHEETS {
            let file = format!("files/{part}/{}.csv", sheet.name);
            if company.folder().join(&file).is_file() {
                company.ok(&["import", "--mapping", sheet.name, &file]);
            }
        }
    }
    (company, written)
}

fn pack_folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("host/demo/pack")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}

#[test]
fn its_pack_uses_every_plugin_and_scores_everybody() {
    let (company, written) = company(60);
    assert_eq!(company.number("SELECT COUNT(*) FROM component"), 7);
    let said = company.ok(&["score"]);
    assert!(said.contains(" 0 failed"), "{said}");
    // All that was written stands there as facts; contacts are facts beside it.
    let rows: u64 = written.rows.values().sum();
    let facts = company.number("SELECT COUNT(*) FROM fact WHERE source <> 'daybreak'");
    assert_eq!(u64::try_from(facts).unwrap(), rows);
    assert_eq!(company.number("SELECT COUNT(*) FROM stale"), 0);
    let composites = company.ok(&["composites", "--period", "2026-06", "--most", "500"]);
    assert!(composites.lines().count() > 50, "{composites}");
    // Everybody who is somebody in the demonstration has one of the last month.
    for person in [&written.roles.employee, &written.roles.manager, &written.roles.hr_partner] {
        let shown = company.ok(&["composites", "--employee", person, "--period", "2026-06"]);
        assert!(shown.contains(&written.names[person]), "{shown}");
    }
    // The trial is computed and counts nowhere.
    let shown = company.ok(&["shares", &written.roles.employee, "--period", "2026-06"]);
    assert!(shown.contains("trial") && shown.contains("surgery-punctuality"), "{shown}");
    let replay = company.ok(&["replay", "--score", &newest_score(&company)]);
    assert!(replay.contains(" 0 differ"), "{replay}");
}

fn newest_score(company: &TestCompany) -> String {
    company.number("SELECT MAX(sequence) FROM score").to_string()
}
