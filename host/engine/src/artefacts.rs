//! Compiled components on disk: a private folder whose files only this host writes.
//!
//! Loading compiled code is unsafe: whoever can write such a file can run anything. So the folder must belong to us and
//! be closed to others, every file carries a digest over its content and over what it claims to be, and the very bytes
//! that were compared with the digest are the ones that are loaded. Whatever does not match is compiled again.

use std::fs::{self, DirBuilder};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use daybreak_domain::digest::{Canonical, Digest};

const MAGIC: &[u8; 16] = b"daybreak-code-1\n";
const HEADER_BYTES: usize = MAGIC.len() + 32;

/// Most files kept; the ones written longest ago go first.
const ARTEFACTS_MAX: usize = 256;

/// Compiled code is two to three times as large as a component: 35 MiB where one brings a whole Python interpreter along. The
/// host holds all of it while it takes it over.
pub(crate) const ARTEFACT_BYTES_MAX: u64 = 128 << 20;

#[derive(Debug, thiserror::Error)]
pub enum ArtefactsError {
    #[error("the folder for compiled plugins {} cannot be used", .folder.display())]
    Folder { folder: PathBuf, source: io::Error },
    #[error(
        "the folder for compiled plugins {} can be written to by others (mode {mode:o}); they could make this host run \
         their code: run `chmod 700` on it, or name another folder",
        .folder.display()
    )]
    WritableByOthers { folder: PathBuf, mode: u32 },
    #[error(
        "the folder for compiled plugins {} belongs to user {owner}, not to user {user} who runs this host: run `chown` \
         on it, or name another folder",
        .folder.display()
    )]
    ForeignOwner { folder: PathBuf, owner: u32, user: u32 },
}

pub(crate) struct Artefacts {
    folder: PathBuf,
    fingerprint: Digest,
}

impl Artefacts {
    /// Makes the folder where there is none. `fingerprint` names everything that compiled code depends on.
    pub(crate) fn open(folder: &Path, fingerprint: &str) -> Result<Self, ArtefactsError> {
        let failed = |source| ArtefactsError::Folder { folder: folder.to_owned(), source };
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(failed)?;
        check_private(folder)?;
        Ok(Self { folder: folder.to_owned(), fingerprint: Digest::of(fingerprint.as_bytes()) })
    }

    /// The compiled code of the component, if there is a file that is exactly what this host wrote.
    pub(crate) fn read(&self, component: &Digest) -> Option<Vec<u8>> {
        let path = self.path(component);
        let size = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?.len();
        if size > ARTEFACT_BYTES_MAX {
            return None;
        }
        let file = fs::read(&path).ok()?;
        let is_ours = file.len() > HEADER_BYTES
            && file.starts_with(MAGIC)
            && file[MAGIC.len()..HEADER_BYTES] == *self.seal(component, &file[HEADER_BYTES..]).as_bytes();
        if !is_ours {
            tracing::warn!(path = %path.display(), "a compiled plugin was damaged or tampered with; compiling it again");
            return None;
        }
        Some(file)
    }

    /// Keeps compiled code. The folder is only a cache, so a full disk is no error.
    pub(crate) fn write(&self, component: &Digest, code: &[u8]) {
        if let Err(error) = self.try_write(component, code) {
            tracing::warn!(folder = %self.folder.display(), %error, "a compiled plugin could not be kept");
        }
    }

    /// The part of a file that `read` returned which is the code.
    pub(crate) fn code(file: &[u8]) -> &[u8] {
        file.get(HEADER_BYTES..).unwrap_or_default()
    }

    fn try_write(&self, component: &Digest, code: &[u8]) -> io::Result<()> {
        let path = self.path(component);
        // Two processes may write the same file at once: each has a name of its own until the file is whole.
        let unfinished = self.folder.join(format!("{}.{}.unfinished", self.name(component), std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(&unfinished).and_then(|mut file| {
            file.write_all(MAGIC)?;
            file.write_all(self.seal(component, code).as_bytes())?;
            file.write_all(code)
        });
        let kept = written.and_then(|()| fs::rename(&unfinished, &path));
        if kept.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        kept?;
        self.remove_oldest()
    }

    fn remove_oldest(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let metadata = entry.as_ref().ok().and_then(|entry| entry.metadata().ok());
            if let (Ok(entry), Some(metadata)) = (entry, metadata) {
                files.push((metadata.modified().ok(), entry.path()));
            }
        }
        files.sort();
        for (_, path) in files.iter().take(files.len().saturating_sub(ARTEFACTS_MAX)) {
            let _ = fs::remove_file(path);
        }
        Ok(())
    }

    fn seal(&self, component: &Digest, code: &[u8]) -> Digest {
        let mut canonical = Canonical::new("daybreak compiled component 1");
        canonical.digest(component);
        canonical.digest(&self.fingerprint);
        canonical.digest(&Digest::of(code));
        canonical.finish()
    }

    fn name(&self, component: &Digest) -> String {
        format!("{}-{}", component.hex(), self.fingerprint.short())
    }

    fn path(&self, component: &Digest) -> PathBuf {
        self.folder.join(format!("{}.code", self.name(component)))
    }
}

#[cfg(unix)]
fn check_private(folder: &Path) -> Result<(), ArtefactsError> {
    use std::os::unix::fs::MetadataExt as _;
    let failed = |source| ArtefactsError::Folder { folder: folder.to_owned(), source };
    let metadata = fs::symlink_metadata(folder).map_err(failed)?;
    if !metadata.is_dir() {
        return Err(failed(io::Error::from(io::ErrorKind::NotADirectory)));
    }
    let mode = metadata.mode() & 0o7777;
    if mode & 0o022 != 0 {
        return Err(ArtefactsError::WritableByOthers { folder: folder.to_owned(), mode });
    }
    // Our own user id, where the system tells it without a call that Rust has no safe name for.
    if let Ok(process) = fs::metadata("/proc/self") {
        let (owner, user) = (metadata.uid(), process.uid());
        if owner != user {
            return Err(ArtefactsError::ForeignOwner { folder: folder.to_owned(), owner, user });
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_private(_folder: &Path) -> Result<(), ArtefactsError> {
    Ok(())
}
