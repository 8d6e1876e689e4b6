//! `cargo xtask setup`: everything that the demonstration and the tests stand on.

use std::path::PathBuf;

use crate::{process, web, workspace};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

pub fn run() -> Result<(), String> {
    add_wasm_target()?;
    // Before the binary, which holds them.
    web::build()?;
    println!("Building the daybreak binary");
    // In the whole workspace, although only one binary is needed: cargo unifies the features of the packages it is asked
    // for together, so building this one alone would compile the engine a second time for the tests.
    process::run(process::cargo().args(["build", "--workspace", "--bins"]))?;
    build_plugins()
}

/// Adds the target that plugins are compiled for, unless the compiler in use has it.
fn add_wasm_target() -> Result<(), String> {
    let sysroot = process::output(process::command("rustc").args(["--print", "sysroot"]))?;
    if PathBuf::from(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    println!("Adding the target {WASM_TARGET}: rustup target add {WASM_TARGET}");
    process::run(process::command("rustup").args(["target", "add", WASM_TARGET])).map_err(|problem| {
        format!(
            "{problem}\nPlugins are compiled for {WASM_TARGET}, which this Rust does not have. With rustup, run\n    \
             rustup target add {WASM_TARGET}\nin the checkout; otherwise install the standard library for that target \
             the way this Rust was installed. Then run this command again."
        )
    })
}

/// Builds every component; cargo skips what did not change.
fn build_plugins() -> Result<(), String> {
    let folders = workspace::plugin_folders()?;
    let root = workspace::root();
    let shown: Vec<_> = folders.iter().map(|folder| folder.strip_prefix(&root).unwrap_or(folder)).collect();
    println!(
        "Building the plugins in {}",
        shown.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ")
    );
    process::run(process::daybreak().args(["plugin", "build", "--profile", "plugin"]).args(&shown))
}
