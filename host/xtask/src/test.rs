//! `cargo xtask test`: set-up, then all tests of the workspace. The test runner's summary comes last.

use std::process::Command;

use crate::{clients, postgres, process, setup, web, workspace};

/// `arguments` go to the test runner; whoever chooses among its tests wants neither the pages' nor the generated
/// clients.
pub fn run(arguments: &[String]) -> Result<(), String> {
    setup::run()?;
    if arguments.is_empty() {
        web::all(&[])?;
        clients::all()?;
    }
    all(arguments)
}

/// Runs the tests beside a database server that lives as long as they do. `arguments` go to the test runner.
pub fn all(arguments: &[String]) -> Result<(), String> {
    let server = postgres::Server::start()?;
    process::run(runner(&server).args(arguments))
}

/// Compiles the tests without running them.
pub fn build() -> Result<(), String> {
    process::run(bare_runner().arg("--no-run"))
}

/// The command that runs all tests.
fn runner(server: &postgres::Server) -> Command {
    let mut runner = bare_runner();
    runner.env(postgres::ADDRESS, &server.address);
    with_environment(&mut runner);
    runner
}

/// nextest where it is installed, else cargo's own runner.
fn bare_runner() -> Command {
    let mut runner = process::cargo();
    if process::succeeds(process::cargo().args(["nextest", "--version"])) {
        runner.args(["nextest", "run", "--workspace"]);
    } else {
        runner.args(["test", "--workspace"]);
    }
    runner
}

/// Tells tests where the binary and the components are, and whether the data sets are there.
pub fn with_environment(command: &mut Command) -> &mut Command {
    command.env("DAYBREAK_BINARY", workspace::binary()).env("DAYBREAK_PLUGINS", workspace::plugins());
    if workspace::data().is_some() {
        // A test that cannot find its data then fails instead of being skipped.
        command.env("DAYBREAK_REQUIRE_DATA", "1");
    } else {
        println!("SKIPPED: the data sets do not stand beside the checkout, so the tests that need them do nothing");
    }
    command
}
