//! What every use case works with.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use daybreak_domain::author::{Author, AuthorKind};
use daybreak_domain::clock::{Clock, IdSource};
use daybreak_domain::company::Company;
use daybreak_domain::digest::Digest;
use daybreak_domain::time::{Day, Instant};
use daybreak_engine::{Engine, Plugin};
use daybreak_storage::Store;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::access::AccessState;
use crate::day::DaysHeld;
use crate::error::AppError;
use crate::figures::Transactions;
use crate::job::KeptFiles;
use crate::news::Channels;

/// Most plugins that are held ready; beyond that all are let go and loaded again when they are needed.
const PLUGINS_MAX: usize = 256;

/// Most plugins and packs that are received, checked and compiled at once: each is held in memory as a whole, and what is
/// compiled waits for what is compiled before it.
pub const INTAKES_MAX: usize = 4;

/// The host: its database, its engine, the clock and ids it was given, and on whose behalf it acts. Cheap to clone.
#[derive(Clone)]
pub struct Daybreak {
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    pub(crate) author: Arc<Author>,
    pub(crate) access: Arc<AccessState>,
    /// Where files are kept for a while; none where nobody sends any.
    pub(crate) files: Option<Arc<KeptFiles>>,
    pub(crate) days: Arc<DaysHeld>,
    pub(crate) channels: Arc<Channels>,
    plugins: Arc<Mutex<HashMap<Digest, Plugin>>>,
    intakes: Arc<Semaphore>,
    /// One of those that are received at once, as long as anybody works on it.
    intake: Option<Arc<OwnedSemaphorePermit>>,
}

impl Daybreak {
    /// The host as its own command line uses it.
    #[must_use]
    pub fn new(store: Store, engine: Engine, clock: Arc<dyn Clock>, ids: Arc<dyn IdSource>) -> Self {
        let store = store.watched_by(Arc::new(Transactions(clock.clone())));
        let author = Arc::new(Author::command_line());
        Self {
            store,
            engine,
            clock,
            ids,
            author,
            access: Arc::default(),
            days: Arc::default(),
            channels: Arc::default(),
            files: None,
            plugins: Arc::default(),
            intakes: Arc::new(Semaphore::new(INTAKES_MAX)),
            intake: None,
        }
    }

    /// The same host, acting on behalf of somebody else: what it changes from now on is noted with this author.
    #[must_use]
    pub fn acting(&self, author: Author) -> Self {
        Self { author: Arc::new(author), ..self.clone() }
    }

    /// The same host, with a folder to keep files in for a while.
    pub(crate) fn with_files(&self, files: KeptFiles) -> Self {
        Self { files: Some(Arc::new(files)), ..self.clone() }
    }

    /// The same host, taking in what somebody sends: a plugin or a pack, which must not be received before.
    pub fn taking_in(&self) -> Result<Self, AppError> {
        let permit = self.intakes.clone().try_acquire_owned().map_err(|_| AppError::IntakesBusy)?;
        Ok(Self { intake: Some(Arc::new(permit)), ..self.clone() })
    }

    /// Does work that takes a while on a thread of its own. Nobody can stop it there, so what is taken in counts as such until
    /// it has ended, also when whoever sent it no longer waits.
    pub(crate) async fn aside<Done: Send + 'static>(
        &self,
        work: impl FnOnce() -> Done + Send + 'static,
    ) -> Result<Done, AppError> {
        let intake = self.intake.clone();
        let work = move || {
            let done = work();
            drop(intake);
            done
        };
        Ok(tokio::task::spawn_blocking(work).await?)
    }

    /// The same host, acting on behalf of a person, with the request that it acts for already.
    pub(crate) fn acting_as_person(&self, person: &str) -> Self {
        let request = self.author.request.clone();
        self.acting(Author { kind: AuthorKind::Person, id: person.to_owned(), request })
    }

    /// On whose behalf the host acts.
    #[must_use]
    pub fn author(&self) -> &Author {
        &self.author
    }

    /// What time it is.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// How long the host has run, for measuring how long something takes.
    #[must_use]
    pub fn elapsed(&self) -> std::time::Duration {
        self.clock.elapsed()
    }

    /// Today in the company's time zone.
    #[must_use]
    pub fn today(&self, company: &Company) -> Day {
        company.zone.day_of(self.clock.now())
    }

    /// An id that nothing else has; it begins with the prefix.
    #[must_use]
    pub fn new_id(&self, prefix: &str) -> String {
        self.ids.new_id(prefix)
    }

    /// 256 bits that nobody can guess, other ones each time.
    #[must_use]
    pub fn chance(&self) -> [u8; 32] {
        self.ids.secret()
    }

    /// Whether the database answers.
    pub async fn check_database(&self) -> Result<(), AppError> {
        self.store.companies().await?;
        Ok(())
    }

    /// Changes whenever this process has committed something that has a number.
    #[must_use]
    pub fn committed(&self) -> tokio::sync::watch::Receiver<u64> {
        self.store.committed()
    }

    /// All companies of this host.
    pub async fn companies(&self) -> Result<Vec<Company>, AppError> {
        Ok(self.store.companies().await?)
    }

    /// The last number that the company gave out.
    pub async fn sequence(&self, company: &Company) -> Result<i64, AppError> {
        Ok(self.store.sequence(&company.id).await?)
    }

    /// The company with this id; without an id the only one there is.
    pub async fn company(&self, id: Option<&str>) -> Result<Company, AppError> {
        let mut companies = self.store.companies().await?;
        match id {
            Some(id) => companies
                .into_iter()
                .find(|company| company.id == id)
                .ok_or_else(|| AppError::UnknownCompany { id: id.to_owned() }),
            None if companies.len() > 1 => Err(AppError::WhichCompany {
                ids: companies.into_iter().map(|company| company.id).collect::<Vec<_>>().join(", "),
            }),
            None => companies.pop().ok_or(AppError::NoCompany),
        }
    }

    /// The installed plugin with this digest, compiled. The stored bytes are checked against the digest first.
    pub(crate) async fn plugin(&self, company: &str, digest: Digest) -> Result<Plugin, AppError> {
        if let Some(plugin) = self.plugins.lock().unwrap_or_else(PoisonError::into_inner).get(&digest) {
            return Ok(plugin.clone());
        }
        let bytes = self.store.component_bytes(company, &digest).await?;
        let bytes = bytes.ok_or(AppError::ComponentGone { digest })?;
        let found = Digest::of(&bytes);
        if found != digest {
            return Err(AppError::ComponentChanged { digest, found });
        }
        let engine = self.engine.clone();
        let plugin = self.aside(move || engine.load(&bytes)).await??;
        let mut plugins = self.plugins.lock().unwrap_or_else(PoisonError::into_inner);
        if plugins.len() >= PLUGINS_MAX {
            plugins.clear();
        }
        plugins.insert(digest, plugin.clone());
        Ok(plugin)
    }
}
