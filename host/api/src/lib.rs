//! HTTP: what other systems and the pages talk to.
//!
//! One folder per resource, one file per endpoint, each with its documentation, its errors and its handler. Who may call
//! what stands in one table, [`permissions`]; the OpenAPI document is made of the endpoints themselves. JSON views convert
//! at this edge: nothing here is stored, and no domain type is sent as it is. Nothing here knows SQL or wasmtime.

#![allow(unused_qualifications, reason = "the macro that describes an endpoint names its extractors once more")]

mod api;
mod caller;
mod condition;
mod document;
mod entries;
mod extract;
mod figures;
mod guard;
mod page;
mod pages;
mod problem;
mod requirements;
mod resources;
mod upload;
mod wire;

pub mod permissions;

pub use api::{Api, Limits, Settings};
pub use document::{BASE, document, router};
pub use figures::figures_router;
