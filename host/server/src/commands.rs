//! One file for each command.

pub mod alerts;
pub mod apply;
pub mod assess;
pub mod circumstance;
pub mod department;
pub mod doctor;
pub mod enablement;
pub mod export;
pub mod faults;
pub mod goal;
pub mod import;
pub mod indicator;
pub mod init;
pub mod insights;
pub mod people;
pub mod plugin;
pub mod replay;
pub mod score;
pub mod scores;
pub mod task;
