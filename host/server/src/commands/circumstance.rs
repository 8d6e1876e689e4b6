//! `daybreak circumstance`

use std::str::FromStr;

use clap::{Args, Subcommand};
use daybreak_app::circumstance::{CircumstanceChange, CircumstanceEntry, CircumstanceRecorded};
use daybreak_domain::circumstance::Participant;
use daybreak_domain::period::Period;
use daybreak_domain::time::Day;
use daybreak_storage::StoredCircumstance;
use serde_json::{Value, json};

use crate::host::{HostOptions, today};
use crate::print::{self, ListFormat};

#[derive(Args)]
pub struct CircumstanceArgs {
    #[command(subcommand)]
    command: CircumstanceCommand,
}

#[derive(Subcommand)]
enum CircumstanceCommand {
    /// Record a circumstance, for example a delivery that a manager makes urgent.
    ///
    /// Reweighting plugins may change shares for those who take part. Crises come from crisis tasks, and absences are
    /// recorded as absences.
    Add {
        /// urgent-delivery or another name, as reweighting plugins know it.
        #[arg(long, default_value = "urgent-delivery")]
        kind: String,
        /// The first day; without one, today.
        #[arg(long, value_name = "DAY")]
        from: Option<Day>,
        /// The day from which it no longer holds; without one, until somebody ends it.
        #[arg(long, value_name = "DAY")]
        until: Option<Day>,
        /// Somebody for whom it holds: an id, with days if they differ (wu:2026-06-08 or wu:2026-06-08..2026-06-12, the
        /// second one excluded); may be given several times.
        #[arg(long = "participant", required = true, value_name = "PERSON[:DAYS]")]
        participants: Vec<Part>,
        /// How much of it there is, for example hours=12; may be given several times.
        #[arg(long = "measure", value_name = "NAME=NUMBER")]
        measures: Vec<Measure>,
        /// In a sentence, for those whom it concerns.
        #[arg(long)]
        reason: String,
        /// The id of the person who causes it.
        #[arg(long, value_name = "PERSON")]
        by: String,
        /// Its own id; the same command with the same id makes one circumstance.
        #[arg(long)]
        id: Option<String>,
    },
    /// Say that it holds for somebody else, too, or on other days than was said.
    Join {
        circumstance: String,
        #[arg(long = "participant", required = true, value_name = "PERSON[:DAYS]")]
        participants: Vec<Part>,
        #[arg(long, value_name = "PERSON")]
        by: String,
    },
    /// End a circumstance.
    End {
        circumstance: String,
        /// The day from which it no longer holds; without one, tomorrow.
        #[arg(long, value_name = "DAY")]
        until: Option<Day>,
        #[arg(long, value_name = "PERSON")]
        by: String,
    },
    /// Take a circumstance back that was recorded by mistake, as if it had never held.
    Withdraw {
        circumstance: String,
        #[arg(long, value_name = "PERSON")]
        by: String,
    },
    /// List circumstances, those that began last at the top.
    ///
    /// With a period, those that hold on some of its days, without withdrawn ones: what shares are computed from.
    List {
        #[arg(long)]
        period: Option<Period>,
        /// As it was known at this number of the company's sequence, which receipts name.
        #[arg(long, value_name = "NUMBER", requires = "period")]
        known_to: Option<i64>,
        #[arg(long, default_value_t = 200, conflicts_with = "period")]
        most: u32,
        #[arg(long, default_value = "table")]
        format: ListFormat,
    },
}

/// `wu`, `wu:2026-06-08` or `wu:2026-06-08..2026-06-12`
#[derive(Clone)]
struct Part {
    person: String,
    from: Option<Day>,
    until: Option<Day>,
}

impl FromStr for Part {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (person, days) = text.split_once(':').map_or((text, None), |(person, days)| (person, Some(days)));
        let (from, until) = match days.map(|days| days.split_once("..").map_or((days, None), |(a, b)| (a, Some(b)))) {
            None => (None, None),
            Some((from, until)) => (Some(from), until),
        };
        let day = |text: &str| text.parse::<Day>().map_err(|error| error.to_string());
        let (from, until) = (from.map(day).transpose()?, until.map(day).transpose()?);
        Ok(Self { person: person.to_owned(), from, until })
    }
}

impl Part {
    /// Who is given no first day takes part from this one.
    fn participant(self, from: Day) -> Participant {
        Participant { person: self.person, from: self.from.unwrap_or(from), until: self.until }
    }
}

/// `hours=12`
#[derive(Clone)]
struct Measure(String, f64);

impl FromStr for Measure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is no measure: write a name and a number, for example hours=12");
        let (name, value) = text.split_once('=').ok_or_else(wrong)?;
        Ok(Self(name.to_owned(), value.parse().map_err(|_| wrong())?))
    }
}

pub fn run(host: &HostOptions, args: CircumstanceArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let today = today(&company.zone);
        let (id, change, by) = match args.command {
            CircumstanceCommand::Add { kind, from, until, participants, measures, reason, by, id } => {
                let from = from.unwrap_or(today);
                let participants = participants.into_iter().map(|part| part.participant(from)).collect();
                let measures = measures.into_iter().map(|Measure(name, value)| (name, value)).collect();
                let entry = CircumstanceEntry { id, kind, from, until, participants, measures, reason };
                let recorded = daybreak.add_circumstance(&company, &entry, &by).await?;
                say(&recorded, "was recorded", "was recorded already");
                return Ok(());
            }
            CircumstanceCommand::List { period, known_to, most, format } => {
                let circumstances = match period {
                    Some(period) => daybreak.circumstances(&company, period, known_to.unwrap_or(i64::MAX)).await?,
                    None => daybreak.newest_circumstances(&company, most).await?,
                };
                if format == ListFormat::Json {
                    let circumstances: Vec<Value> = circumstances.iter().map(of_stored).collect();
                    println!("{}", serde_json::to_string_pretty(&circumstances)?);
                } else {
                    print_list(&circumstances);
                }
                return Ok(());
            }
            CircumstanceCommand::Join { circumstance, participants, by } => {
                let joining = participants.into_iter().map(|part| part.participant(today)).collect();
                (circumstance, CircumstanceChange::Join(joining), by)
            }
            CircumstanceCommand::End { circumstance, until, by } => {
                (circumstance, CircumstanceChange::End(until.unwrap_or(today.plus(1))), by)
            }
            CircumstanceCommand::Withdraw { circumstance, by } => (circumstance, CircumstanceChange::Withdraw, by),
        };
        let recorded = daybreak.change_circumstance(&company, &id, &change, &by).await?;
        say(&recorded, "was changed", "was so already");
        Ok(())
    })
}

fn say(recorded: &CircumstanceRecorded, news: &str, known: &str) {
    println!("{} {}", recorded.circumstance.id, if recorded.is_news { news } else { known });
}

fn print_list(circumstances: &[StoredCircumstance]) {
    let rows: Vec<Vec<String>> = circumstances
        .iter()
        .map(|stored| {
            let circumstance = &stored.circumstance;
            vec![
                circumstance.id.clone(),
                circumstance.kind.clone(),
                circumstance.from.to_string(),
                circumstance.until.map(|until| until.to_string()).unwrap_or_default(),
                circumstance.participants.len().to_string(),
                circumstance.cause.to_string(),
                if circumstance.withdrawn { "withdrawn".to_owned() } else { String::new() },
                circumstance.reason.clone(),
            ]
        })
        .collect();
    print::table(&["ID", "KIND", "FROM", "UNTIL", "PEOPLE", "CAUSED BY", "", "REASON"], &rows);
}

fn of_stored(stored: &StoredCircumstance) -> Value {
    let circumstance = &stored.circumstance;
    let participants: Vec<Value> = circumstance
        .participants
        .iter()
        .map(|participant| {
            json!({
                "person": participant.person,
                "from": participant.from.to_string(),
                "until": participant.until.map(|until| until.to_string()),
            })
        })
        .collect();
    json!({
        "id": circumstance.id,
        "revision": stored.sequence,
        "kind": circumstance.kind,
        "from": circumstance.from.to_string(),
        "until": circumstance.until.map(|until| until.to_string()),
        "participants": participants,
        "measures": circumstance.measures,
        "cause": circumstance.cause.kind(),
        "caused_by": circumstance.cause.id(),
        "reason": circumstance.reason,
        "withdrawn": circumstance.withdrawn,
        "recorded_at": stored.recorded_at.to_string(),
        "recorded_by": stored.recorded_by,
    })
}
