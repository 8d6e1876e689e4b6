//! `daybreak customer`

use clap::{Args, Subcommand};
use daybreak_app::organise::customers::OwnershipEntry;
use daybreak_domain::customer::Customer;
use daybreak_domain::time::Day;

use crate::commands::import::ListFile;
use crate::host::{HostOptions, today};
use crate::print;

#[derive(Args)]
pub struct CustomerArgs {
    #[command(subcommand)]
    command: CustomerCommand,
}

#[derive(Subcommand)]
enum CustomerCommand {
    /// Add a customer, or change the record of the one with this id.
    Add {
        /// The id by which facts name the customer.
        id: String,
        #[arg(long)]
        name: String,
        /// For example hospital or distributor.
        #[arg(long)]
        kind: Option<String>,
    },
    /// Import customers from a CSV file or an Excel workbook with the columns id and name and, if wanted, kind.
    Import(ListFile),
    /// Say who looks after a customer.
    Assign {
        customer: String,
        /// The id of the employee.
        #[arg(required_unless_present = "nobody", conflicts_with = "nobody")]
        owner: Option<String>,
        /// Nobody looks after the customer.
        #[arg(long)]
        nobody: bool,
        /// The first day; today unless it is given.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
        /// The first day that this is not about; what is known of later days stays.
        #[arg(long, value_name = "DAY")]
        until: Option<Day>,
    },
    /// Import who looks after which customer from a CSV file or an Excel workbook with the columns customer and owner and, if wanted, from and
    /// until.
    ///
    /// Several rows of one customer follow one another; after the last one's until nobody looks after the customer.
    /// Importing the same file again changes nothing.
    Owners(ListFile),
    /// List all customers with their owners of a day.
    List {
        /// Today unless it is given.
        #[arg(long, value_name = "DAY")]
        on: Option<Day>,
        /// As it was known when this number was the last one.
        #[arg(long, value_name = "NUMBER")]
        known_to: Option<i64>,
    },
}

pub fn run(host: &HostOptions, args: CustomerArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            CustomerCommand::Add { id, name, kind } => {
                daybreak.add_customer(&company, Customer { id, name, kind }).await?;
            }
            CustomerCommand::Import(list) => {
                let outcome = daybreak.import_customers(&company, list.open()?, &list.options()?).await;
                print::changed("customers", print::bad_entries(outcome)?);
            }
            CustomerCommand::Assign { customer, owner, nobody: _, from, until } => {
                daybreak.assign_customer(&company, OwnershipEntry { customer, owner, from, until }).await?;
            }
            CustomerCommand::Owners(list) => {
                let outcome = daybreak.import_owners(&company, list.open()?, &list.options()?).await;
                print::changed("owners", print::bad_entries(outcome)?);
            }
            CustomerCommand::List { on, known_to } => {
                let on = on.unwrap_or_else(|| today(&company.zone));
                let organisation = daybreak.organisation(&company, known_to.unwrap_or(i64::MAX)).await?;
                let customers = daybreak.customers(&company).await?.into_values();
                let rows = customers.map(|customer| {
                    let owner = organisation.owner_of(&customer.id, on).unwrap_or_default().to_owned();
                    vec![customer.id, customer.name, customer.kind.unwrap_or_default(), owner]
                });
                print::table(&["ID", "NAME", "KIND", "OWNER"], &rows.collect::<Vec<_>>());
            }
        }
        Ok(())
    })
}
