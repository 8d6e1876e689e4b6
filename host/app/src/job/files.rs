//! Files that the host keeps for a while: those of imports until they are done, others until the request ends.
//!
//! They stand in a folder of their own below the data folder that nobody else on the machine can look into. The folder has
//! an id, so that of several hosts only the one with the file takes its import.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::io::AsyncWriteExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::JobRefused;
use crate::{AppError, Daybreak};

/// Most files that are received or read at once; imports that wait are bounded by the queue.
pub const FILES_AT_ONCE_MAX: usize = 8;

/// The file with the folder's id.
const PLACE: &str = "place";

/// What the name of every kept file begins with.
const PREFIX: &str = "file";

/// The folder.
pub(crate) struct KeptFiles {
    folder: PathBuf,
    place: String,
    at_once: Arc<Semaphore>,
}

/// A file that is gone with this value, unless an import has taken it over.
pub struct KeptFile {
    pub(super) name: String,
    path: PathBuf,
    file: tokio::fs::File,
    bytes: u64,
    stays: bool,
    _permit: OwnedSemaphorePermit,
}

impl KeptFiles {
    /// The folder's id.
    pub(super) fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn open(&self, name: &str) -> io::Result<BufReader<File>> {
        File::open(self.folder.join(name)).map(BufReader::new)
    }

    /// The names of files in the folder are on the disk once this has returned.
    pub(super) async fn sync(&self) -> io::Result<()> {
        tokio::fs::File::open(&self.folder).await?.sync_all().await
    }

    pub(super) async fn remove(&self, name: &str) {
        let removed = tokio::fs::remove_file(self.folder.join(name)).await;
        if let Err(error) = removed.or_else(|error| if is_absent(&error) { Ok(()) } else { Err(error) }) {
            tracing::warn!(%error, "a file that was imported could not be removed");
        }
    }
}

impl KeptFile {
    pub async fn append(&mut self, piece: &[u8]) -> Result<(), AppError> {
        self.file.write_all(piece).await?;
        self.bytes += piece.len() as u64;
        Ok(())
    }

    /// All of it is on the disk once this has returned.
    pub async fn finish(&mut self) -> Result<(), AppError> {
        self.file.flush().await?;
        Ok(self.file.sync_all().await?)
    }

    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The file's content, from its beginning.
    pub fn open(&self) -> Result<BufReader<File>, AppError> {
        Ok(File::open(&self.path).map(BufReader::new)?)
    }

    /// Leaves the file where it is, for an import that will remove it.
    pub(super) fn stay(&mut self) {
        self.stays = true;
    }
}

impl Drop for KeptFile {
    fn drop(&mut self) {
        if !self.stays
            && let Err(error) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(%error, "a file that was received could not be removed");
        }
    }
}

impl Daybreak {
    /// The same host, which keeps files in this folder. Files that no job needs any more are removed, so nobody else may be
    /// using the folder.
    pub async fn keeping_files(&self, folder: &Path) -> Result<Self, AppError> {
        make_private(folder)?;
        let path = folder.join(PLACE);
        let place = match std::fs::read_to_string(&path) {
            Ok(place) => place.trim().to_owned(),
            Err(error) if is_absent(&error) => {
                let place = self.ids.new_id(PLACE);
                // Under another name until it is whole: half an id would be somebody else's.
                let unfinished = folder.join("place.unfinished");
                std::fs::write(&unfinished, &place)?;
                std::fs::rename(&unfinished, &path)?;
                place
            }
            Err(error) => return Err(error.into()),
        };
        let needed = self.store.job_files(&place).await?;
        for entry in std::fs::read_dir(folder)? {
            let name = entry?.file_name();
            let is_left = name.to_str().is_some_and(|name| {
                name.starts_with(&format!("{PREFIX}_")) && !needed.iter().any(|needed| needed == name)
            });
            if is_left {
                std::fs::remove_file(folder.join(name))?;
            }
        }
        let at_once = Arc::new(Semaphore::new(FILES_AT_ONCE_MAX));
        Ok(self.with_files(KeptFiles { folder: folder.to_owned(), place, at_once }))
    }

    /// An empty file to receive something into.
    pub async fn new_file(&self) -> Result<KeptFile, AppError> {
        let files = self.files.as_ref().ok_or(JobRefused::NoFolder)?;
        let permit = files.at_once.clone().try_acquire_owned().map_err(|_| JobRefused::FilesBusy)?;
        let name = self.ids.new_id(PREFIX);
        let path = files.folder.join(&name);
        let mut options = tokio::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        options.mode(0o600);
        let file = options.open(&path).await?;
        Ok(KeptFile { name, path, file, bytes: 0, stays: false, _permit: permit })
    }
}

fn is_absent(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
