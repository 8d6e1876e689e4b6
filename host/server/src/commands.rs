//! One file for each command.

pub mod absence;
pub mod apply;
pub mod circumstance;
pub mod contact;
pub mod customer;
pub mod department;
pub mod doctor;
pub mod enablement;
pub mod export;
pub mod faults;
pub mod goal;
pub mod headcount;
pub mod identity;
pub mod import;
pub mod indicator;
pub mod init;
pub mod people;
pub mod plugin;
pub mod position;
pub mod replay;
pub mod score;
pub mod scores;
pub mod silence;
pub mod task;
