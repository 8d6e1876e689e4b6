//! `daybreak absence`

use clap::{Args, Subcommand};
use daybreak_app::organise::absences::AbsenceEntry;
use daybreak_domain::company::Valid;
use daybreak_domain::time::Day;

use crate::commands::import::ListFile;
use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
pub struct AbsenceArgs {
    #[command(subcommand)]
    command: AbsenceCommand,
}

#[derive(Subcommand)]
enum AbsenceCommand {
    /// Add an absence, or correct the one with its id.
    Add {
        /// The id of the person.
        person: String,
        #[arg(long, value_name = "DAY")]
        from: Day,
        /// The first day back.
        #[arg(long, value_name = "DAY")]
        until: Option<Day>,
        /// For example leave, sick or parental.
        #[arg(long)]
        kind: String,
        #[arg(long)]
        reason: Option<String>,
        /// By which it is corrected and withdrawn; the person and the first day unless it is given.
        #[arg(long)]
        id: Option<String>,
    },
    /// Take an absence back: the person was there.
    Withdraw { id: String },
    /// Import absences from a CSV file or an Excel workbook with the columns person, from and kind and, if wanted, until, reason and id.
    Import(ListFile),
    /// List absences.
    List {
        /// Only those that cover this day.
        #[arg(long, value_name = "DAY")]
        on: Option<Day>,
    },
}

pub fn run(host: &HostOptions, args: AbsenceArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            AbsenceCommand::Add { person, from, until, kind, reason, id } => {
                let entry = AbsenceEntry { id, person, from, until, kind, reason };
                println!("{}", daybreak.add_absence(&company, entry).await?);
            }
            AbsenceCommand::Withdraw { id } => daybreak.withdraw_absence(&company, &id).await?,
            AbsenceCommand::Import(list) => {
                let outcome = daybreak.import_absences(&company, list.open()?, &list.options()?).await;
                print::changed("absences", print::bad_entries(outcome)?);
            }
            AbsenceCommand::List { on } => {
                let absences = daybreak.absences(&company, i64::MAX).await?.into_values();
                let absences = absences.filter(|absence| on.is_none_or(|on| absence.validity().covers(on)));
                let rows = absences.map(|absence| {
                    let (from, until) = print::days(absence.validity.from, absence.validity.until);
                    vec![absence.id, absence.person, from, until, absence.kind, absence.reason.unwrap_or_default()]
                });
                print::table(&["ID", "PERSON", "FROM", "UNTIL", "KIND", "REASON"], &rows.collect::<Vec<_>>());
            }
        }
        Ok(())
    })
}
