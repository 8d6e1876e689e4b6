//! `daybreak contact`

use clap::{Args, Subcommand};
use daybreak_app::organise::contacts::ContactEntry;
use daybreak_domain::customer::ContactState;
use daybreak_domain::time::Day;

use crate::commands::import::ListFile;
use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
pub struct ContactArgs {
    #[command(subcommand)]
    command: ContactCommand,
}

#[derive(Subcommand)]
enum ContactCommand {
    /// Add a contact, or say what is true of it from a day on.
    ///
    /// The title and the days are facts that plugins may be granted; the name is not.
    Add {
        id: String,
        /// The id of the customer.
        #[arg(long, value_name = "ID")]
        customer: String,
        #[arg(long)]
        name: String,
        #[arg(long)]
        title: String,
        /// The first day with this title; for somebody new today unless it is given.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
    },
    /// Say on which day a contact left.
    Left {
        id: String,
        #[arg(long, value_name = "DAY", required_unless_present = "withdraw", conflicts_with = "withdraw")]
        on: Option<Day>,
        /// The contact did not leave after all.
        #[arg(long)]
        withdraw: bool,
    },
    /// Import contacts from a CSV file.
    ///
    /// Columns: id, customer, name and title; if wanted also from and left (year-month-day). Several rows of one contact
    /// are titles one after the other. What is known of a contact in the file and does not stand there is withdrawn.
    Import(ListFile),
    /// Forget the name of a contact. This cannot be undone.
    Erase { id: String },
    /// List all contacts.
    List,
}

pub fn run(host: &HostOptions, args: ContactArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            ContactCommand::Add { id, customer, name, title, from } => {
                let entry = ContactEntry { id, customer, name, title, from, left: None };
                daybreak.record_contact(&company, entry).await?;
            }
            ContactCommand::Left { id, on, withdraw: _ } => daybreak.let_contact_leave(&company, &id, on).await?,
            ContactCommand::Import(list) => {
                let outcome = daybreak.import_contacts(&company, list.open()?, &list.options()?).await;
                print::changed("contacts", print::bad_entries(outcome)?);
            }
            ContactCommand::Erase { id } => daybreak.erase_contact(&company, &id).await?,
            ContactCommand::List => {
                let contacts = daybreak.contacts(&company).await?.into_values();
                let rows = contacts.map(|record| {
                    let last = record.events.last();
                    let name = print::name(&record.contact.name, record.contact.erased, &host.language);
                    let left = last.filter(|event| event.state == ContactState::Left);
                    let title = last.map(|event| event.title.clone()).unwrap_or_default();
                    let left = left.map(|event| event.day.to_string()).unwrap_or_default();
                    vec![record.contact.id, record.contact.customer, name, title, left]
                });
                print::table(&["ID", "CUSTOMER", "NAME", "TITLE", "LEFT"], &rows.collect::<Vec<_>>());
            }
        }
        Ok(())
    })
}
