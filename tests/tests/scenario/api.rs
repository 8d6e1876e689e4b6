//! The HTTP interface, called as other systems and pages call it: one file for each resource.

mod endurance;
mod facts;
mod scores;
mod session;
