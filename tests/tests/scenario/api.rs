//! The HTTP interface, called as other systems and pages call it: one file for each resource.

mod facts;
mod imports;
mod jobs;
mod scores;
mod session;
mod webhooks;
