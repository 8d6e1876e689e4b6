//! `daybreak backup`

use std::path::PathBuf;

use clap::Args;
use daybreak_storage::{BackupContents, backup};

use crate::host::HostOptions;

#[derive(Args)]
pub struct BackupArgs {
    /// The file to write; it must not exist yet.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(host: &HostOptions, args: &BackupArgs) -> anyhow::Result<()> {
    let address = host.address()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let contents = runtime.block_on(backup(&address, &args.file))?;
    println!("wrote {} ({} KiB)", args.file.display(), contents.bytes.div_ceil(1024));
    print(&contents);
    Ok(())
}

/// What a backup holds, for whoever wants to know that it is the right one.
pub fn print(contents: &BackupContents) {
    for (company, sequence) in &contents.companies {
        println!("  {company}, up to number {sequence}");
    }
    println!("  {} facts and {} scores, in tables of form {}", contents.facts, contents.scores, contents.form);
}
