//! `daybreak headcount`

use clap::Args;
use daybreak_domain::time::Day;
use serde_json::json;

use crate::commands::silence::Format;
use crate::host::{HostOptions, today};
use crate::print;

#[derive(Args)]
pub struct HeadcountArgs {
    /// The day; today unless it is given.
    #[arg(long, value_name = "DAY")]
    on: Option<Day>,
    /// As it was known when this number was the last one.
    #[arg(long, value_name = "NUMBER")]
    known_to: Option<i64>,
    #[arg(long, default_value = "text")]
    format: Format,
}

pub fn run(host: &HostOptions, args: &HeadcountArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let on = args.on.unwrap_or_else(|| today(&company.zone));
        let headcount = daybreak.headcount(&company, on, args.known_to).await?;
        if args.format == Format::Json {
            let departments: Vec<_> = headcount
                .departments
                .iter()
                .map(|count| {
                    json!({
                        "department": count.department,
                        "people": count.people,
                        "people_with_those_below": count.people_with_those_below,
                    })
                })
                .collect();
            let value = json!({
                "on": headcount.on.to_string(),
                "known_to": headcount.known_to,
                "people": headcount.people,
                "departments": departments,
            });
            println!("{value:#}");
            return Ok(());
        }
        let rows: Vec<Vec<String>> = headcount
            .departments
            .into_iter()
            .map(|count| {
                let department = count.department.unwrap_or_else(|| "-".to_owned());
                vec![department, count.people.to_string(), count.people_with_those_below.to_string()]
            })
            .collect();
        print::table(&["DEPARTMENT", "PEOPLE", "WITH THOSE BELOW"], &rows);
        println!("{} people on {on}", headcount.people);
        Ok(())
    })
}
