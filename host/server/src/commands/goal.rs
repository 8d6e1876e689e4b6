//! `daybreak goal`

use clap::{Args, Subcommand};
use daybreak_app::install::ALWAYS;
use daybreak_domain::goal::Goal;
use daybreak_domain::time::Day;

use crate::host::HostOptions;

#[derive(Args)]
pub struct GoalArgs {
    #[command(subcommand)]
    command: GoalCommand,
}

#[derive(Subcommand)]
enum GoalCommand {
    /// Set the goal of one subject, or of everybody who has none of their own.
    Set {
        /// The indicator's id.
        indicator: String,
        /// A person, department or customer; without one, everybody.
        #[arg(long, value_name = "ID")]
        subject: Option<String>,
        #[arg(long, allow_negative_numbers = true)]
        baseline: Option<f64>,
        #[arg(long, allow_negative_numbers = true)]
        target: Option<f64>,
        #[arg(long, allow_negative_numbers = true)]
        stretch: Option<f64>,
        /// The first day on which it holds; without one it holds for all of history.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
        /// The day from which it no longer holds.
        #[arg(long, value_name = "DAY")]
        until: Option<Day>,
    },
}

pub fn run(host: &HostOptions, args: GoalArgs) -> anyhow::Result<()> {
    let GoalCommand::Set { indicator, subject, baseline, target, stretch, from, until } = args.command;
    let goal = Goal { baseline, target, stretch };
    host.with_company(|daybreak, company| async move {
        let from = from.unwrap_or(ALWAYS);
        daybreak.set_goal(&company, &indicator, subject.as_deref(), from, until, goal).await?;
        Ok(())
    })
}
