//! A crisis on a document: everybody who touched it is found and assigned.
//!
//! Who touched a document is read from facts: those on it and, where a field links documents to it (orders that name a
//! batch), those that name it and all on their documents.

use std::collections::BTreeSet;

use daybreak_domain::company::Company;
use daybreak_domain::fact::is_name;
use daybreak_domain::period::Period;
use daybreak_domain::task::{ASSIGNEES_MAX, CRISIS, Task};
use daybreak_domain::time::{Day, INSTANT_MAX, INSTANT_MIN, Instant, Span};
use daybreak_storage::{Touch, TouchQuery};

use crate::task::{Spells, TaskEntry, TaskRecorded, TaskRefused};
use crate::{AppError, Daybreak};

/// Whose facts count as having touched the document.
#[derive(Clone, Debug, PartialEq)]
pub struct CrisisSearch {
    pub document: String,
    /// A field in which other facts name the document.
    pub linked_by: Option<String>,
    /// Only facts of these kinds; without any, of every kind.
    pub kinds: Vec<String>,
    /// Only facts of these days.
    pub during: Option<Period>,
}

/// A crisis as somebody wants it answered.
#[derive(Clone, Debug, PartialEq)]
pub struct CrisisEntry {
    pub search: CrisisSearch,
    pub id: Option<String>,
    pub title: String,
    pub initiator: String,
    /// People who are assigned although they did not touch it.
    pub also: BTreeSet<String>,
    pub due: Option<Day>,
    pub customer: Option<String>,
    pub weight: f64,
    pub counts_in: Option<String>,
    /// When it began; without an instant, now.
    pub at: Option<Instant>,
}

/// Who touched the document, as known now. Nothing was changed.
#[derive(Clone, Debug, PartialEq)]
pub struct CrisisPlan {
    pub people: Vec<Found>,
    /// Facts of which nobody knows whose they are.
    pub facts_of_nobody: u64,
    /// The crisis task that is open on the document already.
    pub open: Option<Task>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub person: String,
    pub facts: u64,
    pub first: Instant,
    pub last: Instant,
    /// Has left the company by the day of the crisis, and is not assigned.
    pub has_left: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CrisisRefused {
    #[error("the document is empty: give a number that stands in facts, for example a batch")]
    NoDocument,
    #[error("{0:?} names no field: use the name of a field of your facts, such as batch")]
    BadField(String),
    #[error(
        "no fact says that anybody touched {document}: check the number, name the field in which other facts name it \
         (--linked-by), or let more days and kinds count (--during, --kind)"
    )]
    NobodyTouched { document: String },
    #[error("everybody who touched {document} has left the company by {on}: name people who answer (--assignee)")]
    EverybodyLeft { document: String, on: Day },
    #[error(
        "{found} people touched {document}, and at most {ASSIGNEES_MAX} can answer one crisis: let fewer days or kinds \
         count (--during, --kind)"
    )]
    TooMany { document: String, found: usize },
}

impl CrisisPlan {
    /// Who would be assigned.
    pub fn present(&self) -> impl Iterator<Item = &Found> {
        self.people.iter().filter(|found| !found.has_left)
    }
}

impl Daybreak {
    /// Finds who touched the document. Changes nothing.
    pub async fn plan_crisis(
        &self,
        company: &Company,
        search: &CrisisSearch,
        at: Option<Instant>,
    ) -> Result<CrisisPlan, AppError> {
        if search.document.trim().is_empty() {
            return Err(CrisisRefused::NoDocument.into());
        }
        if let Some(field) = search.linked_by.iter().chain(&search.kinds).find(|name| !is_name(name)) {
            return Err(CrisisRefused::BadField(field.chars().take(80).collect()).into());
        }
        let known_to = self.store.sequence(&company.id).await?;
        let ever = Span { start: INSTANT_MIN, end: INSTANT_MAX };
        let query = TouchQuery {
            document: search.document.clone(),
            linked_by: search.linked_by.clone(),
            kinds: search.kinds.clone(),
            span: search.during.map_or(ever, |during| during.span(&company.zone)),
            known_to,
        };
        let touches = self.store.touches(&company.id, &query).await?;
        let spells = Spells::of(self.store.spells(&company.id, known_to).await?);
        let on = company.zone.day_of(at.unwrap_or_else(|| self.clock.now()));
        let known = self.store.people(&company.id).await?;
        let is_known = |touch: &Touch| touch.person.as_ref().is_some_and(|person| known.contains_key(person));
        let (touches, of_nobody): (Vec<Touch>, Vec<Touch>) = touches.into_iter().partition(is_known);
        let facts_of_nobody = of_nobody.iter().map(|touch| touch.facts).sum();
        let found = |touch: Touch| {
            let person = touch.person?;
            let has_left = spells.has_left(&person, on);
            Some(Found { person, facts: touch.facts, first: touch.first, last: touch.last, has_left })
        };
        let people = touches.into_iter().filter_map(found).collect();
        let open = self.open_crisis(company, &search.document).await?;
        Ok(CrisisPlan { people, facts_of_nobody, open })
    }

    /// Assigns a crisis task to everybody who touched the document and has not left. While one is open on the document,
    /// that one is the answer and nothing happens.
    pub async fn start_crisis(
        &self,
        company: &Company,
        entry: &CrisisEntry,
        by: &str,
    ) -> Result<(CrisisPlan, TaskRecorded), AppError> {
        let plan = self.plan_crisis(company, &entry.search, entry.at).await?;
        if let Some(task) = plan.open.clone() {
            return Ok((plan, TaskRecorded { task, is_news: false }));
        }
        let document = entry.search.document.clone();
        let mut assignees: BTreeSet<String> = plan.present().map(|found| found.person.clone()).collect();
        assignees.extend(entry.also.iter().cloned());
        if assignees.is_empty() {
            let on = company.zone.day_of(entry.at.unwrap_or_else(|| self.clock.now()));
            let refused = if plan.people.is_empty() {
                CrisisRefused::NobodyTouched { document }
            } else {
                CrisisRefused::EverybodyLeft { document, on }
            };
            return Err(refused.into());
        }
        if assignees.len() > ASSIGNEES_MAX {
            return Err(CrisisRefused::TooMany { document, found: assignees.len() }.into());
        }
        let task = TaskEntry {
            id: entry.id.clone(),
            title: entry.title.clone(),
            kind: CRISIS.to_owned(),
            initiator: entry.initiator.clone(),
            assignees,
            due: entry.due,
            document: Some(document),
            customer: entry.customer.clone(),
            weight: entry.weight,
            counts_in: entry.counts_in.clone(),
            at: entry.at,
        };
        match self.add_task(company, &task, by).await {
            Ok(recorded) => Ok((plan, recorded)),
            // Somebody else was faster: theirs is the answer.
            Err(AppError::TaskRefused(TaskRefused::CrisisOpen { task, .. })) => {
                let task = self.task(company, &task).await?.task;
                Ok((plan, TaskRecorded { task, is_news: false }))
            }
            Err(error) => Err(error),
        }
    }
}
