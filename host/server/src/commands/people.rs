//! `daybreak people`

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use daybreak_app::organise::PersonEntry;
use daybreak_domain::company::spell_on;

use crate::host::{HostOptions, today};
use crate::print;

#[derive(Args)]
pub struct PeopleArgs {
    #[command(subcommand)]
    command: PeopleCommand,
}

#[derive(Subcommand)]
enum PeopleCommand {
    /// Import people from a CSV file.
    ///
    /// Columns: id and name; if wanted also department, manager (an id), from (first day, year-month-day) and
    /// identities (names in other systems, for example "helpdesk:Value 1; crm:zhang.wei"). Importing the same file
    /// again changes nothing.
    Import { file: PathBuf },
    /// List all people with their departments of today.
    List,
}

pub fn run(host: &HostOptions, args: PeopleArgs) -> anyhow::Result<()> {
    match args.command {
        PeopleCommand::Import { file } => import(host, &file),
        PeopleCommand::List => list(host),
    }
}

fn import(host: &HostOptions, file: &Path) -> anyhow::Result<()> {
    let entries = read(file)?;
    host.with_company(|daybreak, company| async move {
        let new = daybreak.add_people(&company, &entries).await?;
        println!("{} people read, {new} of them new", entries.len());
        Ok(())
    })
}

const COLUMNS: [&str; 6] = ["id", "name", "department", "manager", "from", "identities"];

fn read(file: &Path) -> anyhow::Result<Vec<PersonEntry>> {
    let mut reader = csv::Reader::from_path(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let header = reader.headers()?.clone();
    if let Some(unknown) = header.iter().find(|name| !COLUMNS.contains(&name.trim_start_matches('\u{feff}'))) {
        bail!("the column {unknown:?} is unknown; columns are {}", COLUMNS.join(", "));
    }
    let place = |name: &str| header.iter().position(|column| column.trim_start_matches('\u{feff}') == name);
    let (Some(id), Some(name)) = (place("id"), place("name")) else {
        bail!("the file needs the columns id and name; columns are {}", COLUMNS.join(", "));
    };
    let mut entries = Vec::new();
    for (row, record) in reader.records().enumerate() {
        let record = record?;
        let cell = |column: Option<usize>| {
            column.and_then(|column| record.get(column)).map(str::trim).filter(|cell| !cell.is_empty())
        };
        let row_of = |problem: &str| format!("row {}: {problem}", row + 1);
        let from = cell(place("from")).map(str::parse).transpose().with_context(|| row_of("column from"))?;
        let identities = cell(place("identities")).unwrap_or_default();
        let identities: Result<Vec<(String, String)>, String> = identities
            .split(';')
            .map(str::trim)
            .filter(|identity| !identity.is_empty())
            .map(|identity| match identity.split_once(':') {
                Some((source, external)) => Ok((source.trim().to_owned(), external.trim().to_owned())),
                None => Err(format!("{identity:?} is no identity: write source:name")),
            })
            .collect();
        entries.push(PersonEntry {
            id: cell(Some(id)).with_context(|| row_of("the id is empty"))?.to_owned(),
            name: cell(Some(name)).with_context(|| row_of("the name is empty"))?.to_owned(),
            department: cell(place("department")).map(str::to_owned),
            manager: cell(place("manager")).map(str::to_owned),
            from,
            identities: identities.map_err(|problem| anyhow::anyhow!(row_of(&problem)))?,
        });
    }
    Ok(entries)
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
