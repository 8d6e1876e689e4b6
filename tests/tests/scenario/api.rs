//! The HTTP interface, called as other systems and pages call it: one file for each resource.

mod alerts;
mod circumstances;
mod composites;
mod crises;
mod day;
mod facts;
mod imports;
mod indicators;
mod insights;
mod jobs;
mod packs;
mod plugins;
mod scorecards;
mod scores;
mod session;
mod tasks;
mod webhooks;
