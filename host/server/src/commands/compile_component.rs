//! `daybreak compile-component`: what the host starts to have a component compiled outside of its own memory. Nobody types
//! it; it opens no database and reads no setting.

use std::io::{Read as _, Write as _};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use daybreak_domain::plugin::COMPONENT_BYTES_MAX;
use daybreak_engine::{Compiler, NOT_A_COMPONENT, compile};

pub const NAME: &str = "compile-component";

#[derive(Args)]
pub struct CompileComponentArgs {
    memory_bytes: u64,
    seconds: u64,
}

/// What an author's tool may use: it reads no setting.
pub const AUTHORS_MEMORY_BYTES: u64 = 2 << 30;
pub const AUTHORS_SECONDS: u64 = 120;

/// This very program, which compiles within these bounds when it is told to.
pub fn compiler(memory_bytes: u64, seconds: u64) -> anyhow::Result<Compiler> {
    let program = std::env::current_exe().context("this program cannot be found, so it cannot compile plugins")?;
    Ok(Compiler { program, command: NAME.to_owned(), memory_bytes, seconds })
}

/// From standard input to standard output, within bounds that the operating system keeps.
pub fn run(args: &CompileComponentArgs) -> anyhow::Result<ExitCode> {
    limit(args).context("this machine does not let a process bound itself, so no plugin is compiled")?;
    let mut component = Vec::new();
    std::io::stdin().lock().take(COMPONENT_BYTES_MAX as u64 + 1).read_to_end(&mut component)?;
    match compile(&component) {
        Ok(code) => {
            std::io::stdout().lock().write_all(&code)?;
            Ok(ExitCode::SUCCESS)
        }
        Err(reason) => {
            std::io::stdout().lock().write_all(reason.as_bytes())?;
            Ok(ExitCode::from(NOT_A_COMPONENT))
        }
    }
}

#[cfg(unix)]
fn limit(args: &CompileComponentArgs) -> std::io::Result<()> {
    use rlimit::{Resource, getrlimit, setrlimit};
    // Where whoever started the host allows less, less it is: what a process may not have, it cannot give itself.
    let lower = |resource: Resource, soft: u64, hard: u64| {
        let (_, allowed) = getrlimit(resource)?;
        setrlimit(resource, soft.min(allowed), hard.min(allowed))
    };
    prefer_as_victim();
    // Where the system knows no bound of data alone, that of all addresses serves.
    let memory = if Resource::DATA.is_supported() { Resource::DATA } else { Resource::AS };
    lower(memory, args.memory_bytes, args.memory_bytes)?;
    // The first bound sends the signal that tells the host why; the second ends whoever does not heed it.
    lower(Resource::CPU, args.seconds, args.seconds.saturating_add(5))?;
    // A process that ends for want of memory leaves no copy of it behind.
    setrlimit(Resource::CORE, 0, 0)
}

/// When the whole machine runs out of memory, Linux ends this process before the host that waits for it. Elsewhere, and where
/// it may not be said, nothing is lost.
#[cfg(unix)]
fn prefer_as_victim() {
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
}

#[cfg(not(unix))]
fn limit(_args: &CompileComponentArgs) -> std::io::Result<()> {
    Ok(())
}
