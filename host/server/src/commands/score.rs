//! `daybreak score`

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::bail;
use clap::Args;
use daybreak_app::AppError;
use daybreak_app::score::{ScoreOrder, Scored, Subjects};
use daybreak_app::stale::ScoredStale;
use daybreak_domain::period::Period;
use daybreak_domain::time::Day;
use daybreak_storage::ClaimedWork;
use indicatif::{ProgressBar, ProgressStyle};

use crate::host::{HostOptions, today};

/// What a shell says of a process that was interrupted.
const INTERRUPTED: i32 = 130;

#[derive(Args)]
pub struct ScoreArgs {
    /// Only this indicator.
    #[arg(long, value_name = "ID")]
    indicator: Option<String>,
    /// A month (2013-06), a quarter (2013-Q2), a year (2013) or two days (2010-01-01..2014-02-01, the second one
    /// excluded). Without a period, everything that is stale is scored.
    #[arg(long)]
    period: Option<Period>,
    /// The day of assessment: what happened later does not count. Without one, today.
    #[arg(long, value_name = "DAY", requires = "period")]
    as_of: Option<Day>,
}

pub fn run(host: &HostOptions, args: ScoreArgs) -> anyhow::Result<ExitCode> {
    if args.period.is_none() && args.indicator.is_some() {
        bail!("an indicator is scored for a period: add --period, or leave --indicator out to score what is stale");
    }
    let (report, zone) = host.with_company(|daybreak, company| async move {
        let Some(period) = args.period else {
            let bar = bar(0)?;
            let mut progress = |order: &ScoreOrder, left: usize| {
                // What is left can grow: scores make composites stale, and those of months those of quarters.
                bar.inc(1);
                bar.set_length(bar.position() + left as u64);
                bar.set_message(format!("{} {}", order.indicator, order.period));
            };
            let stopping = stopping();
            let stop = || stopping.load(Ordering::Relaxed);
            let scored = daybreak.score_stale_until(&company, &mut progress, &stop).await;
            bar.finish_and_clear();
            return Ok((scored?, company.zone));
        };
        let named = args.indicator.is_some();
        let indicators = match args.indicator {
            Some(indicator) => vec![indicator],
            None => daybreak.indicators(&company).await?.into_iter().map(|known| known.indicator).collect(),
        };
        let assessed_on = args.as_of.unwrap_or_else(|| today(&company.zone));
        let mut report = ScoredStale::default();
        let bar = bar(indicators.len() as u64)?;
        for indicator in indicators {
            bar.set_message(format!("{indicator} {period}"));
            let order = ScoreOrder { indicator, period, assessed_on, subjects: Subjects::All, settles: false };
            match daybreak.score(&company, &order).await {
                Ok(scored) => report.scored.add(scored),
                // Of all indicators, those that did not exist yet are simply not among them.
                Err(AppError::IndicatorNotThere { .. } | AppError::NoParameters { .. }) if !named => {}
                Err(error) => report.errors.push((order, error)),
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        let composed = daybreak.compose_stale(&company).await?;
        report.composites = composed.composites;
        report.errors.extend(composed.errors);
        Ok((report, company.zone))
    })?;
    let ScoredStale { scored, composites, errors, assessed, stopped, claimed } = report;
    print(&scored);
    if composites > 0 {
        println!("{composites} composites");
    }
    let well_assessed = super::assess::print(&assessed);
    let mut told = Vec::new();
    for (order, error) in &errors {
        let problem = crate::chain(error);
        if !told.contains(&problem) {
            eprintln!("error: {} {}: {problem}", order.indicator, order.period);
            told.push(problem);
        }
    }
    if let Some(ClaimedWork { pieces, until }) = claimed {
        println!(
            "{pieces} pieces of work are claimed by another scorer until {} at the latest: if it no longer runs, score again \
             then",
            zone.local(until).strftime("%F %T")
        );
    }
    if stopped {
        eprintln!("stopped: what is left stays stale, and `daybreak score` goes on with it");
    }
    let all_well = well_assessed && scored.faults.is_empty() && errors.is_empty() && !stopped;
    Ok(if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// On a terminal; elsewhere only what comes of it is printed.
fn bar(length: u64) -> anyhow::Result<ProgressBar> {
    Ok(ProgressBar::new(length).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} scoring {msg}")?))
}

/// Becomes true when somebody interrupts the command: the piece of work in hand is then finished and nothing stays claimed.
/// A second interruption ends the process at once.
fn stopping() -> Arc<AtomicBool> {
    let stopping = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stopping);
    tokio::spawn(async move {
        while tokio::signal::ctrl_c().await.is_ok() {
            if told.swap(true, Ordering::Relaxed) {
                std::process::exit(INTERRUPTED);
            }
            eprintln!("finishing what is in hand; interrupt once more to break it off");
        }
    });
    stopping
}

fn print(scored: &Scored) {
    println!(
        "{} computed, {} not computable, {} not enabled, {} failed ({} rows, {} units of fuel)",
        scored.computed,
        scored.not_computable,
        scored.not_enabled,
        scored.faults.len(),
        scored.rows,
        scored.fuel
    );
    for (subject, fault) in scored.faults.iter().take(20) {
        eprintln!("{subject}: {fault}");
    }
    if scored.faults.len() > 20 {
        eprintln!("and {} more: daybreak faults", scored.faults.len() - 20);
    }
}
