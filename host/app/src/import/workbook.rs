//! An Excel workbook, opened: whether it is one, whether it is small enough, and which of its sheets is read.
//!
//! A workbook is a zip archive of XML, so a small file may unpack to a huge one. What each part says it unpacks to is
//! checked before anything is read, and reading ends where a part is longer than it said.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxError};
use zip::ZipArchive;
use zip::result::ZipError;

use super::template::nearest;

/// Longest workbook, in bytes as it lies on the disk; it is held in memory.
pub const WORKBOOK_BYTES_MAX: u64 = 256 << 20;

/// Longest worksheet, in bytes of unpacked XML; it is read as a stream.
pub const SHEET_BYTES_MAX: u64 = 1 << 30;

/// Longest table of the texts that cells share, in bytes of unpacked XML; it is held in memory.
pub const TEXTS_BYTES_MAX: u64 = 256 << 20;

/// Longest part of any other kind, in bytes as it is unpacked: pictures, formats, the list of sheets.
pub const PART_BYTES_MAX: u64 = 32 << 20;

/// All parts together, unpacked.
pub const UNPACKED_BYTES_MAX: u64 = 2 << 30;

pub const PARTS_MAX: usize = 10_000;

/// Most names of sheets that an error lists.
const SHEETS_LISTED_MAX: usize = 40;

/// How much of the table of texts may stand before its first text.
const TEXTS_HEAD_BYTES: u64 = 64 * 1024;

const ZIP: &[u8] = b"PK\x03\x04";
const EMPTY_ZIP: &[u8] = b"PK\x05\x06";
/// What the containers of .xls files and of encrypted workbooks begin with.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Why a workbook cannot be read, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    #[error("the file could not be read: {0}")]
    Io(std::io::Error),
    #[error("the file is in the old format .xls: open it in Excel and save it as .xlsx or \"CSV UTF-8\"")]
    OldFormat,
    #[error("the file is an OpenDocument one (.ods): open it and save it as .xlsx or \"CSV UTF-8\"")]
    OpenDocument,
    #[error("the file is a binary workbook (.xlsb): open it in Excel and save it as .xlsx or \"CSV UTF-8\"")]
    BinaryFormat,
    #[error("the file is a zip archive but no workbook: unpack it, and import what is in it")]
    NotAWorkbook,
    #[error("the workbook is protected by a password: open it in Excel, remove the password and save it again")]
    Protected,
    #[error("the workbook is damaged ({0}): open it in Excel and save it again")]
    Damaged(String),
    #[error("the workbook is longer than {} MiB: split it, or save the sheet as \"CSV UTF-8\"", WORKBOOK_BYTES_MAX >> 20)]
    TooLong,
    #[error(
        "the workbook's part {part} unpacks to more than {} MiB: save the sheet alone in a new workbook, or as \
         \"CSV UTF-8\"", .max >> 20
    )]
    PartTooLong { part: String, max: u64 },
    #[error(
        "the workbook unpacks to more than {} MiB: save the sheet alone in a new workbook, or as \"CSV UTF-8\"",
        UNPACKED_BYTES_MAX >> 20
    )]
    UnpackedTooLong,
    #[error("the workbook has {0} parts: save the sheet alone in a new workbook; at most {PARTS_MAX} are read")]
    TooManyParts(usize),
    #[error(
        "no visible worksheet of the workbook holds anything; its sheets are {sheets}: name a hidden one, or check the file"
    )]
    NothingInside { sheets: String },
    #[error("the sheet {0:?} is empty: its first row must name the columns")]
    EmptySheet(String),
    #[error("the workbook has no sheet {name:?}{}; its sheets are {sheets}", hint(.nearest.as_deref()))]
    UnknownSheet { name: String, nearest: Option<String>, sheets: String },
    #[error("the sheet {name:?} is no worksheet: name another one; the sheets are {sheets}")]
    NotAWorksheet { name: String, sheets: String },
    #[error("the cell {cell} has to name a column, but {problem}")]
    BadName { cell: String, problem: String },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!(" (did you mean {nearest:?}?)")).unwrap_or_default()
}

/// An open workbook and the sheet of it that is read.
pub struct Workbook {
    pub(super) xlsx: Xlsx<Cursor<Vec<u8>>>,
    pub(super) sheet: String,
    /// Length of the file.
    pub(super) bytes: u64,
    pub(super) counts_from_1904: bool,
}

impl Workbook {
    /// How much of a file tells whether it is a workbook.
    pub const HEAD_BYTES: u64 = 512;

    /// Whether a file that begins so is a workbook, or of a kind that is refused as one.
    #[must_use]
    pub fn begins_like(head: &[u8]) -> bool {
        [ZIP, EMPTY_ZIP, COMPOUND].iter().any(|magic| head.starts_with(magic))
    }

    /// Opens a workbook with the sheet of that name, or else the first visible one that holds anything.
    pub fn read(input: impl Read, sheet: Option<&str>) -> Result<Self, WorkbookError> {
        let mut bytes = Vec::new();
        input.take(WORKBOOK_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(WorkbookError::Io)?;
        if bytes.len() as u64 > WORKBOOK_BYTES_MAX {
            return Err(WorkbookError::TooLong);
        }
        if bytes.starts_with(COMPOUND) {
            return Err(if is_encrypted(&bytes) { WorkbookError::Protected } else { WorkbookError::OldFormat });
        }
        check_parts(&bytes)?;
        let length = bytes.len() as u64;
        let mut xlsx = contained(|| Xlsx::new(Cursor::new(bytes))).map_err(damaged)?;
        if xlsx.sheets_metadata().is_empty() {
            return Err(WorkbookError::Damaged("it lists no sheets".to_owned()));
        }
        let sheet = match sheet {
            Some(name) => named_sheet(&xlsx, name)?,
            None => first_sheet(&mut xlsx)?,
        };
        let counts_from_1904 = xlsx.has_1904_epoch();
        Ok(Self { xlsx, sheet, bytes: length, counts_from_1904 })
    }
}

/// Runs what the library does with the file. Broken files have brought it to panic, and that is the file's fault, not
/// the host's: it is an error like any other damage. What was being read is not used afterwards.
pub(super) fn contained<T>(read: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, XlsxError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(XlsxError::Unexpected("it cannot be made sense of")))
}

pub(super) fn damaged(error: XlsxError) -> WorkbookError {
    match error {
        XlsxError::Password => WorkbookError::Protected,
        error => WorkbookError::Damaged(error.to_string()),
    }
}

fn sheet_names(xlsx: &Xlsx<Cursor<Vec<u8>>>) -> Vec<String> {
    xlsx.sheets_metadata().iter().map(|sheet| sheet.name.clone()).collect()
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(SHEETS_LISTED_MAX).map(|name| format!("{name:?}")).collect();
    let more = names.len() - shown.len();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn named_sheet(xlsx: &Xlsx<Cursor<Vec<u8>>>, name: &str) -> Result<String, WorkbookError> {
    let names = sheet_names(xlsx);
    let Some(sheet) = xlsx.sheets_metadata().iter().find(|sheet| sheet.name == name) else {
        let (nearest, sheets) = (nearest(name, &names), listed(&names));
        return Err(WorkbookError::UnknownSheet { name: name.chars().take(80).collect(), nearest, sheets });
    };
    if sheet.typ == SheetType::WorkSheet {
        Ok(sheet.name.clone())
    } else {
        Err(WorkbookError::NotAWorksheet { name: sheet.name.clone(), sheets: listed(&names) })
    }
}

fn first_sheet(xlsx: &mut Xlsx<Cursor<Vec<u8>>>) -> Result<String, WorkbookError> {
    let worksheets: Vec<String> = (xlsx.sheets_metadata().iter())
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in worksheets {
        match contained(|| holds_anything(xlsx, &name)) {
            Ok(true) => return Ok(name),
            Ok(false) | Err(XlsxError::NotAWorksheet(_)) => {}
            Err(error) => return Err(damaged(error)),
        }
    }
    Err(WorkbookError::NothingInside { sheets: listed(&sheet_names(xlsx)) })
}

fn holds_anything(xlsx: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Result<bool, XlsxError> {
    let mut cells = xlsx.worksheet_cells_reader(sheet)?;
    while let Some(cell) = cells.next_cell()? {
        if *cell.get_value() != DataRef::Empty {
            return Ok(true);
        }
    }
    Ok(false)
}

/// An encrypted workbook is a container with a stream of this name, written in UTF-16.
fn is_encrypted(compound: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    compound.windows(name.len()).any(|window| window == name)
}

/// Refuses what is no workbook, and what unpacks to more than the host takes.
fn check_parts(bytes: &[u8]) -> Result<(), WorkbookError> {
    let broken = |error: ZipError| match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => WorkbookError::Protected,
        error => WorkbookError::Damaged(error.to_string()),
    };
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > PARTS_MAX {
        return Err(WorkbookError::TooManyParts(archive.len()));
    }
    let holds = |name: &str| archive.file_names_raw().any(|known| known.eq_ignore_ascii_case(name.as_bytes()));
    if holds("mimetype") && holds("content.xml") {
        return Err(WorkbookError::OpenDocument);
    }
    if holds("xl/workbook.bin") {
        return Err(WorkbookError::BinaryFormat);
    }
    if !holds("[Content_Types].xml") || !holds("_rels/.rels") {
        return Err(WorkbookError::NotAWorkbook);
    }
    let mut unpacked = 0_u64;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(broken)?;
        let name = part.name().map_err(broken)?.into_owned();
        let length = part.size();
        check_length(&name, length)?;
        unpacked = unpacked.saturating_add(length);
        if unpacked > UNPACKED_BYTES_MAX {
            return Err(WorkbookError::UnpackedTooLong);
        }
        if is_text_table(&name) {
            let mut head = Vec::new();
            let read = part.take(TEXTS_HEAD_BYTES).read_to_end(&mut head);
            read.map_err(|error| WorkbookError::Damaged(format!("{name}: {error}")))?;
            check_text_table(&head, length)?;
        }
    }
    Ok(())
}

fn check_length(part: &str, length: u64) -> Result<(), WorkbookError> {
    let lower = part.to_ascii_lowercase();
    let max = if is_text_table(part) {
        TEXTS_BYTES_MAX
    } else if lower.starts_with("xl/worksheets/") {
        SHEET_BYTES_MAX
    } else {
        PART_BYTES_MAX
    };
    if length > max {
        return Err(WorkbookError::PartTooLong { part: part.chars().take(80).collect(), max });
    }
    Ok(())
}

fn is_text_table(part: &str) -> bool {
    part.to_ascii_lowercase().ends_with("sharedstrings.xml")
}

/// The table of texts says how many it has, and the reader believes it and takes memory for as many. So the number has
/// to be one that the part can hold. Whatever could hide a second number is refused: no program writes it.
fn check_text_table(head: &[u8], length: u64) -> Result<(), WorkbookError> {
    let text = String::from_utf8_lossy(head);
    let strange = || WorkbookError::Damaged("the table of texts does not begin like one".to_owned());
    let start = text.find("sst").ok_or_else(strange)?;
    let (before, after) = text.split_at(start);
    if before.contains("<!") || before.matches("<?").count() > 1 {
        return Err(strange());
    }
    let mut quote = None;
    let end = after.find(|character| match (quote, character) {
        (None, '"' | '\'') => {
            quote = Some(character);
            false
        }
        (Some(open), close) if open == close => {
            quote = None;
            false
        }
        (None, '>') => true,
        _ => false,
    });
    let tag = &after[..end.ok_or_else(strange)?];
    // A text takes more than eight bytes of XML, even an empty one.
    let most = length / 8;
    let counts = tag.split("uniqueCount").skip(1).map(|rest| {
        let rest = rest.trim_start_matches(|character: char| !character.is_ascii_digit());
        rest.chars().take_while(char::is_ascii_digit).collect::<String>()
    });
    for count in counts.filter(|count| !count.is_empty()) {
        if count.parse::<u64>().map_or(true, |count| count > most) {
            return Err(WorkbookError::Damaged(format!("the table of texts cannot hold {count} of them")));
        }
    }
    Ok(())
}
