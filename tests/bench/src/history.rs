//! A year of history: 1,000 employees and ten indicators, from the database to stored scores, beside reading the same facts
//! from the same file into columns with the bare library and dropping them.

use std::time::Duration;

use anyhow::{Context, ensure};
use rusqlite::{Connection, OpenFlags};

use crate::Args;
use crate::figures::{median, processor};
use crate::host::Company;
use crate::steady::now;

const EMPLOYEES: u32 = 1_000;
const INDICATORS: u32 = 10;
const MONTHS: u32 = 12;
const ROUNDS: usize = 3;

/// 2025-01-01T00:00:00Z.
const BEGINNING: i64 = 1_735_689_600_000;
const MONTH: i64 = 30 * 86_400_000;

const MAPPING: &str = r#"
source = "crm"
kind = "{kind}"
external_id = "{id}"
capture = "automatic"
who = "{who}"
unknown_people = "refuse"
document = "{document}"
value = "{value}"

[time]
text = "{at}"
format = "rfc3339"

[fields]
depth = "{depth}"
"#;

pub struct History {
    pub facts: u32,
    pub scores: usize,
    /// Medians, of the clock and of the processor.
    pub scored: Duration,
    pub scored_processor: Duration,
    pub read: Duration,
    pub read_processor: Duration,
}

pub fn measure(args: &Args, facts_each: u32) -> anyhow::Result<History> {
    let company = Company::with_people(&args.daybreak, &args.folder.join(format!("history-{facts_each}")), EMPLOYEES)?;
    let facts = EMPLOYEES * INDICATORS * MONTHS * facts_each;
    let mapping = company.file("facts.toml", MAPPING)?;
    for month in 1..=MONTHS {
        let file = company.file("facts.csv", &rows(month, facts_each))?;
        company.run(&["import", "--mapping", &mapping, &file])?;
    }
    // What is stale is then known to be so because indicators are new, not because facts are.
    company.run(&["score"])?;
    company.install(&args.plugins, "measure")?;
    for indicator in 0..INDICATORS {
        let parameters = format!(r#"{{"kind": "kind{indicator}", "measure": "mean", "field": "@value"}}"#);
        let parameters = company.file("parameters.json", &parameters)?;
        let name = format!("indicator{indicator}");
        let set = ["indicator", "set", &name, "--plugin", "measure", "--parameters", &parameters, "--grant"];
        company.run(&[&set[..], &["--title-zh", "指标", "--title-en", "Indicator"]].concat())?;
    }
    let (mut scored, mut scored_processor) = (Vec::new(), Vec::new());
    let (mut read, mut read_processor) = (Vec::new(), Vec::new());
    let before = company.keep()?;
    let mut scores = 0;
    for _ in 0..ROUNDS {
        company.put_back(&before)?;
        let (begun, used) = (now(), processor().1);
        let found = columns(&company)?;
        read.push(begun.elapsed());
        read_processor.push(processor().1.saturating_sub(used));
        ensure!(found == facts, "{found} of {facts} facts were read");
        let (begun, used) = (now(), processor().0);
        let said = company.run(&["score"])?;
        scored.push(begun.elapsed());
        scored_processor.push(processor().0.saturating_sub(used));
        let computed = said.split_whitespace().next().and_then(|count| count.parse().ok());
        scores = computed.with_context(|| format!("daybreak said {said:?}"))?;
        let expected = (EMPLOYEES * INDICATORS * MONTHS) as usize;
        // Who has only facts of the night in which February ends has none in February, as the company's days go.
        ensure!(scores * 100 >= expected * 99, "{scores} of {expected} scores were computed: {said}");
    }
    Ok(History {
        facts,
        scores,
        scored: median(&mut scored),
        scored_processor: median(&mut scored_processor),
        read: median(&mut read),
        read_processor: median(&mut read_processor),
    })
}

/// The facts of one month.
fn rows(month: u32, facts_each: u32) -> String {
    let mut text = "id,kind,who,at,document,value,depth\n".to_owned();
    let mut id = (month - 1) * INDICATORS * EMPLOYEES * facts_each;
    for kind in 0..INDICATORS {
        for person in 0..EMPLOYEES {
            for fact in 0..facts_each {
                let (day, hour) = (1 + (person + fact * 9) % 28, (person * 7 + fact) % 24);
                let (document, value, depth) = (id % 9_973, id % 97, id % 5);
                let at = format!("2025-{month:02}-{day:02}T{hour:02}:00:00Z");
                text.extend([format!("{id},kind{kind},p{person},{at},d{document},{value},{depth}\n")]);
                id += 1;
            }
        }
    }
    text
}

/// Reads every fact of every kind, a kind and a month at a time, as an indicator would need it.
fn columns(company: &Company) -> anyhow::Result<u32> {
    let connection = Connection::open_with_flags(company.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    let id: String = connection.query_row("SELECT company FROM company", [], |row| row.get(0))?;
    let mut statement = connection.prepare(
        "SELECT sequence, occurred_at, actor, value FROM fact WHERE company = ?1 AND kind = ?2 AND occurred_at >= ?3 \
         AND occurred_at < ?4 ORDER BY occurred_at, sequence",
    )?;
    let mut found = 0;
    for kind in 0..INDICATORS {
        for month in 0..=i64::from(MONTHS) {
            let (mut sequences, mut instants, mut values) = (Vec::<i64>::new(), Vec::<i64>::new(), Vec::<f64>::new());
            let mut actors = Vec::<Box<str>>::new();
            let (start, end) = (BEGINNING + month * MONTH, BEGINNING + (month + 1) * MONTH);
            let mut rows = statement.query((&id, format!("kind{kind}"), start, end))?;
            while let Some(row) = rows.next()? {
                sequences.push(row.get(0)?);
                instants.push(row.get(1)?);
                actors.push(row.get_ref(2)?.as_str()?.into());
                values.push(row.get(3)?);
            }
            found += std::hint::black_box((&sequences, &instants, &actors, &values)).0.len() as u32;
        }
    }
    Ok(found)
}
