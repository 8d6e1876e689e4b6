//! The demonstration company, smaller than it is shown: what it exports, and that its pack takes all of it in.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use daybreak_demo::calendar::{Day, Minute, parse_instant};
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

/// A company of so many people, with two complete months before the present one.
fn options(people: usize) -> Options {
    Options { people, months: 2, ..Options::at(now()) }
}

/// The company of the demonstration with everything imported and nothing scored.
pub fn company(people: usize) -> (TestCompany, Written) {
    let company = super::company(TIME_ZONE, NOW);
    let files = company.folder().join("files");
    let written = daybreak_demo::write(&files, &options(people)).expect("files can be written");
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
        if path.is_dir() { copy(&path, &target) } else { drop(fs::copy(&path, target).unwrap()) }
    }
}

/// Every file below the folder with its content.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    found
}

fn written(options: &Options) -> (Written, BTreeMap<String, String>) {
    let folder = tempfile::TempDir::new().unwrap();
    let written = daybreak_demo::write(folder.path(), options).unwrap();
    (written, files(folder.path()))
}

#[test]
fn the_same_seed_and_moment_give_the_same_bytes() {
    let (_, once) = written(&options(80));
    let (_, again) = written(&options(80));
    assert!(once.len() > 20 && once == again);
    let (_, other) = written(&Options { seed: 328, ..options(80) });
    assert_ne!(once["people.csv"], other["people.csv"]);
    // An hour later more is known, and nothing that was known is different.
    let later = Options { now: Minute(now().0 + 60), ..options(80) };
    let (_, later) = written(&later);
    for (name, text) in &once {
        let known: Vec<&str> = text.lines().collect();
        let lines: std::collections::BTreeSet<&str> = later[name].lines().collect();
        assert!(known.iter().all(|line| lines.contains(line)), "{name}");
    }
    assert!(later["recent/visits.csv"].len() > once["recent/visits.csv"].len());
}

#[test]
fn a_year_of_the_whole_company_is_as_large_and_as_uneven_as_it_is_said_to_be() {
    let (written, files) = written(&Options::at(now()));
    let total: u64 = written.rows.values().sum();
    assert!((300_000..450_000).contains(&total), "{total}");
    let today = now().day().to_string();
    let employed = files["people.csv"].lines().skip(1).filter(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        cells[5] <= today.as_str() && (cells[6].is_empty() || today.as_str() < cells[6])
    });
    assert_eq!(employed.count(), 327);
    // Nothing is known that was entered after this moment.
    let limit = now().to_string();
    for (name, text) in files.iter().filter(|(name, _)| name.starts_with("recent/")) {
        for line in text.lines().skip(1) {
            assert!(line.split(',').nth(2).unwrap() <= limit.as_str(), "{name}: {line}");
        }
    }
    // Sundays and Spring Festival are quiet, and some answers come late.
    let visits = files["history/visits.csv"].lines();
    let on = |day: Day| visits.clone().filter(|line| line.contains(&format!(",{day} "))).count();
    let (tuesday, sunday) = (on(Day::of(2026, 3, 17)), on(Day::of(2026, 3, 15)));
    assert!(tuesday > 10 * sunday.max(1), "{tuesday} {sunday}");
    assert!(on(Day::of(2026, 2, 17)) < tuesday / 10);
    let answers = files["history/touchpoints-typed.csv"].lines().skip(1);
    let late = answers.filter(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        cells[1][..10] != cells[2][..10]
    });
    assert!(late.count() > 50);
    // Some customers fell silent, and a batch was recalled in the month before.
    assert!(written.lost.len() >= 8, "{:?}", written.lost);
    assert_eq!(written.recall.began.to_string(), "2026-06-09 10:20");
    assert!((25..120).contains(&written.recall.touched.len()), "{:?}", written.recall.touched);
}

#[test]
fn the_calendar_is_that_of_china() {
    assert_eq!(Day::of(1970, 1, 1), Day(0));
    assert_eq!(Day::of(2000, 3, 1).plus(-1).to_string(), "2000-02-29");
    for day in [-1_000, 0, 11_016, 20_000, 20_785] {
        let (year, month, of_month) = Day(day).parts();
        assert_eq!(Day::of(year, month, of_month), Day(day));
    }
    // 2026-11-26 is a Thursday.
    assert_eq!(Day::of(2026, 11, 26).weekday(), 3);
    assert_eq!(Day::of(2026, 1, 31).month_away(-2).to_string(), "2025-11-01");
    assert!(Day::of(2026, 2, 17).is_holiday() && !Day::of(2026, 2, 25).is_holiday());
    assert_eq!(Day::of(2026, 10, 1).workday_from().to_string(), "2026-10-08");
    let minute = parse_instant("2026-06-30T17:30:00Z").unwrap();
    assert_eq!(
        (minute.to_string(), minute.instant()),
        ("2026-07-01 01:30".to_owned(), "2026-06-30T17:30:00Z".to_owned())
    );
    for text in ["2026-06-30", "2026-13-01T00:00:00Z", "now", "2026-06-30T17Z"] {
        assert_eq!(parse_instant(text), None, "{text}");
    }
}

#[test]
fn its_pack_uses_every_plugin_and_scores_everybody() {
    let (company, written) = company(60);
    assert_eq!(company.number("SELECT COUNT(DISTINCT name) FROM component"), 7);
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
