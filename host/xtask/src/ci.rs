//! `cargo xtask ci`: what a change must pass. `.ci/run` installs the tools and calls it.
//!
//! The time of each stage is printed before the tests run, because the test runner's summary comes last.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::{postgres, process, setup, test, workspace};

pub fn run() -> Result<(), String> {
    let mut stages = Stages::default();
    stages.run("formatting", || process::run(process::cargo().args(["fmt", "--all", "--check"])));
    stages.run("spelling", || process::run(tool("typos")?.args(["--config", ".typos.toml", "."])));
    stages.run("licences", licences);
    stages.run("lints", || {
        process::run(process::cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
    });
    stages.stop_if_failed()?;
    stages.run("setup", setup::run);
    stages.run("database server", || postgres::installed().map(|_| ()));
    stages.stop_if_failed()?;
    stages.run("building the tests", test::build);
    stages.print();
    stages.stop_if_failed()?;
    test::all(&[])
}

/// Licences, sources and banned crates. The metadata goes through a script, whose head says why.
fn licences() -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut deny = tool("cargo-deny")?;
    deny.env("DENY_CARGO", cargo).env("CARGO", workspace::root().join(".ci/package_ids"));
    deny.arg("--manifest-path").arg(workspace::root().join("Cargo.toml"));
    deny.args(["check", "--config", ".deny.toml", "--hide-inclusion-graph", "bans", "licenses", "sources"]);
    process::run(&mut deny)
}

/// A tool that `.ci/run` installed.
fn tool(name: &str) -> Result<Command, String> {
    let path = workspace::target().join("ci/bin").join(name);
    if path.is_file() {
        Ok(process::command(path))
    } else {
        Err(format!("{} is missing: run .ci/run, which installs it", path.display()))
    }
}

/// Stages run so far. A failed one does not keep the next from being tried, so that one run shows all that is wrong.
#[derive(Default)]
struct Stages {
    ended: Vec<(&'static str, Duration, Result<(), String>)>,
}

impl Stages {
    #[expect(clippy::disallowed_methods, reason = "how long a stage took is read from the machine's clock")]
    fn run(&mut self, name: &'static str, stage: impl FnOnce() -> Result<(), String>) {
        println!("--- {name}");
        let start = Instant::now();
        let outcome = stage();
        if let Err(problem) = &outcome {
            eprintln!("{problem}");
        }
        self.ended.push((name, start.elapsed(), outcome));
    }

    fn print(&self) {
        for (name, time, outcome) in &self.ended {
            println!("{:>8.1} s  {name}{}", time.as_secs_f64(), if outcome.is_ok() { "" } else { "  FAILED" });
        }
    }

    fn stop_if_failed(&self) -> Result<(), String> {
        let failed: Vec<_> =
            self.ended.iter().filter(|(_, _, outcome)| outcome.is_err()).map(|(name, ..)| *name).collect();
        if failed.is_empty() {
            return Ok(());
        }
        self.print();
        Err(format!("failed: {}; the tests were not run", failed.join(", ")))
    }
}
