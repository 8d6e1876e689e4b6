//! Write plugins for Daybreak.
//!
//! A plugin is a pure function: the host pushes it the facts it asked for, it answers with numbers, sentences or
//! alerts. It has no file, no network, no clock and no randomness. An author writes
//!
//! 1. a struct of parameters, from whose documentation comments the settings form is made,
//! 2. [`Plugin::manifest`]: name, version and what it does, in Chinese and English,
//! 3. `plan`: which facts it needs ([`Needs`]), which also hands out the columns to read them by,
//! 4. one function of one subject, for example [`Indicator::score`](indicator::Indicator::score),
//!
//! and exports the type with [`export_indicator!`]. The same function runs natively in tests; see [`testing`].
//!
//! What lives here: views over the host's columns (nothing is copied), the arithmetic that every indicator shares
//! ([`points`], [`statistics`]) and the glue to the interfaces in `wit/`. What never lives here: anything that reads a
//! clock, a file, the network or randomness.

#[cfg(all(target_arch = "wasm32", feature = "allocator"))]
mod allocator;
#[doc(hidden)]
pub mod bindings;

pub mod assistant;
pub mod context;
mod export;
pub mod facts;
pub mod indicator;
pub mod insight;
pub mod localized;
pub mod logging;
pub mod needs;
pub mod parameters;
pub mod plugin;
pub mod points;
pub mod reweighting;
pub mod statistics;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

pub use bindings::types::daybreak::common::types::{Evidence, Refresh, Scope, Span, SubjectKind, Window};
pub use context::{Context, Date, Instant, PeriodLength, hours_between};
pub use facts::{Facts, Group, Row, Rows};
pub use localized::{Localized, text};
pub use needs::{Matching, Moment, Need, NeedBuilder, Needs, Number, Text, Truth};
pub use plugin::{Manifest, Plugin};
