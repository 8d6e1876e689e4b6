//! Compiling a component: by a process of its own, because it is the one work that a host does on foreign bytes before
//! anything has bounded them.
//!
//! Compilers are not made for malice: a file of a hundred kilobytes can make them ask for all the memory there is, and no
//! measure of the file tells it apart from an honest one of the same size. So the process that compiles may use so much
//! memory and so much of a processor's time, and when it wants more it ends, and not the host.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use daybreak_domain::plugin::Fault;
use wasmtime::InstanceAllocationStrategy;

use crate::artefacts::ARTEFACT_BYTES_MAX;
use crate::engine::configuration;
use crate::sandbox::{CallError, HostError};
use crate::text;

/// The status with which the program says that it was not given a component; what is wrong with it stands in its output.
pub const NOT_A_COMPONENT: u8 = 3;

/// A program that bounds itself, reads a component from its standard input and writes what [`compile`] makes of it to its
/// standard output. It must be of the same build as this host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiler {
    pub program: PathBuf,
    /// After this word come the two bounds, as numbers.
    pub command: String,
    /// Most memory that compiling may take, in bytes.
    pub memory_bytes: u64,
    /// Most time on a processor that compiling may take, over all threads, in seconds.
    pub seconds: u64,
}

/// The compiled code of a component, or what is wrong with it in words.
pub fn compile(component: &[u8]) -> Result<Vec<u8>, String> {
    // Nothing is instantiated, so no pool is set up. How instances are allocated is no part of compiled code.
    let configuration = configuration();
    let engine = wasmtime::Engine::new(configuration.clone().allocation_strategy(InstanceAllocationStrategy::OnDemand));
    let code = engine.and_then(|engine| engine.precompile_component(component));
    code.map_err(|error| text::plain(&format!("{error:#}")))
}

impl Compiler {
    pub(crate) fn compile(&self, component: &[u8]) -> Result<Vec<u8>, CallError> {
        let machine =
            |error: std::io::Error| HostError::Machine(format!("the compiler {}: {error}", self.program.display()));
        let mut command = Command::new(&self.program);
        command.args([&self.command, &self.memory_bytes.to_string(), &self.seconds.to_string()]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut compiler = command.spawn().map_err(machine)?;
        // It reads all before it writes anything. One that ends before it has read all says why by how it ends.
        let given = compiler.stdin.take().map_or(Ok(()), |mut input| input.write_all(component));
        let mut code = Vec::new();
        let read =
            compiler.stdout.take().map_or(Ok(0), |output| output.take(ARTEFACT_BYTES_MAX).read_to_end(&mut code));
        let status = compiler.wait().map_err(machine)?;
        if !status.success() {
            return Err(self.refusal(status, &code));
        }
        given.and(read.map(drop)).map_err(machine)?;
        if code.len() as u64 >= ARTEFACT_BYTES_MAX {
            let reason = format!("its code takes more than {} MiB", ARTEFACT_BYTES_MAX >> 20);
            return Err(Fault::TooMuchToCompile { reason }.into());
        }
        Ok(code)
    }

    /// What it means that the program ended in this way.
    fn refusal(&self, status: ExitStatus, said: &[u8]) -> CallError {
        if status.code() == Some(i32::from(NOT_A_COMPONENT)) {
            return Fault::NotAComponent { reason: text::plain(&String::from_utf8_lossy(said)) }.into();
        }
        let reason = match ended_by(status) {
            Some(SIGABRT | SIGSEGV | SIGBUS) => {
                format!("compiling it takes more than {} MiB of memory", self.memory_bytes >> 20)
            }
            Some(SIGXCPU) => format!("compiling it takes more than {} seconds of a processor", self.seconds),
            _ => return HostError::Machine(format!("the compiler ended with {status}")).into(),
        };
        Fault::TooMuchToCompile { reason }.into()
    }
}

/// How a process ends for which there is no memory, or no more of its stack.
const SIGABRT: i32 = 6;
const SIGBUS: i32 = 7;
const SIGSEGV: i32 = 11;
/// How a process ends that has had its time.
const SIGXCPU: i32 = 24;

#[cfg(unix)]
fn ended_by(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn ended_by(_status: ExitStatus) -> Option<i32> {
    None
}
