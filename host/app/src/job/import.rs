//! An import as a job: one step, in two passes over the file. An import that was interrupted begins anew; what it had
//! recorded is then known already, and changes nothing.

use std::sync::atomic::Ordering;

use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use daybreak_domain::job::{Job, JobOrder, Progress};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::{Counter, JobRefused, KeptFile, NAMED_MAX, Step, short};
use crate::import::{FileOptions, HeaderError, Mapping, RowError};
use crate::ingest::{ImportOptions, Imported, check_source};
use crate::{AppError, Daybreak};

/// What is to be done with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRequest {
    /// The name of a mapping.
    pub mapping: String,
    /// What separates the cells of delimited text.
    pub delimiter: char,
    /// The sheet of a workbook; without one, the first visible one that holds anything.
    pub sheet: Option<String>,
    /// Import the good rows although some are bad. Otherwise one bad row keeps all of them out.
    pub skip_bad_rows: bool,
}

impl ImportRequest {
    pub(crate) fn options(&self) -> Result<FileOptions, AppError> {
        file_options(self.delimiter, self.sheet.clone())
    }
}

/// How the file is taken apart; the delimiter is one of ASCII.
pub fn file_options(delimiter: char, sheet: Option<String>) -> Result<FileOptions, AppError> {
    let byte = u8::try_from(delimiter).ok().filter(u8::is_ascii);
    Ok(FileOptions { delimiter: byte.ok_or(HeaderError::BadDelimiter(delimiter))?, sheet })
}

#[derive(Default, Serialize, Deserialize)]
pub(super) struct ImportWork {
    #[serde(skip)]
    imported: Option<Imported>,
    /// Of both passes.
    bytes: u64,
}

impl Daybreak {
    /// Orders the import of a file that the host has received whole, and keeps the file until that is done.
    pub async fn create_import(
        &self,
        company: &Company,
        mut file: KeptFile,
        request: &ImportRequest,
    ) -> Result<Job, AppError> {
        request.options()?;
        let text = self.mapping(company, &request.mapping).await?;
        check_source(&parsed(&request.mapping, &text)?.source)?;
        file.finish().await?;
        let files = self.files.as_ref().ok_or(JobRefused::NoFolder)?;
        files.sync().await?;
        let order = JobOrder::Import {
            mapping: request.mapping.clone(),
            mapping_digest: Digest::of(text.as_bytes()),
            delimiter: request.delimiter,
            sheet: request.sheet.clone(),
            skip_bad_rows: request.skip_bad_rows,
            bytes: file.bytes(),
        };
        let job = self.queue_job(company, order, Some((files.place(), &file.name))).await?;
        file.stay();
        Ok(job)
    }
}

/// The text of a mapping that is kept under this name, read.
pub(crate) fn parsed(name: &str, text: &str) -> Result<Mapping, AppError> {
    Mapping::parse(text).map_err(|problem| AppError::BadMapping { name: name.to_owned(), problem })
}

impl ImportWork {
    pub(super) async fn step(
        &mut self,
        host: &Daybreak,
        company: &Company,
        order: &JobOrder,
        file: Option<&str>,
        counter: &Counter,
    ) -> Result<Step, AppError> {
        self.imported = Some(import(host, company, order, file, counter).await?);
        self.bytes = counter.progress().total;
        Ok(Step::Ended)
    }

    pub(super) fn progress(&self) -> Progress {
        Progress { done: self.bytes, total: self.bytes }
    }

    pub(super) fn result(&self) -> Value {
        let Some(imported) = &self.imported else { return Value::Null };
        let mut result = bad_rows(imported.rows, &imported.bad_rows, imported.more_bad_rows);
        result["new"] = json!(imported.new);
        result["revised"] = json!(imported.revised);
        result["outranked"] = json!(imported.outranked);
        result["known"] = json!(imported.duplicates);
        result["people_created"] = json!(imported.people_created);
        result["unassigned"] = json!(imported.unassigned);
        result["sequence"] = json!(imported.sequence);
        result
    }
}

/// How many rows there were, and which of them were bad.
pub(super) fn bad_rows(rows: u64, errors: &[RowError], more: u64) -> Value {
    let bad = errors.len() as u64 + more;
    let named: Vec<Value> = errors
        .iter()
        .take(NAMED_MAX)
        .map(|error| {
            json!({
                "line": error.line,
                "row": error.row,
                "column": error.column.as_ref().map(short),
                "problem": short(&error.problem),
            })
        })
        .collect();
    json!({ "rows": rows, "bad_rows": bad, "more_errors": bad - named.len() as u64, "errors": named })
}

/// Imports the file. Whoever does not wait for the end any more ends the import between two transactions.
async fn import(
    host: &Daybreak,
    company: &Company,
    order: &JobOrder,
    file: Option<&str>,
    counter: &Counter,
) -> Result<Imported, AppError> {
    let JobOrder::Import { mapping: name, mapping_digest, delimiter, sheet, skip_bad_rows, bytes } = order else {
        return Err(JobRefused::NoFile.into());
    };
    let text = host.mapping(company, name).await?;
    if Digest::of(text.as_bytes()) != *mapping_digest {
        return Err(JobRefused::MappingChanged(name.clone()).into());
    }
    let mapping = parsed(name, &text)?;
    let files = host.files.as_ref().ok_or(JobRefused::NoFolder)?;
    let file = files.open(file.unwrap_or_default()).map_err(|_| JobRefused::FileGone)?;
    let file_options = file_options(*delimiter, sheet.clone())?;
    let options = ImportOptions { file: file_options, skip_bad_rows: *skip_bad_rows };
    counter.set(Progress { done: 0, total: bytes * 2 });
    // Reading a file blocks, so the import has a thread of its own. It ends when nobody waits for it any more.
    let (waiting, mut left) = oneshot::channel::<()>();
    let (progress, mut read) = tokio::sync::watch::channel(0_u64);
    let import = {
        let (host, company) = (host.clone(), company.clone());
        tokio::task::spawn_blocking(move || {
            let mut progress = |bytes: u64| {
                progress.send_replace(bytes);
            };
            let import = host.import_file(&company, &mapping, file, &options, &mut progress);
            tokio::runtime::Handle::current().block_on(async {
                tokio::select! {
                    imported = import => Some(imported),
                    _ = &mut left => None,
                }
            })
        })
    };
    let mut import = std::pin::pin!(import);
    let imported = loop {
        tokio::select! {
            imported = &mut import => break imported?,
            Ok(()) = read.changed() => counter.done.store(*read.borrow_and_update(), Ordering::Relaxed),
        }
    };
    drop(waiting);
    imported.unwrap_or_else(|| Err(JobRefused::FileGone.into()))
}
