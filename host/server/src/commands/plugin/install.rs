//! `daybreak plugin install`, `pin` and `list`: components of a company.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use daybreak_app::install::ALWAYS;
use daybreak_domain::digest::Digest;
use daybreak_domain::time::Day;

use crate::host::{HostOptions, today};
use crate::plugin_kit::words;
use crate::print;

#[derive(Args)]
pub struct InstallArgs {
    /// The component.
    #[arg(value_name = "FILE")]
    component: PathBuf,
}

#[derive(Args)]
pub struct PinArgs {
    /// The plugin's name.
    plugin: String,
    /// The digest of an installed version, as `daybreak plugin list` shows it.
    digest: Digest,
    /// Only for this department.
    #[arg(long, value_name = "ID")]
    department: Option<String>,
    /// The first day on which it is used; all of history unless it is given.
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
}

pub fn run(host: &HostOptions, args: &InstallArgs) -> anyhow::Result<()> {
    let bytes = std::fs::read(&args.component)
        .with_context(|| format!("the component {} cannot be read", args.component.display()))?;
    let installed = host
        .with_company(|daybreak, company| async move { Ok(daybreak.install_plugin(&company, bytes).await?) })
        .with_context(|| format!("{} was not installed", args.component.display()))?;
    words::print_record(&installed.record, &host.language);
    let name = &installed.record.manifest.name;
    match (installed.new, installed.pinned) {
        (false, _) => println!("It was installed before; nothing has changed."),
        (true, true) => println!("Installed, and used from now on as the first version of {name}."),
        (true, false) => {
            println!(
                "Installed beside another version. To use it: daybreak plugin pin {name} {}",
                installed.record.digest
            );
        }
    }
    Ok(())
}

pub fn pin(host: &HostOptions, args: PinArgs) -> anyhow::Result<()> {
    let PinArgs { plugin, digest, department, from } = args;
    host.with_company(|daybreak, company| async move {
        let from = from.unwrap_or(ALWAYS);
        Ok(daybreak.pin_plugin(&company, &plugin, department.as_deref(), from, digest).await?)
    })
}

pub fn list(host: &HostOptions) -> anyhow::Result<()> {
    let language = host.language.clone();
    host.with_company(|daybreak, company| async move {
        let day = today(&company.zone);
        let mut rows = Vec::new();
        for component in daybreak.plugins(&company).await? {
            let record = &component.record;
            let pins = daybreak.plugin_pins(&company, &record.manifest.name, day).await?;
            let used = pins.iter().filter(|pin| pin.component == record.digest);
            let used: Vec<&str> = used.map(|pin| pin.department.as_deref().unwrap_or("company")).collect();
            rows.push(vec![
                record.manifest.name.clone(),
                record.manifest.version.clone(),
                record.manifest.title.get(&language).to_owned(),
                record.digest.to_string(),
                used.join(", "),
            ]);
        }
        print::table(&["plugin", "version", "title", "digest", "used by"], &rows);
        Ok(())
    })
}
