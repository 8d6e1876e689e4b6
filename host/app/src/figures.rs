//! What an operator can watch: the names of all metrics, what they mean, and recording those that use cases know.
//!
//! Without a recorder all of this does nothing. Labels name ids of plugins and words of the host, never people, and each
//! has few values: a monitoring system keeps a series for every combination for ever.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use daybreak_domain::clock::Clock;
use daybreak_domain::company::Company;
use daybreak_domain::plugin::PluginKind;
use daybreak_engine::{AdjustRun, AssessRun, CallError, NarrateRun, Plugin, ScoreRun};
use daybreak_storage::{Arrival, TransactionWatcher};
use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

use crate::{AppError, Daybreak};

/// Facts by `arrival`: new, revised, outranked, duplicate, conflict.
pub const FACTS_APPENDED: &str = "daybreak_facts_appended_total";
/// Scores by `outcome`: computed, not-computable, faulted.
pub const SCORES_COMPUTED: &str = "daybreak_scores_computed_total";
/// From reading the tables of one batch of subjects until its scores are durable.
pub const SCORING_BATCH_SECONDS: &str = "daybreak_scoring_batch_seconds";
/// Calls of a plugin, by `plugin`, `version` and `kind`.
pub const PLUGIN_CALL_SECONDS: &str = "daybreak_plugin_call_seconds";
pub const PLUGIN_FUEL: &str = "daybreak_plugin_fuel_total";
/// The most that any call of the plugin has held since the host began.
pub const PLUGIN_MEMORY_PEAK_BYTES: &str = "daybreak_plugin_memory_peak_bytes";
/// Also by `fault`, a stable code.
pub const PLUGIN_FAULTS: &str = "daybreak_plugin_faults_total";
/// Indicators and periods with stale scores, by `company`.
pub const STALE_WAITING: &str = "daybreak_stale_waiting";
/// Transactions that append, by `outcome`: committed, rolled-back. Waiting for other writers included.
pub const TRANSACTION_SECONDS: &str = "daybreak_database_transaction_seconds";
/// Requests by `method`, `route` (the pattern, never the path) and `status`.
pub const HTTP_REQUEST_SECONDS: &str = "daybreak_http_request_seconds";
/// Streams of server-sent events that are open.
pub const LIVE_STREAMS: &str = "daybreak_live_streams";

/// The upper ends of a histogram's buckets, in seconds.
pub const BUCKETS_SECONDS: [f64; 14] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// Most versions of plugins that have series of their own; further ones are counted together.
const PLUGIN_VERSIONS_MAX: usize = 200;

/// The label of what has no series of its own.
const OTHERS: &str = "others";

/// Every metric with its type and its meaning, for the documentation and for the recorder.
pub const FIGURES: [(&str, FigureKind, &str); 11] = [
    (FACTS_APPENDED, FigureKind::Counter, "Facts delivered, by arrival (new, revised, outranked, duplicate, conflict)"),
    (SCORES_COMPUTED, FigureKind::Counter, "Scores, by outcome (computed, not-computable, faulted)"),
    (SCORING_BATCH_SECONDS, FigureKind::Histogram, "Time from a batch's tables until its scores are durable"),
    (PLUGIN_CALL_SECONDS, FigureKind::Histogram, "Time of calls, by plugin, version and kind"),
    (PLUGIN_FUEL, FigureKind::Counter, "Fuel used by calls that ended well, by plugin, version and kind"),
    (
        PLUGIN_MEMORY_PEAK_BYTES,
        FigureKind::Gauge,
        "Most memory that a call has held since the host began, by plugin, version and kind",
    ),
    (PLUGIN_FAULTS, FigureKind::Counter, "Faults, by plugin, version, kind and fault"),
    (STALE_WAITING, FigureKind::Gauge, "Indicators and periods that wait to be scored, by company"),
    (
        TRANSACTION_SECONDS,
        FigureKind::Histogram,
        "Time of transactions that append, by outcome (committed, rolled-back), waiting for other writers included",
    ),
    (HTTP_REQUEST_SECONDS, FigureKind::Histogram, "Time of requests, by method, route and status"),
    (LIVE_STREAMS, FigureKind::Gauge, "Streams of live news that are open"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FigureKind {
    Counter,
    Gauge,
    /// In seconds, with [`BUCKETS_SECONDS`].
    Histogram,
}

impl FigureKind {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// Tells the recorder what the figures mean; called once, after it was installed.
pub fn describe() {
    for (name, kind, meaning) in FIGURES {
        match kind {
            FigureKind::Counter => describe_counter!(name, meaning),
            FigureKind::Gauge if name.ends_with("_bytes") => describe_gauge!(name, Unit::Bytes, meaning),
            FigureKind::Gauge => describe_gauge!(name, meaning),
            FigureKind::Histogram => describe_histogram!(name, Unit::Seconds, meaning),
        }
    }
}

/// Counts what became of delivered facts.
pub(crate) fn facts_appended(arrivals: &[Arrival]) {
    for arrival in arrivals {
        let arrival = match arrival {
            Arrival::New { .. } => "new",
            Arrival::Revised { .. } => "revised",
            Arrival::Outranked { .. } => "outranked",
            Arrival::Duplicate => "duplicate",
            Arrival::Conflict { .. } => "conflict",
        };
        counter!(FACTS_APPENDED, "arrival" => arrival).increment(1);
    }
}

/// Counts scores with one outcome.
pub(crate) fn scores_computed(outcome: &'static str, scores: usize) {
    if scores > 0 {
        counter!(SCORES_COMPUTED, "outcome" => outcome).increment(scores as u64);
    }
}

pub(crate) fn scoring_batch(took: Duration) {
    histogram!(SCORING_BATCH_SECONDS).record(took.as_secs_f64());
}

pub(crate) fn stale_waiting(company: &Company, waiting: usize) {
    gauge!(STALE_WAITING, "company" => company.id.clone()).set(waiting as f64);
}

impl Daybreak {
    /// Brings the figures up to date that are states rather than events: for whoever serves them.
    pub async fn measure(&self) -> Result<(), AppError> {
        for company in self.store.companies().await? {
            let today = company.zone.day_of(self.clock.now());
            stale_waiting(&company, self.store.waiting_work(&company.id, today).await?);
        }
        Ok(())
    }

    /// Measures calls of plugins by the host's clock.
    pub(crate) fn call_watch(&self) -> CallWatch {
        CallWatch { clock: self.clock.clone() }
    }
}

/// Measures transactions by the host's clock.
pub(crate) struct Transactions(pub(crate) Arc<dyn Clock>);

impl TransactionWatcher for Transactions {
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn ended(&self, begun: Duration, committed: bool) {
        let outcome = if committed { "committed" } else { "rolled-back" };
        let took = self.0.elapsed().saturating_sub(begun);
        histogram!(TRANSACTION_SECONDS, "outcome" => outcome).record(took.as_secs_f64());
    }
}

/// Measures calls of plugins.
#[derive(Clone)]
pub(crate) struct CallWatch {
    clock: Arc<dyn Clock>,
}

impl CallWatch {
    /// Makes the call and records what it took.
    pub(crate) fn watch<T: Spent>(
        &self,
        plugin: &Plugin,
        kind: PluginKind,
        call: impl FnOnce() -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let manifest = &plugin.record().manifest;
        let span = tracing::info_span!("plugin call", plugin = %manifest.name, version = %manifest.version, %kind);
        let _entered = span.enter();
        let begun = self.clock.elapsed();
        let run = call();
        let took = self.clock.elapsed().saturating_sub(begun);
        let (name, version) = labels(&manifest.name, &manifest.version);
        let labels = [("plugin", name), ("version", version), ("kind", kind.name().to_owned())];
        histogram!(PLUGIN_CALL_SECONDS, &labels).record(took.as_secs_f64());
        let fault = |code: &'static str| {
            let [plugin, version, kind] = labels.clone();
            let labels = [plugin, version, kind, ("fault", code.to_owned())];
            counter!(PLUGIN_FAULTS, &labels).increment(1);
        };
        match &run {
            Ok(run) => {
                counter!(PLUGIN_FUEL, &labels).increment(run.fuel());
                peak(&labels, run.memory_bytes());
                run.faults().into_iter().for_each(fault);
            }
            Err(CallError::Fault(found)) => fault(found.code()),
            Err(CallError::TimedOut { .. }) => fault("timed-out"),
            Err(CallError::Host(_)) => fault("host"),
        }
        run
    }
}

/// Labels of calls: plugin, version and kind.
type CallLabels = [(&'static str, String); 3];

fn peak(labels: &CallLabels, bytes: u64) {
    /// The largest size of each series so far.
    static PEAKS: Mutex<BTreeMap<CallLabels, u64>> = Mutex::new(BTreeMap::new());

    let mut peaks = PEAKS.lock().unwrap_or_else(PoisonError::into_inner);
    let largest = peaks.entry(labels.clone()).or_default();
    *largest = bytes.max(*largest);
    gauge!(PLUGIN_MEMORY_PEAK_BYTES, labels).set(*largest as f64);
}

/// The plugin and its version as labels, as long as there are few of them. The recorder is the process's, and so is this.
fn labels(plugin: &str, version: &str) -> (String, String) {
    static KNOWN: Mutex<BTreeSet<(String, String)>> = Mutex::new(BTreeSet::new());
    let label = (plugin.to_owned(), version.to_owned());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.contains(&label) {
        return label;
    }
    if known.len() >= PLUGIN_VERSIONS_MAX {
        return (OTHERS.to_owned(), OTHERS.to_owned());
    }
    known.insert(label.clone());
    label
}

/// What the calls of a run took.
pub(crate) trait Spent {
    fn fuel(&self) -> u64;
    fn memory_bytes(&self) -> u64;
    /// The codes of the faults that the run went on after.
    fn faults(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

impl Spent for ScoreRun {
    fn fuel(&self) -> u64 {
        self.calls.iter().map(|call| call.fuel).sum()
    }

    fn memory_bytes(&self) -> u64 {
        self.calls.iter().map(|call| call.memory_bytes).max().unwrap_or_default()
    }

    fn faults(&self) -> Vec<&'static str> {
        self.faults.iter().map(|fault| fault.fault.code()).collect()
    }
}

impl Spent for AssessRun {
    fn fuel(&self) -> u64 {
        self.fuel
    }

    fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }
}

impl Spent for NarrateRun {
    fn fuel(&self) -> u64 {
        self.fuel
    }

    fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }
}

impl Spent for AdjustRun {
    fn fuel(&self) -> u64 {
        self.fuel
    }

    fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }
}
