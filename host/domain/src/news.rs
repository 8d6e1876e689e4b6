//! News: that something is different now, and about whom; not what it is. Whoever hears of it reads what they may see.

use crate::period::Period;
use crate::requirements::SubjectKind;
use crate::time::Day;

/// One piece of news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The number of the row that is new.
    pub sequence: i64,
    pub subject_kind: SubjectKind,
    /// Empty where it is about several people.
    pub subject: String,
    /// The day on which the subject has to be in somebody's reach.
    pub day: Day,
    pub kind: NewsKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewsKind {
    Score {
        indicator: String,
        period: Period,
    },
    Composite {
        period: Period,
    },
    Alert {
        alert: i64,
    },
    /// It is about the people who take part in the task, whatever day it is.
    Task {
        task: String,
        people: Vec<String>,
    },
    /// It also concerns these people, whether they may see the number or not: who asked, and who was mentioned.
    Question {
        question: String,
        people: Vec<String>,
    },
}
