//! `bench`: every budget of speed, as a ratio, in one run. `cargo xtask bench` builds what it needs and runs it.
//!
//! A host is measured from outside, as callers see it; only what the sandbox costs is measured on the engine itself, beside
//! the same function called natively. Figures of one machine say little about another, so both sides of a ratio are measured
//! in turns on the same one.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::{Parser, ValueEnum};

mod append;
mod day;
mod figures;
mod guest;
mod history;
mod host;
mod live;
mod pages;
mod steady;
mod streams;

use crate::figures::{Budget, ratio};

#[derive(Parser)]
#[command(about = "Measures a serving host from outside")]
struct Args {
    /// The `daybreak` binary.
    #[arg(long, value_name = "FILE")]
    daybreak: PathBuf,
    /// Where the components lie, as NAME.wasm.
    #[arg(long, value_name = "DIR")]
    plugins: PathBuf,
    /// A folder for the companies; what is in it is removed.
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,
    /// Where the built pages lie.
    #[arg(long, value_name = "DIR", default_value = "host/web/dist")]
    pages: PathBuf,
    /// Only these parts of it.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Facts of each employee for each indicator in each month of a year of history; several are measured one after the other.
    #[arg(long, value_delimiter = ',', default_values_t = [30, 3])]
    facts_each: Vec<u32>,
    /// Requests with a single fact, each second.
    #[arg(long, default_value_t = 200)]
    rate: u32,
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    #[arg(long, default_value_t = 16)]
    connections: usize,
    /// How many scorers run beside the single facts: with 0 the difference shows what scoring costs those who write.
    #[arg(long, default_value_t = 1)]
    scorers: u32,
    /// Requests with 1,000 facts each.
    #[arg(long, default_value_t = 50)]
    deliveries: u32,
    /// Streams that listen while little happens.
    #[arg(long, default_value_t = 500)]
    streams: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    Guest,
    Neighbour,
    History,
    Append,
    Live,
    Streams,
    Day,
    Pages,
    Steady,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    if args.folder.exists() {
        std::fs::remove_dir_all(&args.folder)
            .with_context(|| format!("{} cannot be made anew", args.folder.display()))?;
    }
    machine();
    let mut budgets = Vec::new();
    let mut failed = 0;
    let wanted = |part| args.only.is_empty() || args.only.contains(&part);
    for (part, name, measure) in PARTS {
        if wanted(part) {
            eprintln!("measuring {name} (load {})", load());
            // An hour of other figures is not thrown away because of one.
            budgets.extend(measure(&args).unwrap_or_else(|error| {
                failed += 1;
                vec![Budget::failed(name, &error)]
            }));
        }
    }
    println!("load after: {}", load());
    figures::print(&budgets);
    anyhow::ensure!(failed == 0, "{failed} parts could not be measured: the table says why");
    Ok(())
}

type Measure = fn(&Args) -> anyhow::Result<Vec<Budget>>;

const PARTS: [(Part, &str, Measure); 9] = [
    (Part::Guest, "a batch in the sandbox", guest),
    (Part::Neighbour, "a neighbour", neighbour),
    (Part::Append, "appending", append),
    (Part::History, "a year of history", history),
    (Part::Live, "fact to score", live),
    (Part::Streams, "streams that listen", streams),
    (Part::Day, "somebody's day", day),
    (Part::Pages, "scripts of the pages", pages),
    (Part::Steady, "single facts", steady),
];

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn guest(args: &Args) -> anyhow::Result<Vec<Budget>> {
    let scoring = guest::scoring(args)?;
    let [plugin, native, instance] = [scoring.plugin, scoring.native, scoring.instance].map(milliseconds);
    let detail = format!("{plugin:.2} ms, natively {native:.2} ms");
    let batch = "300 employees × 30 facts through a plugin, with explanation ÷ natively";
    let fresh = "a fresh instance ÷ that batch (with reading parameters and saying what is needed)";
    Ok(vec![
        Budget::at_most(batch, 3.0, ratio(scoring.plugin, scoring.native), &detail),
        Budget::at_most(fresh, 0.1, ratio(scoring.instance, scoring.plugin), &format!("{instance:.3} ms")),
    ])
}

fn neighbour(args: &Args) -> anyhow::Result<Vec<Budget>> {
    let neighbour = guest::neighbour(args)?;
    let [alone, beside] = [neighbour.alone, neighbour.beside].map(milliseconds);
    let detail = format!("p99 {beside:.2} ms, alone {alone:.2} ms; {} budgets burned", neighbour.burned);
    let what = "honest calls beside a plugin that burns its budget ÷ alone, p99";
    Ok(vec![Budget::at_most(what, 2.0, ratio(neighbour.beside, neighbour.alone), &detail)])
}

fn append(args: &Args) -> anyhow::Result<Vec<Budget>> {
    let append = append::measure(args)?;
    let rate = |time: Duration| f64::from(append.rows) / time.as_secs_f64();
    let detail = |time| format!("{:.0} rows/s of {:.0}", rate(time), rate(append.bare));
    let least = |what, time| Budget::at_least(what, 0.5, ratio(append.bare, time), &detail(time));
    Ok(vec![
        least(
            "appending in requests of 1,000 facts ÷ one prepared statement in one transaction, rates",
            append.delivered,
        ),
        least("appending a file of them with `daybreak import` (read twice) ÷ the same", append.imported),
        Budget {
            what: "time on a processor for those requests ÷ for the statement",
            wanted: "little".to_owned(),
            measured: format!(
                "{:.2} × (not a budget; busy machines change it less)",
                ratio(append.delivered_processor, append.bare_processor)
            ),
            met: None,
        },
    ])
}

fn history(args: &Args) -> anyhow::Result<Vec<Budget>> {
    args.facts_each.iter().map(|&facts_each| history_of(args, facts_each)).collect()
}

fn history_of(args: &Args, facts_each: u32) -> anyhow::Result<Budget> {
    let history = history::measure(args, facts_each)?;
    let detail = format!(
        "{facts_each} facts each a month: {} facts, {} scores: {:.1} s, read {:.1} s; on a processor {:.1} s and {:.1} s",
        history.facts,
        history.scores,
        history.scored.as_secs_f64(),
        history.read.as_secs_f64(),
        history.scored_processor.as_secs_f64(),
        history.read_processor.as_secs_f64()
    );
    let what = "a year of 1,000 employees × 10 indicators, from the database to stored scores ÷ reading the facts";
    Ok(Budget::at_most(what, 4.0, ratio(history.scored, history.read), &detail))
}

fn live(args: &Args) -> anyhow::Result<Vec<Budget>> {
    let live = live::measure(args)?;
    let (median, high) = (milliseconds(live.median), milliseconds(live.high));
    Ok(vec![Budget {
        what: "one fact in, its score on a stream, while 100 facts a second arrive, p99",
        wanted: "under 250 ms".to_owned(),
        measured: format!("{high:.0} ms (p50 {median:.0} ms; {} facts arrived)", live.arrived),
        met: Some(high < 250.0),
    }])
}

fn streams(args: &Args) -> anyhow::Result<Vec<Budget>> {
    let streams = streams::measure(args)?;
    let kibibytes = streams.memory_after.saturating_sub(streams.memory_before) as f64 / 1_024.0;
    let [median, high] = [50, 99].map(|percent| milliseconds(streams.heard(percent)));
    Ok(vec![Budget {
        what: "streams that listen while nothing happens",
        wanted: "little".to_owned(),
        measured: format!(
            "{} streams: {:.0} KiB each, {:.2} s on a processor in {:.0} s; a fact reached them in p50 {median:.0} ms, p99 \
             {high:.0} ms",
            streams.open,
            kibibytes / streams.open.max(1) as f64,
            streams.idle_processor.as_secs_f64(),
            streams.idle.as_secs_f64()
        ),
        met: None,
    }])
}

fn day(args: &Args) -> anyhow::Result<Vec<Budget>> {
    let day = day::measure(args)?;
    let (days, files) = (day.days, day.files);
    let detail = format!(
        "{days:.0} requests/s of {} bytes; {}: {files:.0} of {} bytes",
        day.answer_bytes, day.file, day.file_bytes
    );
    let what = "somebody's day, signed in, random people, facts arriving ÷ a static file, request rates";
    Ok(vec![Budget::at_least(what, 0.5, days / files.max(1.0), &detail)])
}

fn pages(args: &Args) -> anyhow::Result<Vec<Budget>> {
    let scripts = pages::scripts(&args.pages)?;
    let line = |what, most: u64, bytes: Option<u64>| Budget {
        what,
        wanted: format!("at most {most} KB"),
        measured: bytes.map_or("no pages are built".to_owned(), |bytes| format!("{:.1} KB", bytes as f64 / 1e3)),
        met: bytes.map(|bytes| bytes <= most * 1_000),
    };
    Ok(vec![
        line("script of the employee's first page, compressed", 250, scripts.as_ref().map(|scripts| scripts.first)),
        line("script of the charts, compressed", 200, scripts.as_ref().map(|scripts| scripts.charts)),
    ])
}

fn steady(args: &Args) -> anyhow::Result<Vec<Budget>> {
    let steady = steady::measure(args)?;
    let failures = match steady.failed {
        0 => String::new(),
        failed => format!("; {failed} failed, the first with {}", figures::cell(&steady.first_problem)),
    };
    let [median, high, most] = [50, 99, 100].map(|percent| milliseconds(steady.latency(percent)));
    Ok(vec![Budget {
        what: "single facts, from when each was due until it was answered",
        wanted: "no error".to_owned(),
        measured: format!(
            "{} answered, {} a second for {:.0} s, {} scorers: p50 {median:.1} ms, p99 {high:.0} ms, longest {most:.0} \
             ms{failures}",
            steady.answered,
            args.rate,
            steady.lasted.as_secs_f64(),
            args.scorers
        ),
        met: Some(steady.failed == 0),
    }])
}

fn load() -> String {
    std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim().to_owned()
}

/// What the figures were measured on.
fn machine() {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("processor: {} cores of {}", cores, model.trim_start_matches([' ', '\t', ':']));
    println!("kernel: {} {}", std::env::consts::OS, read("/proc/sys/kernel/osrelease").trim());
    println!("load before: {}", load());
    println!("SQLite: {}", rusqlite::version());
    if let Ok(engine) = daybreak_engine::Engine::new(daybreak_engine::EngineOptions::default()) {
        println!("engine: {}", engine.fingerprint());
    }
}
