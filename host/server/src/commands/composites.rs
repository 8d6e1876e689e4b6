//! `daybreak composites`

use clap::Args;
use daybreak_domain::composite::{CompositeOutcome, Points};
use daybreak_domain::period::Period;
use daybreak_domain::shares::percent;
use daybreak_storage::{CompositeQuery, StoredComposite};

use crate::host::HostOptions;
use crate::print::{number, table};

#[derive(Args)]
pub struct CompositesArgs {
    /// A month, a quarter or a year; without one, all of them.
    #[arg(long)]
    period: Option<Period>,
    /// Only this employee.
    #[arg(long, value_name = "ID")]
    employee: Option<String>,
    /// Most composites that are shown.
    #[arg(long, default_value_t = 2_000)]
    most: u32,
}

pub fn run(host: &HostOptions, args: CompositesArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let query = CompositeQuery {
            employee: args.employee,
            period: args.period,
            most: args.most,
            ..CompositeQuery::default()
        };
        let people = daybreak.people(&company).await?;
        let mut composites = daybreak.composites(&company, &query).await?;
        if composites.len() >= args.most as usize {
            eprintln!("only {} composites are shown: name a period or an employee, or raise --most", args.most);
        }
        composites.sort_by_key(|stored| {
            let receipt = &stored.composite.receipt;
            (receipt.period, receipt.employee.clone())
        });
        let language = host.language.as_str();
        let rows: Vec<Vec<String>> = composites
            .iter()
            .map(|stored| {
                let employee = &stored.composite.receipt.employee;
                let name = people.get(employee).map_or(employee, |person| &person.name);
                row(stored, name, language)
            })
            .collect();
        table(&["COMPOSITE", "PERIOD", "WHO", "POINTS", "COVERAGE", "DIMENSIONS", "MISSING"], &rows);
        Ok(())
    })
}

fn row(stored: &StoredComposite, name: &str, language: &str) -> Vec<String> {
    let (receipt, outcome) = (&stored.composite.receipt, &stored.composite.outcome);
    let points = |points: &Points| match points {
        Points::Computed { points } => number(*points),
        Points::NotComputable { .. } => "-".to_owned(),
    };
    let mut missing: Vec<String> = match outcome.points() {
        Points::Computed { .. } => Vec::new(),
        Points::NotComputable { reason } => vec![reason.get(language).to_owned()],
    };
    let dimensions: Vec<String> = match outcome {
        CompositeOutcome::Month(month) => {
            missing.extend(month.missing.iter().map(|indicator| {
                let share = percent(u64::from(indicator.share));
                format!("{} ({share}): {}", indicator.indicator, indicator.reason.get(language))
            }));
            month
                .dimensions
                .iter()
                .map(|part| format!("{} {} ({})", part.dimension, points(&part.points), percent(u64::from(part.share))))
                .collect()
        }
        CompositeOutcome::Months(months) => {
            missing
                .extend(months.missing.iter().map(|month| format!("{}: {}", month.month, month.reason.get(language))));
            Vec::new()
        }
    };
    if let Some(shares) = &stored.composite.shares {
        missing.extend(shares.failed.iter().map(|failed| format!("the policy {} failed", failed.policy)));
    }
    vec![
        stored.sequence.to_string(),
        receipt.period.to_string(),
        name.to_owned(),
        points(outcome.points()),
        percent(u64::from(outcome.coverage())),
        dimensions.join(", "),
        missing.join("; "),
    ]
}
