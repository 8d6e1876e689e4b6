//! What the shipped plugins, the SDK and the author's tools promise. Properties run natively, on the plain functions.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod allocator;
mod author;
mod collaboration;
mod crisis_response;
mod customer_risk;
mod days;
mod guide;
mod measure;
mod plain_words;
mod points;
mod professional_influence;
mod rows;
mod templates;
mod time_to_resolve;
mod words_and_dates;
