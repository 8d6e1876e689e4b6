//! `daybreak identity`

use clap::{Args, Subcommand};
use daybreak_app::organise::identities::{IdentityEntry, split_identity};
use daybreak_domain::company::ExternalName;
use daybreak_domain::time::Day;

use crate::commands::import::ListFile;
use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
pub struct IdentityArgs {
    #[command(subcommand)]
    command: IdentityCommand,
}

#[derive(Subcommand)]
enum IdentityCommand {
    /// Say whom a source means by a name.
    ///
    /// Facts that came before keep whom they meant then; facts that come later, however late, are given to the person
    /// whom the name means on the day on which they occurred.
    Set {
        /// The source and the name there, for example "helpdesk:Value 1".
        identity: String,
        /// The id of the person.
        #[arg(required_unless_present = "nobody", conflicts_with = "nobody")]
        person: Option<String>,
        /// The name means nobody.
        #[arg(long)]
        nobody: bool,
        /// The first day; all days unless it is given.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
        /// The first day that this is not about; what is known of later days stays.
        #[arg(long, value_name = "DAY")]
        until: Option<Day>,
    },
    /// Import identities from a CSV file or an Excel workbook with the columns identity and person and, if wanted, from and until.
    Import(ListFile),
    /// List identities, every row in the order in which it came to be known.
    List {
        #[arg(long)]
        source: Option<String>,
    },
}

pub fn run(host: &HostOptions, args: IdentityArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            IdentityCommand::Set { identity, person, nobody: _, from, until } => {
                let (source, external) = split_identity(&identity)?;
                let entry = IdentityEntry { source, external, person, from, until };
                daybreak.set_identity(&company, entry).await?;
            }
            IdentityCommand::Import(list) => {
                let outcome = daybreak.import_identities(&company, list.open()?, &list.options()?).await;
                print::changed("identities", print::bad_entries(outcome)?);
            }
            IdentityCommand::List { source } => {
                let identities = daybreak.identities(&company, source.as_deref()).await?.into_iter();
                let rows = identities.map(|identity| {
                    let external = match identity.external {
                        ExternalName::Plain(external) => external,
                        ExternalName::Erased(digest) => {
                            format!("{} {}", print::name("", true, &host.language), digest.short())
                        }
                    };
                    let (from, until) = print::days(identity.validity.from, identity.validity.until);
                    vec![format!("{}:{external}", identity.source), identity.person.unwrap_or_default(), from, until]
                });
                print::table(&["IDENTITY", "PERSON", "FROM", "UNTIL"], &rows.collect::<Vec<_>>());
            }
        }
        Ok(())
    })
}
