//! Versions of the interfaces, side by side: one module per released version, each converting straight between its own
//! generated records and domain types.
//!
//! What never leaves this module: a generated type. To speak a new version, add `adapter/<kind>_<version>.rs`, give it
//! the kind's trait and list it in [`VERSIONS`]; old versions stay as they are.

mod assistant_0_1;
mod common_0_1;
mod indicator_0_1;
mod insight_0_1;
mod reweighting_0_1;

use std::ops::Range;

use daybreak_domain::plugin::{Fault, PluginKind};
use daybreak_domain::requirements::Requirements;
use daybreak_domain::table::Table;
use daybreak_domain::{assistant, indicator, insight, reweighting};
use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre, Linker, WasmStr};

use crate::guest::Guest;
use crate::limits::Size;

/// What the guest answered, or the fault that it returned of its own accord.
pub(crate) type Answer<T> = Result<T, Fault>;

/// A converted answer, or what is wrong with it in words.
pub(crate) type Checked<T> = Result<T, String>;

/// The one interface that a component may import.
pub(crate) const LOGGING: &str = "daybreak:common/logging";
pub(crate) const ABOUT: &str = "daybreak:common/about";

/// Interfaces by name and the version track that an adapter speaks: below 1.0 the minor version is the track.
pub(crate) const COMMON_TRACKS: [&str; 1] = ["0.1"];
pub(crate) const VERSIONS: [(PluginKind, &str, &str); 4] = [
    (PluginKind::Indicator, "daybreak:indicator/indicator", "0.1"),
    (PluginKind::Insight, "daybreak:insight/insight", "0.1"),
    (PluginKind::Reweighting, "daybreak:reweighting/reweighting", "0.1"),
    (PluginKind::Assistant, "daybreak:assistant/assistant", "0.1"),
];

/// What a component says of itself, unchecked.
pub(crate) struct Description {
    pub name: String,
    pub version: String,
    pub title: Vec<(String, String)>,
    pub summary: Vec<(String, String)>,
    pub parameters_schema: String,
}

pub(crate) trait About: Send + Sync {
    fn describe(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<Description>;
    /// Whether the functions have the types that this version gives them.
    fn check(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<()>;
}

pub(crate) trait Indicator: Send + Sync {
    fn name(&self) -> &'static str;
    /// Whether the functions have the types that this version gives them.
    fn check(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<()>;
    fn requires(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
        parameters_json: &str,
    ) -> wasmtime::Result<Answer<Checked<Requirements>>>;
    /// Moves a batch, which must have been checked, into the version's records.
    fn prepare(&self, batch: indicator::Batch) -> Box<dyn ScoreInput>;
}

/// A batch, or a part of one, that is ready to be scored.
pub(crate) trait ScoreInput {
    fn size(&self) -> Size;
    /// How many rows the subject was given in each table.
    fn rows_of(&self, subject: usize) -> Vec<usize>;
    /// A copy of some of the subjects and their rows, as if they had been the whole batch.
    fn slice(&self, subjects: Range<usize>) -> Box<dyn ScoreInput>;
    /// One entry for each that the guest gave, which need not be as many as there are subjects. Evidence is counted
    /// from the subject's first row.
    fn score(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
    ) -> wasmtime::Result<Answer<Vec<Checked<indicator::Outcome>>>>;
}

pub(crate) trait Insight: Send + Sync {
    fn name(&self) -> &'static str;
    fn check(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<()>;
    fn requires(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
        parameters_json: &str,
    ) -> wasmtime::Result<Answer<Checked<Requirements>>>;
    fn narrate(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
        batch: &insight::Batch,
    ) -> wasmtime::Result<Answer<Checked<Vec<Option<insight::Sentence>>>>>;
}

pub(crate) trait Reweighting: Send + Sync {
    fn name(&self) -> &'static str;
    fn check(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<()>;
    fn requires(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
        parameters_json: &str,
    ) -> wasmtime::Result<Answer<Checked<Requirements>>>;
    fn adjust(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
        batch: &reweighting::Batch,
    ) -> wasmtime::Result<Answer<Checked<Vec<Vec<reweighting::Change>>>>>;
}

pub(crate) trait Assistant: Send + Sync {
    fn name(&self) -> &'static str;
    fn check(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<()>;
    fn requires(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
        parameters_json: &str,
    ) -> wasmtime::Result<Answer<Checked<Requirements>>>;
    fn prepare(&self, batch: assistant::Batch) -> Box<dyn AssessInput>;
}

/// A batch that is ready to be assessed.
pub(crate) trait AssessInput {
    fn size(&self) -> Size;
    /// Evidence is counted from the first row of the alert's subject.
    fn assess(
        &self,
        store: &mut Store<Guest>,
        instance: &Instance,
    ) -> wasmtime::Result<Answer<Checked<Vec<assistant::Alert>>>>;
    /// The tables again, moved back.
    fn into_tables(self: Box<Self>) -> Vec<Table>;
}

/// The adapters of one component.
pub(crate) struct Adapters {
    pub about: Box<dyn About>,
    pub indicator: Option<Box<dyn Indicator>>,
    pub insight: Option<Box<dyn Insight>>,
    pub reweighting: Option<Box<dyn Reweighting>>,
    pub assistant: Option<Box<dyn Assistant>>,
}

impl Adapters {
    /// Finds the functions of every interface in `kinds`; their types are compared in [`Adapters::check`].
    pub(crate) fn new(component: &InstancePre<Guest>, kinds: &[PluginKind]) -> wasmtime::Result<Self> {
        let has = |kind| kinds.contains(&kind);
        let mut adapters = Self {
            about: Box::new(common_0_1::AboutV0_1::new(component)?),
            indicator: None,
            insight: None,
            reweighting: None,
            assistant: None,
        };
        if has(PluginKind::Indicator) {
            adapters.indicator = Some(Box::new(indicator_0_1::IndicatorV0_1::new(component)?));
        }
        if has(PluginKind::Insight) {
            adapters.insight = Some(Box::new(insight_0_1::InsightV0_1::new(component)?));
        }
        if has(PluginKind::Reweighting) {
            adapters.reweighting = Some(Box::new(reweighting_0_1::ReweightingV0_1::new(component)?));
        }
        if has(PluginKind::Assistant) {
            adapters.assistant = Some(Box::new(assistant_0_1::AssistantV0_1::new(component)?));
        }
        Ok(adapters)
    }

    /// Compares the type of every function with what its interface says.
    pub(crate) fn check(&self, store: &mut Store<Guest>, instance: &Instance) -> wasmtime::Result<()> {
        self.about.check(store, instance)?;
        self.indicator.iter().try_for_each(|adapter| adapter.check(store, instance))?;
        self.insight.iter().try_for_each(|adapter| adapter.check(store, instance))?;
        self.reweighting.iter().try_for_each(|adapter| adapter.check(store, instance))?;
        self.assistant.iter().try_for_each(|adapter| adapter.check(store, instance))
    }

    /// The name of the adapter that speaks to the component's interface of that kind; empty where it has none.
    pub(crate) fn name(&self, kind: PluginKind) -> &'static str {
        let name = match kind {
            PluginKind::Indicator => self.indicator.as_ref().map(|adapter| adapter.name()),
            PluginKind::Insight => self.insight.as_ref().map(|adapter| adapter.name()),
            PluginKind::Reweighting => self.reweighting.as_ref().map(|adapter| adapter.name()),
            PluginKind::Assistant => self.assistant.as_ref().map(|adapter| adapter.name()),
        };
        name.unwrap_or_default()
    }
}

/// Gives guests their one host function.
pub(crate) fn link_logging(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    let mut logging = linker.instance("daybreak:common/logging@0.1.0")?;
    logging.func_wrap("log", |store, (level, message): (common_0_1::Level, WasmStr)| {
        crate::guest::log(store, common_0_1::log_level(level), &message)
    })
}
