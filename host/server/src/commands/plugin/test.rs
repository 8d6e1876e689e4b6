//! `daybreak plugin test`

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail};
use clap::Args;
use daybreak_engine::{Engine, Plugin};
use serde_json::Value;

use crate::plugin_kit::case::{Case, folders};
use crate::plugin_kit::compare::differences;
use crate::plugin_kit::words;

/// How often the files are looked at.
const WATCH_INTERVAL: Duration = Duration::from_millis(400);

/// Most files that are watched.
const WATCHED_FILES_MAX: usize = 20_000;

#[derive(Args)]
pub struct TestArgs {
    /// The folder of a plugin's crate, or a component file.
    #[arg(default_value = ".", value_name = "DIR|FILE")]
    plugin: PathBuf,
    /// The folder with the plugin's cases; `fixtures` in the crate's folder unless it is given.
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// Only cases whose name contains this.
    #[arg(long, value_name = "TEXT")]
    case: Option<String>,
    /// Write the answers as the expected ones. Read them before you keep them.
    #[arg(long)]
    bless: bool,
    /// Run again whenever a file changes, until interrupted.
    #[arg(long)]
    watch: bool,
}

pub fn run(args: &TestArgs) -> anyhow::Result<()> {
    let engine = super::engine()?;
    if !args.watch {
        return test(&engine, args);
    }
    loop {
        let before = newest(args)?;
        if let Err(error) = test(&engine, args) {
            eprintln!("{error:#}");
        }
        println!("Waiting for a change …");
        while newest(args)? == before {
            std::thread::sleep(WATCH_INTERVAL);
        }
    }
}

fn test(engine: &Engine, args: &TestArgs) -> anyhow::Result<()> {
    let (mut passed, mut failed) = (0, 0);
    for (plugin, fixtures) in super::plugin_at(engine, &args.plugin, args.fixtures.as_deref())? {
        let fixtures = fixtures.context("name the folder of the cases with --fixtures")?;
        for folder in folders(&fixtures)? {
            let name = folder.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            if args.case.as_ref().is_some_and(|wanted| !name.contains(wanted.as_str())) {
                continue;
            }
            if test_case(&plugin, &folder, args.bless)? {
                passed += 1;
            } else {
                failed += 1;
            }
        }
        if passed + failed == 0 {
            bail!("{} holds no case; a case is a folder with a case.toml", fixtures.display());
        }
    }
    println!("{passed} passed, {failed} failed");
    if failed > 0 {
        bail!("{failed} cases failed; if the new answers are right, run `daybreak plugin test --bless`");
    }
    Ok(())
}

fn test_case(plugin: &Plugin, folder: &Path, bless: bool) -> anyhow::Result<bool> {
    let case = Case::read(folder, plugin)?;
    let all: Vec<usize> = (0..case.items()).collect();
    let started = now();
    let run = case.run(plugin, &all).with_context(|| format!("the case {}", case.name))?;
    let elapsed = started.elapsed();
    let file = folder.join("expected.json");
    let actual = Value::Array(run.answers);
    let (verdict, differences) = if bless {
        let text = format!("{}\n", serde_json::to_string_pretty(&actual)?);
        std::fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
        ("blessed", Vec::new())
    } else {
        let differences = match expected(&file)? {
            Some(expected) => differences(&expected, &actual),
            None => vec![format!("{} is not there; `daybreak plugin test --bless` writes it", file.display())],
        };
        (if differences.is_empty() { "passed" } else { "FAILED" }, differences)
    };
    println!(
        "{verdict}  {}  {} rows, {} units of fuel, {} KiB of memory, {:.1} ms",
        case.name,
        run.rows,
        run.fuel,
        run.memory_bytes / 1024,
        elapsed.as_secs_f64() * 1_000.0
    );
    for difference in &differences {
        println!("  {difference}");
    }
    words::print_log(&run.log);
    Ok(differences.is_empty())
}

/// The expected answers, or none where nobody has written any yet.
fn expected(file: &Path) -> anyhow::Result<Option<Value>> {
    if !file.exists() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(Some(serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?))
}

/// For a person at a terminal; no result depends on it.
#[expect(clippy::disallowed_methods, reason = "times that a person reads are measured here, at the top")]
fn now() -> Instant {
    Instant::now()
}

/// The time of the newest file, and how many there are: both change when somebody works on the plugin.
fn newest(args: &TestArgs) -> anyhow::Result<(Option<SystemTime>, usize)> {
    let mut folders = vec![args.plugin.clone()];
    folders.extend(args.fixtures.clone());
    let (mut newest, mut files) = (None, 0);
    while let Some(path) = folders.pop() {
        // A file may vanish between two looks, as editors replace files when they save.
        let Ok(metadata) = std::fs::metadata(&path) else { continue };
        if metadata.is_file() {
            let ours = args.bless && path.ends_with("expected.json");
            newest = newest.max(metadata.modified().ok().filter(|_| !ours));
            files += 1;
            continue;
        }
        if files > WATCHED_FILES_MAX {
            bail!("more than {WATCHED_FILES_MAX} files to watch in {}", args.plugin.display());
        }
        let Ok(entries) = std::fs::read_dir(&path) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name();
            if name != "target" && !name.to_string_lossy().starts_with('.') && name != "Cargo.lock" {
                folders.push(entry.path());
            }
        }
    }
    Ok((newest, files))
}
