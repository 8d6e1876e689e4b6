//! Putting the host together: the data folder, the database, the engine, the clock and the ids.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use clap::Args;
use daybreak_app::Daybreak;
use daybreak_domain::clock::{Clock, IdSource};
use daybreak_domain::company::Company;
use daybreak_domain::time::{Instant, Zone};
use daybreak_engine::{Engine, EngineOptions, Limits};
use daybreak_storage::{Address, Store};

use crate::commands::compile_component;
use crate::configuration::{Configuration, ConfigurationError, Given};

#[derive(Args)]
pub struct HostOptions {
    /// The folder that holds the database and the compiled plugins.
    #[arg(long, global = true, env = "DAYBREAK_DATA", default_value = "daybreak-data", value_name = "DIR")]
    pub data: PathBuf,
    /// Where the rows are kept: `postgres://user:password@host/database`, or `sqlite:FILE`. Without it, what
    /// `DAYBREAK_DATABASE` or `DATABASE_URL` in the environment says, or daybreak.toml in the data folder, else the file
    /// daybreak.db there.
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<Address>,
    /// Any setting for this one command; `daybreak config` shows which there are.
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = setting)]
    pub set: Vec<(String, String)>,
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
        private_folder(&self.data)?;
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

    /// Opens the host where there is at least one company, and runs it for all of them.
    pub fn with_served_host<T, F, Fut>(&self, use_case: F) -> anyhow::Result<T>
    where
        F: FnOnce(Daybreak) -> Fut,
        Fut: Future<Output = anyhow::Result<T>>,
    {
        self.check_file()?;
        self.run(use_case)
    }

    /// Opens the host where it is and runs one use case for one company.
    pub fn with_company<T, F, Fut>(&self, use_case: F) -> anyhow::Result<T>
    where
        F: FnOnce(Daybreak, Company) -> Fut,
        Fut: Future<Output = anyhow::Result<T>>,
    {
        self.check_file()?;
        self.run(|daybreak| async move {
            let company = daybreak.company(self.company.as_deref()).await?;
            use_case(daybreak, company).await
        })
    }

    /// Looking for a company must not make an empty database.
    fn check_file(&self) -> anyhow::Result<()> {
        match self.address()? {
            Address::File(path) if !path.is_file() => bail!(
                "there is no company in {}: run `daybreak init`, or name the folder with --data or DAYBREAK_DATA",
                self.data.display()
            ),
            _ => Ok(()),
        }
    }

    /// The settings in force.
    pub fn configuration(&self) -> Result<Configuration, ConfigurationError> {
        self.configuration_with(Vec::new())
    }

    /// The settings in force where a command has options of its own for some, which count before all others.
    pub fn configuration_with(&self, own: Vec<Given>) -> Result<Configuration, ConfigurationError> {
        let from = || "the command line".to_owned();
        let set = self.set.iter().map(|(key, value)| Given { key: key.clone(), value: value.clone(), from: from() });
        let database = self.database.iter().map(|value| {
            let value = match value {
                Address::File(path) => format!("sqlite:{}", path.display()),
                Address::Server(url) => url.clone(),
            };
            Given { key: "database".to_owned(), value, from: from() }
        });
        Configuration::read(&self.data, set.chain(database).chain(own).collect())
    }

    /// The database that the command line, the environment or the configuration chooses.
    pub fn address(&self) -> anyhow::Result<Address> {
        Ok(self.configuration()?.database)
    }

    async fn open(&self) -> anyhow::Result<Daybreak> {
        let configuration = self.configuration()?;
        let store = Store::open(&configuration.database).await?;
        let limits = &configuration.limits;
        let engine = Engine::new(EngineOptions {
            artefacts: Some(self.data.join("artefacts")),
            compiler: Some(compile_component::compiler(limits.compile_bytes, limits.compile_time.as_secs())?),
            limits: Limits::default(),
        })?;
        Ok(Daybreak::new(store, engine, Arc::new(MachineClock), Arc::new(RandomIds)))
    }
}

/// Makes the data folder, if it is not there, so that nobody else on this machine can look into it.
pub fn private_folder(path: &Path) -> anyhow::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(path)
        .with_context(|| format!("the data folder {} cannot be made; choose another with --data", path.display()))
}

/// `KEY=VALUE` of the command line.
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => Ok((key.trim().to_owned(), value.trim().to_owned())),
        _ => Err("write KEY=VALUE, such as limits.burst=100".to_owned()),
    }
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

    #[expect(clippy::disallowed_methods, reason = "this is the one place where the host measures how long things take")]
    fn elapsed(&self) -> Duration {
        static BEGINNING: OnceLock<std::time::Instant> = OnceLock::new();
        BEGINNING.get_or_init(std::time::Instant::now).elapsed()
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
