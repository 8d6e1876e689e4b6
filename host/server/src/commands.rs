//! One file for each command.

pub mod apply;
pub mod circumstance;
pub mod composites;
pub mod department;
pub mod doctor;
pub mod enablement;
pub mod export;
pub mod faults;
pub mod goal;
pub mod import;
pub mod indicator;
pub mod init;
pub mod people;
pub mod plugin;
pub mod replay;
pub mod reweight;
pub mod score;
pub mod scorecard;
pub mod scores;
pub mod shares;
pub mod task;
