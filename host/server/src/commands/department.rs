//! `daybreak department`

use clap::{Args, Subcommand};
use daybreak_domain::company::Department;

use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
pub struct DepartmentArgs {
    #[command(subcommand)]
    command: DepartmentCommand,
}

#[derive(Subcommand)]
enum DepartmentCommand {
    /// Add a department, or rename or move the one with this id.
    Add {
        /// Lower-case letters, digits and dashes.
        id: String,
        #[arg(long)]
        name: String,
        /// The id of the department above it.
        #[arg(long, value_name = "ID")]
        parent: Option<String>,
    },
    /// List all departments.
    List,
}

pub fn run(host: &HostOptions, args: DepartmentArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            DepartmentCommand::Add { id, name, parent } => {
                // Renaming a department leaves it where it is.
                let parent = match parent {
                    None => daybreak.departments(&company).await?.remove(&id).and_then(|known| known.parent),
                    some => some,
                };
                daybreak.set_department(&company, &Department { id, name, parent }).await?;
            }
            DepartmentCommand::List => {
                let departments = daybreak.departments(&company).await?;
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
