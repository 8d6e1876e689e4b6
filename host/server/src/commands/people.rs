//! `daybreak people`

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};
use daybreak_app::AppError;
use daybreak_app::import::PeopleError;
use daybreak_domain::company::spell_on;

use crate::commands::import::{FormatOptions, print_bad_rows};
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
    /// Columns: id and name; if wanted also department, manager (an id), from (first day, year-month-day) and
    /// identities (names in other systems, for example "helpdesk:Value 1; crm:zhang.wei"). Importing the same file
    /// again changes nothing.
    Import {
        file: PathBuf,
        #[command(flatten)]
        format: FormatOptions,
    },
    /// List all people with their departments of today.
    List,
}

pub fn run(host: &HostOptions, args: PeopleArgs) -> anyhow::Result<()> {
    match args.command {
        PeopleCommand::Import { file, format } => import(host, &file, &format),
        PeopleCommand::List => list(host),
    }
}

fn import(host: &HostOptions, file: &Path, format: &FormatOptions) -> anyhow::Result<()> {
    let options = format.options()?;
    let opened = File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    let outcome = host.with_company(|daybreak, company| async move {
        Ok(daybreak.import_people(&company, BufReader::new(opened), &options).await)
    })?;
    match outcome {
        Ok(imported) => {
            println!("{} people read, {} of them new", imported.rows, imported.new);
            Ok(())
        }
        Err(error) => {
            if let AppError::People(PeopleError::BadRows { errors, more }) = &error {
                print_bad_rows(errors, *more);
            }
            Err(error.into())
        }
    }
}

fn list(host: &HostOptions) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let spells = daybreak.spells(&company).await?;
        let day = today(&company.zone);
        let mut rows = Vec::new();
        for person in daybreak.people(&company).await?.into_values() {
            let own: Vec<_> = spells.iter().filter(|spell| spell.person == person.id).cloned().collect();
            let spell = spell_on(&own, day);
            let text = |text: Option<&String>| text.cloned().unwrap_or_default();
            rows.push(vec![
                person.id,
                person.name,
                text(spell.and_then(|spell| spell.department.as_ref())),
                text(spell.and_then(|spell| spell.manager.as_ref())),
            ]);
        }
        print::table(&["ID", "NAME", "DEPARTMENT", "MANAGER"], &rows);
        Ok(())
    })
}
