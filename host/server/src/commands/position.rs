//! `daybreak position`

use clap::{Args, Subcommand};
use daybreak_domain::company::Position;
use daybreak_domain::text::Localized;

use crate::commands::import::ListFile;
use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
pub struct PositionArgs {
    #[command(subcommand)]
    command: PositionCommand,
}

#[derive(Subcommand)]
enum PositionCommand {
    /// Add a position, or give the one with this id another title.
    Add {
        id: String,
        #[arg(long)]
        title_zh: String,
        #[arg(long)]
        title_en: String,
    },
    /// Import positions from a CSV file or an Excel workbook with the columns id, title-zh and title-en.
    Import(ListFile),
    /// List all positions.
    List,
}

pub fn run(host: &HostOptions, args: PositionArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            PositionCommand::Add { id, title_zh, title_en } => {
                let position = Position { id, title: Localized::new(title_zh, title_en) };
                daybreak.set_position(&company, &position).await?;
            }
            PositionCommand::Import(list) => {
                let outcome = daybreak.import_positions(&company, list.open()?, &list.options()?).await;
                print::changed("positions", print::bad_entries(outcome)?);
            }
            PositionCommand::List => {
                let positions = daybreak.positions(&company).await?.into_values();
                let rows: Vec<Vec<String>> =
                    positions.map(|Position { id, title }| vec![id, title.get(&host.language).to_owned()]).collect();
                print::table(&["ID", "TITLE"], &rows);
            }
        }
        Ok(())
    })
}
