//! Bounds how many guests run at once, and makes the epoch tick while any of them does.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::limits::TICK_MS;

/// Callers wait here for their turn, so that the pool of instances can never be exhausted.
pub(crate) struct Gate {
    state: Mutex<State>,
    /// A guest has ended.
    turn: Condvar,
    /// A guest has started, or the gate was closed.
    work: Condvar,
    most: u32,
}

/// How many ticks the ticker goes on after the last guest ended. Going to sleep and being woken for every call would cost
/// more than a short call does.
const IDLE_TICKS_MAX: u32 = 100;

#[derive(Default)]
struct State {
    running: u32,
    closed: bool,
    ticker_sleeps: bool,
}

/// The right to run one guest, until it is dropped.
pub(crate) struct Pass<'a>(&'a Gate);

impl Gate {
    pub(crate) fn new(most: u32) -> Self {
        Self { state: Mutex::default(), turn: Condvar::new(), work: Condvar::new(), most: most.max(1) }
    }

    /// Waits until fewer than the most guests run.
    pub(crate) fn enter(&self) -> Pass<'_> {
        let mut state = self.lock();
        while state.running >= self.most {
            state = self.turn.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.running += 1;
        if state.ticker_sleeps {
            self.work.notify_one();
        }
        Pass(self)
    }

    /// Ends the ticker.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.work.notify_all();
    }

    /// A panic while the lock was held cannot have left the two fields inconsistent, so poison means nothing here.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tick_until_closed(&self, engine: &wasmtime::Engine) {
        let tick = Duration::from_millis(TICK_MS);
        let mut state = self.lock();
        let mut idle_ticks = 0;
        while !state.closed {
            idle_ticks = if state.running == 0 { idle_ticks + 1 } else { 0 };
            if idle_ticks > IDLE_TICKS_MAX {
                state.ticker_sleeps = true;
                state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.ticker_sleeps = false;
                idle_ticks = 0;
                continue;
            }
            let waited = self.work.wait_timeout_while(state, tick, |state| !state.closed);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            engine.increment_epoch();
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        self.0.lock().running -= 1;
        self.0.turn.notify_one();
    }
}

/// Starts the thread that makes the epoch tick; it sleeps while no guest runs and ends when the gate is closed.
pub(crate) fn start_ticker(gate: &Arc<Gate>, engine: wasmtime::Engine) -> std::io::Result<()> {
    let gate = Arc::clone(gate);
    std::thread::Builder::new().name("daybreak-epoch".into()).spawn(move || gate.tick_until_closed(&engine)).map(drop)
}
