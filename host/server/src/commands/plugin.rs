//! `daybreak plugin …`: from an empty folder to an installed component.

mod build;
mod check;
mod inspect;
mod install;
mod new;
mod run;
mod test;

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use daybreak_engine::{Engine, EngineOptions, Plugin};

use crate::commands::compile_component::{AUTHORS_MEMORY_BYTES, AUTHORS_SECONDS, compiler};
use crate::host::HostOptions;
use crate::plugin_kit::build::build;

#[derive(Args)]
pub struct PluginArgs {
    #[command(subcommand)]
    command: PluginCommand,
}

#[derive(Subcommand)]
enum PluginCommand {
    /// Make a crate for a new plugin, with a fixture and a property test.
    New(new::NewArgs),
    /// Compile a crate into a component.
    Build(build::BuildArgs),
    /// Check a component as the host does at installation, and whether it is pure.
    Check(check::CheckArgs),
    /// Run a plugin's fixtures and compare its answers with the expected ones.
    Test(test::TestArgs),
    /// Score a file of facts.
    Run(run::RunArgs),
    /// Show what a component is and what it asks for.
    Inspect(inspect::InspectArgs),
    /// Install a component for the company.
    Install(install::InstallArgs),
    /// Choose which installed version is used from a day on.
    Pin(install::PinArgs),
    /// List the installed components.
    List,
}

pub fn run(host: &HostOptions, args: PluginArgs) -> anyhow::Result<()> {
    let language = host.language.as_str();
    match args.command {
        PluginCommand::New(args) => new::run(&args),
        PluginCommand::Build(args) => build::run(&args),
        PluginCommand::Check(args) => check::run(&args, language),
        PluginCommand::Test(args) => test::run(&args),
        PluginCommand::Run(args) => run::run(&args, language),
        PluginCommand::Inspect(args) => inspect::run(&args, language),
        PluginCommand::Install(args) => install::run(host, &args),
        PluginCommand::Pin(args) => install::pin(host, args),
        PluginCommand::List => install::list(host),
    }
}

/// An engine as the host has, which keeps no compiled code.
fn engine() -> anyhow::Result<Engine> {
    let compiler = compiler(AUTHORS_MEMORY_BYTES, AUTHORS_SECONDS)?;
    Ok(Engine::new(EngineOptions { compiler: Some(compiler), ..EngineOptions::default() })?)
}

/// A plugin with the folder of its fixtures: a component file is taken as it is, a crate is built first.
fn plugin_at(engine: &Engine, path: &Path, fixtures: Option<&Path>) -> anyhow::Result<Vec<(Plugin, Option<PathBuf>)>> {
    if path.is_dir() {
        let fixtures = fixtures.map_or_else(|| path.join("fixtures"), Path::to_owned);
        let built = build(engine, path, None)?;
        return Ok(built.into_iter().map(|built| (built.plugin, Some(fixtures.clone()))).collect());
    }
    Ok(vec![(load(engine, path)?, fixtures.map(Path::to_owned))])
}

fn load(engine: &Engine, file: &Path) -> anyhow::Result<Plugin> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    engine.load(&bytes).with_context(|| format!("the host does not take {}", file.display()))
}
