//! `daybreak insights`

use std::process::ExitCode;

use clap::Args;
use daybreak_app::narrate::{InsightOrder, Insights, Told};
use daybreak_domain::narration::months;
use daybreak_domain::time::Day;
use serde_json::{Value, json};

use crate::host::{HostOptions, today};
use crate::print::ListFormat;

/// Most faults that are printed.
const NAMED_MAX: usize = 20;

#[derive(Args)]
pub struct InsightsArgs {
    /// Only this person, department, customer or company.
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// Only this indicator.
    #[arg(long, value_name = "ID")]
    indicator: Option<String>,
    /// The day on which the charts are looked at; without one, today.
    #[arg(long, value_name = "DAY")]
    on: Option<Day>,
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

pub fn run(host: &HostOptions, args: InsightsArgs) -> anyhow::Result<ExitCode> {
    let report = host.with_company(|daybreak, company| async move {
        let on = args.on.unwrap_or_else(|| today(&company.zone));
        let order = InsightOrder { subject: args.subject, indicator: args.indicator, on };
        let report = daybreak.narrate(&company, &order).await?;
        let people = daybreak.people(&company).await?;
        let name = |id: &str| people.get(id).map(|person| person.name.clone());
        match args.format {
            ListFormat::Json => {
                let told: Vec<Value> = report.told.iter().map(|told| document(told, on)).collect();
                println!("{}", serde_json::to_string_pretty(&told)?);
            }
            ListFormat::Table => {
                for told in &report.told {
                    let subject = &told.drawn.subject;
                    let subject = name(subject).map_or_else(|| subject.clone(), |name| format!("{name} ({subject})"));
                    println!("{subject} · {}", told.drawn.indicator);
                    let Some(sentence) = &told.sentence else {
                        println!("  nothing to say");
                        continue;
                    };
                    println!("  {}", sentence.text.get(&host.language));
                    if let Some(next_step) = &sentence.next_step {
                        println!("  {}", next_step.get(&host.language));
                    }
                }
                if report.told.is_empty() && report.not_enabled == 0 && report.faults.is_empty() {
                    println!("no month of the last year is scored: see `daybreak score`");
                }
            }
        }
        Ok(report)
    })?;
    let Insights { not_enabled, faults, .. } = report;
    if not_enabled > 0 {
        eprintln!(
            "{not_enabled} charts have no insight plugin in the department: put one to use with \
             `daybreak enablement set --kind insight`"
        );
    }
    for (indicator, subject, fault) in faults.iter().take(NAMED_MAX) {
        eprintln!("{indicator} {subject}: {fault}");
    }
    if faults.len() > NAMED_MAX {
        eprintln!("and {} more: daybreak faults", faults.len() - NAMED_MAX);
    }
    Ok(if faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn document(told: &Told, on: Day) -> Value {
    let chart = &told.drawn.chart;
    let points: Vec<Value> = chart
        .series
        .iter()
        .flat_map(|series| &series.points)
        .zip(months_of(told, on))
        .map(|(point, month)| json!({ "month": month, "value": point.value, "complete": point.complete }))
        .collect();
    let items: Vec<Value> =
        chart.items.iter().map(|item| json!({ "label": item.label, "value": item.value })).collect();
    json!({
        "indicator": told.drawn.indicator,
        "subject_kind": told.drawn.subject_kind.name(),
        "subject": told.drawn.subject,
        "title": chart.title,
        "unit": chart.series.first().map(|series| &series.unit),
        "points": points,
        "target": chart.target,
        "baseline": chart.baseline,
        "higher_is_better": chart.higher_is_better,
        "items": items,
        "scores": told.drawn.scores,
        "enablement": told.enablement,
        "sentence": told.sentence,
        "is_news": told.is_news,
    })
}

/// The months that the chart shows: as many of the last as it has points.
fn months_of(told: &Told, on: Day) -> Vec<String> {
    let points = told.drawn.chart.series.first().map_or(0, |series| series.points.len());
    let months = months(on);
    months.iter().skip(months.len().saturating_sub(points)).map(ToString::to_string).collect()
}
