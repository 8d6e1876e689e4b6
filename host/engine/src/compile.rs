//! Compiling a component: by a process of its own, because it is the one work that a host does on foreign bytes before
//! anything has bounded them.
//!
//! Compilers are not made for malice: a file of a hundred kilobytes can make them ask for all the memory there is, and no
//! measure of the file tells it apart from an honest one of the same size. So the process that compiles may use so much
//! memory and so much of a processor's time, and when it wants more it ends, and not the host.

use std::io::{Read, Write as _};
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

/// The variables that the program is given: how shared libraries are found, and how many threads compile. Others hold secrets
/// of the host, and foreign bytes are worked on here.
const VARIABLES: [&str; 2] = ["LD_LIBRARY_PATH", "RAYON_NUM_THREADS"];

/// What is kept of the program's complaints, in bytes.
const COMPLAINT_BYTES_MAX: u64 = 2 << 10;

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
        command.env_clear().envs(VARIABLES.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut compiler = command.spawn().map_err(machine)?;
        let complaints = compiler.stderr.take().map(|output| std::thread::spawn(move || complaints(output)));
        // It reads all before it writes anything. One that ends before it has read all says why by how it ends.
        let given = compiler.stdin.take().map_or(Ok(()), |mut input| input.write_all(component));
        let mut code = Vec::new();
        let read =
            compiler.stdout.take().map_or(Ok(0), |output| output.take(ARTEFACT_BYTES_MAX + 1).read_to_end(&mut code));
        // Nobody reads the rest, so it says nothing how the program ends.
        let is_too_long = code.len() as u64 > ARTEFACT_BYTES_MAX;
        if is_too_long {
            let _ = compiler.kill();
        }
        let status = compiler.wait().map_err(machine)?;
        let complaint = complaints.and_then(|complaints| complaints.join().ok()).unwrap_or_default();
        if is_too_long {
            let reason = format!("its code takes more than {} MiB", ARTEFACT_BYTES_MAX >> 20);
            return Err(Fault::TooMuchToCompile { reason }.into());
        }
        if !status.success() {
            return Err(self.refusal(status, &code, &complaint));
        }
        given.and(read.map(drop)).map_err(machine)?;
        Ok(code)
    }

    /// What it means that the program ended in this way.
    fn refusal(&self, status: ExitStatus, said: &[u8], complaint: &str) -> CallError {
        if status.code() == Some(i32::from(NOT_A_COMPONENT)) {
            return Fault::NotAComponent { reason: text::plain(&String::from_utf8_lossy(said)) }.into();
        }
        let reason = match ended_by(status) {
            Some(SIGABRT | SIGSEGV | SIGBUS) => {
                format!("compiling it takes more than {} MiB of memory", self.memory_bytes >> 20)
            }
            Some(SIGXCPU) => format!("compiling it takes more than {} seconds of a processor", self.seconds),
            Some(SIGKILL) => "the machine ended the compiler, as it does when memory runs out".to_owned(),
            _ => return HostError::Machine(format!("the compiler ended with {status}: {complaint}")).into(),
        };
        Fault::TooMuchToCompile { reason }.into()
    }
}

/// What the program says when something is wrong with the machine rather than with the component.
fn complaints(mut output: impl Read) -> String {
    let mut said = Vec::new();
    let read = output.by_ref().take(COMPLAINT_BYTES_MAX).read_to_end(&mut said);
    // Read to its end, so that the program never waits for a reader.
    let _ = read.and_then(|_| std::io::copy(&mut output, &mut std::io::sink()));
    match String::from_utf8_lossy(&said).trim() {
        "" => "it said nothing".to_owned(),
        said => text::plain(said),
    }
}

/// How a process ends for which there is no memory, or no more of its stack.
const SIGABRT: i32 = 6;
const SIGBUS: i32 = 7;
const SIGSEGV: i32 = 11;
/// How the system ends one to get memory back, or one that has not heeded that its time is over.
const SIGKILL: i32 = 9;
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
