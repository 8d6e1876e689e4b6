//! Facts in a CSV file whose columns are those of a fact: what a case holds and what `daybreak plugin run` scores.
//!
//! `occurred_at` and `kind` must be there; `id`, `actor`, `document`, `customer`, `value`, `capture` and `recorded_at`
//! may be; every other column is an attribute of that name. An empty cell is no value. Files of other systems go
//! through `daybreak import` and its mapping instead.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use daybreak_domain::fact::{Capture, Fact, NewFact};
use daybreak_domain::time::{Instant, Zone};

/// Most facts in one file.
const FACTS_MAX: usize = 2_000_000;

/// Most bad rows that are listed.
const ERRORS_LISTED_MAX: usize = 20;

/// Reads all facts, in the order of the file, which is also the order of their sequence. Times without an offset are
/// local times of the zone.
pub fn read(file: &Path, zone: &Zone) -> anyhow::Result<Vec<Fact>> {
    let mut reader =
        csv::Reader::from_path(file).with_context(|| format!("the facts {} cannot be read", file.display()))?;
    let header = reader.headers().with_context(|| format!("{} has no header", file.display()))?.clone();
    let columns: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}')).collect();
    for required in ["occurred_at", "kind"] {
        if !columns.contains(&required) {
            bail!("{} has no column {required}; a file of another system is read by `daybreak import`", file.display());
        }
    }
    if let Some(twice) = columns.iter().enumerate().find(|(index, name)| columns[..*index].contains(name)) {
        bail!("the column {} stands twice in {}", twice.1, file.display());
    }
    let mut facts = Vec::new();
    let mut errors: Vec<String> = Vec::new();
    let mut bad_rows = 0_usize;
    for (index, record) in reader.records().enumerate() {
        if facts.len() >= FACTS_MAX {
            bail!("{} has more than {FACTS_MAX} facts", file.display());
        }
        let row = record.map_err(anyhow::Error::from).and_then(|record| {
            let cells = columns.iter().copied().zip(record.iter());
            fact(cells, index, zone)
        });
        match row {
            Ok(fact) => facts.push(fact),
            Err(error) => {
                bad_rows += 1;
                if errors.len() < ERRORS_LISTED_MAX {
                    errors.push(format!("row {}: {error:#}", index + 1));
                }
            }
        }
    }
    if bad_rows > 0 {
        bail!("{}: {bad_rows} bad rows\n  {}", file.display(), errors.join("\n  "));
    }
    Ok(facts)
}

fn fact<'a>(cells: impl Iterator<Item = (&'a str, &'a str)>, index: usize, zone: &Zone) -> anyhow::Result<Fact> {
    let sequence = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
    let mut new = NewFact {
        source: "file".to_owned(),
        external_id: sequence.to_string(),
        revision: None,
        kind: String::new(),
        occurred_at: Instant(0),
        recorded_at: None,
        actor: None,
        document: None,
        customer: None,
        value: None,
        capture: Capture::Automatic,
        attributes: BTreeMap::new(),
        withdrawn: false,
    };
    let mut occurred_at = None;
    for (name, cell) in cells {
        if cell.is_empty() {
            continue;
        }
        let text = || cell.to_owned();
        match name {
            "occurred_at" => occurred_at = Some(instant(cell, zone)?),
            "recorded_at" => new.recorded_at = Some(instant(cell, zone)?),
            "id" => new.external_id = text(),
            "kind" => new.kind = text(),
            "actor" => new.actor = Some(text()),
            "document" => new.document = Some(text()),
            "customer" => new.customer = Some(text()),
            "value" => {
                new.value = Some(cell.trim().parse().with_context(|| format!("the value {cell:?} is no number"))?);
            }
            "capture" => new.capture = cell.parse().map_err(anyhow::Error::msg)?,
            attribute => drop(new.attributes.insert(attribute.to_owned(), text())),
        }
    }
    new.occurred_at = occurred_at.context("occurred_at is empty")?;
    new.check()?;
    let digest = new.content_digest();
    Ok(Fact {
        sequence,
        source: new.source,
        external_id: new.external_id,
        revision: 0,
        kind: new.kind,
        occurred_at: new.occurred_at,
        recorded_at: new.recorded_at.unwrap_or(new.occurred_at),
        actor: new.actor,
        document: new.document,
        customer: new.customer,
        value: new.value,
        capture: new.capture,
        attributes: new.attributes,
        withdrawn: false,
        digest,
    })
}

/// RFC 3339 (`2024-03-01T09:30:00+08:00`), or a local time (`2024-03-01 09:30`), or a day, which is its midnight.
fn instant(text: &str, zone: &Zone) -> anyhow::Result<Instant> {
    let text = text.trim();
    let milliseconds = if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        timestamp.as_millisecond()
    } else {
        let local: jiff::civil::DateTime = text
            .parse()
            .ok()
            .with_context(|| format!("{text:?} is no time: use 2024-03-01 09:30 or 2024-03-01T09:30:00+08:00"))?;
        zone.instant_of(local).0
    };
    Ok(Instant::checked(milliseconds)?)
}
