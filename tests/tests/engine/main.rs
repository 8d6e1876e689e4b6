//! The engine against components that do not mean well.
//!
//! Most of them are one component, built from source in `tests/guests/hostile`, whose parameter picks the attack. Every
//! attack must give its own clear fault, and the next honest batch on the same plugin must succeed.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod admission;
mod artefacts;
mod attacks;
mod calls;
mod isolation;
mod kinds;
mod kit;
mod manifests;
mod parameters;
mod wall;
