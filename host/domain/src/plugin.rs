//! What a plugin is to the host: the kinds of plugins, their manifest and the faults they can have.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::text::Localized;

/// Largest component the host reads, in bytes.
pub const COMPONENT_BYTES_MAX: usize = 32 << 20;

/// What a component can do, by the interface it exports. One component may have several kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PluginKind {
    Indicator,
    Insight,
    Reweighting,
    Assistant,
}

impl PluginKind {
    pub const ALL: [Self; 4] = [Self::Indicator, Self::Insight, Self::Reweighting, Self::Assistant];

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Indicator => "indicator",
            Self::Insight => "insight",
            Self::Reweighting => "reweighting",
            Self::Assistant => "assistant",
        }
    }
}

impl fmt::Display for PluginKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for PluginKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.name() == text)
            .ok_or_else(|| format!("{text:?} is no plugin kind: use indicator, insight, reweighting or assistant"))
    }
}

/// An interface that a component exports and this host speaks, for example `daybreak:indicator/indicator@0.1.0`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Interface {
    pub kind: PluginKind,
    /// The full name with the version that the component was built for.
    pub name: String,
}

/// What the component says of itself. Checked: texts are bounded, the schema is one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Lower-case letters, digits and dashes; what an administrator pins and grants.
    pub name: String,
    /// A semantic version.
    pub version: String,
    pub title: Localized,
    pub summary: Localized,
    /// A JSON Schema that parameters must satisfy.
    pub parameters_schema: serde_json::Value,
}

/// Why a plugin could not do its work. Running out of time on the machine is none of these: that says nothing about
/// the plugin and is retried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "kebab-case")]
pub enum Fault {
    #[error(
        "out of fuel: the call used up its budget of {limit} units (an endless loop, or far more work per row than the budget allows)"
    )]
    OutOfFuel { limit: u64 },
    #[error("out of memory: the plugin asked for more than {limit_bytes} bytes")]
    OutOfMemory { limit_bytes: u64 },
    #[error("stack exhausted: the plugin calls itself too deeply")]
    Stack,
    /// `message` is what the guest's panic hook logged, if it has one.
    #[error("trapped ({reason}){}", .message.as_ref().map(|message| format!(": {message}")).unwrap_or_default())]
    Trap { reason: String, message: Option<String> },
    #[error("too much data: one call moved more than {limit_bytes} bytes between host and plugin")]
    TooMuchData { limit_bytes: u64 },
    #[error("bad output: {reason}")]
    BadOutput { reason: String },
    #[error("bad parameters: {reason}")]
    BadParameters { reason: String },
    /// The plugin answered with its own `internal` fault.
    #[error("the plugin reports: {message}")]
    Internal { message: String },
    #[error("missing interface: {reason}")]
    MissingInterface { reason: String },
    #[error("forbidden import: {name}; a plugin may import nothing but daybreak:common/logging")]
    ForbiddenImport { name: String },
    #[error("no component: {reason}")]
    NotAComponent { reason: String },
    /// It may well be one, but to compile it takes more than a host gives for that.
    #[error("too much to compile: {reason}; make the component smaller, or its functions simpler")]
    TooMuchToCompile { reason: String },
}

impl Fault {
    /// A short stable name for logs, metrics and tests.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutOfFuel { .. } => "out-of-fuel",
            Self::OutOfMemory { .. } => "out-of-memory",
            Self::Stack => "stack",
            Self::Trap { .. } => "trap",
            Self::TooMuchData { .. } => "too-much-data",
            Self::BadOutput { .. } => "bad-output",
            Self::BadParameters { .. } => "bad-parameters",
            Self::Internal { .. } => "internal",
            Self::MissingInterface { .. } => "missing-interface",
            Self::ForbiddenImport { .. } => "forbidden-import",
            Self::NotAComponent { .. } => "not-a-component",
            Self::TooMuchToCompile { .. } => "too-much-to-compile",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// One line a guest logged. Bounded by the engine, control characters replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    pub level: LogLevel,
    pub message: String,
}

/// An installed component as the host knows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComponentRecord {
    pub digest: Digest,
    pub size_bytes: u64,
    pub interfaces: Vec<Interface>,
    pub manifest: Manifest,
}

impl ComponentRecord {
    #[must_use]
    pub fn interface(&self, kind: PluginKind) -> Option<&Interface> {
        self.interfaces.iter().find(|interface| interface.kind == kind)
    }
}
