//! `daybreak plugin build`

use std::path::PathBuf;

use clap::Args;

use crate::plugin_kit::build::build;

#[derive(Args)]
pub struct BuildArgs {
    /// Folders of plugin crates.
    #[arg(default_value = ".", value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// The cargo profile; `plugin` where the workspace has one, else `release`.
    #[arg(long)]
    profile: Option<String>,
}

pub fn run(args: &BuildArgs) -> anyhow::Result<()> {
    let engine = super::engine()?;
    for folder in &args.folders {
        for built in build(&engine, folder, args.profile.as_deref())? {
            let record = built.record();
            println!("{}  {} bytes  {}", built.file.display(), record.size_bytes, record.digest);
        }
    }
    Ok(())
}
