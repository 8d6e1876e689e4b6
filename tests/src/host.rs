//! Hosts inside the test's own process, for what the binary cannot show: several at once, and clocks that move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use daybreak_app::Daybreak;
use daybreak_domain::clock::{Clock, IdSource};
use daybreak_domain::digest::Digest;
use daybreak_domain::time::Instant;
use daybreak_engine::{Engine, EngineOptions};
use daybreak_storage::{Address, Store};

use crate::company::TestCompany;

/// A clock that stands still until somebody moves it.
pub struct HandClock(AtomicI64);

impl HandClock {
    /// A clock that shows this moment (RFC 3339).
    #[must_use]
    pub fn new(now: &str) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(now.parse::<jiff::Timestamp>().expect("a time").as_millisecond())))
    }

    /// Moves it forward.
    pub fn advance(&self, milliseconds: i64) {
        self.0.fetch_add(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

/// Ids that no other host of the same test gives.
struct NumberedIds {
    host: usize,
    next: AtomicU64,
}

impl IdSource for NumberedIds {
    fn new_id(&self, prefix: &str) -> String {
        format!("{prefix}_{}x{}", self.host, self.next.fetch_add(1, Ordering::Relaxed))
    }

    fn secret(&self) -> [u8; 32] {
        *Digest::of(self.new_id("secret").as_bytes()).as_bytes()
    }
}

/// Where the company's rows are kept.
#[must_use]
pub fn address(company: &TestCompany) -> Address {
    match company.url() {
        Some(url) => url.parse().expect("an address"),
        None => Address::File(company.database()),
    }
}

/// A store of its own on the company's database.
pub async fn store(company: &TestCompany) -> Store {
    Store::open(&address(company)).await.expect("the database opens")
}

/// A host with connections and an engine of its own; `number` tells it from the others of the test.
pub async fn host(company: &TestCompany, number: usize, clock: &Arc<HandClock>) -> Daybreak {
    let artefacts = Some(company.folder().join("data/artefacts"));
    let engine = Engine::new(EngineOptions { artefacts, ..EngineOptions::default() }).expect("an engine");
    let ids = NumberedIds { host: number, next: AtomicU64::new(0) };
    Daybreak::new(store(company).await, engine, Arc::clone(clock) as Arc<dyn Clock>, Arc::new(ids))
}
