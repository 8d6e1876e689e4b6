//! `cargo xtask ci`: what a change must pass. `.ci/run` installs the tools and calls it.
//!
//! The time of each stage is printed before the tests run, because the test runner's summary comes last.

use std::process::Command;

use crate::stages::Stages;
use crate::{clients, postgres, process, setup, test, web, workspace};

pub fn run() -> Result<(), String> {
    let mut stages = Stages::default();
    stages.run("formatting", || process::run(process::cargo().args(["fmt", "--all", "--check"])));
    stages.run("spelling", || process::run(tool("typos")?.args(["--config", ".typos.toml", "."])));
    stages.run("licences", licences);
    stages.run("lints", || {
        process::run(process::cargo().args(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
    });
    stages.stop_if_failed().map_err(not_tested)?;
    stages.run("setup", setup::run);
    stages.run("database server", || postgres::installed().map(|_| ()));
    stages.stop_if_failed().map_err(not_tested)?;
    stages.run("pages", || web::all(&[]));
    stages.run("generated clients", clients::all);
    stages.run("building the tests", test::build);
    stages.print();
    stages.stop_if_failed().map_err(not_tested)?;
    test::all(&[])
}

#[expect(clippy::needless_pass_by_value, reason = "errors are handed over")]
fn not_tested(problem: String) -> String {
    format!("{problem}; the tests were not run")
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
