//! `daybreak plugin new`

use std::path::PathBuf;

use clap::Args;
use daybreak_domain::plugin::PluginKind;

use crate::plugin_kit::template;

#[derive(Args)]
pub struct NewArgs {
    /// The plugin's name: lower-case letters, digits and dashes. A folder of that name is made.
    name: String,
    /// What the plugin does: indicator, insight, reweighting or assistant.
    #[arg(long, default_value = "indicator")]
    kind: PluginKind,
    /// Where to make the folder.
    #[arg(long, default_value = ".", value_name = "DIR")]
    into: PathBuf,
}

pub fn run(args: &NewArgs) -> anyhow::Result<()> {
    let folder = template::write(&args.name, args.kind, &args.into)?;
    println!("Made {}. Next:", folder.display());
    println!("  cd {}", folder.display());
    println!("  daybreak plugin check    # builds it, and tries whether the host takes it and whether it is pure");
    println!("  daybreak plugin test     # runs its fixtures in the host's engine");
    println!("  cargo test               # runs its property tests natively");
    Ok(())
}
