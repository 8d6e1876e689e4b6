//! `daybreak scorecard`

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use daybreak_app::install::ALWAYS;
use daybreak_app::scorecard::ScorecardSetting;
use daybreak_domain::scorecard::Place;
use daybreak_domain::shares::{PercentError, of_percent, percent};
use daybreak_domain::time::Day;
use daybreak_storage::ScorecardRevision;

use crate::host::{HostOptions, today};
use crate::print;

#[derive(Args)]
pub struct ScorecardArgs {
    #[command(subcommand)]
    command: ScorecardCommand,
}

#[derive(Subcommand)]
enum ScorecardCommand {
    /// Set a scorecard from a file, which signs its shares: they must total exactly 100%.
    Set {
        /// TOML; see SCORECARDS.md.
        file: PathBuf,
        /// The id of the person who signs it.
        #[arg(long, value_name = "PERSON")]
        by: Option<String>,
    },
    /// Show a scorecard with its indicators and shares.
    Show {
        id: String,
        /// As it is on this day; without one, today.
        #[arg(long, value_name = "DAY")]
        on: Option<Day>,
    },
    /// List the scorecards, each as it was last set.
    List,
    /// Take a scorecard out of use from a day on.
    End {
        id: String,
        /// The first day on which it is in use no more.
        #[arg(long, value_name = "DAY")]
        from: Day,
        #[arg(long, value_name = "PERSON")]
        by: Option<String>,
    },
    /// Show or set which part of the shares must be computable for a composite to be.
    MinimumCoverage {
        /// For example 50%; without one, what is in force today is shown.
        #[arg(value_parser = share)]
        coverage: Option<u32>,
        /// The first day on which it holds; without one it holds for all of history.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
        #[arg(long, value_name = "PERSON")]
        by: Option<String>,
    },
}

/// A share in percent, as millionths.
pub fn share(text: &str) -> Result<u32, PercentError> {
    of_percent(text)
}

pub fn run(host: &HostOptions, args: ScorecardArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            ScorecardCommand::Set { file, by } => {
                let text = std::fs::read_to_string(&file)
                    .with_context(|| format!("the scorecard {} cannot be read", file.display()))?;
                let setting = ScorecardSetting::from_toml(&text)?;
                let revision = daybreak.set_scorecard(&company, &setting, by.as_deref()).await?;
                println!("{} is set (revision {revision}), {}", setting.scorecard.id, words(&setting.scorecard.place));
            }
            ScorecardCommand::End { id, from, by } => {
                daybreak.end_scorecard(&company, &id, from, by.as_deref()).await?;
                println!("{id} ends on {from}");
            }
            ScorecardCommand::Show { id, on } => {
                let on = on.unwrap_or_else(|| today(&company.zone));
                let all = daybreak.scorecards(&company).await?;
                let revision = all.iter().rfind(|known| known.scorecard.id == id && known.from <= on);
                match revision {
                    Some(revision) if !revision.ended => show(revision, &host.language),
                    Some(revision) => bail!("the scorecard {id} ended on {}", revision.from),
                    None => bail!("there is no scorecard {id} on {on}: see `daybreak scorecard list`"),
                }
            }
            ScorecardCommand::List => {
                let mut newest: Vec<ScorecardRevision> = Vec::new();
                for revision in daybreak.scorecards(&company).await? {
                    newest.retain(|older| older.scorecard.id != revision.scorecard.id);
                    newest.push(revision);
                }
                let rows: Vec<Vec<String>> = newest.iter().map(|revision| row(revision, &host.language)).collect();
                print::table(&["ID", "TITLE", "FOR", "FROM", "INDICATORS", "REVISION"], &rows);
            }
            ScorecardCommand::MinimumCoverage { coverage, from, by } => {
                if let Some(coverage) = coverage {
                    let from = from.unwrap_or(ALWAYS);
                    daybreak.set_minimum_coverage(&company, coverage, from, by.as_deref()).await?;
                }
                let coverage = daybreak.minimum_coverage(&company, today(&company.zone)).await?;
                println!("a composite needs at least {} of the shares", percent(u64::from(coverage)));
            }
        }
        Ok(())
    })
}

fn words(place: &Place) -> String {
    match place {
        Place::Company => "for everybody who has no other one".to_owned(),
        Place::Department(department) => format!("for the department {department} and those below it"),
        Place::Position(position) => format!("for the position {position}"),
        Place::Employees(employees) => {
            format!("for {}", employees.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
        }
    }
}

fn row(revision: &ScorecardRevision, language: &str) -> Vec<String> {
    let scorecard = &revision.scorecard;
    let from = if revision.from == ALWAYS { String::new() } else { revision.from.to_string() };
    vec![
        scorecard.id.clone(),
        scorecard.title.get(language).to_owned(),
        words(&scorecard.place),
        if revision.ended { format!("ended on {from}") } else { from },
        scorecard.entries.len().to_string(),
        revision.sequence.to_string(),
    ]
}

fn show(revision: &ScorecardRevision, language: &str) {
    let scorecard = &revision.scorecard;
    println!("{} {}, {}", scorecard.id, scorecard.title.get(language), words(&scorecard.place));
    for dimension in &scorecard.dimensions {
        let entries: Vec<_> = scorecard.entries.iter().filter(|entry| entry.dimension == dimension.id).collect();
        let total: u64 = entries.iter().map(|entry| u64::from(entry.share)).sum();
        println!("  {:>9}  {} {}", percent(total), dimension.id, dimension.title.get(language));
        for entry in entries {
            let note = match (entry.trial, entry.locked) {
                (true, _) => "  on trial, counts nowhere",
                (false, true) => "  locked",
                (false, false) => "",
            };
            println!("    {:>9}  {}{note}", percent(u64::from(entry.share)), entry.indicator);
        }
    }
    let by = revision.recorded_by.as_deref().unwrap_or("the command line");
    println!("  signed at {} by {by} (revision {})", revision.recorded_at, revision.sequence);
}
