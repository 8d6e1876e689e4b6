//! Batches, the hostile plugin and short words for both.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{Batch, Direction, Outcome, Rules, Subject};
use daybreak_domain::plugin::Fault;
use daybreak_domain::table::{Column, Context, Table, Values};
use daybreak_domain::time::{Instant, OffsetChange, Span};
use daybreak_engine::{CallError, CallOptions, Engine, EngineOptions, Limits, Plugin, ScoreRun};

/// The bytes of a component that was built from source before the tests: `target/plugins/<name>.wasm`, or in the folder
/// that `DAYBREAK_PLUGINS` names. Read once, so that building it anew beside a running test cannot confuse that test.
pub fn component(name: &'static str) -> Vec<u8> {
    static READ: Mutex<BTreeMap<&str, Vec<u8>>> = Mutex::new(BTreeMap::new());
    READ.lock().unwrap().entry(name).or_insert_with(|| read_component(name)).clone()
}

fn read_component(name: &str) -> Vec<u8> {
    let folder = std::env::var_os("DAYBREAK_PLUGINS")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/plugins")), PathBuf::from);
    let path = folder.join(format!("{name}.wasm"));
    std::fs::read(&path).unwrap_or_else(|error| {
        panic!("{}: {error}; `cargo xtask test` builds every guest before it runs the tests", path.display())
    })
}

pub fn engine(limits: Limits) -> Engine {
    Engine::new(EngineOptions { limits, ..EngineOptions::default() }).unwrap()
}

/// The hostile plugin on one engine for all tests, as a host would have it.
pub fn hostile() -> Plugin {
    static HOSTILE: OnceLock<Plugin> = OnceLock::new();
    HOSTILE.get_or_init(|| hostile_within(Limits::default())).clone()
}

pub fn hostile_within(limits: Limits) -> Plugin {
    engine(limits).load(&component("hostile")).unwrap()
}

/// Subjects s0, s1, …, each with `rows` rows in one table, worth 10 points a row.
pub fn batch(subjects: usize, rows: usize, parameters_json: &str) -> Batch {
    let total = subjects * rows;
    let names = ["open", "close", "reopen"];
    let number = |row: usize| u32::try_from(row).unwrap();
    Batch {
        context: Context {
            as_of: Instant(1_400_000_000_000),
            period: Span { start: Instant(1_390_000_000_000), end: Instant(1_400_000_000_000) },
            time_zone: "Etc/UTC".into(),
            utc_offsets: vec![OffsetChange { since: Instant(1_390_000_000_000), seconds: 0 }],
            parameters_json: parameters_json.into(),
        },
        rules: Rules { direction: Direction::HigherIsBetter, unit: "h".into(), ceiling: 120.0 },
        subjects: (0..subjects)
            .map(|index| Subject {
                id: format!("s{index}"),
                goal: Goal { baseline: None, target: Some(10.0), stretch: None },
            })
            .collect(),
        tables: vec![Table {
            offsets: (0..=subjects).map(|index| number(index * rows)).collect(),
            occurred_at: (0..total).map(|row| 1_390_000_000_000 + i64::from(number(row))).collect(),
            columns: vec![
                Column {
                    name: "hours".into(),
                    values: Values::Numbers((0..total).map(|row| f64::from(number(row))).collect()),
                    missing: vec![],
                },
                Column {
                    name: "activity".into(),
                    values: Values::Texts {
                        dictionary: names.map(str::to_owned).to_vec(),
                        codes: (0..total).map(|row| number(row % 3)).collect(),
                    },
                    missing: vec![],
                },
            ],
        }],
    }
}

pub fn attack(name: &str) -> String {
    format!(r#"{{"attack": "{name}"}}"#)
}

pub fn attack_on(name: &str, culprit: &str) -> String {
    format!(r#"{{"attack": "{name}", "culprit": "{culprit}"}}"#)
}

pub fn score(plugin: &Plugin, batch: Batch) -> Result<ScoreRun, CallError> {
    plugin.score(batch, &CallOptions::default())
}

/// The fault of the one subject that was given to the attack.
pub fn fault_of(plugin: &Plugin, name: &str) -> Fault {
    let run = score(plugin, batch(1, 3, &attack(name))).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(run.calls.is_empty(), "{name} was accepted");
    assert_eq!(run.faults.len(), 1, "{name}");
    run.faults[0].fault.clone()
}

/// An honest batch on the same plugin.
pub fn assert_still_works(plugin: &Plugin, after: &str) {
    let run = score(plugin, batch(3, 4, &attack("honest"))).unwrap_or_else(|error| panic!("after {after}: {error}"));
    assert_eq!(run.faults, [], "after {after}");
    assert_eq!(run.calls.len(), 1, "after {after}");
    for outcome in &run.calls[0].outcomes {
        let Outcome::Computed(computed) = outcome else { panic!("after {after}: {outcome:?}") };
        assert_eq!((computed.raw, computed.sample, computed.points), (4.0, 4, Some(40.0)), "after {after}");
    }
}
