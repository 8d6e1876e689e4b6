//! Customers, who looks after them, and the people to talk to there.

use std::fmt;
use std::str::FromStr;

use crate::company::{Valid, Validity};
use crate::time::Day;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    pub id: String,
    pub name: String,
    /// A name such as `hospital` or `distributor`.
    pub kind: Option<String>,
}

/// The employee who looks after a customer, from a day until another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ownership {
    pub validity: Validity,
    pub customer: String,
    /// None: nobody.
    pub owner: Option<String>,
}

impl Valid for Ownership {
    fn validity(&self) -> Validity {
        self.validity
    }
}

/// Somebody who works for a customer. The name stands here and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub id: String,
    pub customer: String,
    /// Empty for a contact who was erased.
    pub name: String,
    pub erased: bool,
}

/// Whether a contact works for the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactState {
    Here,
    Left,
}

impl ContactState {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Left => "left",
        }
    }
}

impl fmt::Display for ContactState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for ContactState {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Here, Self::Left]
            .into_iter()
            .find(|state| state.name() == text)
            .ok_or_else(|| format!("{text:?} is no state of a contact"))
    }
}

/// What happened to a contact on a day: came, was given another title, or left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactEvent {
    pub contact: String,
    /// Counts the contact's events, from 1, in the order in which they were first recorded.
    pub event: u32,
    pub day: Day,
    pub state: ContactState,
    pub title: String,
    pub withdrawn: bool,
}
