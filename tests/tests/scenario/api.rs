//! The HTTP interface, called as other systems and pages call it: one file for each resource.

mod access;
mod customers;
mod facts;
mod people;
mod scores;
mod session;
