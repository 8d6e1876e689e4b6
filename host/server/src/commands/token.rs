//! `daybreak token`

use clap::{Args, Subcommand};
use daybreak_domain::access::{ApiToken, Scope};
use daybreak_domain::time::Instant;

use crate::host::{HostOptions, now};
use crate::print;

const DAY: i64 = 24 * 60 * 60 * 1_000;

#[derive(Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    command: TokenCommand,
}

#[derive(Subcommand)]
enum TokenCommand {
    /// List tokens, also those that can no longer be used.
    List,
    /// Make a token for another system and print its secret, which is shown this once.
    Create {
        /// What it is for, as people will read it in lists.
        name: String,
        /// What it may do, such as facts:write; may be given several times.
        #[arg(long = "scope", value_name = "SCOPE", required = true)]
        scopes: Vec<Scope>,
        /// After how many days it expires.
        #[arg(long, value_name = "N")]
        days: u16,
    },
    /// End a token at once.
    Revoke {
        /// The token's id, not its secret.
        id: String,
    },
}

pub fn run(host: &HostOptions, args: TokenArgs) -> anyhow::Result<()> {
    host.with_company(|daybreak, company| async move {
        match args.command {
            TokenCommand::List => {
                let now = now();
                let day = |instant: Instant| company.zone.day_of(instant).to_string();
                let rows: Vec<Vec<String>> = daybreak
                    .tokens(&company)
                    .await?
                    .into_iter()
                    .map(|token| {
                        let scopes = words(&token);
                        let state = match token.revoked_at {
                            Some(at) => format!("revoked on {}", day(at)),
                            None if token.is_valid(now) => format!("until {}", day(token.expires_at)),
                            None => format!("expired on {}", day(token.expires_at)),
                        };
                        let used = token.last_used_at.map(day).unwrap_or_default();
                        vec![token.id, token.name, scopes, state, used]
                    })
                    .collect();
                print::table(&["ID", "NAME", "SCOPES", "STATE", "LAST USED"], &rows);
            }
            TokenCommand::Create { name, scopes, days } => {
                let expires_at = Instant(now().0 + i64::from(days) * DAY);
                let scopes = scopes.into_iter().collect();
                let created = daybreak.create_token(&company, &name, &scopes, expires_at).await?;
                println!("{} ({}): {}", created.token.id, created.token.name, words(&created.token));
                println!("  {}", created.secret);
                println!("  until {}; keep it now, it is shown this once", company.zone.local(expires_at));
            }
            TokenCommand::Revoke { id } => {
                let token = daybreak.revoke_token(&company, &id).await?;
                println!("{} ({}) is revoked", token.id, token.name);
            }
        }
        Ok(())
    })
}

fn words(token: &ApiToken) -> String {
    token.scopes.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(" ")
}
