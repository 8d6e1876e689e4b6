//! The plugin author's tools: building components, cases with their expected answers, templates and words.
//!
//! What never lives here: a second way of assembling tables or of calling a plugin. Cases go through the same lines as
//! the host's own scores, so that what an author sees is what a company will get.

pub mod build;
pub mod case;
pub mod compare;
pub mod facts_file;
pub mod probe;
pub mod template;
pub mod words;
