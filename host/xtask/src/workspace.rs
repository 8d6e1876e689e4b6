//! Where things stand in the checkout.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder that holds the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// The folder that cargo builds into.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The `daybreak` binary that `setup` builds.
pub fn binary() -> PathBuf {
    target().join("debug").join(format!("daybreak{}", std::env::consts::EXE_SUFFIX))
}

/// Where the built components lie, as `NAME.wasm`.
pub fn plugins() -> PathBuf {
    target().join("plugins")
}

/// Folders of components to build: the plugins that ship with Daybreak and the guests of the tests.
pub fn plugin_folders() -> Result<Vec<PathBuf>, String> {
    let mut folders = Vec::new();
    for parent in ["plugins", "tests/guests"] {
        let parent = root().join(parent);
        if !parent.is_dir() {
            continue;
        }
        let unreadable = |error| format!("{} could not be read: {error}", parent.display());
        for entry in fs::read_dir(&parent).map_err(unreadable)? {
            let folder = entry.map_err(unreadable)?.path();
            if folder.join("Cargo.toml").is_file() {
                folders.push(folder);
            } else if folder.is_dir() {
                return Err(format!("{} holds no Cargo.toml: add one, or remove the folder", folder.display()));
            }
        }
    }
    folders.sort();
    Ok(folders)
}

/// The data sets with known answers, which stand beside the checkout where they are there at all.
pub fn data() -> Option<PathBuf> {
    let folder = root().join("../shared/data");
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}
