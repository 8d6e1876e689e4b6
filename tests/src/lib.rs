//! The kit: what tests of the whole share.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

pub mod company;
pub mod data;
pub mod database;
pub mod host;
pub mod refused;
pub mod served;
pub mod webhook;
