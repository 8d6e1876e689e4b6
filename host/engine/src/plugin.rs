//! A loaded plugin and the calls it answers. Scoring stands in [`crate::score`].

use std::sync::Arc;

use daybreak_domain::assistant::{self, Alert};
use daybreak_domain::digest::Digest;
use daybreak_domain::insight::{self, Chart, Sentence};
use daybreak_domain::plugin::{COMPONENT_BYTES_MAX, ComponentRecord, Fault, Interface, LogLine, Manifest, PluginKind};
use daybreak_domain::requirements::Requirements;
use daybreak_domain::reweighting::{self, Change};
use daybreak_domain::text::Localized;
use wasmtime::component::InstancePre;

use crate::adapter::{Adapters, Answer, Checked, Description};
use crate::batch::{self, CallOptions};
use crate::engine::Engine;
use crate::guest::{Guest, Log};
use crate::limits::Size;
use crate::parameters::Schema;
use crate::sandbox::{CallError, Called};
use crate::{admission, text};

/// A component that was checked, compiled and asked to describe itself. Cloning is cheap; calls may run at the same time.
#[derive(Clone)]
pub struct Plugin(Arc<Inner>);

struct Inner {
    engine: Engine,
    record: ComponentRecord,
    schema: Schema,
    component: InstancePre<Guest>,
    adapters: Adapters,
}

/// The sentences for a batch of charts.
#[derive(Clone, Debug, PartialEq)]
pub struct NarrateRun {
    /// One for each chart; None where the plugin has nothing to say.
    pub sentences: Vec<Option<Sentence>>,
    pub fuel: u64,
    pub memory_bytes: u64,
    pub log: Vec<LogLine>,
}

/// The changes of shares for a batch of scorecards.
#[derive(Clone, Debug, PartialEq)]
pub struct AdjustRun {
    /// One list for each scorecard.
    pub changes: Vec<Vec<Change>>,
    pub fuel: u64,
    pub memory_bytes: u64,
    pub log: Vec<LogLine>,
}

/// The alerts for a batch of subjects.
#[derive(Clone, Debug, PartialEq)]
pub struct AssessRun {
    /// In the order in which the plugin gave them.
    pub alerts: Vec<Alert>,
    pub fuel: u64,
    pub memory_bytes: u64,
    pub log: Vec<LogLine>,
}

impl Engine {
    /// Takes a component: reads its type, compiles it (or takes the compiled code that this host kept), has it describe
    /// itself in the sandbox and checks what it says. Nothing of it runs before its type was read. Blocks, for as long as
    /// compiling takes: well under a second for Rust, up to half a minute for Python.
    ///
    /// # Errors
    /// A fault that says why the component is not taken; or that the machine could not.
    pub fn load(&self, component: &[u8]) -> Result<Plugin, CallError> {
        if component.len() > COMPONENT_BYTES_MAX {
            let reason = format!("the file has {} bytes: at most {COMPONENT_BYTES_MAX}", component.len());
            return Err(Fault::NotAComponent { reason }.into());
        }
        admission::glance(component)?;
        let digest = Digest::of(component);
        let compiled = self.compiled(component, &digest)?;
        let interfaces = admission::interfaces(&compiled)?;
        let missing = |error: wasmtime::Error| Fault::MissingInterface { reason: text::plain(&format!("{error:#}")) };
        let pre = self.linker().instantiate_pre(&compiled).map_err(missing)?;
        let kinds: Vec<PluginKind> = interfaces.iter().map(|interface| interface.kind).collect();
        let adapters = Adapters::new(&pre, &kinds).map_err(missing)?;
        let mut log = Log::new(self.limits());
        let called = self.call(&pre, &self.limits().description(), &mut log, |store, instance| {
            match adapters.check(store, instance) {
                Ok(()) => adapters.about.describe(store, instance).map(Ok),
                Err(mismatch) => Ok(Err(mismatch)),
            }
        })?;
        let (manifest, schema) = manifest(called.value.map_err(missing)?)?;
        let record = record(digest, component.len(), interfaces, manifest);
        let inner = Inner { engine: self.clone(), record, schema, component: pre, adapters };
        Ok(Plugin(Arc::new(inner)))
    }
}

fn record(digest: Digest, size: usize, interfaces: Vec<Interface>, manifest: Manifest) -> ComponentRecord {
    ComponentRecord { digest, size_bytes: size as u64, interfaces, manifest }
}

/// Checks what a component says of itself.
fn manifest(description: Description) -> Result<(Manifest, Schema), Fault> {
    const NAME_BYTES_MAX: usize = 64;
    const VERSION_BYTES_MAX: usize = 64;
    let bad = |reason: String| Fault::BadOutput { reason: text::plain(&format!("the manifest: {reason}")) };
    let Description { name, version, title, summary, parameters_schema } = description;
    let is_name = name.len() <= NAME_BYTES_MAX
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !is_name {
        let name = text::plain_within(&name, NAME_BYTES_MAX);
        return Err(bad(format!("{name:?} is no name: use lower-case letters, digits and dashes")));
    }
    if version.len() > VERSION_BYTES_MAX || semver::Version::parse(&version).is_err() {
        let version = text::plain_within(&version, VERSION_BYTES_MAX);
        return Err(bad(format!("{version:?} is no semantic version such as 1.2.0")));
    }
    let localized = |what: &str, pairs| Localized::from_pairs(pairs).map_err(|error| bad(format!("{what}: {error}")));
    let title = localized("the title", title)?;
    let summary = localized("the summary", summary)?;
    let (schema, parameters_schema) =
        Schema::read(&parameters_schema).map_err(|reason| bad(format!("the schema of its parameters: {reason}")))?;
    Ok((Manifest { name, version, title, summary, parameters_schema }, schema))
}

impl Plugin {
    #[must_use]
    pub fn record(&self) -> &ComponentRecord {
        &self.0.record
    }

    /// The host's code that speaks the component's version of that interface, for example `indicator-0.1`; empty where the
    /// component has no such interface.
    #[must_use]
    pub fn adapter(&self, kind: PluginKind) -> &'static str {
        self.0.adapters.name(kind)
    }

    /// Checks parameters against the manifest's schema.
    ///
    /// # Errors
    /// [`Fault::BadParameters`], which lists every violation with its path.
    pub fn check_parameters(&self, parameters_json: &str) -> Result<(), Fault> {
        self.0.schema.check(parameters_json)
    }

    /// Asks what the interface of that kind needs to read, given its parameters. Blocks.
    ///
    /// # Errors
    /// A fault, also where the parameters do not satisfy the schema or the component has no such interface.
    pub fn requires(&self, kind: PluginKind, parameters_json: &str) -> Result<Requirements, CallError> {
        self.check_parameters(parameters_json)?;
        let adapters = &self.0.adapters;
        if adapters.name(kind).is_empty() {
            return Err(self.missing(kind).into());
        }
        let limits = self.engine().limits();
        let mut log = Log::new(limits);
        let called = self.engine().call(self.component(), &limits.description(), &mut log, |store, instance| {
            let adapter_answer = match kind {
                PluginKind::Indicator => {
                    adapters.indicator.as_ref().map(|adapter| adapter.requires(store, instance, parameters_json))
                }
                PluginKind::Insight => {
                    adapters.insight.as_ref().map(|adapter| adapter.requires(store, instance, parameters_json))
                }
                PluginKind::Reweighting => {
                    adapters.reweighting.as_ref().map(|adapter| adapter.requires(store, instance, parameters_json))
                }
                PluginKind::Assistant => {
                    adapters.assistant.as_ref().map(|adapter| adapter.requires(store, instance, parameters_json))
                }
            };
            adapter_answer.unwrap_or_else(|| Ok(Err(self.missing(kind))))
        })?;
        accept(called).map(|called| called.value)
    }

    /// Asks for a sentence for each chart. Blocks.
    ///
    /// # Errors
    /// Any fault concerns the whole batch.
    pub fn narrate(&self, batch: &insight::Batch, options: &CallOptions) -> Result<NarrateRun, CallError> {
        let adapter = self.0.adapters.insight.as_ref().ok_or_else(|| self.missing(PluginKind::Insight))?;
        let size = Size {
            subjects: batch.charts.len(),
            rows: batch.charts.iter().map(chart_rows).sum(),
            bytes: batch.charts.iter().map(chart_bytes).sum(),
        };
        let mut log = Log::new(self.engine().limits());
        let called = self.run(&batch.context.parameters_json, size, *options, &mut log, |store, instance| {
            adapter.narrate(store, instance, batch)
        })?;
        let sentences = called.value;
        same_count("sentences", sentences.len(), "charts", batch.charts.len())?;
        for (index, (sentence, chart)) in sentences.iter().zip(&batch.charts).enumerate() {
            if let Some(sentence) = sentence {
                insight::check(sentence, chart).map_err(|error| bad_output(&format!("chart {index}: {error}")))?;
            }
        }
        Ok(NarrateRun { sentences, fuel: called.fuel, memory_bytes: called.memory_bytes, log: log.finish() })
    }

    /// Asks which shares change, for each scorecard. Blocks.
    ///
    /// # Errors
    /// Any fault concerns the whole batch.
    pub fn adjust(&self, batch: &reweighting::Batch, options: &CallOptions) -> Result<AdjustRun, CallError> {
        let adapter = self.0.adapters.reweighting.as_ref().ok_or_else(|| self.missing(PluginKind::Reweighting))?;
        let rows =
            batch.scorecards.iter().map(|scorecard| scorecard.shares.len() + scorecard.circumstances.len()).sum();
        let size = Size { subjects: batch.scorecards.len(), rows, bytes: rows * 256 };
        let mut log = Log::new(self.engine().limits());
        let called = self.run(&batch.context.parameters_json, size, *options, &mut log, |store, instance| {
            adapter.adjust(store, instance, batch)
        })?;
        let changes = called.value;
        same_count("lists of changes", changes.len(), "scorecards", batch.scorecards.len())?;
        for (index, (changes, scorecard)) in changes.iter().zip(&batch.scorecards).enumerate() {
            reweighting::check(changes, scorecard)
                .map_err(|error| bad_output(&format!("scorecard {index}: {error}")))?;
        }
        Ok(AdjustRun { changes, fuel: called.fuel, memory_bytes: called.memory_bytes, log: log.finish() })
    }

    /// Asks for the risks among the subjects. Blocks.
    ///
    /// # Errors
    /// Any fault concerns the whole batch.
    pub fn assess(&self, batch: assistant::Batch, options: &CallOptions) -> Result<AssessRun, CallError> {
        let adapter = self.0.adapters.assistant.as_ref().ok_or_else(|| self.missing(PluginKind::Assistant))?;
        batch::check_tables(&batch.tables, batch.subjects.len())?;
        let parameters_json = batch.context.parameters_json.clone();
        let subjects = batch.subjects.len();
        let input = adapter.prepare(batch);
        let mut log = Log::new(self.engine().limits());
        let called = self
            .run(&parameters_json, input.size(), *options, &mut log, |store, instance| input.assess(store, instance))?;
        let alerts = called.value;
        let tables = input.into_tables();
        assistant::check(&alerts, subjects, &tables).map_err(|error| bad_output(&error.to_string()))?;
        Ok(AssessRun { alerts, fuel: called.fuel, memory_bytes: called.memory_bytes, log: log.finish() })
    }

    fn run<T>(
        &self,
        parameters_json: &str,
        size: Size,
        options: CallOptions,
        log: &mut Log,
        run: impl FnMut(&mut wasmtime::Store<Guest>, &wasmtime::component::Instance) -> wasmtime::Result<Answer<Checked<T>>>,
    ) -> Result<Called<T>, CallError> {
        let fuel_factor = options.check()?;
        self.check_parameters(parameters_json)?;
        batch::check_size(&size)?;
        let budget = self.engine().limits().call(size, fuel_factor);
        accept(self.engine().call(self.component(), &budget, log, run)?)
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn component(&self) -> &InstancePre<Guest> {
        &self.0.component
    }

    pub(crate) fn adapters(&self) -> &Adapters {
        &self.0.adapters
    }

    pub(crate) fn missing(&self, kind: PluginKind) -> Fault {
        let name = &self.0.record.manifest.name;
        Fault::MissingInterface { reason: format!("the plugin {name} has no {kind} interface") }
    }
}

/// The answer, where it is one.
fn accept<T>(called: Called<Answer<Checked<T>>>) -> Result<Called<T>, CallError> {
    let Called { value, fuel, memory_bytes } = called;
    let value = value?.map_err(|reason| bad_output(&reason))?;
    Ok(Called { value, fuel, memory_bytes })
}

fn bad_output(reason: &str) -> Fault {
    Fault::BadOutput { reason: text::plain(reason) }
}

fn same_count(what: &str, count: usize, of: &str, expected: usize) -> Result<(), Fault> {
    if count == expected { Ok(()) } else { Err(bad_output(&format!("{count} {what} for {expected} {of}"))) }
}

fn chart_rows(chart: &Chart) -> usize {
    chart.items.len() + chart.series.iter().map(|series| series.points.len()).sum::<usize>()
}

fn chart_bytes(chart: &Chart) -> usize {
    let items = chart.items.iter().map(|item| item.label.len() + item.detail.as_ref().map_or(0, String::len) + 48);
    chart_rows(chart) * 48 + items.sum::<usize>() + 1_024
}
