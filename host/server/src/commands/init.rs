//! `daybreak init`

use clap::Args;
use daybreak_domain::access::normal_login;
use daybreak_domain::time::Zone;

use super::account;
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
    /// What the first administrator types to sign in; case does not matter.
    #[arg(long, default_value = "admin", value_name = "NAME")]
    login: String,
}

pub fn run(host: &HostOptions, args: InitArgs) -> anyhow::Result<()> {
    let zone = Zone::named(&args.time_zone)?;
    // Before the company is made: without its invitation nobody could sign in.
    let login = normal_login(&args.login)?;
    host.with_new_host(|daybreak| async move {
        let (company, administrator) = daybreak.create_company(&args.id, &args.name, zone, &args.admin).await?;
        println!("created {} ({}), days in {}", company.name, company.id, company.zone.name());
        println!("first administrator: {} ({administrator}), login {login}", args.admin.trim());
        let link = daybreak.invite(&company, &administrator, &login).await?;
        account::print_link(&company, &link);
        Ok(())
    })
}
