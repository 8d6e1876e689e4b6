//! `daybreak indicator`

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use daybreak_app::enable::{EnablementPlan, IndicatorSetting};
use daybreak_app::install::ALWAYS;
use daybreak_domain::indicator::{CEILING_DEFAULT, Direction, Rules};
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;

use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
pub struct IndicatorArgs {
    #[command(subcommand)]
    command: IndicatorCommand,
}

#[derive(Subcommand)]
enum IndicatorCommand {
    /// Define an indicator, set its parameters and grant what its plugin reads.
    ///
    /// Without --grant it only says what the plugin would read.
    Set(Box<SetArgs>),
    /// List all indicators.
    List,
}

#[derive(Args)]
struct SetArgs {
    /// Lower-case letters, digits and dashes.
    id: String,
    /// The name of an installed plugin.
    #[arg(long)]
    plugin: String,
    /// Who is scored: employee, department, customer or company.
    #[arg(long, default_value = "employee")]
    subject: SubjectKind,
    #[arg(long, value_name = "TEXT")]
    title_zh: String,
    #[arg(long, value_name = "TEXT")]
    title_en: String,
    /// higher-is-better or lower-is-better.
    #[arg(long, default_value = "higher-is-better")]
    direction: Direction,
    /// The unit of raw values, for example "h".
    #[arg(long, default_value = "")]
    unit: String,
    /// Most points that a score can have.
    #[arg(long, default_value_t = CEILING_DEFAULT)]
    ceiling: f64,
    /// A JSON file with the plugin's parameters.
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    /// The first day on which it holds; without one it holds for all of history.
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// Enable it for this department only; may be given several times.
    #[arg(long, value_name = "ID")]
    department: Vec<String>,
    /// Grant the plugin what it asks to read.
    #[arg(long)]
    grant: bool,
}

pub fn run(host: &HostOptions, args: IndicatorArgs) -> anyhow::Result<()> {
    match args.command {
        IndicatorCommand::Set(args) => set(host, *args),
        IndicatorCommand::List => list(host),
    }
}

fn set(host: &HostOptions, args: SetArgs) -> anyhow::Result<()> {
    let parameters_json = match &args.parameters {
        Some(file) => std::fs::read_to_string(file)
            .with_context(|| format!("the parameters {} cannot be read", file.display()))?,
        None => "{}".to_owned(),
    };
    let title = Localized::from_pairs(vec![("zh-CN".into(), args.title_zh), ("en".into(), args.title_en)])?;
    let setting = IndicatorSetting {
        id: args.id,
        title,
        subject_kind: args.subject,
        rules: Rules { direction: args.direction, unit: args.unit, ceiling: args.ceiling },
        plugin: args.plugin,
        parameters_json: parameters_json.trim().to_owned(),
        from: args.from.unwrap_or(ALWAYS),
        departments: args.department,
    };
    host.with_company(|daybreak, company| async move {
        let plan = if args.grant {
            daybreak.set_indicator(&company, &setting).await?
        } else {
            daybreak.plan_indicator(&company, &setting).await?
        };
        print_plan(&plan, &setting, &host.language);
        if args.grant {
            println!("granted; score it with: daybreak score");
        } else {
            println!("nothing was changed; to enable it, run the same command with --grant");
        }
        Ok(())
    })
}

fn print_plan(plan: &EnablementPlan, setting: &IndicatorSetting, language: &str) {
    println!("{} {} ({})", setting.id, setting.title.get(language), setting.subject_kind);
    for version in &plan.versions {
        let manifest = &version.component.manifest;
        println!("  {} {} ({})", manifest.name, manifest.version, version.component.digest.short());
        for need in &version.requirements.needs {
            println!("    {}", need.in_words(language));
        }
        if version.requirements.needs.is_empty() {
            println!("    reads no facts");
        }
    }
}

fn list(host: &HostOptions) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let indicators = daybreak.indicators(&company).await?;
        let rows: Vec<Vec<String>> = indicators
            .into_iter()
            .map(|indicator| {
                vec![
                    indicator.indicator,
                    indicator.title.get(&host.language).to_owned(),
                    indicator.subject_kind.to_string(),
                    indicator.rules.direction.to_string(),
                    indicator.rules.unit,
                    indicator.plugin,
                ]
            })
            .collect();
        print::table(&["ID", "TITLE", "SUBJECT", "DIRECTION", "UNIT", "PLUGIN"], &rows);
        Ok(())
    })
}
