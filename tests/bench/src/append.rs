//! What it costs to record facts, beside the least that it could cost: the same rows through one prepared statement of the
//! bare library, in one transaction, into a table with the same columns and indexes.

use std::time::Duration;

use anyhow::Context;
use reqwest::blocking::Client;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::figures::median;
use crate::host::{Company, visit};
use crate::steady::now;
use crate::streams::processor;
use crate::{Args, figures};

/// Facts in one request, and in one transaction of an import.
const AT_ONCE: u32 = 1_000;

const ROUNDS: usize = 3;

const MAPPING: &str = r#"
source = "crm"
kind = "visit"
external_id = "{id}"
capture = "automatic"
who = "{who}"
unknown_people = "refuse"
document = "{document}"
customer = "{customer}"
value = "{value}"

[time]
text = "{at}"
format = "rfc3339"

[fields]
depth = "{depth}"
"#;

pub struct Append {
    pub rows: u32,
    pub delivered: Duration,
    pub imported: Duration,
    pub bare: Duration,
    /// Time on a processor.
    pub delivered_processor: Duration,
    pub bare_processor: Duration,
}

/// In turns, so that whatever else the machine does meanwhile slows all of them; medians.
pub fn measure(args: &Args) -> anyhow::Result<Append> {
    let rows = args.deliveries * AT_ONCE;
    let mut times = [const { Vec::new() }; 5];
    for round in 0..ROUNDS {
        let company = |name: &str| Company::new(&args.daybreak, &args.folder.join(format!("{name}-{round}")));
        let served = company("delivered")?;
        let (delivered, delivered_processor) = deliver(&served, args.deliveries)?;
        let (bare, bare_processor) = copy(&served, &company("bare")?, rows)?;
        let imported = import(&company("imported")?, rows)?;
        let of_round = [delivered, imported, bare, delivered_processor, bare_processor];
        times.iter_mut().zip(of_round).for_each(|(times, time)| times.push(time));
    }
    let [delivered, imported, bare, delivered_processor, bare_processor] = times.map(|mut times| median(&mut times));
    Ok(Append { rows, delivered, imported, bare, delivered_processor, bare_processor })
}

/// One caller, who sends the next facts when those before are answered. Nobody scores meanwhile.
fn deliver(company: &Company, deliveries: u32) -> anyhow::Result<(Duration, Duration)> {
    let served = company.serve(0)?;
    let client = Client::builder().timeout(None).build()?;
    let mut requests = Vec::new();
    for first in (0..deliveries).map(|delivery| delivery * AT_ONCE) {
        let facts: Vec<serde_json::Value> = (first..first + AT_ONCE).map(visit).collect();
        requests.push(served.recording(&client, &facts));
    }
    let (begun, used) = (now(), processor(&served)?);
    for request in requests {
        request.send()?.error_for_status()?.bytes()?;
    }
    Ok((begun.elapsed(), processor(&served)?.saturating_sub(used)))
}

/// The start of the process counts: it is a small part.
fn import(company: &Company, rows: u32) -> anyhow::Result<Duration> {
    let lines = (0..rows).map(|number| {
        let visit = visit(number);
        let word = |name: &str| visit[name].as_str().unwrap_or_default().to_owned();
        let (id, at, who) = (word("external_id"), word("occurred_at"), word("actor"));
        let (document, customer, value) = (word("document"), word("customer"), &visit["value"]);
        format!("{id},{who},{at},{document},{customer},{value},{}\n", number % 5)
    });
    let text = format!("id,who,at,document,customer,value,depth\n{}", lines.collect::<String>());
    let (mapping, file) = (company.file("visits.toml", MAPPING)?, company.file("visits.csv", &text)?);
    let begun = now();
    company.run(&["import", "--mapping", &mapping, &file])?;
    Ok(begun.elapsed())
}

/// The rows that the host has written, once more into the empty table of another company.
fn copy(from: &Company, to: &Company, rows: u32) -> anyhow::Result<(Duration, Duration)> {
    let source = Connection::open(from.database())?;
    let mut reading = source.prepare("SELECT * FROM fact ORDER BY sequence")?;
    let columns: Vec<String> = reading.column_names().into_iter().map(str::to_owned).collect();
    let values = reading.query_map([], |row| (0..columns.len()).map(|column| row.get(column)).collect())?;
    let values: Vec<Vec<Value>> = values.collect::<Result<_, _>>()?;
    anyhow::ensure!(values.len() == rows as usize, "{} of {rows} facts are there", values.len());
    let mut target = Connection::open(to.database())?;
    target.pragma_update(None, "synchronous", "FULL")?;
    target.pragma_update(None, "cache_size", -32_768)?;
    let places = vec!["?"; columns.len()].join(", ");
    let (begun, used) = (now(), figures::processor().1);
    let transaction = target.transaction()?;
    {
        let mut insert =
            transaction.prepare(&format!("INSERT INTO fact ({}) VALUES ({places})", columns.join(", ")))?;
        for row in &values {
            insert.execute(rusqlite::params_from_iter(row)).context("a row of the host fits into its own table")?;
        }
    }
    transaction.commit()?;
    Ok((begun.elapsed(), figures::processor().1.saturating_sub(used)))
}
