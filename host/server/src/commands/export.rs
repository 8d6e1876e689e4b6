//! `daybreak export`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use daybreak_app::export::Format;
use daybreak_domain::period::Period;
use daybreak_storage::{CompositeQuery, ScoreQuery};

use crate::host::HostOptions;

#[derive(Args)]
pub struct ExportArgs {
    /// What to write.
    what: What,
    #[arg(long, default_value = "csv")]
    format: FileFormat,
    /// The file to write; without one, standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Of scores: only this indicator.
    #[arg(long, value_name = "ID")]
    indicator: Option<String>,
    /// Of scores and composites: only this period.
    #[arg(long)]
    period: Option<Period>,
    /// Of scores and composites: every one that was ever given, not only the current ones.
    #[arg(long)]
    history: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    Scores,
    Composites,
    Facts,
}

#[derive(Clone, Copy, ValueEnum)]
enum FileFormat {
    Csv,
    /// One JSON object on each line.
    Jsonl,
    /// An Excel workbook.
    Xlsx,
}

pub fn run(host: &HostOptions, args: ExportArgs) -> anyhow::Result<()> {
    let format = match args.format {
        FileFormat::Csv => Format::Csv,
        FileFormat::Jsonl => Format::JsonLines,
        FileFormat::Xlsx => Format::Xlsx,
    };
    if format == Format::Xlsx && args.output.is_none() {
        bail!("a workbook is no text to be shown: name the file to write with --output");
    }
    let rows = host.with_company(|daybreak, company| async move {
        // Only now, so that a wrong company or folder leaves an older file as it is.
        let mut output: Box<dyn Write + Send> = match &args.output {
            Some(file) => {
                let file = File::create(file).with_context(|| format!("{} cannot be written", file.display()))?;
                Box::new(BufWriter::new(file))
            }
            None => Box::new(BufWriter::new(std::io::stdout())),
        };
        let output = output.as_mut();
        Ok(match args.what {
            What::Scores => {
                let query = ScoreQuery {
                    indicator: args.indicator,
                    period: args.period,
                    history: args.history,
                    ..ScoreQuery::default()
                };
                daybreak.export_scores(&company, query, format, output).await?
            }
            What::Composites => {
                let query = CompositeQuery { period: args.period, history: args.history, ..CompositeQuery::default() };
                daybreak.export_composites(&company, query, format, output).await?
            }
            What::Facts => daybreak.export_facts(&company, format, output).await?,
        })
    })?;
    eprintln!("{rows} rows written");
    Ok(())
}
