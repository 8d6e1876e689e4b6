//! A pack in one file: a ZIP archive of its folder, read into memory and trusted in nothing that it says of itself.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{FILES_MAX, PACK_BYTES_MAX, Pack, PackError};
use crate::{AppError, Daybreak};

/// Longest path of a file in an archive, in bytes.
const PATH_BYTES_MAX: usize = 256;

/// What makes an archive no pack. Paths are shown as Rust writes texts, so that nothing in them can mislead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    #[error("it cannot be read as a ZIP archive ({0}): pack the folder again")]
    Damaged(String),
    #[error("{0:?} is protected by a password: pack it without one")]
    Protected(String),
    #[error("{0:?} is a symbolic link: put the file itself there")]
    Link(String),
    #[error("the path {0:?} leads out of the pack, or is none: use plain names with / between folders")]
    BadPath(String),
    #[error("{0:?} stands there twice: keep one")]
    Twice(String),
}

impl Pack {
    /// Reads a pack from a ZIP archive of its folder. The folder itself may stand in the archive, too.
    pub fn of_archive(archive: &[u8]) -> Result<Self, PackError> {
        Self::of_files(&within_folder(files(archive)?))
    }
}

impl Daybreak {
    /// Reads a pack that somebody sent as a ZIP archive.
    pub async fn read_pack(&self, archive: Vec<u8>) -> Result<Pack, AppError> {
        Ok(self.aside(move || Pack::of_archive(&archive)).await??)
    }
}

fn files(archive: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, PackError> {
    let damaged = |error: ZipError| ArchiveError::Damaged(error.to_string());
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(damaged)?;
    // Folders are entries of their own, and there are few of them in a pack.
    if archive.len() > 2 * FILES_MAX {
        return Err(PackError::TooManyFiles(archive.len()));
    }
    let mut files = BTreeMap::new();
    let mut room = PACK_BYTES_MAX;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(damaged)?;
        let path = entry.name().map_err(damaged)?.into_owned();
        let shown = || path.chars().take(80).collect::<String>();
        if entry.is_symlink() {
            return Err(ArchiveError::Link(shown()).into());
        }
        if !is_inside(path.trim_end_matches('/')) {
            return Err(ArchiveError::BadPath(shown()).into());
        }
        if entry.is_dir() || is_left_out(&path) {
            continue;
        }
        if entry.encrypted() {
            return Err(ArchiveError::Protected(shown()).into());
        }
        drop(entry);
        // How long an entry says that it is may be wrong; what is read is counted.
        let entry = archive.by_index(index).map_err(damaged)?;
        let mut content = Vec::new();
        let read = entry.take(room as u64 + 1).read_to_end(&mut content);
        read.map_err(|error| ArchiveError::Damaged(format!("{:?}: {error}", shown())))?;
        room = room.checked_sub(content.len()).ok_or(PackError::TooLarge(PACK_BYTES_MAX + 1))?;
        if files.insert(path.clone(), content).is_some() {
            return Err(ArchiveError::Twice(shown()).into());
        }
        if files.len() > FILES_MAX {
            return Err(PackError::TooManyFiles(files.len()));
        }
    }
    Ok(files)
}

/// Whether the path names something inside the folder and nothing else on any system.
fn is_inside(path: &str) -> bool {
    let is_plain = |name: &str| {
        !matches!(name, "" | "." | "..")
            && !name.chars().any(|character| character.is_control() || "\\:".contains(character))
    };
    path.len() <= PATH_BYTES_MAX && path.split('/').all(is_plain)
}

/// As in a folder: hidden files, those of an editor, and what some systems add to every archive.
fn is_left_out(path: &str) -> bool {
    let hidden = |name: &str| name.starts_with('.') || name == "__MACOSX";
    let name = path.rsplit('/').next().unwrap_or(path);
    path.split('/').any(hidden) || name.ends_with('~') || name == "README.md"
}

/// The files without the one folder in which all of them stand, if they do.
fn within_folder(files: BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    if files.contains_key("pack.toml") {
        return files;
    }
    let Some(folder) = files.keys().find_map(|path| path.strip_suffix("pack.toml").map(str::to_owned)) else {
        return files;
    };
    if !files.keys().all(|path| path.starts_with(&folder)) {
        return files;
    }
    let inner = |(path, content): (String, Vec<u8>)| (path.get(folder.len()..).unwrap_or_default().to_owned(), content);
    files.into_iter().map(inner).collect()
}
