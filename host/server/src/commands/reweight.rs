//! `daybreak reweight`

use anyhow::bail;
use clap::{Args, Subcommand};
use daybreak_app::reweight::Reweighting;
use daybreak_domain::period::Period;
use daybreak_domain::reweighting::Target;
use daybreak_domain::shares::percent;
use daybreak_domain::time::Day;

use crate::commands::scorecard::share;
use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct ReweightArgs {
    #[command(subcommand)]
    command: Option<ReweightCommand>,
    #[command(flatten)]
    order: Option<OrderArgs>,
}

#[derive(Args)]
struct OrderArgs {
    /// The id of the employee.
    employee: String,
    /// The indicator whose share changes.
    #[arg(long, value_name = "ID", required_unless_present = "dimension", conflicts_with = "dimension")]
    indicator: Option<String>,
    /// The dimension whose share changes; its indicators share it in proportion.
    #[arg(long, value_name = "ID")]
    dimension: Option<String>,
    /// Its share meanwhile, for example 30%.
    #[arg(long, value_parser = share, value_name = "PERCENT")]
    share: u32,
    /// The first day.
    #[arg(long, value_name = "DAY")]
    from: Day,
    /// The day from which it no longer holds: it reverts by itself.
    #[arg(long, value_name = "DAY")]
    until: Day,
    /// In a sentence; the employee reads it.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The id of the manager who orders it.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
}

#[derive(Subcommand)]
enum ReweightCommand {
    /// Take a change back.
    Revoke {
        /// The change's number.
        number: i64,
        /// It held until the day before this one; without a day it never held.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
        #[arg(long, value_name = "PERSON")]
        by: Option<String>,
    },
    /// List the changes, the newest first.
    List,
}

pub fn run(host: &HostOptions, args: ReweightArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match (args.command, args.order) {
            (Some(ReweightCommand::Revoke { number, from, by }), _) => {
                daybreak.revoke_reweighting(&company, number, from, by.as_deref()).await?;
                match from {
                    Some(day) => println!("the change {number} holds until {day}"),
                    None => println!("the change {number} is revoked"),
                }
            }
            (Some(ReweightCommand::List), _) => {
                let rows = daybreak.reweightings(&company).await?.into_iter().map(|stored| {
                    let content = stored.content;
                    let (Target::Indicator(target) | Target::Dimension(target)) = content.target;
                    vec![
                        stored.adjustment.to_string(),
                        content.employee,
                        target,
                        percent(u64::from(content.share)),
                        content.days.first().to_string(),
                        content.days.end().to_string(),
                        if content.revoked { "revoked".to_owned() } else { String::new() },
                        content.recorded_by.unwrap_or_default(),
                        content.reason,
                    ]
                });
                let header = ["NUMBER", "EMPLOYEE", "TARGET", "SHARE", "FROM", "UNTIL", "", "BY", "REASON"];
                print::table(&header, &rows.collect::<Vec<_>>());
            }
            (None, Some(order)) => {
                let target = match (order.indicator, order.dimension) {
                    (Some(indicator), _) => Target::Indicator(indicator),
                    (None, Some(dimension)) => Target::Dimension(dimension),
                    (None, None) => bail!("name an --indicator or a --dimension"),
                };
                let order = Reweighting {
                    employee: order.employee,
                    target,
                    share: order.share,
                    days: Period::new(order.from, order.until)?,
                    reason: order.reason,
                    by: order.by,
                };
                let number = daybreak.reweight(&company, &order).await?;
                println!(
                    "change {number}: {} from {} on; it reverts by itself on {}",
                    percent(u64::from(order.share)),
                    order.days.first(),
                    order.days.end()
                );
            }
            (None, None) => bail!("name an employee, or use revoke or list: see `daybreak reweight --help`"),
        }
        Ok(())
    })
}
