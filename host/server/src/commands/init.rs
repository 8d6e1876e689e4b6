//! `daybreak init`

use clap::Args;
use daybreak_domain::time::Zone;

use crate::host::HostOptions;

#[derive(Args)]
pub struct InitArgs {
    /// The company's id: lower-case letters, digits and dashes.
    id: String,
    /// The company's name.
    #[arg(long)]
    name: String,
    /// The zone in which days and months are cut; it cannot be changed later.
    #[arg(long, default_value = "Asia/Shanghai", value_name = "ZONE")]
    time_zone: String,
    /// The name of the first administrator.
    #[arg(long, value_name = "NAME")]
    admin: String,
}

pub fn run(host: &HostOptions, args: InitArgs) -> anyhow::Result<()> {
    let zone = Zone::named(&args.time_zone)?;
    host.with_new_host(|daybreak| async move {
        let (company, administrator) = daybreak.create_company(&args.id, &args.name, zone, &args.admin).await?;
        println!("created {} ({}), days in {}", company.name, company.id, company.zone.name());
        println!("first administrator: {} ({administrator})", args.admin.trim());
        Ok(())
    })
}
