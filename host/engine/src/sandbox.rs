//! One call into a fresh instance, under every limit.

use daybreak_domain::plugin::Fault;
use wasmtime::component::{Instance, InstancePre};
use wasmtime::{Store, Trap};

use crate::engine::Engine;
use crate::fault::{Stop, classify};
use crate::guest::{Guest, Log, Memory};
use crate::limits::Budget;

/// Why a call gave no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CallError {
    /// The plugin's.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The machine was too slow, or too busy, for work that lies within the plugin's budget. Try again later; it is no
    /// verdict on the plugin.
    #[error("the machine was too slow: {attempts} attempts ran out of time; try again when it is less busy")]
    TimedOut { attempts: u32 },
    /// The caller's or the machine's.
    #[error(transparent)]
    Host(#[from] HostError),
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    #[error("a malformed batch: {0}")]
    BadBatch(String),
    #[error("a batch of {bytes} bytes: at most {most}; split it")]
    BatchTooLarge { bytes: usize, most: usize },
    #[error("a fuel factor of {factor}: at least 1 and at most {most}")]
    BadFuelFactor { factor: u32, most: u32 },
    #[error("the machine could not run the plugin: {0}")]
    Machine(String),
}

/// What a call gave and what it took.
pub(crate) struct Called<T> {
    pub value: T,
    pub fuel: u64,
    /// Largest size of all memories together.
    pub memory_bytes: u64,
}

impl Engine {
    /// Instantiates the component, runs `run` with the instance and throws it away. What the guest logs goes to `log`.
    ///
    /// A call that misses its deadline is tried again in another instance, each time with twice the time.
    pub(crate) fn call<T>(
        &self,
        component: &InstancePre<Guest>,
        budget: &Budget,
        log: &mut Log,
        mut run: impl FnMut(&mut Store<Guest>, &Instance) -> wasmtime::Result<T>,
    ) -> Result<Called<T>, CallError> {
        refuse_async_worker();
        let mark = log.mark();
        for attempt in 0..budget.attempts {
            log.rewind(mark);
            let _pass = self.gate().enter();
            let guest = Guest {
                memory: Memory::new(budget.memory_bytes),
                log: std::mem::replace(log, Log::new(self.limits())),
            };
            let mut store = Store::new(self.wasmtime(), guest);
            let ticks = budget.ticks.saturating_mul(1_u64.checked_shl(attempt).unwrap_or(u64::MAX));
            let result = limit(&mut store, budget, ticks).and_then(|()| {
                let instance = component.instantiate(&mut store)?;
                run(&mut store, &instance)
            });
            let fuel_left = store.get_fuel().unwrap_or(0);
            let mut guest = store.into_data();
            let stop = match result {
                Ok(value) => {
                    *log = guest.log;
                    return Ok(Called {
                        value,
                        fuel: budget.fuel - fuel_left.min(budget.fuel),
                        memory_bytes: guest.memory.peak_bytes(),
                    });
                }
                // A deadline that passed in the very moment in which the fuel ran out is still no excuse.
                Err(error) if error.downcast_ref::<Trap>() == Some(&Trap::Interrupt) && fuel_left == 0 => {
                    Stop::Fault(Fault::OutOfFuel { limit: budget.fuel })
                }
                Err(error) => classify(&error, &mut guest, budget),
            };
            *log = guest.log;
            match stop {
                Stop::Interrupted => tracing::debug!(attempt, ticks, "a guest ran out of time"),
                Stop::Fault(fault) => return Err(CallError::Fault(fault)),
                Stop::Machine(reason) => return Err(CallError::Host(HostError::Machine(reason))),
            }
        }
        log.rewind(mark);
        Err(CallError::TimedOut { attempts: budget.attempts })
    }
}

fn limit(store: &mut Store<Guest>, budget: &Budget, ticks: u64) -> wasmtime::Result<()> {
    store.limiter(|guest| &mut guest.memory);
    store.set_fuel(budget.fuel)?;
    store.set_epoch_deadline(ticks);
    store.epoch_deadline_trap();
    store.set_hostcall_fuel(usize::try_from(budget.output_bytes).unwrap_or(usize::MAX));
    Ok(())
}

/// A guest may compute for seconds, so it has no business on a thread that serves other tasks. Blocking inside a
/// runtime's worker panics, inside `spawn_blocking` it does not: in debug builds that tells the two apart.
fn refuse_async_worker() {
    #[cfg(debug_assertions)]
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.block_on(async {});
    }
}
