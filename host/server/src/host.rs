//! Putting the host together: the data folder, the database, the engine, the clock and the ids.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use clap::Args;
use daybreak_app::Daybreak;
use daybreak_domain::clock::{Clock, IdSource};
use daybreak_domain::company::Company;
use daybreak_domain::time::{Instant, Zone};
use daybreak_engine::{Engine, EngineOptions, Limits};
use daybreak_storage::Store;

#[derive(Args)]
pub struct HostOptions {
    /// The folder that holds the database and the compiled plugins.
    #[arg(long, global = true, env = "DAYBREAK_DATA", default_value = "daybreak-data", value_name = "DIR")]
    pub data: PathBuf,
    /// The company; may be left out while there is only one.
    #[arg(long, global = true, env = "DAYBREAK_COMPANY", value_name = "ID")]
    pub company: Option<String>,
    /// The language of titles and reasons.
    #[arg(long, global = true, env = "DAYBREAK_LANGUAGE", default_value = "en", value_parser = ["en", "zh-CN"])]
    pub language: String,
}

impl HostOptions {
    /// Opens the host and runs one use case to its end.
    pub fn with_host<T, F, Fut>(&self, use_case: F) -> anyhow::Result<T>
    where
        F: FnOnce(Daybreak) -> Fut,
        Fut: Future<Output = anyhow::Result<T>>,
    {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(async {
            let daybreak = self.open().await?;
            use_case(daybreak).await
        })
    }

    /// Like [`Self::with_host`], for one company.
    pub fn with_company<T, F, Fut>(&self, use_case: F) -> anyhow::Result<T>
    where
        F: FnOnce(Daybreak, Company) -> Fut,
        Fut: Future<Output = anyhow::Result<T>>,
    {
        self.with_host(|daybreak| async move {
            let company = daybreak.company(self.company.as_deref()).await?;
            use_case(daybreak, company).await
        })
    }

    async fn open(&self) -> anyhow::Result<Daybreak> {
        std::fs::create_dir_all(&self.data).with_context(|| {
            format!("the data folder {} cannot be made; choose another with --data", self.data.display())
        })?;
        let store = Store::open(&self.data.join("daybreak.db")).await?;
        let engine =
            Engine::new(EngineOptions { artefacts: Some(self.data.join("artefacts")), limits: Limits::default() })?;
        Ok(Daybreak::new(store, engine, Arc::new(MachineClock), Arc::new(RandomIds)))
    }
}

/// The machine's clock, unless `DAYBREAK_NOW` says what time it is: a demonstration or a test then always takes place
/// at the same moment.
pub struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the host reads the time")]
    fn now(&self) -> Instant {
        if let Ok(text) = std::env::var("DAYBREAK_NOW")
            && let Ok(timestamp) = text.parse::<jiff::Timestamp>()
        {
            return Instant(timestamp.as_millisecond());
        }
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Ids from the machine's randomness: 125 bits, so that no two are ever equal.
pub struct RandomIds;

impl IdSource for RandomIds {
    #[expect(clippy::panic, reason = "without randomness no id is safe, and a machine that has none runs nothing else")]
    fn new_id(&self, prefix: &str) -> String {
        const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut bytes = [0_u8; 25];
        getrandom::fill(&mut bytes).unwrap_or_else(|error| panic!("the machine gives no random bytes: {error}"));
        let letters: String = bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
        format!("{prefix}_{letters}")
    }
}

/// Today in the company's time zone.
pub fn today(zone: &Zone) -> daybreak_domain::time::Day {
    zone.day_of(MachineClock.now())
}
