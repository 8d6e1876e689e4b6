//! The engine: one configuration of wasmtime, one pool of instances, one epoch.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use daybreak_domain::digest::Digest;
use daybreak_domain::plugin::Fault;
use wasmtime::component::{Component, Linker};
use wasmtime::{
    Config, Enabled, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig, Strategy, WasmBacktraceDetails,
};

use crate::adapter;
use crate::artefacts::{Artefacts, ArtefactsError};
use crate::compile::Compiler;
use crate::fault::BACKTRACE_FRAMES_MAX;
use crate::gate::{self, Gate};
use crate::guest::Guest;
use crate::limits::{CORE_INSTANCES_MAX, Limits, MEMORIES_MAX, MEMORY_BYTES_MAX, TABLE_ELEMENTS_MAX, TABLES_MAX};
use crate::sandbox::{CallError, HostError};
use crate::text;

/// The wasmtime that is linked, to the patch: a patch may change how much fuel code burns. A test compares it with
/// Cargo.lock.
const WASMTIME_VERSION: &str = "48.0.8";

/// The guest's native stack, in bytes. How deep a recursion may go depends on it.
const STACK_BYTES: usize = 512 << 10;

#[derive(Clone, Debug, Default)]
pub struct EngineOptions {
    /// A folder for compiled components that nobody else can write to; made with mode 0700 where there is none. Without
    /// one, every process compiles anew.
    pub artefacts: Option<PathBuf>,
    /// The program that compiles, in a process of its own. Without one, components are compiled in this process, where a
    /// malicious one can use up the machine's memory: for tools and tests that compile what they have built themselves.
    pub compiler: Option<Compiler>,
    pub limits: Limits,
}

#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    #[error(transparent)]
    Artefacts(#[from] ArtefactsError),
    #[error("the WebAssembly engine could not be started: {0}")]
    Configuration(String),
    #[error("the thread that keeps the guests' time could not be started")]
    Ticker(#[source] std::io::Error),
}

/// Runs plugins. Cloning is cheap; all clones share one pool.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    wasmtime: wasmtime::Engine,
    linker: Linker<Guest>,
    limits: Limits,
    artefacts: Option<Artefacts>,
    compiler: Option<Compiler>,
    /// Held while something is compiled: the memory for that is given once, whoever else uploads meanwhile.
    compiling: Mutex<()>,
    gate: Arc<Gate>,
    fingerprint: String,
}

impl Engine {
    /// Starts the engine. Where the machine gives no room for a pool of instances, each one gets its own memory, which is
    /// slower and changes no result.
    ///
    /// # Errors
    /// The folder for compiled code is not private or cannot be made; or the machine cannot run WebAssembly.
    pub fn new(options: EngineOptions) -> Result<Self, EngineError> {
        let EngineOptions { artefacts, compiler, limits } = options;
        let failed = |error: wasmtime::Error| EngineError::Configuration(text::plain(&format!("{error:#}")));
        let wasmtime = wasmtime::Engine::new(configuration().allocation_strategy(pool(&limits))).or_else(|error| {
            tracing::warn!("no room for a pool of instances, so each gets its own memory: {error:#}");
            wasmtime::Engine::new(configuration().allocation_strategy(InstanceAllocationStrategy::OnDemand))
        });
        let wasmtime = wasmtime.map_err(failed)?;
        let mut linker = Linker::new(&wasmtime);
        adapter::link_logging(&mut linker).map_err(failed)?;
        let fingerprint = fingerprint();
        let artefacts = artefacts.map(|folder| Artefacts::open(&folder, &fingerprint)).transpose()?;
        let gate = Arc::new(Gate::new(limits.concurrent_calls));
        gate::start_ticker(&gate, wasmtime.clone()).map_err(EngineError::Ticker)?;
        let compiling = Mutex::new(());
        Ok(Self(Arc::new(Inner { wasmtime, linker, limits, artefacts, compiler, compiling, gate, fingerprint })))
    }

    /// Everything that can change what a component answers or how much fuel it burns: two engines with the same
    /// fingerprint agree. The limits are not part of it; they decide only whether a call may end.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.0.fingerprint
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.0.wasmtime
    }

    pub(crate) fn linker(&self) -> &Linker<Guest> {
        &self.0.linker
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    /// The compiled component: what this host kept of it, where the file is untouched, or compiled now.
    pub(crate) fn compiled(&self, bytes: &[u8], digest: &Digest) -> Result<Component, CallError> {
        if let Some(component) = self.kept(digest) {
            return Ok(component);
        }
        let _alone = self.0.compiling.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever compiled before may have compiled the same.
        if let Some(component) = self.kept(digest) {
            return Ok(component);
        }
        let Some(compiler) = &self.0.compiler else {
            let component = Component::from_binary(self.wasmtime(), bytes)
                .map_err(|error| Fault::NotAComponent { reason: text::plain(&format!("{error:#}")) })?;
            if let (Some(artefacts), Ok(code)) = (&self.0.artefacts, component.serialize()) {
                artefacts.write(digest, &code);
            }
            return Ok(component);
        };
        let code = compiler.compile(bytes)?;
        let component = self.component_of(&code).map_err(|error| unfit(&error))?;
        if let Some(artefacts) = &self.0.artefacts {
            artefacts.write(digest, &code);
        }
        Ok(component)
    }

    fn kept(&self, digest: &Digest) -> Option<Component> {
        let file = self.0.artefacts.as_ref()?.read(digest)?;
        match self.component_of(Artefacts::code(&file)) {
            Ok(component) => Some(component),
            // Made by another processor, for example, before the folder was moved here.
            Err(error) => {
                tracing::info!(component = %digest.short(), "kept code does not fit this machine: {error:#}");
                None
            }
        }
    }

    /// Only for code whose seal was compared on these same bytes, or that our own compiler has just written into a pipe.
    #[allow(
        unsafe_code,
        reason = "there is no safe way to read compiled code back; the comment below says why it is sound"
    )]
    fn component_of(&self, code: &[u8]) -> wasmtime::Result<Component> {
        // SAFETY: the bytes are what an engine with this fingerprint made of this very component. Of kept code the folder
        // is ours alone and the seal covers all of it; other code comes straight from a process that we have started, of
        // the program that the host was given, and nobody else holds the other end of its pipe.
        unsafe { Component::deserialize(self.wasmtime(), code) }
    }
}

/// What it means that this host cannot take what its own compiler has made.
fn unfit(error: &wasmtime::Error) -> CallError {
    let reason = text::plain(&format!("{error:#}"));
    // The error's type is private to wasmtime, so it is known by its words; a test asks for too much memory and would notice
    // that they changed.
    if reason.contains("pooling allocator requirements") {
        Fault::NotAComponent { reason: format!("it asks for more than an instance gets here: {reason}") }.into()
    } else {
        HostError::Machine(format!("what was compiled does not fit: {reason}")).into()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.gate.close();
    }
}

/// What every instance of wasmtime here is configured with. A change that can alter results or fuel belongs into
/// [`fingerprint`] as well.
pub(crate) fn configuration() -> Config {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed)
        // The verdict, which a replay repeats.
        .consume_fuel(true)
        // The guard of the machine, which decides nothing.
        .epoch_interruption(true)
        .max_wasm_stack(STACK_BYTES)
        // A NaN's payload would otherwise tell processors apart.
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .relaxed_simd_deterministic(true)
        .shared_memory(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_gc(false)
        .wasm_stack_switching(false)
        // Guests are called one at a time; leaving this on makes an empty call three times as dear.
        .concurrency_support(false)
        .memory_init_cow(true)
        .wasm_backtrace_max_frames(NonZeroUsize::new(BACKTRACE_FRAMES_MAX))
        .wasm_backtrace_details(WasmBacktraceDetails::Disable);
    config
}

fn pool(limits: &Limits) -> InstanceAllocationStrategy {
    let components = limits.concurrent_calls.max(1);
    let memory_bytes = MEMORY_BYTES_MAX.max(limits.memory_bytes);
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(components)
        .total_core_instances(components.saturating_mul(CORE_INSTANCES_MAX))
        .total_memories(components.saturating_mul(MEMORIES_MAX))
        .total_tables(components.saturating_mul(TABLES_MAX))
        .max_core_instances_per_component(CORE_INSTANCES_MAX)
        .max_memories_per_component(MEMORIES_MAX)
        .max_tables_per_component(TABLES_MAX)
        .table_elements(TABLE_ELEMENTS_MAX)
        .max_memory_size(usize::try_from(memory_bytes).unwrap_or(usize::MAX))
        // Pages that a batch touched are zeroed instead of given back: cheaper than asking the kernel for them anew.
        .linear_memory_keep_resident(2 << 20)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    InstanceAllocationStrategy::Pooling(pool)
}

/// The operating system and the processor's extensions are not part of it: WebAssembly gives the same bits on all.
fn fingerprint() -> String {
    format!(
        "wasmtime-{WASMTIME_VERSION}/cranelift-speed/fuel-1/nan-canonical/stack-{STACK_BYTES}/{}",
        std::env::consts::ARCH
    )
}
