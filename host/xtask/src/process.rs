//! Running other programs: always from the workspace's root, never with standard input, output shown as it comes.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use crate::workspace;

/// The cargo that runs this xtask. It is not told what that one told xtask of its package: some build scripts look at such
/// variables, and all that stands on them would be compiled anew each time cargo is called by xtask and by hand in turns.
pub fn cargo() -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            cargo.env_remove(name);
        }
    }
    cargo
}

pub fn daybreak() -> Command {
    command(workspace::binary())
}

pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root()).stdin(Stdio::null());
    command
}

/// Runs the command to its end; a failure names the command as one would type it.
pub fn run(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|error| format!("`{}` could not be started: {error}", typed(command)))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", typed(command))) }
}

/// Whether the command can be started and succeeds; its output is not shown.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// What the command writes to its standard output.
pub fn output(command: &mut Command) -> Result<String, String> {
    let output = command.stderr(Stdio::inherit()).output();
    let failed = |problem: String| format!("`{}` failed: {problem}", typed(command));
    let output = output.map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    String::from_utf8(output.stdout).map_err(|_| failed("its output is not UTF-8".to_owned()))
}

/// The command as one would type it.
pub fn typed(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words = words.map(|word| {
        let word = word.to_string_lossy();
        let is_plain = |sign: char| sign.is_alphanumeric() || "-_./:@=,+".contains(sign);
        if !word.is_empty() && word.chars().all(is_plain) { word.into_owned() } else { format!("\"{word}\"") }
    });
    words.collect::<Vec<_>>().join(" ")
}
