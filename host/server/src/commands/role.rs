//! `daybreak role`

use clap::{Args, Subcommand};
use daybreak_app::access::PersonRoles;

use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
pub struct RoleArgs {
    #[command(subcommand)]
    command: RoleCommand,
}

#[derive(Subcommand)]
enum RoleCommand {
    /// Give a person these roles and no others; without any the person is an employee like everybody.
    ///
    /// Managers need no role: they see whoever stands in their reporting line.
    Set {
        /// The id of a person.
        person: String,
        /// May set everything up and see everybody.
        #[arg(long)]
        admin: bool,
        /// HR partner of this department and those below it; may be given several times.
        #[arg(long = "hr", value_name = "DEPARTMENT")]
        hr_departments: Vec<String>,
    },
    /// List who has which role.
    List,
}

pub fn run(host: &HostOptions, args: RoleArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            RoleCommand::Set { person, admin, hr_departments } => {
                daybreak.set_roles(&company, &person, &PersonRoles { admin, hr_departments }).await?;
                let roles = daybreak.roles_of(&company, &person).await?;
                println!("{person}: {}", words(&roles));
            }
            RoleCommand::List => {
                let people = daybreak.people(&company).await?;
                let rows: Vec<Vec<String>> = daybreak
                    .roles(&company)
                    .await?
                    .into_iter()
                    .map(|(person, roles)| {
                        let name = people.get(&person).map(|person| person.name.clone()).unwrap_or_default();
                        let words = words(&roles);
                        vec![person, name, words]
                    })
                    .collect();
                print::table(&["PERSON", "NAME", "ROLES"], &rows);
            }
        }
        Ok(())
    })
}

fn words(roles: &PersonRoles) -> String {
    let admin = roles.admin.then(|| "admin".to_owned());
    let hr = (!roles.hr_departments.is_empty()).then(|| format!("hr-partner of {}", roles.hr_departments.join(", ")));
    let words: Vec<String> = admin.into_iter().chain(hr).collect();
    if words.is_empty() { "employee".to_owned() } else { words.join("; ") }
}
