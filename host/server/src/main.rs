//! The `daybreak` binary. Startup reads from top to bottom: command line, logs, then one command.
//!
//! What lives here: the command line, the machine's clock and randomness, and printing. Use cases live in `app`.

mod commands;
mod configuration;
mod host;
mod plugin_kit;
mod print;
mod telemetry;
mod workers;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{
    absence, account, alerts, apply, assess, audit, backup, circumstance, compile_component, composites, config,
    contact, customer, department, doctor, enablement, export, faults, goal, headcount, identity, import, indicator,
    init, insights, openapi, people, plugin, position, replay, restore, reweight, role, score, scorecard, scores,
    serve, shares, silence, task, token,
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
    /// Accounts: who may sign in.
    Account(account::AccountArgs),
    /// Roles: administrators, and HR partners with their departments.
    Role(role::RoleArgs),
    /// API tokens: what other systems may do.
    Token(token::TokenArgs),
    /// Set up what a pack says: departments, positions, plugins, indicators, scorecards, mappings and more.
    Apply(apply::ApplyArgs),
    /// Departments: a tree that changes over time.
    Department(department::DepartmentArgs),
    /// Positions: what people do in the company.
    Position(position::PositionArgs),
    /// People, where they belong when, and forgetting them.
    People(people::PeopleArgs),
    /// Whom other systems mean by which name, and when.
    Identity(identity::IdentityArgs),
    /// Days on which people are away.
    Absence(absence::AbsenceArgs),
    /// Customers, and who looks after them when.
    Customer(customer::CustomerArgs),
    /// Contacts: people who work for customers.
    Contact(contact::ContactArgs),
    /// Count the people of each department on a day.
    Headcount(headcount::HeadcountArgs),
    /// Show who has no fact of a kind in the last days, under the manager of that day.
    Silence(silence::SilenceArgs),
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
    /// Ask assistants for risks, and keep what they say as alerts.
    Assess(assess::AssessArgs),
    /// Show alerts with their packages, the largest priority first.
    Alerts(alerts::AlertsArgs),
    /// One alert: what happened to it, and making a task of its plan.
    Alert(alerts::AlertArgs),
    /// One sentence under each chart of a year's scores.
    Insights(insights::InsightsArgs),
    /// Show composites: one number for an employee's month, quarter or year.
    Composites(composites::CompositesArgs),
    /// Compute stored scores again and compare them bit for bit.
    Replay(replay::ReplayArgs),
    /// Write scores or facts to a file.
    Export(export::ExportArgs),
    /// Write everything that the database holds at this moment into one file, while others go on writing.
    Backup(backup::BackupArgs),
    /// Fill an empty database from a backup.
    Restore(restore::RestoreArgs),
    /// Show the settings in force, and where each came from.
    Config(config::ConfigArgs),
    /// Say what is wrong with the data folder, the database and the plugins in it. Changes nothing.
    Doctor,
    /// Show in which calls plugins failed.
    Faults(faults::FaultsArgs),
    /// Answer over HTTP, and score what becomes stale.
    Serve(serve::ServeArgs),
    /// Print the OpenAPI document of the HTTP interface.
    Openapi,
    /// Show who changed what, with what it was before and after.
    Audit(audit::AuditArgs),
    /// Compile a plugin from standard input to standard output, as the host has it done by another process.
    #[command(name = compile_component::NAME, hide = true)]
    CompileComponent(compile_component::CompileComponentArgs),
}

fn main() -> ExitCode {
    end_quietly_when_nobody_reads();
    let line = CommandLine::parse();
    let code = match &line.command {
        // Bounds itself before it does anything else, and writes nothing but code.
        Command::CompileComponent(args) => compile_component::run(args),
        _ => run_with_telemetry(line),
    };
    code.unwrap_or_else(|error| {
        let error: &(dyn Error + 'static) = error.as_ref();
        eprintln!("error: {}", chain(error));
        ExitCode::FAILURE
    })
}

fn run_with_telemetry(line: CommandLine) -> anyhow::Result<ExitCode> {
    // Plugin authors' tools and the doctor work without a sound configuration; the others say themselves what is wrong.
    let telemetry = match line.host.configuration() {
        Ok(configuration) => Some(telemetry::start(&configuration.log, &configuration.traces)?),
        Err(_) => None,
    };
    let done = run(line);
    if let Some(telemetry) = telemetry {
        telemetry.finish();
    }
    done
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
        Command::Account(args) => account::run(host, args)?,
        Command::Role(args) => role::run(host, args)?,
        Command::Token(args) => token::run(host, args)?,
        Command::Apply(args) => apply::run(host, &args)?,
        Command::Department(args) => department::run(host, args)?,
        Command::Position(args) => position::run(host, args)?,
        Command::People(args) => people::run(host, args)?,
        Command::Identity(args) => identity::run(host, args)?,
        Command::Absence(args) => absence::run(host, args)?,
        Command::Customer(args) => customer::run(host, args)?,
        Command::Contact(args) => contact::run(host, args)?,
        Command::Headcount(args) => headcount::run(host, &args)?,
        Command::Silence(args) => silence::run(host, args)?,
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
        Command::Assess(args) => return assess::run(host, args),
        Command::Alerts(args) => alerts::list(host, args)?,
        Command::Alert(args) => alerts::run(host, args)?,
        Command::Insights(args) => return insights::run(host, args),
        Command::Replay(args) => return replay::run(host, &args),
        Command::Export(args) => export::run(host, args)?,
        Command::Backup(args) => backup::run(host, &args)?,
        Command::Restore(args) => restore::run(host, &args)?,
        Command::Config(args) => config::run(host, &args)?,
        Command::Doctor => return doctor::run(host),
        Command::Faults(args) => faults::run(host, &args)?,
        Command::Serve(args) => serve::run(host, &args)?,
        Command::Openapi => openapi::run()?,
        Command::Audit(args) => audit::run(host, args)?,
        Command::CompileComponent(args) => return compile_component::run(&args),
    }
    Ok(ExitCode::SUCCESS)
}
