//! `daybreak people`

use clap::{Args, Subcommand};
use daybreak_app::organise::people::Move;
use daybreak_domain::company::spell_on;
use daybreak_domain::time::Day;

use crate::commands::import::ListFile;
use crate::host::{HostOptions, today};
use crate::print;

#[derive(Args)]
pub struct PeopleArgs {
    #[command(subcommand)]
    command: PeopleCommand,
}

#[derive(Subcommand)]
enum PeopleCommand {
    /// Import people from a CSV file or an Excel workbook (.xlsx).
    ///
    /// Columns: id and name; if wanted also department, position, manager (an id), from (first day, year-month-day), until
    /// (the first day on which it is so no longer) and identities (names in other systems, for example
    /// "helpdesk:Value 1; crm:zhang.wei"). Several rows of one person follow one another. Importing the same file again
    /// changes nothing.
    Import(ListFile),
    /// Say where a person belongs from a day on; what is not given stays.
    Move {
        id: String,
        #[arg(long, value_name = "ID")]
        department: Option<String>,
        #[arg(long, value_name = "ID")]
        position: Option<String>,
        #[arg(long, value_name = "ID")]
        manager: Option<String>,
        /// The person reports to nobody.
        #[arg(long, conflicts_with = "manager")]
        no_manager: bool,
        /// The first day; today unless it is given.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
        /// The first day on which it is so no longer: a correction of the days between.
        #[arg(long, value_name = "DAY")]
        until: Option<Day>,
    },
    /// Say that a person left the company.
    Leave {
        id: String,
        /// The last day in the company.
        #[arg(long, value_name = "DAY")]
        last_day: Day,
    },
    /// Forget who a person is: the name, the names in other systems, the reasons of absences. This cannot be undone.
    ///
    /// The id stays, with every fact and every score, and every score can still be computed again.
    Erase { id: String },
    /// Show where a person belonged when, every row in the order in which it came to be known.
    History { id: String },
    /// List all people with their departments of a day.
    List {
        /// Today unless it is given.
        #[arg(long, value_name = "DAY")]
        on: Option<Day>,
        /// As it was known when this number was the last one.
        #[arg(long, value_name = "NUMBER")]
        known_to: Option<i64>,
    },
}

pub fn run(host: &HostOptions, args: PeopleArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            PeopleCommand::Import(list) => {
                let outcome = daybreak.import_people(&company, list.open()?, &list.options()?).await;
                let added = print::bad_entries(outcome)?;
                println!("{} people read, {} of them new, {} spells appended", added.read, added.new, added.spells);
            }
            PeopleCommand::Move { id, department, position, manager, no_manager, from, until } => {
                let manager = if no_manager { Some(None) } else { manager.map(Some) };
                let change = Move { department, manager, position, from, until };
                daybreak.move_person(&company, &id, change).await?;
            }
            PeopleCommand::Leave { id, last_day } => daybreak.let_person_leave(&company, &id, last_day).await?,
            PeopleCommand::Erase { id } => {
                daybreak.erase_person(&company, &id).await?;
                println!("{id} has no name any more; facts and scores are as they were");
            }
            PeopleCommand::History { id } => {
                let spells = daybreak.spells_of(&company, &id).await?.into_iter();
                let rows = spells.map(|spell| {
                    let (from, until) = print::days(spell.validity.from, spell.validity.until);
                    let number = spell.validity.sequence.to_string();
                    let employed = if spell.employed { "" } else { "gone" };
                    let [department, manager, position] =
                        [&spell.department, &spell.manager, &spell.position].map(|text| print::cell(text.as_ref()));
                    vec![number, from, until, department, manager, position, employed.to_owned()]
                });
                let header = ["NUMBER", "FROM", "UNTIL", "DEPARTMENT", "MANAGER", "POSITION", ""];
                print::table(&header, &rows.collect::<Vec<_>>());
            }
            PeopleCommand::List { on, known_to } => {
                let spells = daybreak.spells(&company, known_to.unwrap_or(i64::MAX)).await?;
                let day = on.unwrap_or_else(|| today(&company.zone));
                let mut rows = Vec::new();
                for person in daybreak.people(&company).await?.into_values() {
                    let own: Vec<_> = spells.iter().filter(|spell| spell.person == person.id).cloned().collect();
                    let spell = spell_on(&own, day);
                    rows.push(vec![
                        person.id,
                        print::name(&person.name, person.erased, &host.language),
                        print::cell(spell.and_then(|spell| spell.department.as_ref())),
                        print::cell(spell.and_then(|spell| spell.manager.as_ref())),
                        print::cell(spell.and_then(|spell| spell.position.as_ref())),
                    ]);
                }
                print::table(&["ID", "NAME", "DEPARTMENT", "MANAGER", "POSITION"], &rows);
            }
        }
        Ok(())
    })
}
