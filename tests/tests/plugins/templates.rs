//! The templates of `daybreak plugin new`, compiled and tested as a new author would find them.

#[path = "../../../sdk/templates/assistant/src/lib.rs"]
mod assistant;
#[path = "../../../sdk/templates/indicator/src/lib.rs"]
mod indicator;
#[path = "../../../sdk/templates/insight/src/lib.rs"]
mod insight;
#[path = "../../../sdk/templates/reweighting/src/lib.rs"]
mod reweighting;
