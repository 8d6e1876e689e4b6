//! `cargo xtask COMMAND`: sets the project up, shows it, tests it.
//!
//! Every command does all its own set-up and can be run from any folder of the checkout. Without dependencies on others, so that
//! it starts in seconds on a clean machine; what needs more is a command of the `daybreak` binary.

use std::process::ExitCode;

mod apt;
mod bench;
mod ci;
mod clients;
mod datasets;
mod demo;
mod node;
mod postgres;
mod process;
mod setup;
mod stages;
mod test;
mod web;
mod workspace;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

Commands:
  setup     add the WebAssembly target, build the pages, the daybreak binary and every plugin
  demo      set up, fill, score and serve a demonstration company; --help says what can be chosen
  test      set up, then run all tests; further arguments go to the test runner
  clients   set up, then drive generated clients and every endpoint of the OpenAPI document
  pages     set up, then lint, test and drive the pages in a browser; further arguments go to Playwright
  ci        check formatting, lints, licences and spelling, then test: what .ci/run calls
  postgres  a PostgreSQL server for tests that are run one by one; it stops when its standard input ends
  bench     build the host as it is released and measure it; --profile dev measures the one that the tests run
  datasets  print what Daybreak computes from the data sets beside what is expected";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next();
    let rest: Vec<String> = arguments.collect();
    let outcome = match (command.as_deref(), rest.as_slice()) {
        (Some("setup"), []) => setup::run(),
        (Some("demo"), rest) => demo::run(rest),
        (Some("test"), rest) => test::run(rest),
        (Some("clients"), []) => clients::run(),
        (Some("pages"), rest) => web::run(rest),
        (Some("ci"), []) => ci::run(),
        (Some("postgres"), []) => postgres::run(),
        (Some("bench"), rest) => bench::run(rest),
        (Some("datasets"), []) => datasets::run(),
        (None | Some("help" | "--help" | "-h"), _) => {
            println!("{USAGE}");
            Ok(())
        }
        (Some(command), _) => Err(format!("xtask {command}: no such command, or too many arguments\n\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}
