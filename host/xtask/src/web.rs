//! The pages (`host/web`): built before the binary, which holds them, and checked in a browser.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::stages::Stages;
use crate::{apt, demo, node, process, setup, workspace};

/// A small company of the demonstration, for what the browser's tests look at.
const DEMONSTRATION: [&str; 8] =
    ["--built", "--fill-only", "--people", "60", "--months", "3", "--now", "2026-06-24T06:00:00Z"];

/// Everything that the built pages are made of, below `host/web`.
const SOURCES: [&str; 7] = ["index.html", "locales", "package-lock.json", "pages.json", "public", "scripts", "src"];

/// Builds the pages, unless those that are there were made of the same sources.
pub fn build() -> Result<(), String> {
    let folder = folder();
    let (digest, noted) = (digest(&folder)?, folder.join("dist/.sources"));
    if fs::read_to_string(&noted).is_ok_and(|noted| noted == digest) {
        return Ok(());
    }
    install()?;
    println!("Building the pages in host/web");
    npm("build")?;
    fs::write(&noted, digest).map_err(|error| format!("{} cannot be written: {error}", noted.display()))
}

/// `cargo xtask pages`: everything that concerns the pages; further arguments go to the browser's tests.
pub fn run(arguments: &[String]) -> Result<(), String> {
    setup::run()?;
    all(arguments)
}

/// Lints, tests and drives the pages. What `setup` builds is there.
pub fn all(arguments: &[String]) -> Result<(), String> {
    let mut stages = Stages::default();
    stages.run("packages for the pages", install);
    stages.stop_if_failed()?;
    stages.run("types of the client", || npm("generated"));
    stages.run("types of the pages", || npm("types"));
    stages.run("lints of the pages", || npm("lint"));
    stages.run("tests of the pages", || npm("test"));
    stages.run("pages in a browser", || in_browser(arguments));
    stages.stop_if_failed()?;
    stages.print();
    Ok(())
}

fn folder() -> PathBuf {
    workspace::root().join("host/web")
}

fn install() -> Result<(), String> {
    node::installed("The pages need")?;
    node::install_packages(&folder())
}

fn npm(script: &str) -> Result<(), String> {
    process::run(process::command("npm").args(["run", "--silent", script]).current_dir(folder()))
}

fn in_browser(arguments: &[String]) -> Result<(), String> {
    if !process::succeeds(process::command("chromium").arg("--version")) {
        apt::install(&["chromium", "fonts-noto-cjk"], "The pages are tested in Chromium")?;
    }
    let target = workspace::target().join("pages");
    let demonstration = target.join("demonstration");
    let place = demonstration.to_str().ok_or("the path of the target folder is not UTF-8")?;
    let mut asked: Vec<String> = DEMONSTRATION.map(str::to_owned).into();
    asked.extend(["--folder".to_owned(), place.to_owned()]);
    demo::run(&asked)?;
    let mut playwright = process::command("npm");
    playwright.args(["run", "--silent", "browser", "--"]).args(arguments).current_dir(folder());
    playwright.env("DAYBREAK_BINARY", workspace::binary()).env("DAYBREAK_PLUGINS", workspace::plugins());
    playwright.env("DAYBREAK_DEMONSTRATION", &demonstration);
    process::run(playwright.env("DAYBREAK_TARGET", &target))
}

/// A digest of the names and contents of all sources.
fn digest(folder: &Path) -> Result<String, String> {
    let mut files = Vec::new();
    for source in SOURCES {
        gather(&folder.join(source), &mut files)?;
    }
    for entry in read_folder(folder)? {
        if entry.to_string_lossy().ends_with(".config.ts") {
            files.push(entry);
        }
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.strip_prefix(folder).unwrap_or(&file).hash(&mut hasher);
        fs::read(&file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn gather(path: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    read_folder(path)?.iter().try_for_each(|entry| gather(entry, files))
}

fn read_folder(path: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |error| format!("{} cannot be read: {error}", path.display());
    let entries = fs::read_dir(path).map_err(unreadable)?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(unreadable)).collect()
}
