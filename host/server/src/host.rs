//! Putting the host together: the data folder, the database, the engine, the clock and the ids.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use clap::Args;
use daybreak_app::Daybreak;
use daybreak_domain::clock::{Clock, IdSource};
use daybreak_domain::company::Company;
use daybreak_domain::time::{Instant, Zone};
use daybreak_engine::{Engine, EngineOptions, Limits};
use daybreak_storage::{Address, Store};

/// The database of a host that is not told of another one.
const DATABASE: &str = "daybreak.db";

/// Settings of this host, in its data folder.
const CONFIGURATION: &str = "daybreak.toml";

#[derive(Args)]
pub struct HostOptions {
    /// The folder that holds the database and the compiled plugins.
    #[arg(long, global = true, env = "DAYBREAK_DATA", default_value = "daybreak-data", value_name = "DIR")]
    pub data: PathBuf,
    /// Where the rows are kept: `postgres://user:password@host/database`, or `sqlite:FILE`. Without it, what daybreak.toml
    /// in the data folder says, else the file daybreak.db there.
    #[arg(long, global = true, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database: Option<Address>,
    /// The company; may be left out while there is only one.
    #[arg(long, global = true, env = "DAYBREAK_COMPANY", value_name = "ID")]
    pub company: Option<String>,
    /// The language of titles and reasons.
    #[arg(long, global = true, env = "DAYBREAK_LANGUAGE", default_value = "en", value_parser = ["en", "zh-CN"])]
    pub language: String,
}

impl HostOptions {
    /// Opens the host, makes its data folder if it is not there, and runs one use case to its end.
    pub fn with_new_host<T, F, Fut>(&self, use_case: F) -> anyhow::Result<T>
    where
        F: FnOnce(Daybreak) -> Fut,
        Fut: Future<Output = anyhow::Result<T>>,
    {
        std::fs::create_dir_all(&self.data).with_context(|| {
            format!("the data folder {} cannot be made; choose another with --data", self.data.display())
        })?;
        self.run(use_case)
    }

    /// Opens the host where it is and runs one use case.
    pub fn with_host<T, F, Fut>(&self, use_case: F) -> anyhow::Result<T>
    where
        F: FnOnce(Daybreak) -> Fut,
        Fut: Future<Output = anyhow::Result<T>>,
    {
        self.run(use_case)
    }

    fn run<T, F, Fut>(&self, use_case: F) -> anyhow::Result<T>
    where
        F: FnOnce(Daybreak) -> Fut,
        Fut: Future<Output = anyhow::Result<T>>,
    {
        check_now()?;
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let daybreak = self.open().await?;
            use_case(daybreak).await
        })
    }

    /// Opens the host where it is and runs one use case for one company.
    pub fn with_company<T, F, Fut>(&self, use_case: F) -> anyhow::Result<T>
    where
        F: FnOnce(Daybreak, Company) -> Fut,
        Fut: Future<Output = anyhow::Result<T>>,
    {
        if let Address::File(path) = self.address()?
            && !path.is_file()
        {
            bail!(
                "there is no company in {}: run `daybreak init`, or name the folder with --data or DAYBREAK_DATA",
                self.data.display()
            );
        }
        self.run(|daybreak| async move {
            let company = daybreak.company(self.company.as_deref()).await?;
            use_case(daybreak, company).await
        })
    }

    /// The database that the command line, the environment or the configuration chooses.
    pub fn address(&self) -> anyhow::Result<Address> {
        if let Some(address) = &self.database {
            return Ok(address.clone());
        }
        let path = self.data.join(CONFIGURATION);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(error).with_context(|| format!("{} cannot be read", path.display()));
            }
        };
        let configuration: Configuration =
            toml::from_str(&text).with_context(|| format!("{} is no configuration", path.display()))?;
        match configuration.database {
            Some(url) => url.parse().with_context(|| format!("{}: database", path.display())),
            None => Ok(Address::File(self.data.join(DATABASE))),
        }
    }

    async fn open(&self) -> anyhow::Result<Daybreak> {
        let store = Store::open(&self.address()?).await?;
        let engine =
            Engine::new(EngineOptions { artefacts: Some(self.data.join("artefacts")), limits: Limits::default() })?;
        Ok(Daybreak::new(store, engine, Arc::new(MachineClock), Arc::new(RandomIds)))
    }
}

/// `daybreak.toml`
#[derive(Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Configuration {
    /// As `--database`.
    database: Option<String>,
}

/// What time it is said to be instead of the machine's.
const NOW: &str = "DAYBREAK_NOW";

/// A time that is none is refused at the start rather than ignored.
fn check_now() -> anyhow::Result<()> {
    match std::env::var(NOW) {
        Ok(text) if text.parse::<jiff::Timestamp>().is_err() => {
            bail!("{NOW} is {text:?}, which is no time: write it like 2026-07-01T01:00:00Z, or unset it")
        }
        _ => Ok(()),
    }
}

/// The machine's clock, unless `DAYBREAK_NOW` says what time it is: a demonstration or a test then always takes place
/// at the same moment.
pub struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the host reads the time")]
    fn now(&self) -> Instant {
        if let Ok(text) = std::env::var(NOW)
            && let Ok(timestamp) = text.parse::<jiff::Timestamp>()
        {
            return Instant(timestamp.as_millisecond());
        }
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Ids and secrets from the machine's randomness: ids of 125 bits, so that no two are ever equal.
pub struct RandomIds;

impl IdSource for RandomIds {
    fn new_id(&self, prefix: &str) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let letters: String =
            random_bytes::<25>().iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
        format!("{prefix}_{letters}")
    }

    fn secret(&self) -> [u8; 32] {
        random_bytes()
    }
}

#[expect(clippy::panic, reason = "without randomness no id is safe, and a machine that has none runs nothing else")]
fn random_bytes<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0_u8; LENGTH];
    getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the machine gives no random bytes: {error}"));
    bytes
}

/// A moment as somebody types it: with an offset, or as the company's clocks show it.
#[derive(Clone, Debug)]
pub enum Moment {
    Instant(Instant),
    Local(jiff::civil::DateTime),
}

impl std::str::FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
            return Ok(Self::Instant(Instant(timestamp.as_millisecond())));
        }
        let wrong = |_| {
            format!("{text:?} is no time: write 2026-06-01T09:00:00Z, or 2026-06-01T09:00 in the company's time zone")
        };
        text.parse().map(Self::Local).map_err(wrong)
    }
}

impl Moment {
    pub fn instant(self, zone: &Zone) -> Instant {
        match self {
            Self::Instant(instant) => instant,
            Self::Local(local) => zone.instant_of(local),
        }
    }
}

/// What time it is for whoever types a command.
pub fn now() -> Instant {
    MachineClock.now()
}

/// Today in the company's time zone.
pub fn today(zone: &Zone) -> daybreak_domain::time::Day {
    zone.day_of(now())
}
