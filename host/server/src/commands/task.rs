//! `daybreak task`

use std::collections::{BTreeMap, BTreeSet};

use clap::{Args, Subcommand};
use daybreak_app::Daybreak;
use daybreak_app::crisis::{CrisisEntry, CrisisPlan, CrisisSearch};
use daybreak_app::task::{Due, Ending, TaskAmendment, TaskEntry, TaskRecorded};
use daybreak_domain::clock::Clock;
use daybreak_domain::company::{Company, Person};
use daybreak_domain::period::Period;
use daybreak_domain::task::{State, Task};
use daybreak_domain::time::{Day, Instant};
use daybreak_storage::{StoredTask, TaskQuery};
use serde_json::{Value, json};

use crate::host::{HostOptions, MachineClock, Moment};
use crate::print::{self, ListFormat};

#[derive(Args)]
pub struct TaskArgs {
    #[command(subcommand)]
    command: TaskCommand,
}

#[derive(Subcommand)]
enum TaskCommand {
    /// Create a task.
    ///
    /// For each participant it becomes a fact of the kind task.created, as its end becomes task.done or task.cancelled.
    /// A task of the kind crisis is also a circumstance of its assignees while it is open.
    Add(AddArgs),
    /// Begin a crisis on a document: everybody who touched it is assigned.
    ///
    /// Who touched it is read from the facts on it and, with --linked-by, from facts that name it and all on their
    /// documents. People who have left are not assigned. While a crisis is open on the document, nothing happens.
    Crisis(CrisisArgs),
    /// List tasks, those that are due first at the top.
    List {
        /// open, done, cancelled or all.
        #[arg(long, default_value = "open")]
        state: String,
        /// Only tasks in which this person takes part.
        #[arg(long, value_name = "PERSON")]
        person: Option<String>,
        /// Only tasks on this document.
        #[arg(long)]
        document: Option<String>,
        #[arg(long)]
        kind: Option<String>,
        #[arg(long, default_value_t = 500)]
        most: u32,
        #[arg(long, default_value = "table")]
        format: ListFormat,
    },
    /// Show a task with its history.
    Show {
        task: String,
        #[arg(long, default_value = "table")]
        format: ListFormat,
    },
    /// Say that a task is done.
    Done(EndArgs),
    /// Say that a task will not be done.
    Cancel(EndArgs),
    /// Open a task again that was done or cancelled by mistake; the facts of its end are withdrawn.
    Reopen {
        task: String,
        /// The id of the person who says so.
        #[arg(long, value_name = "PERSON")]
        by: String,
    },
    /// Change an open task from now on.
    Change {
        task: String,
        /// The id of the person who changes it.
        #[arg(long, value_name = "PERSON")]
        by: String,
        #[arg(long)]
        title: Option<String>,
        /// The last day on which it is done in time.
        #[arg(long, value_name = "DAY")]
        due: Option<Day>,
        /// It has no such day any more.
        #[arg(long, conflicts_with = "due")]
        no_due: bool,
        #[arg(long)]
        weight: Option<f64>,
        /// Somebody who does it from now on; may be given several times.
        #[arg(long, value_name = "PERSON")]
        assign: Vec<String>,
        /// Somebody who no longer does it; may be given several times.
        #[arg(long, value_name = "PERSON")]
        unassign: Vec<String>,
    },
}

/// What an ordinary task and a crisis have in common.
#[derive(Args)]
struct Terms {
    /// The id of the person who wants it.
    #[arg(long, value_name = "PERSON")]
    initiator: String,
    /// The id of the person who records it; without one, the initiator.
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,
    /// Somebody who does it; may be given several times.
    #[arg(long = "assignee", value_name = "PERSON")]
    assignees: Vec<String>,
    /// The last day on which it is done in time.
    #[arg(long, value_name = "DAY")]
    due: Option<Day>,
    #[arg(long)]
    customer: Option<String>,
    /// How much it counts beside other tasks.
    #[arg(long, default_value_t = 1.0)]
    weight: f64,
    /// The indicator that it was agreed to count in.
    #[arg(long, value_name = "INDICATOR")]
    counts_in: Option<String>,
    /// Its own id; the same command with the same id makes one task.
    #[arg(long)]
    id: Option<String>,
    /// When it was agreed, if not now: 2026-06-01T09:00:00Z, or 2026-06-01T09:00 in the company's time zone.
    #[arg(long, value_name = "TIME")]
    at: Option<Moment>,
}

#[derive(Args)]
struct AddArgs {
    #[command(flatten)]
    terms: Terms,
    #[arg(long)]
    title: String,
    /// ordinary, urgent, care-plan, crisis or another name.
    #[arg(long, default_value = "ordinary")]
    kind: String,
    /// The number of a document, for example a ticket or a batch.
    #[arg(long)]
    document: Option<String>,
}

#[derive(Args)]
struct CrisisArgs {
    /// The number of the document, for example a batch.
    #[arg(long)]
    document: String,
    /// A field in which other facts name the document.
    #[arg(long, value_name = "FIELD")]
    linked_by: Option<String>,
    /// Only facts of this kind count as having touched it; may be given several times.
    #[arg(long = "kind", value_name = "KIND")]
    kinds: Vec<String>,
    /// Only facts of these days: 2013-06, 2013-Q2, 2013, or 2013-06-01..2013-06-15 (the second one excluded).
    #[arg(long, value_name = "PERIOD")]
    during: Option<Period>,
    #[arg(long)]
    title: Option<String>,
    #[command(flatten)]
    terms: Terms,
    /// Only say who would be assigned.
    #[arg(long)]
    preview: bool,
}

#[derive(Args)]
struct EndArgs {
    task: String,
    /// The id of the person who says so.
    #[arg(long, value_name = "PERSON")]
    by: String,
    /// When it was, if not now: 2026-06-01T09:00:00Z, or 2026-06-01T09:00 in the company's time zone.
    #[arg(long, value_name = "TIME")]
    at: Option<Moment>,
}

pub fn run(host: &HostOptions, args: TaskArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            TaskCommand::Add(args) => add(&daybreak, &company, args).await,
            TaskCommand::Crisis(args) => crisis(&daybreak, &company, args, &host.language).await,
            TaskCommand::List { state, person, document, kind, most, format } => {
                let state = match state.as_str() {
                    "all" => None,
                    state => Some(state.parse().map_err(|problem: String| anyhow::anyhow!("{problem}, or all"))?),
                };
                list(
                    &daybreak,
                    &company,
                    &TaskQuery { state, person, document, kind, most, ..TaskQuery::default() },
                    format,
                )
                .await
            }
            TaskCommand::Show { task, format } => show(&daybreak, &company, &task, format).await,
            TaskCommand::Done(args) => end(&daybreak, &company, args, Ending::Done).await,
            TaskCommand::Cancel(args) => end(&daybreak, &company, args, Ending::Cancelled).await,
            TaskCommand::Reopen { task, by } => {
                let recorded = daybreak.reopen_task(&company, &task, &by).await?;
                say(&recorded, "is open again", "was open already");
                Ok(())
            }
            TaskCommand::Change { task, by, title, due, no_due, weight, assign, unassign } => {
                let due = if no_due { Some(Due::Whenever) } else { due.map(Due::On) };
                let assign = assign.into_iter().collect();
                let unassign = unassign.into_iter().collect();
                let amendment = TaskAmendment { title, due, weight, assign, unassign };
                let recorded = daybreak.change_task(&company, &task, &amendment, &by).await?;
                say(&recorded, "was changed", "was so already");
                Ok(())
            }
        }
    })
}

async fn add(daybreak: &Daybreak, company: &Company, args: AddArgs) -> anyhow::Result<()> {
    let Terms { initiator, by, assignees, due, customer, weight, counts_in, id, at } = args.terms;
    let by = by.unwrap_or_else(|| initiator.clone());
    let entry = TaskEntry {
        id,
        title: args.title,
        kind: args.kind,
        initiator,
        assignees: assignees.into_iter().collect(),
        due,
        document: args.document,
        customer,
        weight,
        counts_in,
        at: at.map(|at| at.instant(&company.zone)),
    };
    let recorded = daybreak.add_task(company, &entry, &by).await?;
    say(&recorded, "was created", "was there already");
    Ok(())
}

async fn crisis(daybreak: &Daybreak, company: &Company, args: CrisisArgs, language: &str) -> anyhow::Result<()> {
    let Terms { initiator, by, assignees, due, customer, weight, counts_in, id, at } = args.terms;
    let by = by.unwrap_or_else(|| initiator.clone());
    let title = args.title.unwrap_or_else(|| match language {
        "zh-CN" => format!("危机响应:{}", args.document),
        _ => format!("Crisis: {}", args.document),
    });
    let search =
        CrisisSearch { document: args.document, linked_by: args.linked_by, kinds: args.kinds, during: args.during };
    let at = at.map(|at| at.instant(&company.zone));
    let people = daybreak.people(company).await?;
    if args.preview {
        let plan = daybreak.plan_crisis(company, &search, at).await?;
        print_plan(company, &people, &plan);
        match &plan.open {
            Some(open) => println!("the crisis {} is open on {} already", open.id, search.document),
            None => println!("nothing was changed: leave --preview out to assign {} people", plan.present().count()),
        }
        return Ok(());
    }
    let also: BTreeSet<String> = assignees.into_iter().collect();
    let entry = CrisisEntry { search, id, title, initiator, also, due, customer, weight, counts_in, at };
    let (plan, recorded) = daybreak.start_crisis(company, &entry, &by).await?;
    print_plan(company, &people, &plan);
    say(&recorded, "was created", "is open on the document already, and nothing was changed");
    let task = &recorded.task;
    println!("{} people are assigned", task.assignees.len());
    let missing: Vec<&str> =
        plan.present().map(|found| found.person.as_str()).filter(|person| !task.assignees.contains(*person)).collect();
    if !missing.is_empty() {
        let options: Vec<String> = missing.iter().map(|person| format!(" --assign {person}")).collect();
        println!(
            "{} more touched it: assign them with `daybreak task change {} --by PERSON{}`",
            missing.len(),
            task.id,
            options.concat()
        );
    }
    Ok(())
}

fn print_plan(company: &Company, people: &BTreeMap<String, Person>, plan: &CrisisPlan) {
    let day = |instant: Instant| company.zone.day_of(instant).to_string();
    let rows: Vec<Vec<String>> = plan
        .people
        .iter()
        .map(|found| {
            vec![
                found.person.clone(),
                name(people, &found.person),
                found.facts.to_string(),
                day(found.first),
                day(found.last),
                if found.has_left { "has left".to_owned() } else { String::new() },
            ]
        })
        .collect();
    print::table(&["ID", "NAME", "FACTS", "FIRST", "LAST", ""], &rows);
    if plan.facts_of_nobody > 0 {
        println!("{} more facts touch it, of which nobody knows whose they are", plan.facts_of_nobody);
    }
}

async fn list(daybreak: &Daybreak, company: &Company, query: &TaskQuery, format: ListFormat) -> anyhow::Result<()> {
    let tasks = daybreak.tasks(company, query).await?;
    let now = MachineClock.now();
    if format == ListFormat::Json {
        let tasks: Vec<Value> = tasks.iter().map(|stored| of_task(&stored.task, company, now)).collect();
        println!("{}", serde_json::to_string_pretty(&tasks)?);
        return Ok(());
    }
    let people = daybreak.people(company).await?;
    let rows: Vec<Vec<String>> = tasks
        .iter()
        .map(|StoredTask { task, .. }| {
            let late = if task.is_late(now, &company.zone) { " late" } else { "" };
            vec![
                task.id.clone(),
                task.title.clone(),
                task.kind.clone(),
                format!("{}{late}", task.state),
                task.due.map(|due| due.to_string()).unwrap_or_default(),
                name(&people, &task.initiator),
                names(&people, &task.assignees),
                task.document.clone().unwrap_or_default(),
            ]
        })
        .collect();
    print::table(&["ID", "TITLE", "KIND", "STATE", "DUE", "WANTED BY", "DONE BY", "DOCUMENT"], &rows);
    if tasks.len() >= query.most as usize {
        eprintln!("only {} tasks are shown: narrow the list, or raise --most", query.most);
    }
    Ok(())
}

async fn show(daybreak: &Daybreak, company: &Company, id: &str, format: ListFormat) -> anyhow::Result<()> {
    let history = daybreak.task_history(company, id).await?;
    let now = MachineClock.now();
    let local = |instant: Instant| company.zone.local(instant).to_string();
    if format == ListFormat::Json {
        let of_revision = |revision: &StoredTask| {
            json!({
                "event": revision.event.name(),
                "at": revision.occurred_at.to_string(),
                "recorded_at": revision.recorded_at.to_string(),
                "recorded_by": revision.recorded_by,
                "departments": revision.departments,
                "task": of_task(&revision.task, company, now),
            })
        };
        let history: Vec<Value> = history.iter().map(of_revision).collect();
        println!("{}", serde_json::to_string_pretty(&history)?);
        return Ok(());
    }
    let people = daybreak.people(company).await?;
    if let Some(StoredTask { task, .. }) = history.last() {
        let late = if task.is_late(now, &company.zone) { ", late" } else { "" };
        println!("{} · {} · {}{late}", task.title, task.kind, task.state);
        let optional = [
            ("due", task.due.map(|due| due.to_string())),
            ("document", task.document.clone()),
            ("customer", task.customer.clone()),
            ("counts in", task.counts_in.clone()),
            ("weight", Some(print::number(task.weight))),
        ];
        for (what, value) in optional {
            if let Some(value) = value {
                println!("  {what}: {value}");
            }
        }
    }
    let rows: Vec<Vec<String>> = history
        .iter()
        .map(|revision| {
            let StoredTask { task, departments, .. } = revision;
            let with_department = |person: &String| match departments.get(person) {
                Some(department) => format!("{} ({department})", name(&people, person)),
                None => name(&people, person),
            };
            vec![
                local(revision.occurred_at),
                revision.event.to_string(),
                name(&people, &revision.recorded_by),
                task.due.map(|due| due.to_string()).unwrap_or_default(),
                with_department(&task.initiator),
                task.assignees.iter().map(with_department).collect::<Vec<_>>().join(", "),
            ]
        })
        .collect();
    print::table(&["WHEN", "WHAT", "BY", "DUE", "WANTED BY", "DONE BY"], &rows);
    Ok(())
}

async fn end(daybreak: &Daybreak, company: &Company, args: EndArgs, ending: Ending) -> anyhow::Result<()> {
    let at = args.at.map(|at| at.instant(&company.zone));
    let recorded = daybreak.end_task(company, &args.task, ending, at, &args.by).await?;
    let state = recorded.task.state;
    say(&recorded, &format!("is {state}"), &format!("was {state} already"));
    if recorded.task.state == State::Done && recorded.task.is_late(MachineClock.now(), &company.zone) {
        println!("it was done late");
    }
    Ok(())
}

fn say(recorded: &TaskRecorded, news: &str, known: &str) {
    println!("{} {}", recorded.task.id, if recorded.is_news { news } else { known });
}

fn name(people: &BTreeMap<String, Person>, id: &str) -> String {
    people.get(id).map_or_else(|| id.to_owned(), |person| person.name.clone())
}

fn names(people: &BTreeMap<String, Person>, ids: &BTreeSet<String>) -> String {
    const SHOWN_MAX: usize = 5;
    let mut shown: Vec<String> = ids.iter().take(SHOWN_MAX).map(|id| name(people, id)).collect();
    if ids.len() > SHOWN_MAX {
        shown.push(format!("and {} more", ids.len() - SHOWN_MAX));
    }
    shown.join(", ")
}

fn of_task(task: &Task, company: &Company, now: Instant) -> Value {
    json!({
        "id": task.id,
        "title": task.title,
        "kind": task.kind,
        "initiator": task.initiator,
        "assignees": task.assignees,
        "due": task.due.map(|due| due.to_string()),
        "document": task.document,
        "customer": task.customer,
        "weight": task.weight,
        "counts_in": task.counts_in,
        "state": task.state.name(),
        "late": task.is_late(now, &company.zone),
        "created_at": task.created_at.to_string(),
        "ended_at": task.ended_at.map(|at| at.to_string()),
    })
}
