//! The folder of a demonstration: taken only where it is empty or known to be one, and emptied of nothing but its own.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::workspace;

/// What the folder holds. How the four sign in is written when all is done; the moment, where it is not now.
pub const DATA: &str = "data";
pub const FILES: &str = "files";
pub const PACK: &str = "pack";
pub const SIGN_IN: &str = "sign-in.txt";
pub const MOMENT: &str = "now.txt";
/// Whoever empties the folder removes these and nothing else.
const OWN: [&str; 5] = [DATA, FILES, PACK, SIGN_IN, MOMENT];
/// Says that the folder is a demonstration's, and is locked by the one that uses it.
const MARK: &str = "daybreak-demo.lock";

pub struct Folder {
    path: PathBuf,
    /// Held as long as the demonstration lasts, so that another one does not empty the folder under it.
    _lock: File,
}

impl Folder {
    /// Makes the folder, or takes one that is empty, a demonstration's, or below the folder that cargo builds into.
    pub fn take(path: &Path) -> Result<Self, String> {
        let failed = |error| format!("{} could not be opened: {error}", path.display());
        fs::create_dir_all(path).map_err(failed)?;
        let is_empty = fs::read_dir(path).map_err(failed)?.next().is_none();
        if !is_empty && !path.join(MARK).is_file() && !is_built(path) {
            return Err(format!(
                "{} holds other things than a demonstration: name an empty folder with --folder, or one that is not \
                 there yet",
                path.display()
            ));
        }
        let lock = File::create(path.join(MARK)).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(format!(
                "another demonstration uses {}: stop it, or choose another folder with --folder",
                path.display()
            )),
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path.join(name)
    }

    /// Removes what an earlier demonstration left.
    pub fn empty(&self) -> Result<(), String> {
        for path in OWN.map(|name| self.join(name)) {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            if let Err(error) = removed.or_else(|error| if is_absent(&error) { Ok(()) } else { Err(error) }) {
                return Err(format!("{} could not be removed: {error}", path.display()));
            }
        }
        Ok(())
    }
}

/// Whatever lies below cargo's folder can be made again.
fn is_built(path: &Path) -> bool {
    let (Ok(path), Ok(target)) = (path.canonicalize(), workspace::target().canonicalize()) else { return false };
    path != target && path.starts_with(target)
}

fn is_absent(error: &std::io::Error) -> bool {
    error.kind() == ErrorKind::NotFound
}
