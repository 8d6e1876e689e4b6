//! From wasmtime's errors to typed faults: whose fault it was that a call did not end well.

use daybreak_domain::plugin::Fault;
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

use crate::guest::Guest;
use crate::limits::{Budget, TABLE_ELEMENTS_MAX};
use crate::text;

/// How many frames of the guest's stack wasmtime keeps for us; enough to see a recursion through many functions.
pub(crate) const BACKTRACE_FRAMES_MAX: usize = 64;

/// Why a call ended early.
pub(crate) enum Stop {
    /// The deadline passed. Says nothing about the plugin.
    Interrupted,
    Fault(Fault),
    /// The machine could not give what the call needed.
    Machine(String),
}

/// Tells a guest's fault from the machine's.
pub(crate) fn classify(error: &wasmtime::Error, guest: &mut Guest, budget: &Budget) -> Stop {
    if guest.memory.refused() {
        return Stop::Fault(Fault::OutOfMemory { limit_bytes: budget.memory_bytes });
    }
    if error.is::<PoolConcurrencyLimitError>() || error.is::<std::io::Error>() {
        return Stop::Machine(text::plain(&format!("{error:#}")));
    }
    let trap = |reason: String, guest: &mut Guest| {
        Stop::Fault(Fault::Trap { reason: text::plain(&reason), message: guest.log.take_last_error() })
    };
    if guest.memory.table_refused() {
        return trap(format!("a table of more than {TABLE_ELEMENTS_MAX} elements"), guest);
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => Stop::Interrupted,
        Some(Trap::OutOfFuel) => Stop::Fault(Fault::OutOfFuel { limit: budget.fuel }),
        Some(Trap::StackOverflow) => Stop::Fault(Fault::Stack),
        Some(Trap::MemoryOutOfBounds) if is_shadow_stack_overflow(error) => Stop::Fault(Fault::Stack),
        Some(kind) => {
            let place = place(error).map(|place| format!(", in {place}")).unwrap_or_default();
            let kind = kind.to_string();
            trap(format!("{}{place}", kind.strip_prefix("wasm trap: ").unwrap_or(&kind)), guest)
        }
        None if is_too_much_data(error) => Stop::Fault(Fault::TooMuchData { limit_bytes: budget.output_bytes }),
        // What is left are answers that cannot be read: a list outside the guest's memory, a text that is no UTF-8, an
        // unknown case of a variant.
        None => Stop::Fault(Fault::BadOutput { reason: text::plain(&format!("{:#}", RootCause(error))) }),
    }
}

/// Without the backtrace, which is attached as a context of many lines.
struct RootCause<'a>(&'a wasmtime::Error);

impl std::fmt::Display for RootCause<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self.0.root_cause(), formatter)
    }
}

/// The error's type is private to wasmtime, so it is known by its words; a test overruns the limit and would notice
/// that they changed.
fn is_too_much_data(error: &wasmtime::Error) -> bool {
    error.root_cause().to_string().contains("fuel allocated for hostcalls has been exhausted")
}

/// Languages that compile through LLVM keep large locals on a stack of their own in linear memory. Rust puts it at the
/// bottom, so that it overflows below address 0, which is a memory access near the end of the 4 GiB address space.
/// A wild pointer can point there, too; so a function must also be seen to have called itself.
fn is_shadow_stack_overflow(error: &wasmtime::Error) -> bool {
    const BELOW_ZERO: std::ops::Range<u64> = (1 << 32) - (64 << 20)..(1 << 32) + (64 << 20);
    // Where bounds are checked by code instead of the page table, the address is not known.
    let is_below_zero = fault_address(error).is_none_or(|address| BELOW_ZERO.contains(&address));
    is_below_zero && is_recursive(error)
}

/// wasmtime attaches the address as a context whose type is private; its words are read instead.
fn fault_address(error: &wasmtime::Error) -> Option<u64> {
    error.chain().find_map(|cause| {
        let text = cause.to_string();
        let digits = text.strip_prefix("memory fault at wasm address 0x")?.split(' ').next()?;
        u64::from_str_radix(digits, 16).ok()
    })
}

fn is_recursive(error: &wasmtime::Error) -> bool {
    let Some(backtrace) = error.downcast_ref::<WasmBacktrace>() else { return false };
    let mut seen = std::collections::BTreeSet::new();
    backtrace.frames().iter().any(|frame| !seen.insert((frame.func_index(), frame.func_name())))
}

/// The innermost functions of the guest's own, outside the machinery of panics and of calls from the host.
fn place(error: &wasmtime::Error) -> Option<String> {
    const FUNCTIONS_MAX: usize = 3;
    let names = error
        .downcast_ref::<WasmBacktrace>()?
        .frames()
        .iter()
        .filter_map(|frame| frame.func_name())
        .map(|name| format!("{:#}", rustc_demangle::demangle(name)))
        .filter(|name| !is_machinery(name))
        .take(FUNCTIONS_MAX)
        .collect::<Vec<_>>();
    if names.is_empty() { None } else { Some(names.join(", called by ")) }
}

fn is_machinery(name: &str) -> bool {
    let name = name.trim_start_matches('<');
    let is_entry = name.contains('#') || name.ends_with("_cabi");
    is_entry
        || ["std::", "core::", "alloc::", "__rust", "rust_", "__rustc"].iter().any(|prefix| name.starts_with(prefix))
}
