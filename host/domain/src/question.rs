//! Questions: somebody says that a number is wrong, and whoever answers for it says why it is so, or corrects it.
//!
//! What lives here: what a question keeps of the number it is about, how it stands after each entry, and the bounds of what
//! people write. What never lives here: whom a question reaches, and the number that counts now; a correction is another
//! score, and a question changes none.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::period::Period;
use crate::requirements::SubjectKind;
use crate::time::Instant;

/// Longest text of one entry.
pub const TEXT_CHARACTERS_MAX: usize = 2_000;

/// Most people that one entry mentions.
pub const MENTIONS_MAX: usize = 20;

/// Most entries of one question, the first one among them.
pub const ENTRIES_MAX: u32 = 200;

/// Most people whom one question is put to.
pub const PUT_TO_MAX: usize = 50;

/// A question, as it was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    pub id: String,
    pub asked_by: String,
    pub asked_at: Instant,
    pub about: Number,
    /// Whom it was put to, because they answer for the number.
    pub put_to: BTreeSet<String>,
}

/// The number that a question is about, as it was then.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    pub kind: NumberKind,
    /// Of the score or the composite.
    pub sequence: i64,
    pub subject_kind: SubjectKind,
    pub subject: String,
    /// Of scores only.
    pub indicator: Option<String>,
    pub period: Period,
    /// Of scores that could be computed.
    pub raw: Option<f64>,
    /// None where it could not be computed, or where there was no goal.
    pub points: Option<f64>,
}

/// What somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub event: Event,
    /// How the question stands from then on.
    pub state: State,
    pub author: String,
    pub text: String,
    pub written_at: Instant,
    pub mentions: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberKind {
    Score,
    Composite,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It waits for whoever answers for the number.
    Open,
    /// It waits for whoever asked.
    Answered,
    Closed,
}

/// What made an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    Asked,
    Answered,
    /// An answer that leaves nothing open.
    Closed,
}

macro_rules! named {
    ($type:ident, $what:literal, $($variant:ident => $name:literal),+) => {
        impl $type {
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.name())
            }
        }

        impl FromStr for $type {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                [$(Self::$variant),+]
                    .into_iter()
                    .find(|known| known.name() == text)
                    .ok_or_else(|| format!("{text:?} is no {}: use one of {}", $what, [$($name),+].join(", ")))
            }
        }
    };
}

named!(NumberKind, "kind of number", Score => "score", Composite => "composite");
named!(State, "state of a question", Open => "open", Answered => "answered", Closed => "closed");
named!(Event, "event of a question", Asked => "asked", Answered => "answered", Closed => "closed");

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    #[error("the text is empty: say in a few words what it is about")]
    NoText,
    #[error("the text has {0} characters: at most {TEXT_CHARACTERS_MAX}")]
    TextTooLong(usize),
    #[error("the text holds control characters: use plain text, in as many lines as you like")]
    TextNotPlain,
    #[error("it mentions {0} people: at most {MENTIONS_MAX}")]
    TooManyMentions(usize),
}

/// Checks what somebody wants to write.
pub fn check_entry(text: &str, mentions: &BTreeSet<String>) -> Result<(), EntryError> {
    let characters = text.chars().count();
    if text.trim().is_empty() {
        return Err(EntryError::NoText);
    }
    if characters > TEXT_CHARACTERS_MAX {
        return Err(EntryError::TextTooLong(characters));
    }
    if text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\r' | '\t')) {
        return Err(EntryError::TextNotPlain);
    }
    if mentions.len() > MENTIONS_MAX {
        return Err(EntryError::TooManyMentions(mentions.len()));
    }
    Ok(())
}

impl Question {
    /// How it stands after an entry of this author: what whoever asked adds waits for an answer again, what whoever answers
    /// for the number says is an answer, and what others say changes nothing.
    #[must_use]
    pub fn state_after(&self, before: State, author: &str, answers_for_it: bool, closes: bool) -> State {
        if closes {
            State::Closed
        } else if author == self.asked_by {
            State::Open
        } else if answers_for_it {
            State::Answered
        } else {
            before
        }
    }
}

impl Number {
    /// What this number has more than an earlier one, in the indicator's unit and in points, where both have them.
    #[must_use]
    pub fn difference(&self, earlier: &Self) -> (Option<f64>, Option<f64>) {
        let between = |now: Option<f64>, then: Option<f64>| Some(now? - then?);
        (between(self.raw, earlier.raw), between(self.points, earlier.points))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        Question {
            id: "question_1".into(),
            asked_by: "li".into(),
            asked_at: Instant(0),
            about: Number {
                kind: NumberKind::Score,
                sequence: 7,
                subject_kind: SubjectKind::Employee,
                subject: "li".into(),
                indicator: Some("visits".into()),
                period: "2026-06".parse().unwrap(),
                raw: Some(4.0),
                points: None,
            },
            put_to: BTreeSet::from(["han".into()]),
        }
    }

    #[test]
    fn it_waits_for_whoever_did_not_speak_last() {
        let question = question();
        let after = |before, author, answers, closes| question.state_after(before, author, answers, closes);
        assert_eq!(after(State::Open, "han", true, false), State::Answered);
        assert_eq!(after(State::Answered, "li", false, false), State::Open);
        // A witness who was mentioned answers nothing in the place of the manager.
        assert_eq!(after(State::Open, "wu", false, false), State::Open);
        assert_eq!(after(State::Answered, "wu", false, false), State::Answered);
        assert_eq!(after(State::Open, "li", false, true), State::Closed);
    }

    #[test]
    fn the_bounds_of_an_entry_are_those_of_what_people_read() {
        let nobody = BTreeSet::new();
        let check = |text: &str| check_entry(text, &nobody);
        assert_eq!(check("The visit of 3 June is missing.\nSee the log."), Ok(()));
        assert_eq!(check(&"破".repeat(TEXT_CHARACTERS_MAX)), Ok(()));
        assert_eq!(check(&"破".repeat(TEXT_CHARACTERS_MAX + 1)), Err(EntryError::TextTooLong(2_001)));
        assert_eq!(check(" \n"), Err(EntryError::NoText));
        assert_eq!(check("a\0b"), Err(EntryError::TextNotPlain));
        let everybody = (0..=MENTIONS_MAX).map(|number| format!("p{number}")).collect();
        assert_eq!(check_entry("all of you", &everybody), Err(EntryError::TooManyMentions(21)));
    }

    #[test]
    fn a_difference_needs_both_numbers() {
        let asked = question().about;
        let now = Number { raw: Some(5.5), points: Some(80.0), ..asked.clone() };
        assert_eq!(now.difference(&asked), (Some(1.5), None));
    }
}
