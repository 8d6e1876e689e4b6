//! `daybreak enablement`

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use daybreak_app::enablement::EnablementSetting;
use daybreak_app::install::ALWAYS;
use daybreak_domain::digest::Digest;
use daybreak_domain::plugin::PluginKind;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::text::Localized;
use daybreak_domain::time::Day;

use crate::host::HostOptions;
use crate::print;

#[derive(Args)]
pub struct EnablementArgs {
    #[command(subcommand)]
    command: EnablementCommand,
}

#[derive(Subcommand)]
enum EnablementCommand {
    /// Put a reweighting, insight or assistant plugin to use and grant what it reads.
    ///
    /// Without --grant it only says what the plugin would read.
    Set(Box<SetArgs>),
    /// End a plugin's use from a day on.
    End(EndArgs),
    /// List what is in use.
    List,
}

#[derive(Args)]
struct SetArgs {
    /// Lower-case letters, digits and dashes.
    id: String,
    /// assistant, insight or reweighting.
    #[arg(long)]
    kind: PluginKind,
    /// The name of an installed plugin.
    #[arg(long)]
    plugin: String,
    /// The version, by its digest; without one, the version that the company has pinned.
    #[arg(long, value_name = "DIGEST")]
    component: Option<Digest>,
    #[arg(long, value_name = "TEXT")]
    title_zh: String,
    #[arg(long, value_name = "TEXT")]
    title_en: String,
    /// Whom an assistant watches: employee, department, customer or company.
    #[arg(long, default_value = "customer")]
    subject: SubjectKind,
    /// A JSON file with the plugin's parameters.
    #[arg(long, value_name = "FILE")]
    parameters: Option<PathBuf>,
    /// The first day on which it holds; without one it holds for all of history.
    #[arg(long, value_name = "DAY")]
    from: Option<Day>,
    /// For this department only.
    #[arg(long, value_name = "ID")]
    department: Option<String>,
    /// Grant the plugin what it asks to read.
    #[arg(long)]
    grant: bool,
}

#[derive(Args)]
struct EndArgs {
    id: String,
    #[arg(long, value_name = "ID")]
    department: Option<String>,
    /// The first day on which it holds no more.
    #[arg(long, value_name = "DAY")]
    from: Day,
}

pub fn run(host: &HostOptions, args: EnablementArgs) -> anyhow::Result<()> {
    match args.command {
        EnablementCommand::Set(args) => set(host, *args),
        EnablementCommand::End(args) => host.with_company(|daybreak, company| async move {
            daybreak.disable_plugin(&company, &args.id, args.department.as_deref(), args.from).await?;
            println!("{} ends on {}", args.id, args.from);
            Ok(())
        }),
        EnablementCommand::List => list(host),
    }
}

fn set(host: &HostOptions, args: SetArgs) -> anyhow::Result<()> {
    let parameters_json = match &args.parameters {
        Some(file) => std::fs::read_to_string(file)
            .with_context(|| format!("the parameters {} cannot be read", file.display()))?,
        None => "{}".to_owned(),
    };
    let setting = EnablementSetting {
        id: args.id,
        kind: args.kind,
        plugin: args.plugin,
        component: args.component,
        title: Localized::from_pairs(vec![("zh-CN".into(), args.title_zh), ("en".into(), args.title_en)])?,
        subject_kind: args.subject,
        parameters_json: parameters_json.trim().to_owned(),
        from: args.from.unwrap_or(ALWAYS),
        department: args.department,
    };
    host.with_company(|daybreak, company| async move {
        let plan = if args.grant {
            daybreak.enable_plugin(&company, &setting).await?
        } else {
            daybreak.plan_enablement(&company, &setting).await?
        };
        let manifest = &plan.component.manifest;
        println!("{} {} ({})", setting.id, setting.title.get(&host.language), setting.kind);
        println!("  {} {} ({})", manifest.name, manifest.version, plan.component.digest.short());
        for need in &plan.requirements.needs {
            println!("    {}", need.in_words(&host.language));
        }
        for kind in &plan.requirements.circumstances {
            println!("    is told of circumstances of the kind {kind}");
        }
        if plan.requirements.needs.is_empty() {
            println!("    reads no facts");
        }
        if args.grant {
            println!("granted");
        } else {
            println!("nothing was changed; to enable it, run the same command with --grant");
        }
        Ok(())
    })
}

fn list(host: &HostOptions) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let enablements = daybreak.enablements_now(&company).await?;
        let rows: Vec<Vec<String>> = enablements
            .into_iter()
            .map(|enablement| {
                vec![
                    enablement.enablement,
                    enablement.kind.to_string(),
                    enablement.title.get(&host.language).to_owned(),
                    enablement.plugin,
                    enablement.component.short(),
                    enablement.department.unwrap_or_default(),
                ]
            })
            .collect();
        print::table(&["ID", "KIND", "TITLE", "PLUGIN", "COMPONENT", "DEPARTMENT"], &rows);
        Ok(())
    })
}
