//! `daybreak faults`

use clap::Args;

use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
pub struct FaultsArgs {
    /// Most faults that are shown, the newest first.
    #[arg(long, default_value_t = 50)]
    most: u32,
}

pub fn run(host: &HostOptions, args: &FaultsArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let faults = daybreak.faults(&company, args.most).await?;
        let rows: Vec<Vec<String>> = faults
            .into_iter()
            .map(|fault| {
                vec![
                    company.zone.local(fault.occurred_at).to_string(),
                    fault.kind.to_string(),
                    fault.indicator,
                    fault.period.to_string(),
                    fault.subject,
                    fault.component.short(),
                    fault.fault.to_string(),
                ]
            })
            .collect();
        print::table(&["WHEN", "KIND", "WHAT", "PERIOD", "WHO", "COMPONENT", "FAULT"], &rows);
        Ok(())
    })
}
