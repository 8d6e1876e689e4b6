//! Recognition: the facts that tell what somebody gave to others and got from them.
//!
//! What lives here: the kinds of these facts, which are the same in every company, because pages show them and a to-do
//! rests on them. What never lives here: what they are worth; indicators say that.

use std::fmt;

/// Feedback: whoever gave it is the actor. The same as [`FEEDBACK_GIVEN`], for systems that know of no other.
pub const FEEDBACK: &str = "feedback";
/// Feedback: whoever gave it is the actor.
pub const FEEDBACK_GIVEN: &str = "feedback.given";
/// Feedback: whoever it is for is the actor.
pub const FEEDBACK_RECEIVED: &str = "feedback.received";
/// What somebody contributed to the work of others, as a card says it.
pub const CONTRIBUTION: &str = "contribution";
/// A task that was done, see [`crate::task`].
pub const TASK_DONE: &str = "task.done";

/// Kinds of facts that break a silence.
pub const FEEDBACK_KINDS: [&str; 3] = [FEEDBACK, FEEDBACK_GIVEN, FEEDBACK_RECEIVED];
/// All of them, sorted.
pub const KINDS: [&str; 5] = [CONTRIBUTION, FEEDBACK, FEEDBACK_GIVEN, FEEDBACK_RECEIVED, TASK_DONE];

/// What such a fact is to its actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recognition {
    FeedbackGiven,
    FeedbackReceived,
    Contribution,
    TaskDone,
}

impl Recognition {
    /// None for other facts.
    #[must_use]
    pub fn of(kind: &str) -> Option<Self> {
        match kind {
            FEEDBACK | FEEDBACK_GIVEN => Some(Self::FeedbackGiven),
            FEEDBACK_RECEIVED => Some(Self::FeedbackReceived),
            CONTRIBUTION => Some(Self::Contribution),
            TASK_DONE => Some(Self::TaskDone),
            _ => None,
        }
    }

    #[must_use]
    pub fn is_feedback(self) -> bool {
        matches!(self, Self::FeedbackGiven | Self::FeedbackReceived)
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::FeedbackGiven => "feedback-given",
            Self::FeedbackReceived => "feedback-received",
            Self::Contribution => "contribution",
            Self::TaskDone => "task-done",
        }
    }
}

impl fmt::Display for Recognition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_says_what_it_is() {
        assert!(KINDS.is_sorted());
        for kind in KINDS {
            assert_eq!(
                Recognition::of(kind).is_some_and(Recognition::is_feedback),
                FEEDBACK_KINDS.contains(&kind),
                "{kind}"
            );
        }
        assert_eq!(Recognition::of("visit"), None);
    }
}
