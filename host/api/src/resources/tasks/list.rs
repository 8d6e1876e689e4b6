//! `GET /api/v1/tasks`

use daybreak_app::stored::{StoredTask, TaskKey, TaskQuery};
use daybreak_domain::task::Role;
use daybreak_domain::time::{Day, Instant};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{TaskView, WireState, sees};
use crate::caller::Caller;
use crate::extract::{Json, Query};
use crate::page::{Page, PageQuery, bad_after};
use crate::problem::Problem;
use crate::wire::WireDay;

/// Which tasks. None given: all in reach.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TasksQuery {
    /// Those in which this person takes part.
    #[param(max_length = 256)]
    person: Option<String>,
    /// In which the person takes part as this; without a person, the one who asks.
    role: Option<WireRole>,
    state: Option<WireState>,
    /// Those that are due before the day; those without a day are not.
    due_before: Option<WireDay>,
    #[param(max_length = 256)]
    document: Option<String>,
    #[param(max_length = 64)]
    kind: Option<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = TaskRole)]
enum WireRole {
    /// Who wanted it.
    Initiator,
    /// Who does it.
    Assignee,
}

impl From<WireRole> for Role {
    fn from(role: WireRole) -> Self {
        match role {
            WireRole::Initiator => Self::Initiator,
            WireRole::Assignee => Self::Assignee,
        }
    }
}

/// List tasks
///
/// Those that are due first come first, then those without a day. People see the tasks in which they, or people in their
/// reach, take part; a page may therefore hold fewer tasks than `limit`, or none, and still have a next one.
#[utoipa::path(
    get,
    path = "/tasks",
    tag = "tasks",
    params(TasksQuery, PageQuery),
    responses((status = 200, body = Page<TaskView>, description = "A page of tasks."))
)]
pub(super) async fn list_tasks(
    caller: Caller,
    Query(query): Query<TasksQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<TaskView>>, Problem> {
    let person = match (query.person, query.role) {
        (None, Some(_)) => match caller.person_id() {
            Ok(own) => Some(own.to_owned()),
            Err(_) => return Err(Problem::malformed("Name the person who takes part in that role.")),
        },
        // Who leads nobody has no tasks in reach but those of their own, which are found much faster.
        (None, None) if !caller.sees_everybody() => own_only(&caller),
        (person, _) => person,
    };
    let query = TaskQuery {
        state: query.state.map(Into::into),
        person,
        role: query.role.map(Into::into),
        due_before: query.due_before.map(|day| day.0),
        document: query.document,
        kind: query.kind,
        after: page.after.as_deref().map(read_key).transpose()?,
        most: page.most()? + 1,
    };
    let tasks = caller.daybreak.tasks(&caller.company, &query).await?;
    let now = caller.daybreak.now();
    let key = |stored: &StoredTask| written_key(&TaskKey::of(&stored.task));
    let view =
        |stored: StoredTask| sees(&caller, &stored.task).then(|| TaskView::of(stored.task, &caller.company, now));
    let Page { items, next } = page.of(tasks, key, view)?;
    Ok(Json(Page { items: items.into_iter().flatten().collect(), next }))
}

fn own_only(caller: &Caller) -> Option<String> {
    match &caller.who {
        crate::caller::Who::Person { person, reach, .. }
            if !reach.is_hr() && !reach.manages_somebody_on(caller.today()) =>
        {
            Some(person.clone())
        }
        _ => None,
    }
}

fn written_key(key: &TaskKey) -> String {
    let due = key.due.map(|due| due.0.to_string()).unwrap_or_default();
    format!("{due}_{}_{}", key.created_at.0, key.task)
}

fn read_key(text: &str) -> Result<TaskKey, Problem> {
    let mut parts = text.splitn(3, '_');
    let (Some(due), Some(created_at), Some(task)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(bad_after());
    };
    let due = if due.is_empty() { None } else { Some(Day(due.parse().map_err(|_| bad_after())?)) };
    let created_at = Instant(created_at.parse().map_err(|_| bad_after())?);
    Ok(TaskKey { due, created_at, task: task.to_owned() })
}
