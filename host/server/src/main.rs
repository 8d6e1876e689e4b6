//! The `daybreak` binary. Startup reads from top to bottom: command line, logs, then one command.
//!
//! What lives here: the command line, the machine's clock and randomness, and printing. Use cases live in `app`.

mod commands;
mod host;
mod plugin_kit;
mod print;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::commands::{
    apply, circumstance, composites, department, doctor, enablement, export, faults, goal, import, indicator, init,
    people, plugin, replay, reweight, score, scorecard, scores, shares, task,
};
use crate::host::HostOptions;

/// Performance management that people want to open every morning.
///
/// Facts come in from the systems where work happens; sandboxed plugins turn them into indicator scores; every score can
/// be computed again, bit for bit.
#[derive(Parser)]
#[command(name = "daybreak", version, max_term_width = 100)]
struct CommandLine {
    #[command(flatten)]
    host: HostOptions,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Create a company with its first administrator.
    Init(init::InitArgs),
    /// Set up what a pack says: departments, plugins, indicators, enablements, goals, mappings.
    Apply(apply::ApplyArgs),
    /// Departments.
    Department(department::DepartmentArgs),
    /// People, their departments and their names in other systems.
    People(people::PeopleArgs),
    /// Import facts from a CSV file.
    Import(import::ImportArgs),
    /// Write, build, check, try and install plugins.
    Plugin(plugin::PluginArgs),
    /// Indicators: what is scored, by which plugin, with which parameters.
    Indicator(indicator::IndicatorArgs),
    /// Reweighting, insight and assistant plugins in use.
    Enablement(enablement::EnablementArgs),
    /// Goals: what raw values are measured against.
    Goal(goal::GoalArgs),
    /// Scorecards: which indicators count how much, for whom.
    Scorecard(scorecard::ScorecardArgs),
    /// Change one employee's share for some days; it reverts by itself.
    Reweight(reweight::ReweightArgs),
    /// Show an employee's shares in a month, with everything that changed them.
    Shares(shares::SharesArgs),
    /// Tasks: what people have agreed to finish. Their lives become facts.
    Task(task::TaskArgs),
    /// Circumstances: what holds for people over days and may change their shares.
    Circumstance(circumstance::CircumstanceArgs),
    /// Score what is stale, or an indicator for a period.
    Score(score::ScoreArgs),
    /// Show scores with their parts and evidence.
    Scores(scores::ScoresArgs),
    /// Show composites: one number for an employee's month, quarter or year.
    Composites(composites::CompositesArgs),
    /// Compute stored scores again and compare them bit for bit.
    Replay(replay::ReplayArgs),
    /// Write scores or facts to a file.
    Export(export::ExportArgs),
    /// Say what is wrong with the data folder, the database and the plugins in it. Changes nothing.
    Doctor,
    /// Show in which calls plugins failed.
    Faults(faults::FaultsArgs),
}

fn main() -> ExitCode {
    end_quietly_when_nobody_reads();
    let line = CommandLine::parse();
    let filter = EnvFilter::try_from_env("DAYBREAK_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(line) {
        Ok(code) => code,
        Err(error) => {
            let error: &(dyn Error + 'static) = error.as_ref();
            eprintln!("error: {}", chain(error));
            ExitCode::FAILURE
        }
    }
}

/// `daybreak scores | head` closes the pipe before everything is printed. That is no failure worth a panic's message.
fn end_quietly_when_nobody_reads() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let message = panic.payload_as_str().unwrap_or_default();
        if message.starts_with("failed printing to stdout") && message.contains("Broken pipe") {
            std::process::exit(0);
        }
        report(panic);
    }));
}

/// An error with its causes, each on a line of its own.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut told = text.clone();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        // Some errors repeat what their cause says.
        if !told.contains(&said) {
            text.extend(["\n  because: ", &said]);
        }
        told = said;
        cause = error.source();
    }
    text
}

fn run(line: CommandLine) -> anyhow::Result<ExitCode> {
    let host = &line.host;
    match line.command {
        Command::Init(args) => init::run(host, args)?,
        Command::Apply(args) => apply::run(host, &args)?,
        Command::Department(args) => department::run(host, args)?,
        Command::People(args) => people::run(host, args)?,
        Command::Import(args) => import::run(host, &args)?,
        Command::Plugin(args) => plugin::run(host, args)?,
        Command::Indicator(args) => indicator::run(host, args)?,
        Command::Enablement(args) => enablement::run(host, args)?,
        Command::Goal(args) => goal::run(host, args)?,
        Command::Scorecard(args) => scorecard::run(host, args)?,
        Command::Reweight(args) => reweight::run(host, args)?,
        Command::Shares(args) => shares::run(host, &args)?,
        Command::Composites(args) => composites::run(host, args)?,
        Command::Task(args) => task::run(host, args)?,
        Command::Circumstance(args) => circumstance::run(host, args)?,
        Command::Score(args) => return score::run(host, args),
        Command::Scores(args) => scores::run(host, args)?,
        Command::Replay(args) => return replay::run(host, &args),
        Command::Export(args) => export::run(host, args)?,
        Command::Doctor => return doctor::run(host),
        Command::Faults(args) => faults::run(host, &args)?,
    }
    Ok(ExitCode::SUCCESS)
}
