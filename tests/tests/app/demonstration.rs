//! What the systems of the demonstration company export.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use daybreak_demo::calendar::{Day, Minute, parse_instant};
use daybreak_demo::{Options, Written};

/// A morning in the middle of a month.
fn now() -> Minute {
    parse_instant("2026-07-15T01:00:00Z").expect("it is an instant")
}

/// A company of so many people, with two complete months before the present one.
fn options(people: usize) -> Options {
    Options { people, months: 2, ..Options::at(now()) }
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
}

#[test]
fn a_later_hour_of_the_same_day_adds_to_what_is_known_and_changes_none_of_it() {
    let at = |hours: i64| written(&Options { now: Minute(now().0 + hours * 60), ..options(80) }).1;
    // From nine in the morning, when hardly anything has happened, to the evening.
    let hours: Vec<BTreeMap<String, String>> = [0, 1, 2, 5, 6, 9].map(at).into();
    for (earlier, later) in hours.iter().zip(&hours[1..]) {
        for (name, text) in earlier {
            let lines: BTreeSet<&str> = later[name].lines().collect();
            let changed: Vec<&str> = text.lines().filter(|line| !lines.contains(line)).collect();
            assert!(changed.is_empty(), "{name}: {changed:?}");
        }
    }
    for sheet in ["recent/visits.csv", "recent/orders.csv"] {
        assert!(hours[1][sheet].len() < hours[5][sheet].len(), "{sheet}");
    }
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
    assert_eq!((employed.count(), written.people), (327, 327));
    let known: BTreeSet<&str> = files["people.csv"].lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    assert!(written.left > 5 && written.people + written.left == known.len(), "{} have left", written.left);
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
