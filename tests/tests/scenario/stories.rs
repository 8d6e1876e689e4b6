//! The stories that are told on both databases, once each: this file is two modules, `sqlite` and `postgres`.

use daybreak_tests::company::TestCompany;
use daybreak_tests::database::Database;

mod access;
mod alerts;
mod api;
mod audit;
mod backup;
pub mod claims;
mod composites;
mod concurrency;
mod corrections;
mod customers;
mod datasets;
mod deliveries;
pub mod demonstration;
mod insights;
mod online_retail;
mod org_handbook;
mod organisation;
mod packs;
mod replay;
mod scoring;
mod tasks;
mod teamwork;
pub mod tickets;
mod upgrade;
mod volume;

/// A company in the database of this telling.
fn company(zone: &str, now: &str) -> TestCompany {
    TestCompany::on(Database::of_module(module_path!()), zone, now)
}
