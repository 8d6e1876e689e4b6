//! Receipts: everything that a score rests on, so that anybody can compute it again.

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::indicator::{Rules, Subject};
use crate::period::Period;
use crate::plugin::Interface;
use crate::requirements::SubjectKind;
use crate::table::Context;
use crate::time::Instant;

/// What all scores of one call of a plugin share.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchReceipt {
    pub indicator: String,
    pub subject_kind: SubjectKind,
    pub period: Period,
    pub component: Digest,
    pub interface: Interface,
    /// The host's code that spoke the interface's version.
    pub adapter: String,
    /// Revision ids: the sequences of the rows that held the definition, the parameters and the grant.
    pub definition: i64,
    pub parameters: i64,
    pub grant: i64,
    /// Of what was granted: the requirements, as the plugin stated them.
    pub requirements: Digest,
    pub context: Context,
    pub rules: Rules,
    /// All that was known: rows with a sequence up to this one.
    pub known_to: i64,
    pub fuel: u64,
    pub engine: String,
    pub computed_at: Instant,
}

/// What is a score's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreReceipt {
    pub subject: Subject,
    /// Of the decoded rows that the subject was given.
    pub rows: Digest,
    pub outcome: Digest,
}
