//! Scenarios in the product's words, told through the real binary.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_input;
mod corrections;
mod customers;
mod datasets;
mod org_handbook;
mod organisation;
mod readme;
mod replay;
mod scoring;
mod tickets;
