//! Tasks: they are created, changed, done or cancelled, and what happened to them becomes facts in the same transaction.
//!
//! A crisis task is also a circumstance for its assignees, from the day it was created until the day after the one on
//! which it ended. Who is assigned to a crisis is found in `crisis.rs`.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::audit::AuditEntry;
use daybreak_domain::author::AuthorKind;
use daybreak_domain::circumstance::{self, Cause, Circumstance, Participant};
use daybreak_domain::company::{Company, Spell, spell_on};
use daybreak_domain::fact::NewFact;
use daybreak_domain::task::{self, Event, State, Task, TaskError};
use daybreak_domain::time::{Day, Instant};
use daybreak_storage::{Delivery, NewTaskRevision, Recorded, StoredTask, TaskQuery, Write};
use serde_json::{Value, json};

use crate::audit::with_changed;
use crate::{AppError, Daybreak, figures};

/// What the ids of the circumstances of crisis tasks begin with; the task's id follows.
pub(crate) const CRISIS_PREFIX: &str = "crisis.";

/// The measure of a crisis: its task's weight.
const WEIGHT: &str = "weight";

/// A task as somebody wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskEntry {
    /// Without one the task gets a new id. With one, saying the same twice makes one task.
    pub id: Option<String>,
    pub title: String,
    pub kind: String,
    pub initiator: String,
    pub assignees: BTreeSet<String>,
    pub due: Option<Day>,
    pub document: Option<String>,
    pub customer: Option<String>,
    pub weight: f64,
    pub counts_in: Option<String>,
    /// When it was agreed; without an instant, now.
    pub at: Option<Instant>,
}

/// What is to be different about an open task. What is none stays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskAmendment {
    pub title: Option<String>,
    pub due: Option<Due>,
    pub weight: Option<f64>,
    pub assign: BTreeSet<String>,
    pub unassign: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    On(Day),
    /// There is no such day any more.
    Whenever,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Done,
    Cancelled,
}

/// A task after somebody said something about it.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskRecorded {
    pub task: Task,
    /// False: it was so already, and nothing happened.
    pub is_news: bool,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TaskRefused {
    #[error(transparent)]
    Invalid(#[from] TaskError),
    #[error(
        "there is a task {0:?} already, and it says something else: change that one (`daybreak task change`), or give the \
         new one another id"
    )]
    Exists(String),
    #[error("the task {id:?} was {state} on {on}: if that was a mistake, open it again first (`daybreak task reopen`)")]
    Ended { id: String, state: State, on: Day },
    #[error("{0} lies in the future: record what has happened when it has happened")]
    InTheFuture(Instant),
    #[error("{at} lies before {created_at}, when the task was created: give a later time")]
    BeforeItsCreation { at: Instant, created_at: Instant },
    #[error("{person} does not belong to the company on {on}: name somebody who does")]
    HasLeft { person: String, on: Day },
    #[error("{person} is not assigned to {id}: look at the task to see who is (`daybreak task show {id}`)")]
    NotAssigned { id: String, person: String },
    #[error("there is an open crisis on {document} already, the task {task}: finish that one first, or change it")]
    CrisisOpen { document: String, task: String },
}

/// Everything that one change of a task writes.
struct Revision<'a> {
    event: Event,
    before: Option<&'a Task>,
    task: &'a Task,
    occurred_at: Instant,
    recorded: Recorded<'a>,
    facts: Vec<NewFact>,
}

impl Daybreak {
    /// Creates a task, with a fact for each participant and, for a crisis, with its circumstance. `by` records it.
    pub async fn add_task(&self, company: &Company, entry: &TaskEntry, by: &str) -> Result<TaskRecorded, AppError> {
        let now = self.clock.now();
        let created_at = entry.at.unwrap_or(now);
        let task = Task {
            id: entry.id.clone().unwrap_or_else(|| self.ids.new_id("task")),
            title: entry.title.trim().to_owned(),
            kind: entry.kind.clone(),
            initiator: entry.initiator.clone(),
            assignees: entry.assignees.clone(),
            due: entry.due,
            document: entry.document.clone(),
            customer: entry.customer.clone(),
            weight: entry.weight,
            counts_in: entry.counts_in.clone(),
            state: State::Open,
            created_at,
            ended_at: None,
        };
        task.check().map_err(TaskRefused::from)?;
        if created_at > now {
            return Err(TaskRefused::InTheFuture(created_at).into());
        }
        // From here on nobody else changes the company, so what is checked is still true when it is written.
        let mut write = self.store.write(&company.id).await?;
        if let Some(first) = self.store.task_revisions(&company.id, &task.id).await?.into_iter().next() {
            let said_then =
                Task { created_at: if entry.at.is_none() { first.task.created_at } else { created_at }, ..task };
            if said_then != first.task {
                return Err(TaskRefused::Exists(said_then.id).into());
            }
            let task = self.task(company, &said_then.id).await?.task;
            return Ok(TaskRecorded { task, is_news: false });
        }
        if let Some(indicator) = &task.counts_in {
            let known = self.store.definitions(&company.id).await?;
            if !known.iter().any(|definition| definition.indicator == *indicator) {
                return Err(AppError::Unknown { what: "indicator", id: indicator.clone() });
            }
        }
        self.check_people(company, task.participants().into_keys(), company.zone.day_of(created_at)).await?;
        self.check_known(company, by).await?;
        self.check_no_open_crisis(company, &task).await?;
        let facts = task.facts_of_creation(&company.zone);
        let recorded = Recorded { at: now, by };
        let (event, before) = (Event::Created, None);
        let revision = Revision { event, before, task: &task, occurred_at: created_at, recorded, facts };
        self.record_revision(company, &mut write, revision).await?;
        write.commit().await?;
        Ok(TaskRecorded { task, is_news: true })
    }

    /// Changes an open task from now on. No fact is made: those of its creation say what was agreed then.
    pub async fn change_task(
        &self,
        company: &Company,
        id: &str,
        amendment: &TaskAmendment,
        by: &str,
    ) -> Result<TaskRecorded, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let before = self.task(company, id).await?.task;
        if before.state != State::Open {
            return Err(ended(company, &before));
        }
        if let Some(person) = amendment.unassign.iter().find(|person| !before.assignees.contains(*person)) {
            return Err(TaskRefused::NotAssigned { id: id.to_owned(), person: person.clone() }.into());
        }
        let mut task = before.clone();
        if let Some(title) = &amendment.title {
            title.trim().clone_into(&mut task.title);
        }
        match amendment.due {
            None => {}
            Some(Due::On(day)) => task.due = Some(day),
            Some(Due::Whenever) => task.due = None,
        }
        task.weight = amendment.weight.unwrap_or(task.weight);
        task.assignees.retain(|person| !amendment.unassign.contains(person));
        task.assignees.extend(amendment.assign.iter().cloned());
        task.check().map_err(TaskRefused::from)?;
        if task == before {
            return Ok(TaskRecorded { task, is_news: false });
        }
        let now = self.clock.now();
        let joining = task.assignees.difference(&before.assignees).map(String::as_str);
        self.check_people(company, joining, company.zone.day_of(now)).await?;
        self.check_known(company, by).await?;
        let recorded = Recorded { at: now, by };
        let (event, before, facts) = (Event::Changed, Some(&before), Vec::new());
        let revision = Revision { event, before, task: &task, occurred_at: now, recorded, facts };
        self.record_revision(company, &mut write, revision).await?;
        write.commit().await?;
        Ok(TaskRecorded { task, is_news: true })
    }

    /// Ends a task at an instant or, without one, now; with a fact for each participant. A crisis ends with it.
    pub async fn end_task(
        &self,
        company: &Company,
        id: &str,
        ending: Ending,
        at: Option<Instant>,
        by: &str,
    ) -> Result<TaskRecorded, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let before = self.task(company, id).await?.task;
        let (state, event) = match ending {
            Ending::Done => (State::Done, Event::Done),
            Ending::Cancelled => (State::Cancelled, Event::Cancelled),
        };
        if before.state == state && (at.is_none() || at == before.ended_at) {
            return Ok(TaskRecorded { task: before, is_news: false });
        }
        if before.state != State::Open {
            return Err(ended(company, &before));
        }
        let now = self.clock.now();
        let at = at.unwrap_or(now);
        if at > now {
            return Err(TaskRefused::InTheFuture(at).into());
        }
        if at < before.created_at {
            return Err(TaskRefused::BeforeItsCreation { at, created_at: before.created_at }.into());
        }
        self.check_known(company, by).await?;
        let task = Task { state, ended_at: Some(at), ..before.clone() };
        let facts = task.facts_of_end(&company.zone);
        let recorded = Recorded { at: now, by };
        let revision = Revision { event, before: Some(&before), task: &task, occurred_at: at, recorded, facts };
        self.record_revision(company, &mut write, revision).await?;
        write.commit().await?;
        Ok(TaskRecorded { task, is_news: true })
    }

    /// Opens a task again that was done or cancelled by mistake: the facts of its end are withdrawn, and a crisis goes
    /// on.
    pub async fn reopen_task(&self, company: &Company, id: &str, by: &str) -> Result<TaskRecorded, AppError> {
        let mut write = self.store.write(&company.id).await?;
        let before = self.task(company, id).await?.task;
        if before.state == State::Open {
            return Ok(TaskRecorded { task: before, is_news: false });
        }
        self.check_known(company, by).await?;
        self.check_no_open_crisis(company, &before).await?;
        let withdraw = |fact: NewFact| NewFact { withdrawn: true, ..fact };
        let facts = before.facts_of_end(&company.zone).into_iter().map(withdraw).collect();
        let task = Task { state: State::Open, ended_at: None, ..before.clone() };
        let now = self.clock.now();
        let recorded = Recorded { at: now, by };
        let (event, before) = (Event::Reopened, Some(&before));
        let revision = Revision { event, before, task: &task, occurred_at: now, recorded, facts };
        self.record_revision(company, &mut write, revision).await?;
        write.commit().await?;
        Ok(TaskRecorded { task, is_news: true })
    }

    /// The task as it is now.
    pub async fn task(&self, company: &Company, id: &str) -> Result<StoredTask, AppError> {
        let found = self.store.task(&company.id, id).await?;
        found.ok_or_else(|| AppError::Unknown { what: "task", id: id.chars().take(80).collect() })
    }

    /// What happened to the task, in order.
    pub async fn task_history(&self, company: &Company, id: &str) -> Result<Vec<StoredTask>, AppError> {
        self.task(company, id).await?;
        Ok(self.store.task_revisions(&company.id, id).await?)
    }

    pub async fn tasks(&self, company: &Company, query: &TaskQuery) -> Result<Vec<StoredTask>, AppError> {
        Ok(self.store.tasks(&company.id, query).await?)
    }

    /// The open crisis task on the document.
    pub(crate) async fn open_crisis(&self, company: &Company, document: &str) -> Result<Option<Task>, AppError> {
        let query = TaskQuery {
            state: Some(State::Open),
            document: Some(document.to_owned()),
            kind: Some(task::CRISIS.to_owned()),
            most: 1,
            ..TaskQuery::default()
        };
        Ok(self.tasks(company, &query).await?.pop().map(|found| found.task))
    }

    async fn check_no_open_crisis(&self, company: &Company, task: &Task) -> Result<(), AppError> {
        let Some(document) = task.document.as_ref().filter(|_| task.kind == task::CRISIS) else { return Ok(()) };
        match self.open_crisis(company, document).await? {
            None => Ok(()),
            Some(open) => Err(TaskRefused::CrisisOpen { document: document.clone(), task: open.id }.into()),
        }
    }

    /// All of them are people of the company who have not left on the day.
    async fn check_people<'a>(
        &self,
        company: &Company,
        people: impl Iterator<Item = &'a str>,
        on: Day,
    ) -> Result<(), AppError> {
        let known = self.store.people(&company.id).await?;
        let spells = Spells::of(self.store.spells(&company.id, i64::MAX).await?);
        for person in people {
            if !known.contains_key(person) {
                return Err(AppError::Unknown { what: "person", id: person.to_owned() });
            }
            if spells.has_left(person, on) {
                return Err(TaskRefused::HasLeft { person: person.to_owned(), on }.into());
            }
        }
        Ok(())
    }

    /// Whoever records something is one of the company's people, or the system on whose behalf the host acts.
    pub(crate) async fn check_known(&self, company: &Company, person: &str) -> Result<(), AppError> {
        let author = self.author();
        let is_system = author.kind == AuthorKind::Token && author.id == person;
        if is_system || self.store.people(&company.id).await?.contains_key(person) {
            Ok(())
        } else {
            Err(AppError::Unknown { what: "person", id: person.to_owned() })
        }
    }

    async fn record_revision(
        &self,
        company: &Company,
        write: &mut Write,
        revision: Revision<'_>,
    ) -> Result<(), AppError> {
        let Revision { event, before, task, occurred_at, recorded, facts } = revision;
        let spells = Spells::of(self.store.spells(&company.id, i64::MAX).await?);
        let on = company.zone.day_of(occurred_at);
        let departments: BTreeMap<String, String> = task
            .participants()
            .into_keys()
            .filter_map(|person| Some((person.to_owned(), spells.department(person, on)?.to_owned())))
            .collect();
        let new = NewTaskRevision { event, task, departments: &departments, occurred_at, recorded };
        write.add_task_revision(&new).await?;
        for (index, fact) in facts.iter().enumerate() {
            fact.check().map_err(|source| AppError::BadFact { index, source })?;
        }
        let appended = write.append_facts(&Delivery { company, facts: &facts, heard_at: recorded.at }).await?;
        figures::facts_appended(&appended.arrivals);
        if task.kind == task::CRISIS {
            let id = format!("{CRISIS_PREFIX}{}", task.id);
            let before = write.newest_circumstance(&id).await?.map(|stored| stored.circumstance);
            let crisis = crisis_of(company, id, task, before, on);
            crisis.check().map_err(crate::circumstance::CircumstanceRefused::from)?;
            write.add_circumstance(&crisis, recorded).await?;
        }
        let action = match event {
            Event::Created => "task.add",
            Event::Changed => "task.change",
            Event::Done => "task.done",
            Event::Cancelled => "task.cancel",
            Event::Reopened => "task.reopen",
        };
        let is_retitled = before.is_some_and(|before| before.title != task.title);
        let after = with_changed(told(task), [("title", is_retitled)]);
        self.note(write, &[AuditEntry::new(action, &task.id).before(before.map(told)).after(after)]).await
    }
}

/// The circumstance that a crisis task is: each assignee takes part from the day of joining until the day after the last
/// one. Whoever leaves and comes back is taken to have been there meanwhile.
fn crisis_of(company: &Company, id: String, task: &Task, before: Option<Circumstance>, on: Day) -> Circumstance {
    let mut participants: BTreeMap<String, Participant> = before
        .map(|before| before.participants)
        .unwrap_or_default()
        .into_iter()
        .map(|participant| (participant.person.clone(), participant))
        .collect();
    for participant in participants.values_mut() {
        if task.assignees.contains(&participant.person) {
            participant.until = None;
        } else if participant.until.is_none() {
            participant.until = Some(on.max(participant.from).plus(1));
        }
    }
    for person in &task.assignees {
        let joined = || Participant { person: person.clone(), from: on, until: None };
        participants.entry(person.clone()).or_insert_with(joined);
    }
    Circumstance {
        id,
        kind: circumstance::CRISIS.to_owned(),
        from: company.zone.day_of(task.created_at),
        until: task.ended_at.map(|at| company.zone.day_of(at).plus(1)),
        participants: participants.into_values().collect(),
        measures: BTreeMap::from([(WEIGHT.to_owned(), task.weight)]),
        cause: Cause::Task(task.id.clone()),
        reason: task.title.clone(),
        withdrawn: false,
    }
}

/// As the audit tells of it; the title stands in the task itself.
fn told(task: &Task) -> Value {
    json!({
        "kind": task.kind,
        "state": task.state.name(),
        "initiator": task.initiator,
        "assignees": task.assignees,
        "due": task.due.map(|due| due.to_string()),
        "document": task.document,
        "customer": task.customer,
        "weight": task.weight,
        "counts_in": task.counts_in,
        "created_at": task.created_at,
        "ended_at": task.ended_at,
    })
}

fn ended(company: &Company, task: &Task) -> AppError {
    let on = company.zone.day_of(task.ended_at.unwrap_or(task.created_at));
    TaskRefused::Ended { id: task.id.clone(), state: task.state, on }.into()
}

/// Everybody's spells.
pub(crate) struct Spells {
    by_person: BTreeMap<String, Vec<Spell>>,
}

impl Spells {
    pub(crate) fn of(spells: Vec<Spell>) -> Self {
        let mut by_person: BTreeMap<String, Vec<Spell>> = BTreeMap::new();
        for spell in spells {
            by_person.entry(spell.person.clone()).or_default().push(spell);
        }
        Self { by_person }
    }

    pub(crate) fn department(&self, person: &str, on: Day) -> Option<&str> {
        spell_on(self.by_person.get(person)?, on)?.department.as_deref()
    }

    /// Whether the person has left the company on the day. People of whom no spell is known are there.
    pub(crate) fn has_left(&self, person: &str, on: Day) -> bool {
        self.by_person.get(person).is_some_and(|spells| spell_on(spells, on).is_none_or(|spell| !spell.employed))
    }
}
