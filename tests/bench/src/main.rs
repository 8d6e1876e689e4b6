//! `bench`: how a serving host keeps up, measured from outside. `cargo xtask bench` builds both and runs it.
//!
//! It links nothing of the host, so that it is built in seconds and sees what callers see. Figures of one machine say
//! little about another; what is reported beside them is what they are compared to.

use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;

mod append;
mod host;
mod steady;
mod streams;

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
    #[arg(long, default_value_t = 100)]
    deliveries: u32,
    /// Streams that listen while little happens.
    #[arg(long, default_value_t = 500)]
    streams: usize,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    if args.folder.exists() {
        std::fs::remove_dir_all(&args.folder)
            .with_context(|| format!("{} cannot be made anew", args.folder.display()))?;
    }
    machine();
    let steady = steady::measure(&args)?;
    println!(
        "single facts, {} requests a second for {} s over {} connections, {} scorers at work",
        args.rate, args.seconds, args.connections, args.scorers
    );
    println!("  {} answered, {} refused or unanswered", steady.answered, steady.failed);
    let [median, high, most] = [50, 99, 100].map(|percent| steady.latency(percent).as_secs_f64() * 1e3);
    println!(
        "  from when it was due until it was answered: p50 {median:.1} ms, p99 {high:.1} ms, longest {most:.1} ms"
    );
    println!("  the last answer came {:.2} s after the first request was due", steady.lasted.as_secs_f64());
    let streams = streams::measure(&args)?;
    let mebibytes = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    println!("{} streams that listen", streams.open);
    println!(
        "  memory {:.1} MiB before, {:.1} MiB with all of them",
        mebibytes(streams.memory_before),
        mebibytes(streams.memory_after)
    );
    println!(
        "  {:.2} s at work on a processor in {:.1} s in which nothing happened",
        streams.idle_processor.as_secs_f64(),
        streams.idle.as_secs_f64()
    );
    let [median, high, most] = [50, 99, 100].map(|percent| streams.heard(percent).as_secs_f64() * 1e3);
    println!("  from a fact to its score on a stream: p50 {median:.1} ms, p99 {high:.1} ms, longest {most:.1} ms");
    let append = append::measure(&args)?;
    println!("appending {} facts", append.rows);
    for (name, time) in [
        ("POST /api/v1/facts, 1,000 at a time, each on the disk", append.delivered),
        ("daybreak import, one file of delimited text, read twice", append.imported),
        ("one prepared INSERT in one transaction, same table and indexes", append.bare),
    ] {
        let rate = f64::from(append.rows) / time.as_secs_f64();
        let ratio = time.as_secs_f64() / append.bare.as_secs_f64();
        println!("  {rate:>9.0} rows/s  {ratio:>5.2} × the bare time  {name}");
    }
    anyhow::ensure!(steady.failed == 0, "{} requests failed: {}", steady.failed, steady.first_problem);
    Ok(())
}

/// What the figures were measured on.
fn machine() {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let model = processors.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": unknown");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("processor: {} cores of {}", cores, model.trim_start_matches([' ', '\t', ':']));
    println!("kernel: {} {}", std::env::consts::OS, read("/proc/sys/kernel/osrelease").trim());
    println!("load before: {}", read("/proc/loadavg").trim());
    println!("SQLite: {}", rusqlite::version());
}
