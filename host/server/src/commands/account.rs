//! `daybreak account`

use clap::{Args, Subcommand};
use daybreak_app::access::LinkCreated;
use daybreak_domain::access::Account;
use daybreak_domain::company::Company;
use daybreak_domain::time::Instant;

use crate::host::{HostOptions, now};
use crate::print;

#[derive(Args)]
pub struct AccountArgs {
    #[command(subcommand)]
    command: AccountCommand,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// List who may sign in.
    List,
    /// Make an account and print the one-time link with which its person chooses a password.
    ///
    /// While they have not, inviting them again makes another link and voids the one before.
    Invite {
        /// The id of a person.
        person: String,
        /// What the person types to sign in, such as an e-mail address or a staff number; case does not matter.
        #[arg(long, value_name = "NAME")]
        login: String,
    },
    /// Print a one-time link with which a person who cannot sign in chooses another password.
    Reset {
        /// The id of a person.
        person: String,
    },
    /// Take the right to sign in away from a person and end their sessions.
    Disable {
        /// The id of a person.
        person: String,
    },
    /// Give a person the right to sign in back.
    Enable {
        /// The id of a person.
        person: String,
    },
}

pub fn run(host: &HostOptions, args: AccountArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            AccountCommand::List => {
                let accounts = daybreak.accounts(&company).await?;
                let people = daybreak.people(&company).await?;
                let now = now();
                let rows: Vec<Vec<String>> = accounts
                    .into_iter()
                    .map(|account| {
                        let name = people.get(&account.person).map(|person| person.name.clone()).unwrap_or_default();
                        let state = state(&account, &company, now);
                        vec![account.person, name, account.login, state]
                    })
                    .collect();
                print::table(&["PERSON", "NAME", "LOGIN", "STATE"], &rows);
            }
            AccountCommand::Invite { person, login } => {
                let link = daybreak.invite(&company, &person, &login).await?;
                println!("{person} is invited");
                print_link(&company, &link);
            }
            AccountCommand::Reset { person } => {
                let link = daybreak.reset_password(&company, &person).await?;
                println!("{person} may choose another password; links of before are void");
                print_link(&company, &link);
            }
            AccountCommand::Disable { person } => {
                daybreak.disable_account(&company, &person).await?;
                println!("{person} may not sign in any more");
            }
            AccountCommand::Enable { person } => {
                daybreak.enable_account(&company, &person).await?;
                println!("{person} may sign in again");
            }
        }
        Ok(())
    })
}

/// The path of a one-time link. It is printed once and can be used once.
pub fn print_link(company: &Company, link: &LinkCreated) {
    println!("  /accept/{}", link.secret);
    println!("  once, until {}; whoever has it may choose the password", company.zone.local(link.expires_at));
}

fn state(account: &Account, company: &Company, now: Instant) -> String {
    match account {
        Account { disabled_at: Some(at), .. } => format!("disabled since {}", company.zone.local(*at)),
        Account { has_password: false, .. } => "invited".to_owned(),
        Account { locked_until: Some(until), .. } if now < *until => {
            format!("locked until {}", company.zone.local(*until))
        }
        Account { .. } => "active".to_owned(),
    }
}
