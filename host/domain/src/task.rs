//! Tasks: something that people have agreed to finish, and the facts that its life leaves behind.
//!
//! What lives here: the record, its rules, and the one place that says which facts a task is. What never lives here:
//! what those facts are worth; indicators say that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use crate::fact::{Capture, ID_BYTES_MAX, NewFact, is_name};
use crate::time::{Day, Instant, Zone};

/// The source of all facts that the host makes itself.
pub const SOURCE: &str = "daybreak";

pub const ORDINARY: &str = "ordinary";
/// Answered by everybody who touched a document; see [`crate::circumstance::CRISIS`].
pub const CRISIS: &str = "crisis";
pub const CARE_PLAN: &str = "care-plan";
pub const URGENT: &str = "urgent";

pub const TITLE_BYTES_MAX: usize = 500;
/// Most people that one task may be assigned to.
pub const ASSIGNEES_MAX: usize = 1_000;
pub const WEIGHT_MAX: f64 = 1_000_000.0;

#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    pub id: String,
    pub title: String,
    /// A name such as [`ORDINARY`]; companies may use others.
    pub kind: String,
    /// Who wanted it. People are named by their ids.
    pub initiator: String,
    /// Who does it, at least one person.
    pub assignees: BTreeSet<String>,
    /// The last day on which it is done in time.
    pub due: Option<Day>,
    /// The number of the document it is about in the company's own systems, for example a ticket or a batch.
    pub document: Option<String>,
    pub customer: Option<String>,
    /// How much it counts beside other tasks.
    pub weight: f64,
    /// The indicator that it was agreed to count in.
    pub counts_in: Option<String>,
    pub state: State,
    pub created_at: Instant,
    /// When it was done or cancelled; none while it is open.
    pub ended_at: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Open,
    Done,
    Cancelled,
}

/// What made a revision of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    Created,
    Changed,
    Done,
    Cancelled,
    /// It was done or cancelled by mistake and is open again.
    Reopened,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Initiator,
    Assignee,
    InitiatorAndAssignee,
}

macro_rules! named {
    ($type:ident, $what:literal, $($variant:ident => $name:literal),+) => {
        impl $type {
            #[must_use]
            pub fn name(self) -> &'static str {
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

named!(State, "state of a task", Open => "open", Done => "done", Cancelled => "cancelled");
named!(Event, "event of a task", Created => "created", Changed => "changed", Done => "done", Cancelled => "cancelled",
    Reopened => "reopened");
named!(Role, "role in a task", Initiator => "initiator", Assignee => "assignee",
    InitiatorAndAssignee => "initiator-and-assignee");

impl Role {
    /// As a fact says it. Each participant has one fact, and who both wanted the task and did it has done it.
    #[must_use]
    pub fn in_facts(self) -> &'static str {
        match self {
            Self::Initiator => Self::Initiator.name(),
            Self::Assignee | Self::InitiatorAndAssignee => Self::Assignee.name(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TaskError {
    #[error(
        "the task's id {0:?} is no id: use lower-case letters, digits, dots, dashes and underscores, beginning with a letter"
    )]
    BadId(String),
    #[error("the title is empty: say in a few words what is to be done")]
    NoTitle,
    #[error("the title has {0} bytes: at most {TITLE_BYTES_MAX}")]
    TitleTooLong(usize),
    #[error("the title holds control characters: use plain text in one line")]
    TitleNotPlain,
    #[error(
        "{0:?} is no kind of task: use lower-case letters, digits, dots, dashes and underscores, for example {ORDINARY}, \
         {URGENT}, {CARE_PLAN} or {CRISIS}"
    )]
    BadKind(String),
    #[error("nobody is assigned to it: name at least one person")]
    NoAssignees,
    #[error("it is assigned to {0} people: at most {ASSIGNEES_MAX}; make several tasks of it")]
    TooManyAssignees(usize),
    #[error("the weight is {0}: it must be a number above 0 and at most {WEIGHT_MAX}")]
    BadWeight(f64),
    #[error("the {what} is empty, has more than {ID_BYTES_MAX} bytes or holds control characters")]
    BadReference { what: &'static str },
}

impl Task {
    /// Checks every bound.
    pub fn check(&self) -> Result<(), TaskError> {
        if !is_name(&self.id) {
            return Err(TaskError::BadId(self.id.chars().take(80).collect()));
        }
        if self.title.trim().is_empty() {
            return Err(TaskError::NoTitle);
        }
        if self.title.len() > TITLE_BYTES_MAX {
            return Err(TaskError::TitleTooLong(self.title.len()));
        }
        if self.title.chars().any(char::is_control) {
            return Err(TaskError::TitleNotPlain);
        }
        if !is_name(&self.kind) {
            return Err(TaskError::BadKind(self.kind.chars().take(80).collect()));
        }
        if self.assignees.is_empty() {
            return Err(TaskError::NoAssignees);
        }
        if self.assignees.len() > ASSIGNEES_MAX {
            return Err(TaskError::TooManyAssignees(self.assignees.len()));
        }
        if !(self.weight > 0.0 && self.weight <= WEIGHT_MAX) {
            return Err(TaskError::BadWeight(self.weight));
        }
        for (what, id) in [("document", &self.document), ("customer", &self.customer)] {
            let bad = |id: &str| id.is_empty() || id.len() > ID_BYTES_MAX || id.chars().any(char::is_control);
            if id.as_deref().is_some_and(bad) {
                return Err(TaskError::BadReference { what });
            }
        }
        Ok(())
    }

    /// Everybody who takes part, each once, by id.
    #[must_use]
    pub fn participants(&self) -> BTreeMap<&str, Role> {
        let mut participants: BTreeMap<&str, Role> =
            self.assignees.iter().map(|person| (person.as_str(), Role::Assignee)).collect();
        participants
            .entry(&self.initiator)
            .and_modify(|role| *role = Role::InitiatorAndAssignee)
            .or_insert(Role::Initiator);
        participants
    }

    /// Whether it was done, or is still open at this instant, after the day on which it was due.
    #[must_use]
    pub fn is_late(&self, now: Instant, zone: &Zone) -> bool {
        let end = self.ended_at.unwrap_or(now);
        self.state != State::Cancelled && self.due.is_some_and(|due| zone.midnight(due.plus(1)) <= end)
    }

    /// The facts that it was created, one for each participant. They say what was agreed then: later changes of the
    /// task leave them as they are.
    #[must_use]
    pub fn facts_of_creation(&self, zone: &Zone) -> Vec<NewFact> {
        self.facts("created", self.created_at, zone)
    }

    /// The facts that it was done or cancelled, one for each participant; none while it is open.
    #[must_use]
    pub fn facts_of_end(&self, zone: &Zone) -> Vec<NewFact> {
        let event = match self.state {
            State::Open => return Vec::new(),
            State::Done => "done",
            State::Cancelled => "cancelled",
        };
        self.ended_at.map(|at| self.facts(event, at, zone)).unwrap_or_default()
    }

    /// The title stays out of the facts, because people write names into titles.
    fn facts(&self, event: &str, occurred_at: Instant, zone: &Zone) -> Vec<NewFact> {
        let due = self.due.map(|due| zone.midnight(due.plus(1)));
        let optional = [
            ("business_document", self.document.clone()),
            ("counts_in", self.counts_in.clone()),
            ("due", due.map(|due| due.to_string())),
            // Without a day on which it is due nothing is late, and a plugin that asks for it always gets an answer.
            ("late", (event == "done").then(|| due.is_some_and(|due| due <= occurred_at).to_string())),
        ];
        let fact = |(person, role): (&str, Role)| NewFact {
            source: SOURCE.to_owned(),
            external_id: format!("{}/{event}/{person}", self.id),
            revision: None,
            kind: format!("task.{event}"),
            occurred_at,
            recorded_at: None,
            actor: Some(person.to_owned()),
            document: Some(self.id.clone()),
            customer: self.customer.clone(),
            value: Some(self.weight),
            // Nobody types the fact: doing the task is what is recorded.
            capture: Capture::Automatic,
            attributes: [("role", Some(role.in_facts().to_owned())), ("kind", Some(self.kind.clone()))]
                .into_iter()
                .chain(optional.clone())
                .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                .collect(),
            withdrawn: false,
        };
        self.participants().into_iter().map(fact).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task() -> Task {
        Task {
            id: "call-back".into(),
            title: "Call the hospital back".into(),
            kind: ORDINARY.into(),
            initiator: "li".into(),
            assignees: BTreeSet::from(["wu".into(), "li".into()]),
            due: Some("2026-06-10".parse().unwrap()),
            document: Some("T-17".into()),
            customer: None,
            weight: 2.0,
            counts_in: None,
            state: State::Open,
            created_at: Instant(0),
            ended_at: None,
        }
    }

    #[test]
    fn who_wants_a_task_and_does_it_has_one_fact() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let facts = task().facts_of_creation(&zone);
        let ids: Vec<&str> = facts.iter().map(|fact| fact.external_id.as_str()).collect();
        assert_eq!(ids, ["call-back/created/li", "call-back/created/wu"]);
        assert!(facts.iter().all(|fact| fact.check().is_ok() && fact.attributes["role"] == "assignee"));
        assert!(!facts[0].attributes.contains_key("late"), "only what is done can be late");
        assert_eq!(task().facts_of_end(&zone), []);
        let other = Task { assignees: BTreeSet::from(["wu".into()]), ..task() };
        assert_eq!(other.facts_of_creation(&zone)[0].attributes["role"], "initiator");
        assert_eq!(other.participants()["wu"], Role::Assignee);
    }

    #[test]
    fn it_is_late_from_the_midnight_that_ends_the_day_on_which_it_was_due() {
        let zone = Zone::named("Asia/Shanghai").unwrap();
        let done = |at: &str| {
            let at = Instant(at.parse::<jiff::Timestamp>().unwrap().as_millisecond());
            let task = Task { state: State::Done, ended_at: Some(at), ..task() };
            let fact = task.facts_of_end(&zone).remove(0);
            assert_eq!(fact.attributes["due"], "2026-06-10T16:00:00Z");
            (task.is_late(at, &zone), fact.attributes["late"].clone())
        };
        assert_eq!(done("2026-06-10T15:59:59Z"), (false, "false".to_owned()));
        assert_eq!(done("2026-06-10T16:00:00Z"), (true, "true".to_owned()));
    }

    #[test]
    fn what_cannot_be_a_task_is_refused() {
        let refused = |change: fn(&mut Task)| {
            let mut task = task();
            change(&mut task);
            task.check().unwrap_err()
        };
        assert_eq!(task().check(), Ok(()));
        assert!(matches!(refused(|task| task.id = "A task".into()), TaskError::BadId(_)));
        assert_eq!(refused(|task| task.title = " ".into()), TaskError::NoTitle);
        assert_eq!(refused(|task| task.assignees.clear()), TaskError::NoAssignees);
        assert_eq!(refused(|task| task.weight = 0.0), TaskError::BadWeight(0.0));
        assert!(matches!(refused(|task| task.weight = f64::NAN), TaskError::BadWeight(_)));
        assert_eq!(refused(|task| task.document = Some(String::new())), TaskError::BadReference { what: "document" });
    }
}
