//! Use cases as a program calls them, conversion of files into facts, and the rules of the house.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod capture;
mod demonstration;
mod host;
mod house;
mod import;
mod job;
mod openapi;
mod reach;
mod tables;
mod webhook;
mod workbook;
