//! Words and rules of the product.
//!
//! What lives here: the names every other crate speaks (facts, periods, tables, outcomes, receipts) and the rules that
//! hold for them whatever database or engine is used. What never lives here: input or output, a clock, a source of
//! randomness, wasmtime, sqlx, axum. Time and ids are passed in.
//!
//! Requirements, outcomes and receipts are *documents*: people read them years later, so their one JSON form is
//! derived here. Database rows, HTTP views and WIT records convert at their own edge.

pub mod access;
pub mod alert;
pub mod assistant;
pub mod audit;
pub mod author;
pub mod circumstance;
pub mod clock;
pub mod company;
pub mod composite;
pub mod customer;
pub mod digest;
pub mod fact;
pub mod fact_set;
pub mod goal;
pub mod indicator;
pub mod insight;
pub mod job;
pub mod narration;
pub mod news;
pub mod period;
pub mod plugin;
pub mod question;
pub mod receipt;
pub mod recognition;
pub mod requirements;
pub mod reweighting;
pub mod scorecard;
pub mod self_view;
pub mod shares;
pub mod table;
pub mod task;
pub mod text;
pub mod time;
pub mod webhook;
