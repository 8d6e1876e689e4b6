//! Jobs: long work that somebody orders and the host does when it can, with what has become of it.
//!
//! What lives here: what can be ordered, in which states it can be, and the bounds. What never lives here: how the work
//! is done. A job's order is a document, because a host that has been started since has to read it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::author::Author;
use crate::digest::Digest;
use crate::period::Period;
use crate::time::{Day, Instant};

/// Longest result of a job, as text.
pub const RESULT_BYTES_MAX: usize = 256 * 1_024;

/// Longest text of what went wrong, in bytes.
pub const PROBLEM_BYTES_MAX: usize = 2_048;

/// Most jobs of a company that wait or run.
pub const UNENDED_MAX: usize = 100;

/// Jobs that have ended and are kept to be looked at, the newest ones.
pub const ENDED_KEPT: u32 = 1_000;

/// How often a job is begun before it is given up: so often its host died while it ran.
pub const ATTEMPTS_MAX: u32 = 5;

/// What a job does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum JobOrder {
    /// Scores one indicator, or all, for a period, and what rests on them.
    Score { indicator: Option<String>, period: Period, as_of: Day },
    /// Computes again what has a number after the first and up to the second one; without a second one, up to the end.
    Replay { after: i64, until: Option<i64> },
    /// Asks one assistant, or all that are in use.
    Assess { enablement: Option<String>, on: Day },
    /// Has sentences made about charts.
    Narrate { indicator: Option<String>, subject: Option<String>, on: Day },
    /// Imports facts from a file that the host keeps until then.
    Import {
        mapping: String,
        /// Of the mapping's text: another one under the same name is not what was asked for.
        mapping_digest: Digest,
        delimiter: char,
        sheet: Option<String>,
        skip_bad_rows: bool,
        bytes: u64,
    },
}

impl JobOrder {
    #[must_use]
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::Score { .. } => JobKind::Score,
            Self::Replay { .. } => JobKind::Replay,
            Self::Assess { .. } => JobKind::Assess,
            Self::Narrate { .. } => JobKind::Narrate,
            Self::Import { .. } => JobKind::Import,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobKind {
    Score,
    Replay,
    Assess,
    Narrate,
    Import,
}

impl JobKind {
    pub const ALL: [Self; 5] = [Self::Score, Self::Replay, Self::Assess, Self::Narrate, Self::Import];

    /// The word that is stored and shown to other programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Replay => "replay",
            Self::Assess => "assess",
            Self::Narrate => "narrate",
            Self::Import => "import",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum JobState {
    /// No host has it in hand.
    Waiting,
    Running,
    Done,
    /// It could not be done; the problem says why.
    Failed,
    /// Somebody did not want it any more. What it had done until then stays.
    Cancelled,
}

impl JobState {
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Running, Self::Done, Self::Failed, Self::Cancelled];

    /// The word that is stored and shown to other programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing becomes of it any more.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is no {what} of a job: use one of {words}")]
pub struct UnknownJobWord {
    what: &'static str,
    word: String,
    words: String,
}

macro_rules! words {
    ($($type:ident: $what:literal),*) => {
        $(
            impl fmt::Display for $type {
                fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                    formatter.write_str(self.word())
                }
            }

            impl FromStr for $type {
                type Err = UnknownJobWord;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Self::ALL.into_iter().find(|known| known.word() == text).ok_or_else(|| UnknownJobWord {
                        what: $what,
                        word: text.chars().take(40).collect(),
                        words: Self::ALL.map(Self::word).join(", "),
                    })
                }
            }
        )*
    };
}

words!(JobKind: "kind", JobState: "state");

/// How far a job has come, in parts of its work; what a part is depends on the kind. Without a total nobody knows yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    pub total: u64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Its number in the company's one sequence.
    pub job: i64,
    pub order: JobOrder,
    pub state: JobState,
    /// On whose behalf it is done.
    pub author: Author,
    pub created_at: Instant,
    pub started_at: Option<Instant>,
    pub ended_at: Option<Instant>,
    pub progress: Progress,
    /// At most [`RESULT_BYTES_MAX`]. A job that failed may have one as well.
    pub result: Option<Value>,
    pub problem: Option<String>,
    /// How often it was begun and not given back.
    pub attempts: u32,
}

/// Which jobs are wanted; the newest come first. What is none does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobQuery {
    pub kind: Option<JobKind>,
    pub state: Option<JobState>,
    /// Only jobs with a smaller number.
    pub before: Option<i64>,
    pub most: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for kind in JobKind::ALL {
            assert_eq!(kind.word().parse::<JobKind>().unwrap(), kind);
        }
        for state in JobState::ALL {
            assert_eq!(state.word().parse::<JobState>().unwrap(), state);
        }
        let unknown = "paused".parse::<JobState>().unwrap_err().to_string();
        assert!(unknown.contains("waiting"), "{unknown}");
    }

    #[test]
    fn an_order_keeps_its_form() {
        let order = JobOrder::Score {
            indicator: Some("visits".to_owned()),
            period: "2026-06".parse().unwrap(),
            as_of: "2026-07-01".parse().unwrap(),
        };
        let text = r#"{"kind":"score","indicator":"visits","period":"2026-06","as_of":20635}"#;
        assert_eq!(serde_json::to_string(&order).unwrap(), text);
        assert_eq!(serde_json::from_str::<JobOrder>(text).unwrap(), order);
        assert_eq!(order.kind().word(), "score");
    }
}
