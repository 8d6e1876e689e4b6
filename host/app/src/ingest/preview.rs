//! What an import would do: the whole file is read and checked as its first pass does, and nothing is written.

use std::fs::File;
use std::io::BufReader;

use daybreak_domain::company::Company;
use daybreak_domain::fact::NewFact;

use super::{ERRORS_SHOWN_MAX, ExternalIds, People, check_source};
use crate::import::{Cells, FileOptions, Mapping, Reader, RowError, TableFile, UnknownPeople};
use crate::job::{ImportRequest, KeptFile, parsed};
use crate::{AppError, Daybreak};

/// Rows that a preview shows.
pub const PREVIEW_ROWS: usize = 20;

/// Longest text of a cell that a preview shows, in characters.
const CELL_CHARACTERS_MAX: usize = 200;

/// One row of the file beside what would become of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewRow {
    pub line: u64,
    pub row: u64,
    /// One for each column; long ones are cut.
    pub cells: Vec<String>,
    /// The fact, with its actor's id where the name means somebody.
    pub fact: Result<NewFact, RowError>,
    /// The name of whoever did it, in the source.
    pub who: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// The names in the file's first row.
    pub columns: Vec<String>,
    pub first: Vec<PreviewRow>,
    pub rows: u64,
    pub errors: Vec<RowError>,
    /// Bad rows beyond those listed.
    pub more_errors: u64,
    /// People whom the import would create from names.
    pub new_people: u64,
    /// Different names that mean nobody in the good rows.
    pub unknown_names: u64,
}

impl Daybreak {
    /// Reads and checks a whole file, and changes nothing.
    pub async fn preview_import(
        &self,
        company: &Company,
        file: &mut KeptFile,
        request: &ImportRequest,
    ) -> Result<Preview, AppError> {
        let options = request.options()?;
        let text = self.mapping(company, &request.mapping).await?;
        let mapping = parsed(&request.mapping, &text)?;
        check_source(&mapping.source)?;
        let people = People::of(self, company, &mapping).await?;
        file.finish().await?;
        let file = file.open()?;
        tokio::task::spawn_blocking(move || preview(&mapping, &people, file, &options)).await?
    }
}

fn preview(
    mapping: &Mapping,
    people: &People,
    file: BufReader<File>,
    options: &FileOptions,
) -> Result<Preview, AppError> {
    let mut file = TableFile::open(file, options)?;
    let mut reader = Reader::new(mapping, file.records()?)?;
    let mut preview = Preview { columns: reader.columns().to_vec(), ..Preview::default() };
    let mut ids = ExternalIds::default();
    let mut unknown = std::collections::BTreeSet::new();
    while let Some(row) = reader.next() {
        preview.rows += 1;
        let checked = row.and_then(|mut row| {
            people.assign(mapping, &mut row)?;
            ids.check(&row)?;
            Ok(row)
        });
        if preview.first.len() < PREVIEW_ROWS {
            let (line, row) = match &checked {
                Ok(row) => (row.line, row.row),
                Err(error) => (error.line, error.row),
            };
            let cells = shown(reader.cells(), preview.columns.len());
            let who = checked.as_ref().ok().and_then(|row| row.who.clone());
            let fact = checked.as_ref().map(|row| row.fact.clone()).map_err(Clone::clone);
            preview.first.push(PreviewRow { line, row, cells, fact, who });
        }
        match checked {
            Ok(row) => {
                if let Some(who) = row.who.filter(|_| row.fact.actor.is_none()) {
                    unknown.insert(who);
                }
            }
            Err(error) if preview.errors.len() < ERRORS_SHOWN_MAX => preview.errors.push(error),
            Err(_) => preview.more_errors += 1,
        }
    }
    preview.unknown_names = unknown.len() as u64;
    preview.new_people = if mapping.unknown_people == UnknownPeople::Create { preview.unknown_names } else { 0 };
    Ok(preview)
}

fn shown(cells: &Cells, columns: usize) -> Vec<String> {
    (0..columns).map(|column| cells.text(column).chars().take(CELL_CHARACTERS_MAX).collect()).collect()
}
