//! `daybreak plugin inspect`

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use wit_component::DecodedWasm;

use crate::plugin_kit::words;

#[derive(Args)]
pub struct InspectArgs {
    /// The component.
    #[arg(value_name = "FILE")]
    component: PathBuf,
    /// A JSON file of parameters; shows what the plugin reads with them.
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &InspectArgs, language: &str) -> anyhow::Result<()> {
    let plugin = super::load(&super::engine()?, &args.component)?;
    let record = plugin.record();
    let (imports, exports) = imports_and_exports(&args.component)?;
    let parameters = args.parameters.as_deref().map(parameters_of).transpose()?;
    let mut needs = Vec::new();
    if let Some(parameters) = &parameters {
        for interface in &record.interfaces {
            needs.push((interface.kind, plugin.requires(interface.kind, parameters)?));
        }
    }
    if args.json {
        let needs: serde_json::Map<String, serde_json::Value> = needs
            .iter()
            .map(|(kind, requirements)| Ok((kind.name().to_owned(), serde_json::to_value(requirements)?)))
            .collect::<anyhow::Result<_>>()?;
        let document =
            serde_json::json!({ "component": record, "imports": imports, "exports": exports, "needs": needs });
        println!("{}", serde_json::to_string_pretty(&document)?);
        return Ok(());
    }
    words::print_record(record, language);
    for import in &imports {
        println!("  import      {import}");
    }
    for export in &exports {
        println!("  export      {export}");
    }
    println!("parameters");
    println!("{}", serde_json::to_string_pretty(&record.manifest.parameters_schema)?);
    if parameters.is_none() {
        println!("what it reads depends on its parameters; give some with --parameters");
    } else {
        println!("needs");
    }
    for (kind, requirements) in &needs {
        words::print_requirements(*kind, requirements, language);
    }
    Ok(())
}

pub fn parameters_of(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("the parameters {} cannot be read", file.display()))
}

/// The names in the component's type.
fn imports_and_exports(file: &Path) -> anyhow::Result<(Vec<String>, Vec<String>)> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let decoded = wit_component::decode(&bytes).map_err(|error| anyhow::anyhow!("{error:#}"))?;
    let DecodedWasm::Component(resolve, world) = decoded else {
        anyhow::bail!("{} is a package of WIT, no component", file.display());
    };
    let world = &resolve.worlds[world];
    let imports = world.imports.keys().map(|key| resolve.name_world_key(key)).collect();
    let exports = world.exports.keys().map(|key| resolve.name_world_key(key)).collect();
    Ok((imports, exports))
}
