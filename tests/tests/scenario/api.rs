//! The HTTP interface, called as other systems and pages call it: one file for each resource.

mod access;
mod alerts;
mod circumstances;
mod composites;
mod crises;
mod customers;
mod day;
mod facts;
mod insights;
mod people;
mod scores;
mod session;
mod tasks;
