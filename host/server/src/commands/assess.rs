//! `daybreak assess`

use std::process::ExitCode;

use clap::Args;
use daybreak_app::assess::{AssessOrder, Assessed, AssessedDue};
use daybreak_domain::time::Day;

use crate::host::{HostOptions, today};

/// Most faults and defects that are printed of one assessment.
const NAMED_MAX: usize = 20;

#[derive(Args)]
pub struct AssessArgs {
    /// Only this assistant; without one, all that are in use.
    enablement: Option<String>,
    /// The day of assessment: what happened later does not count. Without one, today.
    #[arg(long, value_name = "DAY")]
    on: Option<Day>,
}

pub fn run(host: &HostOptions, args: AssessArgs) -> anyhow::Result<ExitCode> {
    let report = host.with_company(|daybreak, company| async move {
        let on = args.on.unwrap_or_else(|| today(&company.zone));
        let mut report = AssessedDue::default();
        if let Some(enablement) = args.enablement {
            report.assessed.push(daybreak.assess(&company, &AssessOrder { enablement, on }).await?);
            return Ok(report);
        }
        for enablement in daybreak.assistants(&company, on).await? {
            match daybreak.assess(&company, &AssessOrder { enablement: enablement.clone(), on }).await {
                Ok(assessed) => report.assessed.push(assessed),
                Err(error) => report.errors.push((enablement, error)),
            }
        }
        Ok(report)
    })?;
    if report.assessed.is_empty() && report.errors.is_empty() {
        println!("no assistant is in use: see `daybreak enablement set`");
    }
    Ok(if print(&report) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints what assistants did; returns whether all went well.
pub fn print(report: &AssessedDue) -> bool {
    for assessed in &report.assessed {
        let Assessed { enablement, on, subjects, opened, updated, closed, .. } = assessed;
        println!(
            "{enablement} on {on}: {subjects} assessed; {opened} alerts opened, {updated} updated, {closed} closed, {} \
             failed ({} rows, {} units of fuel)",
            assessed.faults.len(),
            assessed.rows,
            assessed.fuel
        );
        if assessed.overtaken {
            println!("  another host has assessed it with newer facts meanwhile");
        }
        for (subject, kind, field, fact) in assessed.defective.iter().take(NAMED_MAX) {
            eprintln!("{subject}: cannot be assessed, because {kind} fact number {fact} lacks the field {field:?}");
        }
        for (subject, fault) in assessed.faults.iter().take(NAMED_MAX) {
            eprintln!("{subject}: {fault}");
        }
        if assessed.faults.len() > NAMED_MAX {
            eprintln!("and {} more: daybreak faults", assessed.faults.len() - NAMED_MAX);
        }
    }
    for (enablement, error) in &report.errors {
        eprintln!("error: {enablement}: {}", crate::chain(error));
    }
    report.errors.is_empty() && report.assessed.iter().all(|assessed| assessed.faults.is_empty())
}
