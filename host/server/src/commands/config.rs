//! `daybreak config`

use clap::Args;

use crate::configuration::reference;
use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
pub struct ConfigArgs {
    /// Print what every setting means, as Markdown, instead of what is in force.
    #[arg(long)]
    reference: bool,
}

pub fn run(host: &HostOptions, args: &ConfigArgs) -> anyhow::Result<()> {
    if args.reference {
        print!("{}", reference());
        return Ok(());
    }
    let configuration = host.configuration()?;
    let rows: Vec<Vec<String>> = configuration
        .in_force()
        .iter()
        .map(|setting| vec![setting.key.to_owned(), setting.value.clone(), setting.from.clone()])
        .collect();
    print::table(&["setting", "value", "from"], &rows);
    Ok(())
}
