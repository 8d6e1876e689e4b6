//! Runs plugins: loads components, checks them, limits them, calls them and checks what they answer.
//!
//! What lives here: everything that touches WebAssembly, and one adapter for each version of each plugin interface. What
//! never lives here: storage, a clock (callers measure time), permissions, or any knowledge of what a plugin computes. The
//! engine is given data; it never fetches any.
//!
//! The trail of a call: [`Plugin::score`] checks the batch and moves it into the interface's records (`adapter`), `sandbox`
//! runs it in a fresh instance under its budget (`limits`), `fault` says whose fault it was where that fails, and `score`
//! finds the subjects that a plugin fails on.
//!
//! Every call blocks for as long as the guest computes. Never call from an async task: hand the work to a thread that may
//! wait, such as one of `tokio::task::spawn_blocking`. Debug builds panic otherwise.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use daybreak_engine::{Engine, EngineOptions};
//!
//! let engine = Engine::new(EngineOptions::default())?;
//! let plugin = engine.load(&std::fs::read("measure.wasm")?)?;
//! println!("{}", plugin.record().manifest.name);
//! # Ok(())
//! # }
//! ```

mod adapter;
mod admission;
mod artefacts;
mod batch;
mod compile;
mod engine;
mod fault;
mod gate;
mod guest;
mod limits;
mod parameters;
mod plugin;
mod sandbox;
mod score;
mod text;

pub use artefacts::ArtefactsError;
pub use batch::CallOptions;
pub use compile::{Compiler, NOT_A_COMPONENT, compile};
pub use engine::{Engine, EngineError, EngineOptions};
pub use limits::{BATCH_BYTES_MAX, BATCH_SUBJECTS_MAX, FUEL_FACTOR_MAX, Limits};
pub use parameters::{PARAMETERS_BYTES_MAX, SCHEMA_BYTES_MAX};
pub use plugin::{AdjustRun, AssessRun, NarrateRun, Plugin};
pub use sandbox::{CallError, HostError};
pub use score::{ScoreCall, ScoreRun, SubjectFault};
