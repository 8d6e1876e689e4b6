//! The HTTP interface, called as other systems and pages call it: one file for each resource.

mod access;
mod alerts;
mod circumstances;
mod composites;
mod crises;
mod customers;
mod day;
mod endurance;
mod events;
mod facts;
mod growth;
mod imports;
mod indicators;
mod insights;
mod jobs;
mod packs;
mod pages;
mod people;
mod permissions;
mod plugins;
mod questions;
mod scorecards;
mod scores;
mod session;
mod tasks;
mod webhooks;
