//! `daybreak alerts` and `daybreak alert`

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use daybreak_app::Daybreak;
use daybreak_app::alert::PlanOrder;
use daybreak_domain::company::{Company, Person};
use daybreak_domain::fact::Fact;
use daybreak_storage::{AlertQuery, StoredAlert};
use serde_json::{Value, json};

use crate::host::HostOptions;
use crate::print::{ListFormat, number};

/// Facts that are looked up at once.
const FACTS_AT_ONCE: usize = 1_000;

#[derive(Args)]
pub struct AlertsArgs {
    /// Only open ones; so it is without --all, too.
    #[arg(long, conflicts_with = "all")]
    open: bool,
    /// Also those that are closed.
    #[arg(long)]
    all: bool,
    /// Only those of this assistant.
    #[arg(long, value_name = "ID")]
    enablement: Option<String>,
    /// Only those about this customer, person, department or company.
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// Most alerts that are shown, those with the largest priority first.
    #[arg(long, default_value_t = 50)]
    most: u32,
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

#[derive(Args)]
pub struct AlertArgs {
    #[command(subcommand)]
    command: AlertCommand,
}

#[derive(Subcommand)]
enum AlertCommand {
    /// Everything that happened to one alert.
    Show {
        /// The alert's number.
        alert: i64,
    },
    /// Make a task of the alert's plan.
    Plan {
        /// The alert's number.
        alert: i64,
        /// The id of a person who carries it out; may be given several times.
        #[arg(long = "assignee", value_name = "PERSON", required = true)]
        assignees: Vec<String>,
        /// The id of the person who agreed to it; without one, the first assignee.
        #[arg(long, value_name = "PERSON")]
        by: Option<String>,
    },
}

pub fn list(host: &HostOptions, args: AlertsArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let query = AlertQuery {
            closed: args.all && !args.open,
            enablement: args.enablement,
            subject: args.subject,
            most: args.most,
            ..AlertQuery::default()
        };
        let alerts = daybreak.alerts(&company, &query).await?;
        let known = Known::of(&daybreak, &company, &alerts).await?;
        match args.format {
            ListFormat::Json => {
                let alerts: Vec<Value> = alerts.iter().map(|alert| known.document(alert)).collect();
                println!("{}", serde_json::to_string_pretty(&alerts)?);
            }
            ListFormat::Table if alerts.is_empty() => println!("no alerts"),
            ListFormat::Table => alerts.iter().for_each(|alert| known.print(alert, &host.language)),
        }
        Ok(())
    })
}

pub fn run(host: &HostOptions, args: AlertArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            AlertCommand::Show { alert } => {
                let revisions = daybreak.alert_history(&company, alert).await?;
                let known = Known::of(&daybreak, &company, &revisions).await?;
                if let Some(newest) = revisions.last() {
                    known.print(newest, &host.language);
                }
                for revision in &revisions {
                    let who = match (&revision.recorded_by, revision.batch) {
                        (Some(person), _) => known.person(person),
                        (None, Some(batch)) => format!("assessment {batch} of {}", revision.assessed_on),
                        (None, None) => "not watched any more".to_owned(),
                    };
                    let at = company.zone.local(revision.recorded_at);
                    println!("  {} at {at} by {who}", revision.event);
                }
            }
            AlertCommand::Plan { alert, assignees, by } => {
                let language = host.language.clone();
                let order = PlanOrder { alert, assignees: assignees.into_iter().collect(), by, language };
                let task = Box::pin(daybreak.plan_alert(&company, &order)).await?.task;
                let due = task.due.map(|due| format!(", due on {due}")).unwrap_or_default();
                println!("{}: {}{due}", task.id, task.title);
            }
        }
        Ok(())
    })
}

/// Names of people and labels of facts, which stand in no alert.
struct Known {
    people: BTreeMap<String, Person>,
    facts: BTreeMap<i64, Fact>,
}

impl Known {
    async fn of(daybreak: &Daybreak, company: &Company, alerts: &[StoredAlert]) -> anyhow::Result<Self> {
        let mut sequences: Vec<i64> = Vec::new();
        for alert in alerts {
            sequences.extend(&alert.content.evidence);
            sequences.extend(alert.content.suggestions.iter().flat_map(|advice| &advice.evidence));
        }
        sequences.sort_unstable();
        sequences.dedup();
        let mut facts = BTreeMap::new();
        for chunk in sequences.chunks(FACTS_AT_ONCE) {
            facts.extend(daybreak.facts(company, chunk).await?.into_iter().map(|fact| (fact.sequence, fact)));
        }
        Ok(Self { people: daybreak.people(company).await?, facts })
    }

    /// The person's name, and the id behind it.
    fn person(&self, id: &str) -> String {
        self.people.get(id).map_or_else(|| id.to_owned(), |person| format!("{} ({id})", person.name))
    }

    fn evidence(&self, sequences: &[i64]) -> String {
        let label = |sequence: &i64| {
            let fact = self.facts.get(sequence);
            fact.map_or_else(|| sequence.to_string(), |fact| format!("{}:{}", fact.source, fact.external_id))
        };
        sequences.iter().map(label).collect::<Vec<_>>().join(", ")
    }

    fn print(&self, alert: &StoredAlert, language: &str) {
        let content = &alert.content;
        let state = if alert.is_open() {
            format!("since {}", alert.opened_on)
        } else {
            format!("from {} to {}, closed", alert.opened_on, alert.assessed_on)
        };
        println!(
            "{} {} · {} · priority {} · risk {} · {} ({state})",
            alert.alert,
            alert.subject,
            alert.enablement,
            number(content.priority),
            number(content.risk),
            content.key
        );
        println!("  {}", content.sentence.get(language));
        if !content.evidence.is_empty() {
            println!("    facts: {}", self.evidence(&content.evidence));
        }
        for advice in &content.suggestions {
            println!("  {}: {}", advice.heading.get(language), advice.text.get(language));
            if !advice.people.is_empty() {
                let people: Vec<String> = advice.people.iter().map(|person| self.person(person)).collect();
                println!("    people: {}", people.join(", "));
            }
            if !advice.evidence.is_empty() {
                println!("    facts: {}", self.evidence(&advice.evidence));
            }
        }
        match (&alert.task, &content.plan) {
            (Some(task), _) => println!("  task: {task}"),
            (None, Some(plan)) => {
                println!("  plan: {} (within {} days)", plan.title.get(language), plan.due_days);
            }
            (None, None) => {}
        }
    }

    fn document(&self, alert: &StoredAlert) -> Value {
        let content = &alert.content;
        let people = |ids: &[String]| {
            let person = |id: &String| json!({ "id": id, "name": self.people.get(id).map(|person| &person.name) });
            ids.iter().map(person).collect::<Vec<Value>>()
        };
        let suggestions: Vec<Value> = content
            .suggestions
            .iter()
            .map(|advice| {
                json!({
                    "heading": advice.heading,
                    "text": advice.text,
                    "people": people(&advice.people),
                    "evidence_facts": advice.evidence,
                })
            })
            .collect();
        json!({
            "alert": alert.alert,
            "sequence": alert.sequence,
            "enablement": alert.enablement,
            "subject_kind": alert.subject_kind.name(),
            "subject": alert.subject,
            "key": content.key,
            "open": alert.is_open(),
            "event": alert.event.name(),
            "opened_on": alert.opened_on.to_string(),
            "assessed_on": alert.assessed_on.to_string(),
            "risk": content.risk,
            "priority": content.priority,
            "sentence": content.sentence,
            "evidence_facts": content.evidence,
            "suggestions": suggestions,
            "plan": content.plan,
            "task": alert.task,
        })
    }
}
