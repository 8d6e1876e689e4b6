//! Node and what npm installs: for the pages and for the generated client.

use std::fs;
use std::path::Path;

use crate::{apt, process};

/// The oldest Node that the tools run on.
const OLDEST: (u32, u32) = (20, 19);

/// Sees to it that Node and npm are there. `need` says who needs them, as the beginning of a sentence.
pub fn installed(need: &str) -> Result<(), String> {
    if !process::succeeds(process::command("npm").arg("--version")) {
        apt::install(&["nodejs", "npm"], &format!("{need} Node 20 with npm"))?;
    }
    let version = process::output(process::command("node").arg("--version"))?;
    let mut parts = version.trim().trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let found = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    if found < OLDEST {
        let (major, minor) = OLDEST;
        return Err(format!(
            "This is Node {}; {} Node {major}.{minor} or newer: https://nodejs.org/en/download",
            version.trim(),
            need.to_lowercase()
        ));
    }
    Ok(())
}

/// Installs exactly what the lock file names, unless that is there already.
pub fn install_packages(folder: &Path) -> Result<(), String> {
    let path = folder.join("package-lock.json");
    let lock = fs::read_to_string(&path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let installed = folder.join("node_modules/.installed.json");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("Installing the packages of {}", folder.display());
    process::run(process::command("npm").args(["ci", "--silent", "--ignore-scripts"]).current_dir(folder))?;
    fs::write(&installed, lock).map_err(|error| format!("{} cannot be written: {error}", installed.display()))
}
