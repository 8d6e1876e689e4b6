//! `daybreak import`

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use daybreak_app::AppError;
use daybreak_app::import::{FileOptions, Mapping, RowError};
use daybreak_app::ingest::{ImportOptions, Imported};
use daybreak_domain::fact::is_name;
use indicatif::{ProgressBar, ProgressStyle};

use crate::host::HostOptions;

#[derive(Args)]
pub struct ImportArgs {
    /// The CSV file or Excel workbook (.xlsx).
    file: PathBuf,
    /// The TOML file that says what each column means, or the name of a mapping that a pack has set up.
    #[arg(long, value_name = "FILE|NAME")]
    mapping: PathBuf,
    /// Import the good rows although some are bad.
    #[arg(long)]
    skip_bad_rows: bool,
    #[command(flatten)]
    format: FormatOptions,
}

/// How a file is taken apart.
#[derive(Args)]
pub struct FormatOptions {
    /// What separates the cells of a CSV file.
    #[arg(long, default_value = ",", value_name = "CHARACTER")]
    delimiter: String,
    /// The sheet of a workbook; without it, the first visible one that holds anything.
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
}

impl FormatOptions {
    pub fn options(&self) -> anyhow::Result<FileOptions> {
        let delimiter = match self.delimiter.as_str() {
            "\\t" | "tab" => b'\t',
            one if one.len() == 1 => one.as_bytes()[0],
            other => bail!("{other:?} cannot separate cells: use one character, or \"tab\""),
        };
        Ok(FileOptions { delimiter, sheet: self.sheet.clone() })
    }
}

/// A list to import: people, customers and so on.
#[derive(Args)]
pub struct ListFile {
    /// The CSV file or Excel workbook (.xlsx).
    file: PathBuf,
    #[command(flatten)]
    format: FormatOptions,
}

impl ListFile {
    pub fn open(&self) -> anyhow::Result<BufReader<File>> {
        let file = File::open(&self.file).with_context(|| format!("{} cannot be opened", self.file.display()))?;
        Ok(BufReader::new(file))
    }

    pub fn options(&self) -> anyhow::Result<FileOptions> {
        self.format.options()
    }
}

/// Names each bad row, on the way to the error that says how many there are.
pub fn print_bad_rows(errors: &[RowError], more: u64) {
    for error in errors {
        eprintln!("{error}");
    }
    if more > 0 {
        eprintln!("and {more} more");
    }
}

pub fn run(host: &HostOptions, args: &ImportArgs) -> anyhow::Result<()> {
    let mapping = mapping(host, &args.mapping)?;
    let file = File::open(&args.file).with_context(|| format!("{} cannot be opened", args.file.display()))?;
    let length = file.metadata()?.len();
    let options = ImportOptions { file: args.format.options()?, skip_bad_rows: args.skip_bad_rows };
    let bar = ProgressBar::new(length * 2).with_style(ProgressStyle::with_template("{bar:40} {percent}% {msg}")?);
    bar.set_message(format!("importing {}", args.file.display()));
    let outcome = host.with_company(|daybreak, company| async move {
        let mut progress = |bytes| bar.set_position(bytes);
        let imported = daybreak.import_file(&company, &mapping, BufReader::new(file), &options, &mut progress).await;
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
                print_bad_rows(errors, *more);
            }
            Err(error.into())
        }
    }
}

/// Reads the mapping from the file or, where there is no such file, from the company's mappings.
fn mapping(host: &HostOptions, mapping: &Path) -> anyhow::Result<Mapping> {
    let name = mapping.to_str().filter(|name| is_name(name) && !mapping.exists());
    let text = match name {
        Some(name) => {
            host.with_company(|daybreak, company| async move { Ok(daybreak.mapping(&company, name).await?) })?
        }
        None => std::fs::read_to_string(mapping)
            .with_context(|| format!("the mapping {} cannot be read", mapping.display()))?,
    };
    Mapping::parse(&text).with_context(|| format!("the mapping {} cannot be used", mapping.display()))
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
