//! `daybreak audit`

use clap::Args;
use daybreak_domain::audit::{AuditQuery, AuditRecord, PAGE_MAX};
use daybreak_domain::author::{Author, AuthorKind};
use serde_json::{Value, json};

use crate::host::HostOptions;
use crate::print::ListFormat;

#[derive(Args)]
pub struct AuditArgs {
    /// Only changes of this sort of thing, for example person, scorecard or task.
    #[arg(long, value_name = "WHAT")]
    what: Option<String>,
    /// Only changes of the one with this id.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Only changes by the person, the token or the webhook with this id.
    #[arg(long, value_name = "ID")]
    author: Option<String>,
    /// Only changes by this kind of author: person, token, webhook, command-line or host.
    #[arg(long, value_name = "KIND")]
    author_kind: Option<AuthorKind>,
    /// Only actions that begin like this, for example person.move.
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// Only entries before the one with this number: the page that follows.
    #[arg(long, value_name = "NUMBER")]
    before: Option<i64>,
    /// Most entries that are shown, the newest first.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=i64::from(PAGE_MAX)))]
    most: u32,
    #[arg(long, value_enum, default_value = "table")]
    format: ListFormat,
}

pub fn run(host: &HostOptions, args: AuditArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        let query = AuditQuery {
            what: args.what,
            id: args.id,
            author_kind: args.author_kind,
            author: args.author,
            action: args.action,
            before_audit: args.before,
            most: args.most,
        };
        let page = daybreak.audit(&company, &query).await?;
        match args.format {
            ListFormat::Json => {
                let records: Vec<Value> = page.records.iter().map(document).collect();
                println!("{}", serde_json::to_string_pretty(&records)?);
            }
            ListFormat::Table if page.records.is_empty() => println!("no changes"),
            ListFormat::Table => {
                for record in &page.records {
                    let at = company.zone.local(record.at);
                    println!("{} {at} {}: {} {}", record.audit, by(&record.author), record.action, record.id);
                    for (name, document) in [("before", &record.before), ("after", &record.after)] {
                        if let Some(document) = document {
                            println!("  {name}: {document}");
                        }
                    }
                }
                if let Some(earlier) = page.earlier {
                    println!("there are earlier ones: show them with --before {earlier}");
                }
            }
        }
        Ok(())
    })
}

fn by(author: &Author) -> String {
    if author.id.is_empty() { author.kind.to_string() } else { format!("{} {}", author.kind, author.id) }
}

fn document(record: &AuditRecord) -> Value {
    json!({
        "audit": record.audit,
        "at": record.at,
        "author_kind": record.author.kind.word(),
        "author": record.author.id,
        "request": record.author.request,
        "action": record.action,
        "what": record.what,
        "id": record.id,
        "before": record.before,
        "after": record.after,
    })
}
