//! `daybreak department`

use clap::{Args, Subcommand};
use daybreak_app::organise::departments::{DepartmentChange, DepartmentEntry};
use daybreak_domain::company::Department;
use daybreak_domain::time::Day;

use crate::commands::import::ListFile;
use crate::host::{HostOptions, today};
use crate::print;

#[derive(Args)]
pub struct DepartmentArgs {
    #[command(subcommand)]
    command: DepartmentCommand,
}

#[derive(Subcommand)]
enum DepartmentCommand {
    /// Add a department, or rename or move the one with this id.
    ///
    /// A new department is there on all days unless --from says otherwise; one that is known changes from today on.
    Add {
        /// Lower-case letters, digits and dashes.
        id: String,
        #[arg(long)]
        name: String,
        /// The id of the department above it.
        #[arg(long, value_name = "ID")]
        parent: Option<String>,
        /// The first day on which it is so.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
        /// The first day that this is not about; what is known of later days stays.
        #[arg(long, value_name = "DAY")]
        until: Option<Day>,
    },
    /// Give a department another name.
    Rename {
        id: String,
        #[arg(long)]
        name: String,
        /// The first day of the new name; today unless it is given.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
    },
    /// Put a department below another one, or without --parent at the top.
    Move {
        id: String,
        #[arg(long, value_name = "ID")]
        parent: Option<String>,
        /// The first day there; today unless it is given.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
    },
    /// Close a department. Nobody may belong to it any more.
    Close {
        id: String,
        /// The first day on which it is not there; today unless it is given.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
    },
    /// Import departments from a CSV file.
    ///
    /// Columns: id and name; if wanted also parent (an id), from and until (year-month-day). Several rows of one
    /// department follow one another. Importing the same file again changes nothing.
    Import(ListFile),
    /// List the departments of a day.
    List {
        /// Today unless it is given.
        #[arg(long, value_name = "DAY")]
        on: Option<Day>,
        /// As it was known when this number was the last one.
        #[arg(long, value_name = "NUMBER")]
        known_to: Option<i64>,
    },
}

pub fn run(host: &HostOptions, args: DepartmentArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            DepartmentCommand::Add { id, name, parent, from, until } => {
                // Renaming a department leaves it where it is.
                let on = from.unwrap_or_else(|| today(&company.zone));
                let parent = match parent {
                    None => {
                        daybreak.departments_on(&company, on, i64::MAX).await?.remove(&id).and_then(|old| old.parent)
                    }
                    some => some,
                };
                let entry = DepartmentEntry { department: Department { id, name, parent }, from, until };
                daybreak.set_department(&company, entry).await?;
            }
            DepartmentCommand::Rename { id, name, from } => {
                let change = DepartmentChange { name: Some(name), parent: None };
                daybreak.change_department(&company, &id, change, from).await?;
            }
            DepartmentCommand::Move { id, parent, from } => {
                let change = DepartmentChange { name: None, parent: Some(parent) };
                daybreak.change_department(&company, &id, change, from).await?;
            }
            DepartmentCommand::Close { id, from } => daybreak.close_department(&company, &id, from).await?,
            DepartmentCommand::Import(list) => {
                let outcome = daybreak.import_departments(&company, list.open()?, &list.options()?).await;
                print::changed("departments", print::bad_entries(outcome)?);
            }
            DepartmentCommand::List { on, known_to } => {
                let on = on.unwrap_or_else(|| today(&company.zone));
                let departments = daybreak.departments_on(&company, on, known_to.unwrap_or(i64::MAX)).await?;
                let rows: Vec<Vec<String>> = departments
                    .into_values()
                    .map(|department| vec![department.id, department.name, department.parent.unwrap_or_default()])
                    .collect();
                print::table(&["ID", "NAME", "ABOVE IT"], &rows);
            }
        }
        Ok(())
    })
}
