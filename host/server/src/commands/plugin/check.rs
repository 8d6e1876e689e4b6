//! `daybreak plugin check`

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;
use daybreak_engine::Plugin;

use crate::plugin_kit::case::{Case, folders};
use crate::plugin_kit::probe::probe;
use crate::plugin_kit::words;

#[derive(Args)]
pub struct CheckArgs {
    /// The folder of a plugin's crate, or a component file.
    #[arg(default_value = ".", value_name = "DIR|FILE")]
    plugin: PathBuf,
    /// The folder with the plugin's cases; `fixtures` in the crate's folder unless it is given.
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
}

pub fn run(args: &CheckArgs, language: &str) -> anyhow::Result<()> {
    let engine = super::engine()?;
    let mut complaints = 0;
    for (plugin, fixtures) in super::plugin_at(&engine, &args.plugin, args.fixtures.as_deref())? {
        // The engine took it: its type, its manifest and the schema of its parameters are in order.
        words::print_record(plugin.record(), language);
        ok("admitted: nothing imported but logging, manifest and schema in order");
        complaints += complain("texts in both languages", &words::untranslated(plugin.record()));
        let Some(fixtures) = fixtures else {
            println!("  no cases were tried; name their folder with --fixtures");
            continue;
        };
        let folders = folders(&fixtures)?;
        if folders.is_empty() {
            println!("  no cases were tried: {} holds none", fixtures.display());
        }
        for folder in folders {
            complaints += check_case(&Case::read(&folder, &plugin)?, &plugin, language)?;
        }
    }
    if complaints > 0 {
        bail!("{complaints} complaints; they stand above, marked with ✗");
    }
    Ok(())
}

fn check_case(case: &Case, plugin: &Plugin, language: &str) -> anyhow::Result<usize> {
    println!("case {} ({} {})", case.name, case.items(), items_word(case));
    let requirements = plugin.requires(case.kind, &case.parameters_json)?;
    words::print_requirements(case.kind, &requirements, language);
    let mut complaints = complain("reasons in both languages", &words::untranslated_needs(&requirements));
    for finding in probe(case, plugin)? {
        let difference: Vec<String> = finding.difference.into_iter().collect();
        complaints += complain(finding.tried, &difference);
    }
    Ok(complaints)
}

fn items_word(case: &Case) -> &'static str {
    use crate::plugin_kit::case::Input;
    match case.input {
        Input::Indicator { .. } | Input::Assistant { .. } => "subjects",
        Input::Insight { .. } => "charts",
        Input::Reweighting { .. } => "scorecards",
    }
}

fn ok(what: &str) {
    println!("  ✓ {what}");
}

fn complain(what: &str, complaints: &[String]) -> usize {
    if complaints.is_empty() {
        ok(what);
    }
    for complaint in complaints {
        println!("  ✗ {what}: {complaint}");
    }
    complaints.len()
}
