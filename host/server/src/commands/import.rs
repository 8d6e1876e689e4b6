//! `daybreak import`

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use daybreak_app::AppError;
use daybreak_app::import::Mapping;
use daybreak_app::ingest::{ImportOptions, Imported};
use indicatif::{ProgressBar, ProgressStyle};

use crate::host::HostOptions;

#[derive(Args)]
pub struct ImportArgs {
    /// The CSV file.
    file: PathBuf,
    /// The TOML file that says what each column means.
    #[arg(long, value_name = "FILE")]
    mapping: PathBuf,
    /// Import the good rows although some are bad.
    #[arg(long)]
    skip_bad_rows: bool,
    /// What separates the cells.
    #[arg(long, default_value = ",", value_name = "CHARACTER")]
    delimiter: String,
}

pub fn run(host: &HostOptions, args: &ImportArgs) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(&args.mapping)
        .with_context(|| format!("the mapping {} cannot be read", args.mapping.display()))?;
    let mapping =
        Mapping::parse(&text).with_context(|| format!("the mapping {} cannot be used", args.mapping.display()))?;
    let delimiter = match args.delimiter.as_str() {
        "\\t" | "tab" => b'\t',
        one if one.len() == 1 => one.as_bytes()[0],
        other => bail!("{other:?} cannot separate cells: use one character, or \"tab\""),
    };
    let file = File::open(&args.file).with_context(|| format!("{} cannot be opened", args.file.display()))?;
    let length = file.metadata()?.len();
    let options = ImportOptions { delimiter, skip_bad_rows: args.skip_bad_rows };
    let bar = ProgressBar::new(length * 2).with_style(ProgressStyle::with_template("{bar:40} {percent}% {msg}")?);
    bar.set_message(format!("importing {}", args.file.display()));
    let outcome = host.with_company(|daybreak, company| async move {
        let mut progress = |bytes| bar.set_position(bytes);
        let imported = daybreak.import_file(&company, &mapping, BufReader::new(file), options, &mut progress).await;
        bar.finish_and_clear();
        Ok(imported)
    })?;
    match outcome {
        Ok(imported) => {
            print(&imported);
            Ok(())
        }
        Err(error) => {
            if let AppError::BadRows { errors, more, .. } = &error {
                for error in errors {
                    eprintln!("{error}");
                }
                if *more > 0 {
                    eprintln!("and {more} more");
                }
            }
            Err(error.into())
        }
    }
}

fn print(imported: &Imported) {
    imported.bad_rows.iter().for_each(|error| eprintln!("skipped {error}"));
    if imported.more_bad_rows > 0 {
        eprintln!("skipped {} more", imported.more_bad_rows);
    }
    println!(
        "{} rows: {} new facts, {} revised, {} known already, {} bad",
        imported.rows,
        imported.new,
        imported.revised + imported.outranked,
        imported.duplicates,
        imported.bad_rows.len() as u64 + imported.more_bad_rows,
    );
    if imported.people_created > 0 {
        println!("{} people created from names that nobody was known by", imported.people_created);
    }
    if imported.unassigned > 0 {
        println!("{} facts kept without a person", imported.unassigned);
    }
}
