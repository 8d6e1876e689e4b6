//! What needs neither a database nor an engine: conversion of files into facts, and the rules of the house.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod house;
mod import;
mod tables;
mod workbook;
