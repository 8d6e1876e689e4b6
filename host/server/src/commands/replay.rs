//! `daybreak replay`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use daybreak_app::Daybreak;
use daybreak_app::replay::ReplayedBatch;
use daybreak_app::replay::assessment::ReplayedAssessment;
use daybreak_app::replay::narration::ReplayedNarration;
use daybreak_app::replay_composites::{ReplayedComposite, ReplayedPolicy};
use daybreak_domain::company::Company;
use indicatif::ProgressBar;

use crate::host::HostOptions;

/// Facts that are looked at together.
const FACTS_AT_ONCE: u32 = 5_000;

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
    /// Facts whose content is not what was recorded.
    tampered: usize,
    /// Batches that differ although none of their scores is left to say so.
    batches: usize,
    scores: usize,
    differing: usize,
    fuel_compared: usize,
    /// Subjects of assessments.
    assessed: usize,
    assessed_differing: usize,
    sentences: usize,
    sentences_differing: usize,
    policies: usize,
    differing_policies: usize,
    composites: usize,
    differing_composites: usize,
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
        replay_scores(&daybreak, &company, &bar, &mut count).await?;
        replay_assistants_and_insights(&daybreak, &company, &bar, &mut count).await?;
        replay_shares(&daybreak, &company, &bar, &mut count).await?;
        bar.finish_and_clear();
        Ok(count)
    })?;
    let is_equal = print(&count);
    Ok(if is_equal { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Facts against their digests, then every batch of scores.
async fn replay_scores(
    daybreak: &Daybreak,
    company: &Company,
    bar: &ProgressBar,
    count: &mut Count,
) -> anyhow::Result<()> {
    let mut after = 0;
    while let Some((tampered, last)) = daybreak.tampered_facts(company, after, FACTS_AT_ONCE).await? {
        for fact in &tampered {
            bar.suspend(|| println!("changed after it was recorded: {fact}"));
        }
        count.tampered += tampered.len();
        bar.set_message("facts");
        bar.tick();
        after = last;
    }
    let mut after = 0;
    loop {
        let batches = daybreak.batches_after(company, after, BATCHES_AT_ONCE).await?;
        let Some(last) = batches.last().copied() else { break };
        for batch in batches {
            let replayed = daybreak.replay(company, batch, None).await?;
            bar.set_message(format!("{} scores", count.scores));
            bar.tick();
            bar.suspend(|| report(&replayed, count));
        }
        after = last;
    }
    Ok(())
}

/// Every assessment and every narration.
async fn replay_assistants_and_insights(
    daybreak: &Daybreak,
    company: &Company,
    bar: &ProgressBar,
    count: &mut Count,
) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let batches = daybreak.assessments_after(company, after, BATCHES_AT_ONCE).await?;
        let Some(last) = batches.last().copied() else { break };
        for batch in batches {
            let replayed = daybreak.replay_assessment(company, batch).await?;
            bar.set_message(format!("{} assessed subjects", count.assessed));
            bar.tick();
            bar.suspend(|| report_assessment(&replayed, count));
        }
        after = last;
    }
    let mut after = 0;
    loop {
        let batches = daybreak.narrations_after(company, after, BATCHES_AT_ONCE).await?;
        let Some(last) = batches.last().copied() else { break };
        for batch in batches {
            let replayed = daybreak.replay_narration(company, batch).await?;
            bar.set_message(format!("{} sentences", count.sentences));
            bar.tick();
            bar.suspend(|| report_narration(&replayed, count));
        }
        after = last;
    }
    Ok(())
}

/// Every call of a policy, then every composite.
async fn replay_shares(
    daybreak: &Daybreak,
    company: &Company,
    bar: &ProgressBar,
    count: &mut Count,
) -> anyhow::Result<()> {
    let mut after = 0;
    loop {
        let policies = daybreak.replay_policies(company, after, BATCHES_AT_ONCE).await?;
        let Some(last) = policies.last().map(|replayed| replayed.batch) else { break };
        bar.set_message("policies");
        bar.tick();
        bar.suspend(|| policies.iter().for_each(|replayed| report_policy(replayed, count)));
        after = last;
    }
    let mut after = 0;
    loop {
        let composites = daybreak.replay_composites(company, after, BATCHES_AT_ONCE).await?;
        let Some(last) = composites.last().map(|replayed| replayed.sequence) else { break };
        bar.set_message("composites");
        bar.tick();
        bar.suspend(|| composites.iter().for_each(|replayed| report_composite(replayed, count)));
        after = last;
    }
    Ok(())
}

/// Says what was replayed and whether all of it was equal.
fn print(count: &Count) -> bool {
    println!(
        "{} scores replayed: {} equal, bit for bit; {} differ; fuel compared for {}",
        count.scores,
        count.scores - count.differing,
        count.differing,
        count.fuel_compared
    );
    if count.assessed > 0 {
        println!(
            "{} assessed subjects replayed: {} equal, bit for bit; {} differ",
            count.assessed,
            count.assessed - count.assessed_differing,
            count.assessed_differing
        );
    }
    if count.sentences > 0 {
        println!(
            "{} sentences replayed: {} equal, bit for bit; {} differ",
            count.sentences,
            count.sentences - count.sentences_differing,
            count.sentences_differing
        );
    }
    if count.tampered > 0 {
        println!("{} facts were changed after they were recorded", count.tampered);
    }
    if count.policies > 0 {
        let differing = count.differing_policies;
        println!("{} policy calls replayed: {} equal; {differing} differ", count.policies, count.policies - differing);
    }
    if count.composites > 0 {
        let differing = count.differing_composites;
        let equal = count.composites - differing;
        println!("{} composites replayed: {equal} equal, bit for bit; {differing} differ", count.composites);
    }
    let differing = count.differing
        + count.assessed_differing
        + count.sentences_differing
        + count.differing_policies
        + count.differing_composites;
    differing + count.tampered + count.batches == 0
}

fn report_policy(replayed: &ReplayedPolicy, count: &mut Count) {
    count.policies += 1;
    if replayed.differences.is_empty() {
        return;
    }
    count.differing_policies += 1;
    println!("policy call {} ({})", replayed.batch, replayed.policy);
    for difference in &replayed.differences {
        println!("  {difference}");
    }
}

fn report_composite(replayed: &ReplayedComposite, count: &mut Count) {
    count.composites += 1;
    if replayed.differences.is_empty() {
        return;
    }
    count.differing_composites += 1;
    match &replayed.key {
        Some((employee, period)) => println!("composite {} ({period} {employee})", replayed.sequence),
        None => println!("composite {}", replayed.sequence),
    }
    for difference in &replayed.differences {
        println!("  {difference}");
    }
}

fn report(replayed: &ReplayedBatch, count: &mut Count) {
    if replayed.scores.is_empty() && !replayed.differences.is_empty() {
        count.batches += 1;
        println!("batch {}", replayed.batch);
        for difference in &replayed.differences {
            println!("  {difference}");
        }
    }
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

fn report_assessment(replayed: &ReplayedAssessment, count: &mut Count) {
    if replayed.subjects.is_empty() && !replayed.differences.is_empty() {
        count.batches += 1;
        println!("assessment {}", replayed.batch);
        for difference in &replayed.differences {
            println!("  {difference}");
        }
    }
    for (subject, differences) in &replayed.subjects {
        count.assessed += 1;
        if differences.is_empty() {
            continue;
        }
        count.assessed_differing += 1;
        println!("assessment {} ({} {subject})", replayed.batch, replayed.enablement);
        for difference in differences {
            println!("  {difference}");
        }
    }
}

fn report_narration(replayed: &ReplayedNarration, count: &mut Count) {
    if replayed.sentences.is_empty() && !replayed.differences.is_empty() {
        count.batches += 1;
        println!("narration {}", replayed.batch);
        for difference in &replayed.differences {
            println!("  {difference}");
        }
    }
    for (indicator, subject, differences) in &replayed.sentences {
        count.sentences += 1;
        if differences.is_empty() {
            continue;
        }
        count.sentences_differing += 1;
        println!("narration {} ({indicator} {subject})", replayed.batch);
        for difference in differences {
            println!("  {difference}");
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
