//! Tasks: every revision with all of its participants, append-only.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_domain::task::{Event, Role, State, Task};
use daybreak_domain::time::{Day, Instant};

use crate::circumstance::Recorded;
use crate::store::{ListOf, Store, StoreError, Write, day, inserting, reading, word, writing, written};

/// Rows in one INSERT: 5 values each, far under the databases' bounds.
const ROWS_AT_ONCE: usize = 1_000;

/// One revision of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredTask {
    pub sequence: i64,
    pub event: Event,
    pub task: Task,
    /// Of each participant on the day of the event, as it was known when it was recorded. For people to read: scoring
    /// takes the department of a fact's own day.
    pub departments: BTreeMap<String, String>,
    pub occurred_at: Instant,
    pub recorded_at: Instant,
    /// The id of a person, or of the token with which a system said so.
    pub recorded_by: String,
}

pub struct NewTaskRevision<'a> {
    pub event: Event,
    pub task: &'a Task,
    /// Those that have none are left out.
    pub departments: &'a BTreeMap<String, String>,
    pub occurred_at: Instant,
    pub recorded: Recorded<'a>,
}

/// Which tasks are wanted. What is none does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaskQuery {
    pub state: Option<State>,
    /// Somebody who takes part.
    pub person: Option<String>,
    /// The role in which the person takes part; in both at once is in either.
    pub role: Option<Role>,
    /// Only tasks that are due before the day.
    pub due_before: Option<Day>,
    pub document: Option<String>,
    pub kind: Option<String>,
    /// Only tasks that come after this one.
    pub after: Option<TaskKey>,
    pub most: u32,
}

/// Where a task stands in a list: by the day on which it is due, those without one last, then by its creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskKey {
    pub due: Option<Day>,
    pub created_at: Instant,
    pub task: String,
}

impl TaskKey {
    #[must_use]
    pub fn of(task: &Task) -> Self {
        Self { due: task.due, created_at: task.created_at, task: task.id.clone() }
    }
}

/// Stands for the day of a task that is due on none: after every other one.
const NO_DAY: i64 = i64::MAX;

impl Write {
    /// Appends a revision of the task, which replaces the earlier ones as a whole. Returns its sequence.
    pub async fn add_task_revision(&mut self, revision: &NewTaskRevision<'_>) -> Result<i64, StoreError> {
        let task = revision.task;
        let sequence = self.next_sequence();
        let insert = "INSERT INTO task (company, sequence, task, event, title, kind, due, document, customer, weight, \
                      counts_in, state, created_at, ended_at, occurred_at, recorded_at, recorded_by) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
        writing!(
            self,
            execute,
            sqlx::query(insert)
                .bind(&self.company)
                .bind(sequence)
                .bind(&task.id)
                .bind(revision.event.name())
                .bind(&task.title)
                .bind(&task.kind)
                .bind(task.due.map(|due| i64::from(due.0)))
                .bind(&task.document)
                .bind(&task.customer)
                .bind(task.weight)
                .bind(&task.counts_in)
                .bind(task.state.name())
                .bind(task.created_at.0)
                .bind(task.ended_at.map(|at| at.0))
                .bind(revision.occurred_at.0)
                .bind(revision.recorded.at.0)
                .bind(revision.recorded.by)
        )?;
        let participants: Vec<(&str, Role)> = task.participants().into_iter().collect();
        for chunk in participants.chunks(ROWS_AT_ONCE) {
            inserting!(
                self,
                "INSERT INTO task_participant (company, sequence, person, role, department) ",
                chunk,
                |row, (person, role)| {
                    row.push_bind(&self.company)
                        .push_bind(sequence)
                        .push_bind(person)
                        .push_bind(role.name())
                        .push_bind(revision.departments.get(*person));
                },
                ""
            )?;
        }
        Ok(sequence)
    }
}

impl Store {
    /// The newest revision of the task.
    pub async fn task(&self, company: &str, id: &str) -> Result<Option<StoredTask>, StoreError> {
        let text =
            format!("SELECT {COLUMNS} FROM task WHERE company = $1 AND task = $2 ORDER BY sequence DESC LIMIT 1");
        let row: Option<Row> =
            reading!(self, fetch_optional, sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(id))?;
        Ok(self.with_task_participants(company, row.into_iter().collect()).await?.pop())
    }

    /// Every revision of the task, in their order.
    pub async fn task_revisions(&self, company: &str, id: &str) -> Result<Vec<StoredTask>, StoreError> {
        let text = format!("SELECT {COLUMNS} FROM task WHERE company = $1 AND task = $2 ORDER BY sequence");
        let rows: Vec<Row> =
            reading!(self, fetch_all, sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(id))?;
        self.with_task_participants(company, rows).await
    }

    /// The newest revisions of these tasks: those that are due first come first, then those without a day, each group
    /// in the order of their creation.
    pub async fn tasks(&self, company: &str, query: &TaskQuery) -> Result<Vec<StoredTask>, StoreError> {
        // The tasks of one person are few, and found by the person.
        let own = if query.person.is_some() {
            "sequence IN (SELECT own.sequence FROM task_participant AS own WHERE own.company = $1 AND own.person = $5 \
             AND (CAST($6 AS TEXT) IS NULL OR own.role = $6 OR own.role = 'initiator-and-assignee'))"
        } else {
            "CAST($5 AS TEXT) IS NULL AND CAST($6 AS TEXT) IS NULL"
        };
        let text = format!(
            "SELECT {COLUMNS} FROM task WHERE company = $1 AND NOT EXISTS (SELECT 1 FROM task AS later \
             WHERE later.company = task.company AND later.task = task.task AND later.sequence > task.sequence) \
             AND (CAST($2 AS TEXT) IS NULL OR state = $2) AND (CAST($3 AS TEXT) IS NULL OR kind = $3) \
             AND (CAST($4 AS TEXT) IS NULL OR document = $4) AND {own} AND ($7 = {NO_DAY} OR due < $7) \
             AND (COALESCE(due, {NO_DAY}), created_at, task) > ($8, $9, $10) \
             ORDER BY COALESCE(due, {NO_DAY}), created_at, task LIMIT $11"
        );
        let due = |day: Option<Day>| day.map_or(NO_DAY, |day| i64::from(day.0));
        let after = query.after.as_ref();
        let rows: Vec<Row> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str()))
                .bind(company)
                .bind(query.state.map(State::name))
                .bind(&query.kind)
                .bind(&query.document)
                .bind(&query.person)
                .bind(query.role.filter(|_| query.person.is_some()).map(Role::name))
                .bind(due(query.due_before))
                .bind(after.map_or(i64::MIN, |after| due(after.due)))
                .bind(after.map_or(i64::MIN, |after| after.created_at.0))
                .bind(after.map_or("", |after| after.task.as_str()))
                .bind(i64::from(query.most))
        )?;
        self.with_task_participants(company, rows).await
    }

    async fn with_task_participants(&self, company: &str, rows: Vec<Row>) -> Result<Vec<StoredTask>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let sequences: Vec<i64> = rows.iter().map(|row| row.sequence).collect();
        let these = self.among("$2", ListOf::Numbers);
        let text = format!(
            "SELECT sequence, person, role, department FROM task_participant WHERE company = $1 AND sequence {these}"
        );
        let participants: Vec<(i64, String, String, Option<String>)> = reading!(
            self,
            fetch_all,
            sqlx::query_as(sqlx::AssertSqlSafe(text.as_str())).bind(company).bind(written("task", &sequences)?)
        )?;
        let mut by_revision: BTreeMap<i64, Participants> = BTreeMap::new();
        for (sequence, person, role, department) in participants {
            let role: Role = word("task_participant", sequence, &role)?;
            let known = by_revision.entry(sequence).or_default();
            known.departments.extend(department.map(|department| (person.clone(), department)));
            known.roles.push((person, role));
        }
        rows.into_iter()
            .map(|row| {
                let participants = by_revision.remove(&row.sequence).unwrap_or_default();
                stored(row, participants)
            })
            .collect()
    }
}

const COLUMNS: &str = "sequence, task, event, title, kind, due, document, customer, weight, counts_in, state, \
                       created_at, ended_at, occurred_at, recorded_at, recorded_by";

#[derive(sqlx::FromRow)]
struct Row {
    sequence: i64,
    task: String,
    event: String,
    title: String,
    kind: String,
    due: Option<i64>,
    document: Option<String>,
    customer: Option<String>,
    weight: f64,
    counts_in: Option<String>,
    state: String,
    created_at: i64,
    ended_at: Option<i64>,
    occurred_at: i64,
    recorded_at: i64,
    recorded_by: String,
}

#[derive(Default)]
struct Participants {
    roles: Vec<(String, Role)>,
    departments: BTreeMap<String, String>,
}

fn stored(row: Row, participants: Participants) -> Result<StoredTask, StoreError> {
    let mut initiator = String::new();
    let mut assignees = BTreeSet::new();
    for (person, role) in participants.roles {
        if role != Role::Assignee {
            initiator.clone_from(&person);
        }
        if role != Role::Initiator {
            assignees.insert(person);
        }
    }
    Ok(StoredTask {
        sequence: row.sequence,
        event: word("task", row.sequence, &row.event)?,
        departments: participants.departments,
        occurred_at: Instant(row.occurred_at),
        recorded_at: Instant(row.recorded_at),
        recorded_by: row.recorded_by,
        task: Task {
            id: row.task,
            title: row.title,
            kind: row.kind,
            initiator,
            assignees,
            due: row.due.map(|due| day("task", row.sequence, due)).transpose()?,
            document: row.document,
            customer: row.customer,
            weight: row.weight,
            counts_in: row.counts_in,
            state: word("task", row.sequence, &row.state)?,
            created_at: Instant(row.created_at),
            ended_at: row.ended_at.map(Instant),
        },
    })
}
