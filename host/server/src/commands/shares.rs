//! `daybreak shares`

use anyhow::bail;
use clap::{Args, ValueEnum};
use daybreak_app::shares::MonthView;
use daybreak_domain::period::Period;
use daybreak_domain::reweighting::Target;
use daybreak_domain::shares::{Adjustment, Cause, DayShare, How, Interval, percent};

use crate::host::HostOptions;

#[derive(Args)]
pub struct SharesArgs {
    /// The id of an employee.
    employee: String,
    /// A month, for example 2026-06.
    #[arg(long)]
    period: Period,
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub fn run(host: &HostOptions, args: &SharesArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let Some(view) = daybreak.month_shares(&company, &args.employee, args.period).await? else {
            bail!("{} has no scorecard on any day of {}: see `daybreak scorecard list`", args.employee, args.period);
        };
        match args.format {
            Format::Text => text(&view, &host.language),
            Format::Json => println!("{}", json(&view)),
        }
        Ok(())
    })
}

fn json(view: &MonthView) -> serde_json::Value {
    let trials = view.scorecard.scorecard.entries.iter().filter(|entry| entry.trial).map(|entry| &entry.indicator);
    serde_json::json!({
        "employee": view.employee,
        "month": view.month,
        "scorecard": view.scorecard.scorecard.id,
        "revision": view.scorecard.sequence,
        "days": view.days,
        "day_count": view.shares.month.day_count,
        "shares": view.shares.month.shares,
        "trials": trials.collect::<Vec<_>>(),
        "intervals": view.shares.month.intervals,
        "refused": view.shares.refused,
        "failed": view.shares.failed,
    })
}

fn text(view: &MonthView, language: &str) {
    let scorecard = &view.scorecard.scorecard;
    let month = &view.shares.month;
    let title = scorecard.title.get(language);
    println!("{} · {} · {title} ({} days on it)", view.employee, view.month, month.day_count);
    for share in &month.shares {
        let signed = percent(u64::from(share.signed));
        let was = if share.signed == share.share { String::new() } else { format!("  signed: {signed}") };
        println!("  {:>9}  {} ({}){was}", percent(u64::from(share.share)), share.indicator, share.dimension);
    }
    for trial in scorecard.entries.iter().filter(|entry| entry.trial) {
        println!("  {:>9}  {} ({})  on trial, counts nowhere", "", trial.indicator, trial.dimension);
    }
    for interval in &month.intervals {
        print_interval(interval, language);
    }
    for refused in &view.shares.refused {
        let left = if refused.policies_hold { "only the policies' changes hold" } else { "no change holds" };
        println!("  {} to {}: {left}: {}", refused.days.first(), refused.days.last(), refused.reason.get(language));
    }
    for failed in &view.shares.failed {
        println!("  the policy {} failed and changed nothing: {}", failed.policy, failed.fault);
    }
}

fn print_interval(interval: &Interval, language: &str) {
    println!("  {} to {}", interval.days.first(), interval.days.last());
    for share in &interval.shares.shares {
        println!("    {:>9}  {}{}", percent(u64::from(share.share)), share.indicator, touched(share));
    }
    for (index, adjustment) in interval.shares.adjustments.iter().enumerate() {
        println!("    [{}] {}", index + 1, words(adjustment, language));
    }
}

fn touched(share: &DayShare) -> String {
    let touch = share.touched.iter().map(|touch| {
        let how = match touch.how {
            How::Set => "set",
            How::Spread => "part of its dimension",
            How::Scaled => "scaled",
            How::Overruled => "overruled",
        };
        format!("  {how} [{}]", touch.adjustment + 1)
    });
    touch.collect()
}

fn words(adjustment: &Adjustment, language: &str) -> String {
    let (Target::Indicator(target) | Target::Dimension(target)) = &adjustment.target;
    let cause = match &adjustment.cause {
        Cause::Policy { policy, circumstance, .. } => format!("policy {policy}, circumstance {circumstance}"),
        Cause::Manager { adjustment, days } => {
            format!("manager, change {adjustment} from {} until {}", days.first(), days.end())
        }
    };
    let share = percent(u64::from(adjustment.share));
    format!("{target} to {share} ({cause}): {}", adjustment.reason.get(language))
}
