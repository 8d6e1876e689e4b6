//! `daybreak silence`

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use daybreak_app::silence::SilenceQuery;
use daybreak_domain::company::Person;
use daybreak_domain::time::Day;
use serde_json::json;

use crate::host::{HostOptions, today};
use crate::print;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

#[derive(Args)]
pub struct SilenceArgs {
    /// The kind of facts that breaks the silence.
    #[arg(long)]
    kind: String,
    /// How many days, up to and including the day.
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// The day; today unless it is given.
    #[arg(long, value_name = "DAY")]
    on: Option<Day>,
    /// As it was known when this number was the last one.
    #[arg(long, value_name = "NUMBER")]
    known_to: Option<i64>,
    /// Leave out who is absent on the day.
    #[arg(long)]
    without_absent: bool,
    #[arg(long, default_value = "text")]
    format: Format,
}

pub fn run(host: &HostOptions, args: SilenceArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let on = args.on.unwrap_or_else(|| today(&company.zone));
        let SilenceArgs { kind, days, known_to, without_absent, format, .. } = args;
        let query = SilenceQuery { kind, days, on, known_to, without_absent };
        let silence = daybreak.silence(&company, &query).await?;
        let managers = silence.managers.iter();
        if format == Format::Json {
            let teams = managers
                .map(|team| json!({ "manager": team.manager, "silent": team.people.len(), "people": team.people }));
            let value = json!({
                "kind": query.kind,
                "days": query.days,
                "on": on.to_string(),
                "known_to": silence.known_to,
                "employed": silence.employed,
                "active": silence.active,
                "absent": silence.absent,
                "silent": silence.silent,
                "managers_alerted": silence.managers.iter().filter(|team| team.manager.is_some()).count(),
                "managers": teams.collect::<Vec<_>>(),
            });
            println!("{value:#}");
            return Ok(());
        }
        let people: BTreeMap<String, Person> = daybreak.people(&company).await?;
        let shown = |id: &String| {
            let person = people.get(id);
            person.map_or_else(|| id.clone(), |person| print::name(&person.name, person.erased, &host.language))
        };
        let rows: Vec<Vec<String>> = managers
            .map(|team| {
                let manager = team.manager.as_ref().map_or_else(|| "-".to_owned(), shown);
                let people = team.people.iter().map(shown).collect::<Vec<_>>().join(", ");
                vec![manager, team.people.len().to_string(), people]
            })
            .collect();
        print::table(&["MANAGER", "SILENT", "WHO"], &rows);
        println!(
            "{} employed on {on}, {} active in the last {} days, {} absent, {} silent",
            silence.employed, silence.active, query.days, silence.absent, silence.silent
        );
        Ok(())
    })
}
