//! `daybreak restore`

use std::path::PathBuf;

use clap::Args;
use daybreak_storage::restore;

use crate::commands::backup;
use crate::host::{HostOptions, private_folder};

#[derive(Args)]
pub struct RestoreArgs {
    /// A file that `daybreak backup` wrote.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub fn run(host: &HostOptions, args: &RestoreArgs) -> anyhow::Result<()> {
    private_folder(&host.data)?;
    let address = host.address()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let contents = runtime.block_on(restore(&args.file, &address, &host.data))?;
    println!("restored {} into {address}", args.file.display());
    backup::print(&contents);
    println!("everybody has to sign in again");
    Ok(())
}
