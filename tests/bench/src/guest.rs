//! What the sandbox costs: a plugin scores a batch beside the very same function called natively, and beside another plugin
//! that burns its budget.

use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{Batch, Direction, Rules, Subject};
use daybreak_domain::plugin::PluginKind;
use daybreak_domain::requirements::ColumnType;
use daybreak_domain::table::{self, Table, Values};
use daybreak_domain::time::{Instant, OffsetChange, Span};
use daybreak_engine::{CallOptions, Engine, EngineOptions, Plugin};
use daybreak_plugin_measure::MeasurePlugin;
use daybreak_sdk::bindings::types::daybreak::common::types as native;
use daybreak_sdk::indicator as native_indicator;

use crate::Args;
use crate::figures::{median, percentile};
use crate::steady::now;

const SUBJECTS: u32 = 300;
const FACTS: u32 = 30;
const DAY: i64 = 86_400_000;

const PARAMETERS: &str = r#"{"kind": "visit", "measure": "mean", "field": "@value", "points": "linear"}"#;

pub struct Scoring {
    /// Medians.
    pub plugin: Duration,
    pub native: Duration,
    /// A call that does nothing but get a fresh instance, read its parameters and say what it needs.
    pub instance: Duration,
}

pub struct Neighbour {
    /// 99 of a hundred honest calls took no longer.
    pub alone: Duration,
    pub beside: Duration,
    /// How often the other one burned its whole budget meanwhile.
    pub burned: usize,
}

fn load(args: &Args, engine: &Engine, name: &str) -> anyhow::Result<Plugin> {
    let path = args.plugins.join(format!("{name}.wasm"));
    let bytes = std::fs::read(&path).with_context(|| format!("{} is not there", path.display()))?;
    Ok(engine.load(&bytes)?)
}

/// Batches are copied before the time runs: a host hands its own over. Each round measures both, so that whatever else the
/// machine does meanwhile slows both.
pub fn scoring(args: &Args) -> anyhow::Result<Scoring> {
    const ROUNDS: usize = 300;
    let engine = Engine::new(EngineOptions::default())?;
    let plugin = load(args, &engine, "measure")?;
    let batch = batch(&plugin, SUBJECTS, FACTS, PARAMETERS)?;
    let (context, rules, subjects, tables) = natively(&batch);
    let (mut guest, mut own, mut instances) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let copy = batch.clone();
        let begun = now();
        let run = plugin.score(copy, &CallOptions::default())?;
        guest.push(begun.elapsed());
        ensure!(run.faults.is_empty() && run.calls.len() == 1, "the plugin failed: {:?}", run.faults.first());
        let begun = now();
        let outcomes = native_indicator::score::<MeasurePlugin>(&context, &rules, &subjects, &tables);
        own.push(begun.elapsed());
        ensure!(outcomes.map_err(|fault| anyhow!("{fault:?}"))?.len() == run.calls[0].outcomes.len(), "they differ");
        let begun = now();
        plugin.requires(PluginKind::Indicator, PARAMETERS)?;
        instances.push(begun.elapsed());
    }
    Ok(Scoring { plugin: median(&mut guest), native: median(&mut own), instance: median(&mut instances) })
}

/// Honest calls in turns of a second, alone and beside a plugin that runs in an endless loop until its fuel is gone, again
/// and again.
pub fn neighbour(args: &Args) -> anyhow::Result<Neighbour> {
    const TURNS: usize = 6;
    const CALLS: usize = 150;
    let engine = Engine::new(EngineOptions::default())?;
    let (honest, hostile) = (load(args, &engine, "measure")?, load(args, &engine, "hostile")?);
    let given = batch(&honest, SUBJECTS, FACTS, PARAMETERS)?;
    let attack = batch(&hostile, 1, 3, r#"{"attack": "endless-loop"}"#)?;
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    let mut burned = 0;
    let calls = |into: &mut Vec<Duration>| -> anyhow::Result<()> {
        for _ in 0..CALLS {
            let copy = given.clone();
            let begun = now();
            let run = honest.score(copy, &CallOptions::default())?;
            into.push(begun.elapsed());
            ensure!(run.faults.is_empty(), "an honest call failed: {:?}", run.faults.first());
        }
        Ok(())
    };
    for _ in 0..TURNS {
        calls(&mut alone)?;
        let stop = std::sync::atomic::AtomicBool::new(false);
        burned += std::thread::scope(|scope| {
            let burner = scope.spawn(|| {
                let mut burned = 0;
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    let run = hostile.score(attack.clone(), &CallOptions::default())?;
                    ensure!(run.faults.iter().any(|fault| fault.fault.code() == "out-of-fuel"), "it burned nothing");
                    burned += 1;
                }
                Ok(burned)
            });
            let done = calls(&mut beside);
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
            let burned = burner.join().map_err(|_| anyhow!("the burner panicked"))?;
            done.and(burned)
        })?;
    }
    Ok(Neighbour { alone: percentile(&mut alone, 99), beside: percentile(&mut beside, 99), burned })
}

/// Subjects with so many facts each, in the columns that the plugin asks for.
fn batch(plugin: &Plugin, subjects: u32, facts: u32, parameters_json: &str) -> anyhow::Result<Batch> {
    let rows = subjects * facts;
    let requirements = plugin.requires(PluginKind::Indicator, parameters_json)?;
    let start = 1_780_272_000_000;
    let at = |row: u32| start + i64::from(row % facts) * (30 * DAY) / i64::from(facts);
    let tables = requirements.needs.iter().map(|need| Table {
        offsets: (0..=subjects).map(|subject| subject * facts).collect(),
        occurred_at: (0..rows).map(at).collect(),
        columns: need
            .fields
            .iter()
            .map(|field| table::Column {
                name: field.name.clone(),
                values: match field.column {
                    ColumnType::Number => Values::Numbers((0..rows).map(|row| f64::from(row % 97)).collect()),
                    ColumnType::Instant => Values::Instants((0..rows).map(at).collect()),
                    ColumnType::Truth => Values::Truths((0..rows).map(|row| row % 2 == 0).collect()),
                    ColumnType::Text => Values::Texts {
                        dictionary: (0..20).map(|word| format!("word {word}")).collect(),
                        codes: (0..rows).map(|row| row % 20).collect(),
                    },
                },
                missing: vec![],
            })
            .collect(),
    });
    Ok(Batch {
        context: table::Context {
            as_of: Instant(start + 30 * DAY),
            period: Span { start: Instant(start), end: Instant(start + 30 * DAY) },
            time_zone: "Etc/UTC".to_owned(),
            utc_offsets: vec![OffsetChange { since: Instant(start), seconds: 0 }],
            parameters_json: parameters_json.to_owned(),
        },
        rules: Rules { direction: Direction::HigherIsBetter, unit: "x".to_owned(), ceiling: 120.0 },
        subjects: (0..subjects)
            .map(|subject| Subject {
                id: format!("person_{subject}"),
                goal: Goal { baseline: None, target: Some(60.0), stretch: None },
            })
            .collect(),
        tables: tables.collect(),
    })
}

type Native = (native::Context, native_indicator::Rules, Vec<native_indicator::Subject>, Vec<native::Table>);

/// The same batch, as the function takes it that the plugin was compiled from.
fn natively(batch: &Batch) -> Native {
    let context = native::Context {
        as_of: batch.context.as_of.0,
        period: native::Span { start: batch.context.period.start.0, end: batch.context.period.end.0 },
        time_zone: batch.context.time_zone.clone(),
        utc_offsets: vec![native::OffsetChange { since: batch.context.period.start.0, seconds: 0 }],
        parameters_json: batch.context.parameters_json.clone(),
    };
    let rules = native_indicator::Rules {
        direction: native_indicator::Direction::HigherIsBetter,
        unit: batch.rules.unit.clone(),
        ceiling: batch.rules.ceiling,
    };
    let subjects = batch.subjects.iter().map(|subject| native_indicator::Subject {
        id: subject.id.clone(),
        baseline: subject.goal.baseline,
        target: subject.goal.target,
        stretch: subject.goal.stretch,
    });
    let column = |column: &table::Column| native::NamedColumn {
        name: column.name.clone(),
        values: match &column.values {
            Values::Numbers(numbers) => native::Column::Numbers(numbers.clone()),
            Values::Instants(instants) => native::Column::Instants(instants.clone()),
            Values::Truths(truths) => native::Column::Truths(truths.clone()),
            Values::Texts { dictionary, codes } => {
                native::Column::Texts(native::CodedTexts { dictionary: dictionary.clone(), codes: codes.clone() })
            }
        },
        missing: column.missing.clone(),
    };
    let tables = batch.tables.iter().map(|table| native::Table {
        offsets: table.offsets.clone(),
        occurred_at: table.occurred_at.clone(),
        columns: table.columns.iter().map(column).collect(),
    });
    (context, rules, subjects.collect(), tables.collect())
}
