//! `daybreak plugin run`

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;
use daybreak_app::tables::{Frame, Organisation};
use daybreak_domain::fact::Fact;
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{CEILING_DEFAULT, Direction, Rules, Subject};
use daybreak_domain::period::Period;
use daybreak_domain::plugin::PluginKind;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::time::{Day, Zone};
use daybreak_engine::{CallOptions, Plugin};
use serde_json::Value;

use super::inspect::parameters_of;
use crate::plugin_kit::case::{Case, Facts, Input, Run, SUBJECTS_PER_CALL_MAX};
use crate::plugin_kit::{facts_file, words};
use crate::print;

#[derive(Args)]
pub struct RunArgs {
    /// The component of an indicator.
    #[arg(value_name = "FILE")]
    component: PathBuf,
    /// A CSV file of facts: `occurred_at`, `kind`, and as needed `actor`, `document`, `customer`, `value`; other columns
    /// are attributes.
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,
    /// A JSON file of parameters.
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    /// A month (2013-06), quarter (2013-Q2), year (2013) or span of days (2010-01-01..2014-02-01); the month of the last
    /// fact unless it is given.
    #[arg(long)]
    period: Option<Period>,
    /// The zone that cuts days, and of times without an offset.
    #[arg(long, default_value = "Asia/Shanghai")]
    zone: String,
    /// The day of assessment; the period's last day unless it is given.
    #[arg(long, value_name = "DAY")]
    as_of: Option<Day>,
    /// Who is scored: employee, customer or company.
    #[arg(long, default_value = "employee", value_name = "KIND")]
    subject_kind: SubjectKind,
    /// Only these; everybody in the file unless it is given.
    #[arg(long = "subject", value_name = "ID")]
    subjects: Vec<String>,
    #[arg(long, default_value = "higher-is-better")]
    direction: Direction,
    #[arg(long, default_value = "")]
    unit: String,
    #[arg(long, default_value_t = CEILING_DEFAULT)]
    ceiling: f64,
    #[arg(long, allow_negative_numbers = true)]
    baseline: Option<f64>,
    #[arg(long, allow_negative_numbers = true)]
    target: Option<f64>,
    #[arg(long, allow_negative_numbers = true)]
    stretch: Option<f64>,
    /// Multiplies the fuel; about 25 for scripting languages.
    #[arg(long, default_value_t = 1)]
    fuel_factor: u32,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &RunArgs, language: &str) -> anyhow::Result<()> {
    let plugin = super::load(&super::engine()?, &args.component)?;
    if plugin.record().interface(PluginKind::Indicator).is_none() {
        bail!(
            "{} is no indicator; give it its input in a case and use `daybreak plugin test`",
            args.component.display()
        );
    }
    let zone = Zone::named(&args.zone)?;
    let facts = facts_file::read(&args.facts, &zone)?;
    let case = case(args, zone, facts)?;
    let started = now();
    let run = score(&case, &plugin)?;
    let elapsed_ms = started.elapsed().as_secs_f64() * 1_000.0;
    if args.json {
        let document = serde_json::json!({
            "component": plugin.record().digest,
            "period": case.frame.period.to_string(),
            "zone": args.zone,
            "as-of": case.frame.as_of.to_string(),
            "scores": run.answers,
            "rows": run.rows,
            "fuel": run.fuel,
            "memory-bytes": run.memory_bytes,
            "milliseconds": elapsed_ms,
        });
        println!("{}", serde_json::to_string_pretty(&document)?);
        return Ok(());
    }
    println!("{} of {}, as of {}", plugin.record().manifest.title.get(language), case.frame.period, case.frame.as_of);
    let rows: Vec<Vec<String>> = run.answers.iter().map(|answer| row(answer, &args.unit, language)).collect();
    print::table(&["subject", "raw", "sample", "points", "parts and figures, or why there are none"], &rows);
    words::print_log(&run.log);
    println!(
        "{} rows, {} units of fuel, {} KiB of memory, {elapsed_ms:.1} ms",
        run.rows,
        run.fuel,
        run.memory_bytes / 1024
    );
    Ok(())
}

fn case(args: &RunArgs, zone: Zone, facts: Vec<Fact>) -> anyhow::Result<Case> {
    let last = facts.iter().map(|fact| fact.occurred_at).max();
    let last = last.with_context(|| format!("{} holds no fact", args.facts.display()))?;
    let period = args.period.unwrap_or_else(|| Period::month_of(zone.day_of(last)));
    let frame = Frame::assessed_on(zone, period, args.as_of.unwrap_or(period.last()));
    let goal = Goal { baseline: args.baseline, target: args.target, stretch: args.stretch };
    let ids = if args.subjects.is_empty() { everybody(args.subject_kind, &facts)? } else { args.subjects.clone() };
    let parameters_json = args.parameters.as_deref().map_or_else(|| Ok("{}".to_owned()), parameters_of)?;
    let rules = Rules { direction: args.direction, unit: args.unit.clone(), ceiling: args.ceiling };
    let subjects = ids.into_iter().map(|id| Subject { id, goal }).collect();
    let facts = Facts { subject_kind: args.subject_kind, all: facts, organisation: Organisation::default() };
    Ok(Case {
        name: args.facts.display().to_string(),
        kind: PluginKind::Indicator,
        parameters_json,
        frame,
        input: Input::Indicator { rules, subjects, facts },
        options: CallOptions { fuel_factor: args.fuel_factor },
    })
}

/// Everybody whom the file names, in the order of their ids.
fn everybody(kind: SubjectKind, facts: &[Fact]) -> anyhow::Result<Vec<String>> {
    let ids: BTreeSet<&String> = match kind {
        SubjectKind::Employee => facts.iter().filter_map(|fact| fact.actor.as_ref()).collect(),
        SubjectKind::Customer => facts.iter().filter_map(|fact| fact.customer.as_ref()).collect(),
        SubjectKind::Company => return Ok(vec!["company".to_owned()]),
        SubjectKind::Department => {
            bail!("a file of facts does not say who belongs to which department; write a case with [[spells]] instead")
        }
    };
    if ids.is_empty() {
        bail!(
            "the file names no {kind}: its column {} is empty",
            if kind == SubjectKind::Customer { "customer" } else { "actor" }
        );
    }
    Ok(ids.into_iter().cloned().collect())
}

fn score(case: &Case, plugin: &Plugin) -> anyhow::Result<Run> {
    let all: Vec<usize> = (0..case.items()).collect();
    let mut total = Run { answers: Vec::new(), fuel: 0, memory_bytes: 0, rows: 0, log: Vec::new() };
    for items in all.chunks(SUBJECTS_PER_CALL_MAX) {
        let run = case.run(plugin, items)?;
        total.answers.extend(run.answers);
        total.log.extend(run.log);
        total.fuel += run.fuel;
        total.rows += run.rows;
        total.memory_bytes = total.memory_bytes.max(run.memory_bytes);
    }
    Ok(total)
}

fn row(answer: &Value, unit: &str, language: &str) -> Vec<String> {
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |value: Option<&Value>| value.and_then(Value::as_f64).map(print::number);
    let Some(raw) = number(answer.get("raw")) else {
        let reason = answer.pointer(&format!("/reason/{language}")).and_then(Value::as_str).map(str::to_owned);
        let why = reason.unwrap_or_else(|| [text("message"), text("lacking")].concat());
        return vec![text("subject"), "–".to_owned(), String::new(), String::new(), why];
    };
    let labelled = |list: &str, value: &str| -> Vec<String> {
        let entries = answer.get(list).and_then(Value::as_array).into_iter().flatten();
        let in_words = |entry: &Value| {
            let label = entry.pointer(&format!("/label/{language}"))?.as_str()?;
            let unit = entry.get("unit").and_then(Value::as_str).filter(|unit| !unit.is_empty());
            let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
            Some(format!("{label} {}{unit}", number(entry.get(value))?))
        };
        entries.filter_map(in_words).collect()
    };
    let mut explained = labelled("parts", "points");
    explained.extend(labelled("figures", "value"));
    vec![
        text("subject"),
        format!("{raw} {unit}").trim().to_owned(),
        number(answer.get("sample")).unwrap_or_default(),
        number(answer.get("points")).unwrap_or_else(|| "–".to_owned()),
        explained.join(" · "),
    ]
}

/// For a person at a terminal; no result depends on it.
#[expect(clippy::disallowed_methods, reason = "times that a person reads are measured here, at the top")]
fn now() -> Instant {
    Instant::now()
}
