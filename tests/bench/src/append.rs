//! What it costs to record facts, beside the least that it could cost: the same rows through one prepared statement of the
//! bare library, in one transaction, into a table with the same columns and indexes.

use std::time::Duration;

use anyhow::Context;
use reqwest::blocking::Client;
use rusqlite::Connection;
use rusqlite::types::Value;

use crate::Args;
use crate::host::{Company, visit};
use crate::steady::now;

/// Facts in one request, and in one transaction of an import.
const AT_ONCE: u32 = 1_000;

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
}

pub fn measure(args: &Args) -> anyhow::Result<Append> {
    let rows = args.deliveries * AT_ONCE;
    let company = Company::new(&args.daybreak, &args.folder.join("delivered"))?;
    let delivered = deliver(&company, args.deliveries)?;
    let imported = import(&Company::new(&args.daybreak, &args.folder.join("imported"))?, rows)?;
    let bare = copy(&company, &Company::new(&args.daybreak, &args.folder.join("bare"))?, rows)?;
    Ok(Append { rows, delivered, imported, bare })
}

/// One caller, who sends the next facts when those before are answered. Nobody scores meanwhile.
fn deliver(company: &Company, deliveries: u32) -> anyhow::Result<Duration> {
    let served = company.serve(0)?;
    let client = Client::builder().timeout(None).build()?;
    let mut requests = Vec::new();
    for first in (0..deliveries).map(|delivery| delivery * AT_ONCE) {
        let facts: Vec<serde_json::Value> = (first..first + AT_ONCE).map(visit).collect();
        requests.push(served.recording(&client, &facts));
    }
    let begun = now();
    for request in requests {
        request.send()?.error_for_status()?.bytes()?;
    }
    Ok(begun.elapsed())
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
fn copy(from: &Company, to: &Company, rows: u32) -> anyhow::Result<Duration> {
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
    let begun = now();
    let transaction = target.transaction()?;
    {
        let mut insert =
            transaction.prepare(&format!("INSERT INTO fact ({}) VALUES ({places})", columns.join(", ")))?;
        for row in &values {
            insert.execute(rusqlite::params_from_iter(row)).context("a row of the host fits into its own table")?;
        }
    }
    transaction.commit()?;
    Ok(begun.elapsed())
}
