//! `daybreak replay`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use daybreak_app::replay::ReplayedBatch;
use indicatif::ProgressBar;

use crate::host::HostOptions;

/// Batches that are looked up at once.
const BATCHES_AT_ONCE: u32 = 100;

#[derive(Args)]
pub struct ReplayArgs {
    /// Only the batch of this score; otherwise every score that was ever stored.
    #[arg(long, value_name = "NUMBER")]
    score: Option<i64>,
    /// Run this component in place of the one that the receipt names, and show what it gives.
    #[arg(long, value_name = "FILE", requires = "score")]
    component: Option<PathBuf>,
}

#[derive(Default)]
struct Count {
    scores: usize,
    differing: usize,
    fuel_compared: usize,
}

pub fn run(host: &HostOptions, args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let other = args.component.as_ref().map(std::fs::read).transpose().with_context(|| {
        format!("{} cannot be read", args.component.as_deref().unwrap_or(std::path::Path::new("")).display())
    })?;
    let count = host.with_company(|daybreak, company| async move {
        let mut count = Count::default();
        if let Some(score) = args.score {
            let batch = daybreak.batch_of_score(&company, score).await?;
            let mut replayed = daybreak.replay(&company, batch, other).await?;
            replayed.scores.retain(|replayed| replayed.score.sequence == score);
            report(&replayed, &mut count);
            return Ok(count);
        }
        let bar = ProgressBar::new_spinner();
        let mut after = 0;
        loop {
            let batches = daybreak.batches_after(&company, after, BATCHES_AT_ONCE).await?;
            let Some(last) = batches.last().map(|batch| batch.batch) else { break };
            for batch in batches {
                let replayed = daybreak.replay(&company, batch, None).await?;
                bar.set_message(format!("{} scores", count.scores));
                bar.tick();
                bar.suspend(|| report(&replayed, &mut count));
            }
            after = last;
        }
        bar.finish_and_clear();
        Ok(count)
    })?;
    println!(
        "{} scores replayed: {} equal, bit for bit; {} differ; fuel compared for {}",
        count.scores,
        count.scores - count.differing,
        count.differing,
        count.fuel_compared
    );
    Ok(if count.differing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn report(replayed: &ReplayedBatch, count: &mut Count) {
    for score in &replayed.scores {
        count.scores += 1;
        count.fuel_compared += usize::from(replayed.same_engine && !score.score.by_host);
        if score.differences.is_empty() {
            continue;
        }
        count.differing += 1;
        let stored = &score.score;
        println!("score {} ({} {} {})", stored.sequence, stored.indicator, stored.period, stored.receipt.subject.id);
        for difference in &score.differences {
            println!("  {difference}");
        }
        if let Some(outcome) = replayed.other_outcomes.get(&stored.sequence) {
            println!("  stored: {}", summary(&stored.outcome));
            println!("  with the other component: {}", summary(outcome));
        }
    }
}

fn summary(outcome: &daybreak_domain::indicator::Outcome) -> String {
    use daybreak_domain::indicator::Outcome;
    match outcome {
        Outcome::Computed(computed) => format!(
            "raw {} from {}, {}",
            computed.raw,
            computed.sample,
            computed.points.map_or("no points".to_owned(), |points| format!("{points} points"))
        ),
        Outcome::NotComputable { reason } => format!("not computable: {}", reason.get("en")),
    }
}
