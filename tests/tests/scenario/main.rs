//! Scenarios in the product's words, told through the real binary.

#![allow(clippy::duplicate_mod, reason = "the same stories are told on both databases")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod bad_input;
mod databases;
mod hostile;
mod operation;
mod readme;
mod spreadsheets;

#[path = "stories.rs"]
mod postgres;
#[path = "stories.rs"]
mod sqlite;
