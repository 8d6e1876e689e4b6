//! Every setting of a host: where it is read from, what is allowed, and what is in force.
//!
//! One table says everything about a setting; reading, `daybreak config` and the reference in `host/docs` all go by it.
//! What never lives here: reading a setting anywhere else. The host is given this struct.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use daybreak_storage::Address;
use tracing_subscriber::EnvFilter;

/// Settings of this host, in its data folder.
pub const FILE: &str = "daybreak.toml";

/// The database of a host that is not told of another one, in its data folder.
const DATABASE: &str = "daybreak.db";

/// What every variable of the environment begins with.
const PREFIX: &str = "DAYBREAK_";

/// Largest configuration file that is read.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// Most people of a demonstration.
const NAMES_MAX: usize = 32;

/// Variables that are no settings, but of which a misspelt one must not look like a misspelt setting.
const OTHER_VARIABLES: [&str; 4] = ["DAYBREAK_DATA", "DAYBREAK_COMPANY", "DAYBREAK_LANGUAGE", "DAYBREAK_NOW"];

/// What is in force.
#[derive(Clone, Debug)]
pub struct Configuration {
    pub database: Address,
    pub listen: SocketAddr,
    /// The address under which people reach the host, without a slash at its end.
    pub public_url: Option<String>,
    pub trusted_proxies: Vec<IpAddr>,
    pub limits: LimitSettings,
    pub workers: WorkerSettings,
    /// How long a host that was asked to stop may take to finish what it has begun.
    pub shutdown: Duration,
    pub log: LogSettings,
    pub traces: TraceSettings,
    pub metrics: MetricSettings,
    /// Whom anybody may sign in as without a password.
    pub demo_people: Vec<String>,
    origins: Vec<InForce>,
}

#[derive(Clone, Debug)]
pub struct LimitSettings {
    pub body_bytes: usize,
    pub import_bytes: usize,
    pub plugin_bytes: usize,
    /// Of each caller.
    pub requests_per_second: NonZeroU32,
    pub burst: NonZeroU32,
    /// Of each address.
    pub sign_in_per_minute: NonZeroU32,
}

#[derive(Clone, Debug)]
pub struct WorkerSettings {
    /// Without any, the host serves and others score.
    pub scorers: usize,
    pub score_interval: Duration,
}

#[derive(Clone, Debug)]
pub struct LogSettings {
    pub format: LogFormat,
    pub filter: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Debug)]
pub struct TraceSettings {
    /// Without one no traces are made.
    pub endpoint: Option<String>,
    pub sample_ratio: f64,
}

#[derive(Clone, Debug)]
pub struct MetricSettings {
    pub enabled: bool,
    /// Where figures are served to whoever asks; without one, only to callers who may see them.
    pub listen: Option<SocketAddr>,
}

/// One setting as `daybreak config` prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InForce {
    pub key: &'static str,
    /// Without passwords.
    pub value: String,
    pub from: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    #[error("{} cannot be read; it must be an ordinary file of at most 1 MiB", .path.display())]
    File { path: PathBuf, source: std::io::Error },
    /// Without the line itself, which may hold a password.
    #[error("{} is no configuration: line {line}: {problem}; `daybreak config --reference` shows one", .path.display())]
    Syntax { path: PathBuf, line: usize, problem: String },
    #[error("there is no setting {key:?} ({from}){}; `daybreak config --reference` lists all", hint(.nearest.as_deref()))]
    Unknown { key: String, from: String, nearest: Option<String> },
    #[error("{key} is {value} ({from}); it must be {allowed}")]
    Refused { key: &'static str, value: String, from: String, allowed: String },
    #[error(
        "demo.people lets anybody in without a password, so the host must be reached from this machine only, but {problem}; \
         take demo.people away, or set listen to 127.0.0.1:8080 and leave public_url and trusted_proxies empty"
    )]
    DemonstrationReached { problem: String },
    #[error("{key} is a section ({from}): write its settings below [{key}]")]
    Section { key: String, from: String },
}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|nearest| format!("; did you mean {nearest}?")).unwrap_or_default()
}

/// What values a setting takes.
#[derive(Clone, Copy)]
enum Kind {
    Database,
    Socket,
    OptionalSocket,
    /// http or https.
    OptionalUrl,
    /// http only: this host has no certificates of collectors.
    OptionalPlainUrl,
    Addresses,
    /// Ids of people.
    Names,
    Bytes {
        least: u64,
        most: u64,
    },
    Count {
        least: u32,
        most: u32,
    },
    Seconds {
        least: u32,
        most: u32,
    },
    Ratio,
    Switch,
    Choice(&'static [&'static str]),
    Filter,
}

struct Setting {
    key: &'static str,
    /// Variables that set it, the strongest first.
    variables: &'static [&'static str],
    default: &'static str,
    kind: Kind,
    meaning: &'static str,
}

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// All settings, in the order in which they are shown. A dot parts a section from its settings.
const SETTINGS: [Setting; 20] = [
    Setting {
        key: "database",
        variables: &["DAYBREAK_DATABASE", "DATABASE_URL"],
        default: "",
        kind: Kind::Database,
        meaning: "Where rows are kept. Without it, in the file daybreak.db in the data folder. Passwords stand in it as in \
                  any address: signs like @ and / as %40 and %2F.",
    },
    Setting {
        key: "listen",
        variables: &["DAYBREAK_LISTEN"],
        default: "127.0.0.1:8080",
        kind: Kind::Socket,
        meaning: "Where `daybreak serve` answers. It speaks plain HTTP: a proxy in front of it adds TLS.",
    },
    Setting {
        key: "public_url",
        variables: &["DAYBREAK_PUBLIC_URL"],
        default: "",
        kind: Kind::OptionalUrl,
        meaning: "The address under which people reach this host, for links that it gives out. When it begins with \
                  https, cookies are sent over TLS only.",
    },
    Setting {
        key: "trusted_proxies",
        variables: &["DAYBREAK_TRUSTED_PROXIES"],
        default: "",
        kind: Kind::Addresses,
        meaning: "Proxies whose X-Forwarded-For is believed. Anybody else's is ignored, or callers could choose the \
                  address by which they are limited.",
    },
    Setting {
        key: "shutdown_seconds",
        variables: &["DAYBREAK_SHUTDOWN_SECONDS"],
        default: "30",
        kind: Kind::Seconds { least: 1, most: 3_600 },
        meaning: "How long a host that is asked to stop may take to finish requests and give work back.",
    },
    Setting {
        key: "limits.body_bytes",
        variables: &["DAYBREAK_LIMITS_BODY_BYTES"],
        default: "4 MiB",
        kind: Kind::Bytes { least: KIB, most: GIB },
        meaning: "Largest body of a request that is neither an import nor a plugin.",
    },
    Setting {
        key: "limits.import_bytes",
        variables: &["DAYBREAK_LIMITS_IMPORT_BYTES"],
        default: "64 MiB",
        kind: Kind::Bytes { least: KIB, most: 4 * GIB },
        meaning: "Largest file that is imported over HTTP.",
    },
    Setting {
        key: "limits.plugin_bytes",
        variables: &["DAYBREAK_LIMITS_PLUGIN_BYTES"],
        default: "16 MiB",
        kind: Kind::Bytes { least: KIB, most: daybreak_domain::plugin::COMPONENT_BYTES_MAX as u64 },
        meaning: "Largest plugin that is uploaded.",
    },
    Setting {
        key: "limits.requests_per_second",
        variables: &["DAYBREAK_LIMITS_REQUESTS_PER_SECOND"],
        default: "50",
        kind: Kind::Count { least: 1, most: 1_000_000 },
        meaning: "Requests of one caller, in the long run.",
    },
    Setting {
        key: "limits.burst",
        variables: &["DAYBREAK_LIMITS_BURST"],
        default: "200",
        kind: Kind::Count { least: 1, most: 1_000_000 },
        meaning: "Requests of one caller at once, after a pause.",
    },
    Setting {
        key: "limits.sign_in_per_minute",
        variables: &["DAYBREAK_LIMITS_SIGN_IN_PER_MINUTE"],
        default: "10",
        kind: Kind::Count { least: 1, most: 10_000 },
        meaning: "Attempts to sign in from one address.",
    },
    Setting {
        key: "workers.scorers",
        variables: &["DAYBREAK_WORKERS_SCORERS"],
        default: "1",
        kind: Kind::Count { least: 0, most: 64 },
        meaning: "How many scorers run beside `daybreak serve`. With 0 this host only serves, and another one scores.",
    },
    Setting {
        key: "workers.score_interval_seconds",
        variables: &["DAYBREAK_WORKERS_SCORE_INTERVAL_SECONDS"],
        default: "60",
        kind: Kind::Seconds { least: 1, most: 86_400 },
        meaning: "How often a scorer looks for stale scores without having been told of any: what another host has left, \
                  and what a new day makes stale.",
    },
    Setting {
        key: "log.format",
        variables: &["DAYBREAK_LOG_FORMAT"],
        default: "text",
        kind: Kind::Choice(&["text", "json"]),
        meaning: "Lines for people, or one JSON object a line. Either goes to standard error.",
    },
    Setting {
        key: "log.filter",
        variables: &["DAYBREAK_LOG"],
        default: "warn",
        kind: Kind::Filter,
        meaning: "What is logged: a level (error, warn, info, debug, trace), or levels by part of the program, such as \
                  `warn,daybreak_app=debug`.",
    },
    Setting {
        key: "traces.endpoint",
        variables: &["DAYBREAK_TRACES_ENDPOINT"],
        default: "",
        kind: Kind::OptionalPlainUrl,
        meaning: "An OpenTelemetry collector that takes OTLP over HTTP. Without it no traces are made. An address \
                  without a path gets /v1/traces.",
    },
    Setting {
        key: "traces.sample_ratio",
        variables: &["DAYBREAK_TRACES_SAMPLE_RATIO"],
        default: "1",
        kind: Kind::Ratio,
        meaning: "The share of traces that are kept. A caller who has decided for its own trace decides for ours.",
    },
    Setting {
        key: "metrics.enabled",
        variables: &["DAYBREAK_METRICS_ENABLED"],
        default: "true",
        kind: Kind::Switch,
        meaning: "Whether figures for Prometheus are kept.",
    },
    Setting {
        key: "metrics.listen",
        variables: &["DAYBREAK_METRICS_LISTEN"],
        default: "",
        kind: Kind::OptionalSocket,
        meaning: "An address of its own for the figures, which are then served there to whoever asks: choose one that only \
                  the monitoring reaches.",
    },
    Setting {
        key: "demo.people",
        variables: &["DAYBREAK_DEMO_PEOPLE"],
        default: "",
        kind: Kind::Names,
        meaning: "The ids of people whom anybody may sign in as without a password. For a made-up company on one's own \
                  machine: with it the host serves only on a loopback address, without a public_url of another machine and \
                  without trusted_proxies.",
    },
];

/// A value that somebody gave to a setting.
pub struct Given {
    pub key: String,
    pub value: String,
    /// Where it stood, for whoever has to correct it.
    pub from: String,
}

impl Configuration {
    /// Defaults, then the file in the data folder, then the environment, then the command line: the last one counts.
    pub fn read(data: &Path, options: Vec<Given>) -> Result<Self, ConfigurationError> {
        let mut values = Values { data: data.to_owned(), given: BTreeMap::new() };
        for given in file(&data.join(FILE))?.into_iter().chain(environment()?).chain(options) {
            values.put(given)?;
        }
        values.configuration()
    }

    /// Whether a host with these settings may be served: not where anybody else could be somebody without a password.
    pub fn check_served(&self) -> Result<(), ConfigurationError> {
        if self.demo_people.is_empty() {
            return Ok(());
        }
        let refused = |problem: String| Err(ConfigurationError::DemonstrationReached { problem });
        if !self.listen.ip().is_loopback() {
            return refused(format!("it listens on {}", self.listen));
        }
        if let Some(url) = self.public_url.as_deref().filter(|url| !is_own_machine(url)) {
            return refused(format!("people reach it under {}", shown(Kind::OptionalUrl, url)));
        }
        if let Some(proxy) = self.trusted_proxies.first() {
            return refused(format!("the proxy {proxy} sends it requests of others"));
        }
        Ok(())
    }

    /// Every setting with its value and where that came from.
    pub fn in_force(&self) -> &[InForce] {
        &self.origins
    }
}

/// What was given, by setting.
struct Values {
    data: PathBuf,
    given: BTreeMap<&'static str, Given>,
}

impl Values {
    fn put(&mut self, given: Given) -> Result<(), ConfigurationError> {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key == given.key) else {
            let nearest = nearest(&given.key, SETTINGS.iter().map(|setting| setting.key));
            return Err(ConfigurationError::Unknown { key: given.key, from: given.from, nearest });
        };
        self.given.insert(setting.key, given);
        Ok(())
    }

    fn configuration(&self) -> Result<Configuration, ConfigurationError> {
        Ok(Configuration {
            database: self.read("database", |_, text| match text {
                "" => Some(Address::File(self.data.join(DATABASE))),
                text => text.parse().ok(),
            })?,
            listen: self.read("listen", |_, text| text.parse().ok())?,
            public_url: self.read("public_url", optional_url)?,
            trusted_proxies: self.read("trusted_proxies", |_, text| addresses(text))?,
            limits: LimitSettings {
                body_bytes: self.read("limits.body_bytes", bytes)?,
                import_bytes: self.read("limits.import_bytes", bytes)?,
                plugin_bytes: self.read("limits.plugin_bytes", bytes)?,
                requests_per_second: self.read("limits.requests_per_second", positive)?,
                burst: self.read("limits.burst", positive)?,
                sign_in_per_minute: self.read("limits.sign_in_per_minute", positive)?,
            },
            workers: WorkerSettings {
                scorers: self.read("workers.scorers", |kind, text| Some(count(kind, text)? as usize))?,
                score_interval: self.read("workers.score_interval_seconds", seconds)?,
            },
            shutdown: self.read("shutdown_seconds", seconds)?,
            log: LogSettings {
                format: self.read("log.format", |_, text| match text {
                    "text" => Some(LogFormat::Text),
                    "json" => Some(LogFormat::Json),
                    _ => None,
                })?,
                filter: self.read("log.filter", |_, text| EnvFilter::try_new(text).is_ok().then(|| text.to_owned()))?,
            },
            traces: TraceSettings {
                endpoint: self.read("traces.endpoint", optional_url)?,
                sample_ratio: self.read("traces.sample_ratio", |_, text| {
                    text.parse().ok().filter(|ratio| (0.0..=1.0).contains(ratio))
                })?,
            },
            metrics: MetricSettings {
                enabled: self.read("metrics.enabled", |_, text| text.parse().ok())?,
                listen: self.read("metrics.listen", |_, text| match text {
                    "" => Some(None),
                    text => text.parse().ok().map(Some),
                })?,
            },
            demo_people: self.read("demo.people", |_, text| names(text))?,
            origins: SETTINGS.iter().map(|setting| self.in_force(setting)).collect(),
        })
    }

    /// The setting's value, if it is one that is allowed.
    fn read<T>(&self, key: &str, parse: impl FnOnce(Kind, &str) -> Option<T>) -> Result<T, ConfigurationError> {
        let unknown = || ConfigurationError::Unknown { key: key.to_owned(), from: "the host".into(), nearest: None };
        let setting = SETTINGS.iter().find(|setting| setting.key == key).ok_or_else(unknown)?;
        let given = self.given.get(key);
        let text = given.map_or(setting.default, |given| given.value.trim());
        parse(setting.kind, text).ok_or_else(|| ConfigurationError::Refused {
            key: setting.key,
            value: format!("{:?}", shown(setting.kind, text)),
            from: given.map_or("the default", |given| given.from.as_str()).to_owned(),
            allowed: setting.kind.allowed(),
        })
    }

    fn in_force(&self, setting: &Setting) -> InForce {
        let given = self.given.get(setting.key);
        let text = given.map_or(setting.default, |given| given.value.trim());
        let value = match (setting.kind, text) {
            (Kind::Database, "") => self.data.join(DATABASE).display().to_string(),
            (kind, text) => shown(kind, text),
        };
        InForce { key: setting.key, value, from: given.map_or("default", |given| given.from.as_str()).to_owned() }
    }
}

/// What the file says; nothing where there is none.
fn file(path: &Path) -> Result<Vec<Given>, ConfigurationError> {
    let unreadable = |source| ConfigurationError::File { path: path.to_owned(), source };
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.len() <= FILE_BYTES_MAX => {}
        Ok(_) => return Err(unreadable(std::io::ErrorKind::FileTooLarge.into())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(error)),
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        ConfigurationError::Syntax { path: path.to_owned(), line, problem: error.message().to_owned() }
    })?;
    let from = path.display().to_string();
    let mut given = Vec::new();
    for (key, value) in table {
        let is_section = SETTINGS.iter().any(|setting| section(setting.key) == Some(key.as_str()));
        match value {
            toml::Value::Table(section) => {
                for (name, value) in section {
                    given.push(from_file(format!("{key}.{name}"), &value, &from)?);
                }
            }
            _ if is_section => return Err(ConfigurationError::Section { key, from }),
            value => given.push(from_file(key, &value, &from)?),
        }
    }
    Ok(given)
}

fn from_file(key: String, value: &toml::Value, from: &str) -> Result<Given, ConfigurationError> {
    let one = |value: &toml::Value| match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    };
    let text = match value {
        toml::Value::Array(values) => values.iter().map(one).collect::<Option<Vec<_>>>().map(|texts| texts.join(",")),
        value => one(value),
    };
    match (text, SETTINGS.iter().find(|setting| setting.key == key)) {
        (None, Some(setting)) => Err(ConfigurationError::Refused {
            key: setting.key,
            value: format!("a {}", value.type_str()),
            from: from.to_owned(),
            allowed: setting.kind.allowed(),
        }),
        // Where there is no such setting, that is what is said about it.
        (text, _) => Ok(Given { key, value: text.unwrap_or_default(), from: from.to_owned() }),
    }
}

/// What the environment says. A variable that is empty says nothing.
fn environment() -> Result<Vec<Given>, ConfigurationError> {
    let known = || SETTINGS.iter().flat_map(|setting| setting.variables.iter().copied());
    for name in std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()) {
        if !name.starts_with(PREFIX) || known().chain(OTHER_VARIABLES).any(|other| other == name) {
            continue;
        }
        // Others may use the prefix for purposes of their own: a cluster names services so. Only what looks like one of
        // ours is taken for a mistake.
        let in_section = SETTINGS.iter().filter_map(|setting| section(setting.key)).any(|section| {
            name.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with(&format!("{}_", section.to_uppercase())))
        });
        let close = known().chain(OTHER_VARIABLES).any(|other| distance(&name, other) <= 2);
        if in_section || close {
            let nearest = nearest(&name, known().chain(OTHER_VARIABLES));
            return Err(ConfigurationError::Unknown { key: name, from: "the environment".into(), nearest });
        }
    }
    let given = SETTINGS.iter().filter_map(|setting| {
        let value = |variable: &&str| std::env::var(variable).ok().filter(|value| !value.trim().is_empty());
        let (variable, value) =
            setting.variables.iter().find_map(|variable| value(variable).map(|value| (variable, value)))?;
        Some(Given { key: setting.key.to_owned(), value, from: (*variable).to_owned() })
    });
    Ok(given.collect())
}

/// The section in which a setting stands.
fn section(key: &str) -> Option<&str> {
    key.split_once('.').map(|(section, _)| section)
}

/// The known name that was probably meant.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    // Written without its section, or in another one.
    if let Some(same) = known.clone().find(|known| last(known) == last(name)) {
        return Some(same.to_owned());
    }
    let (distance, closest) = known.map(|known| (distance(name, known), known)).min()?;
    (distance <= (name.len() / 3).max(2)).then(|| closest.to_owned())
}

/// How many letters have to be put in, taken out or changed to make one of the other.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().take(200).enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, other) in right.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// A value without what only its owner may know.
fn shown(kind: Kind, text: &str) -> String {
    match kind {
        Kind::Database => match text.parse::<Address>() {
            Ok(address) => address.to_string(),
            Err(_) => text.split([':', '@', '?']).next().unwrap_or_default().chars().take(40).collect(),
        },
        Kind::OptionalUrl | Kind::OptionalPlainUrl => match text.split_once("://") {
            Some((scheme, rest)) => format!("{scheme}://{}", rest.rsplit('@').next().unwrap_or_default()),
            None => text.to_owned(),
        },
        _ => text.to_owned(),
    }
}

#[expect(
    clippy::option_option,
    reason = "the outer one says whether the text is allowed, the inner one whether it names any"
)]
fn optional_url(kind: Kind, text: &str) -> Option<Option<String>> {
    const URL_BYTES_MAX: usize = 2_048;
    if text.is_empty() {
        return Some(None);
    }
    let rest = match kind {
        Kind::OptionalPlainUrl => text.strip_prefix("http://")?,
        _ => text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"))?,
    };
    let is_plain = !rest.is_empty()
        && !rest.starts_with('/')
        && text.len() <= URL_BYTES_MAX
        && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>?#".contains(&byte));
    is_plain.then(|| Some(text.trim_end_matches('/').to_owned()))
}

fn addresses(text: &str) -> Option<Vec<IpAddr>> {
    const ADDRESSES_MAX: usize = 1_000;
    let texts: Vec<&str> = text.split(',').map(str::trim).filter(|text| !text.is_empty()).collect();
    if texts.len() > ADDRESSES_MAX {
        return None;
    }
    texts.into_iter().map(|text| text.parse().ok()).collect()
}

fn names(text: &str) -> Option<Vec<String>> {
    let names: Vec<&str> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let is_plain = |name: &&str| name.len() <= 256 && !name.chars().any(char::is_control);
    (names.len() <= NAMES_MAX && names.iter().all(is_plain)).then(|| names.into_iter().map(str::to_owned).collect())
}

/// Whether an address leads to this machine only.
fn is_own_machine(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default().rsplit('@').next().unwrap_or_default();
    let named = host.rsplit_once(':').map_or(host, |(name, port)| if port.ends_with(']') { host } else { name });
    let named = named.trim_start_matches('[').trim_end_matches(']');
    named == "localhost" || named.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A number of bytes, or of KiB, MiB or GiB.
fn bytes(kind: Kind, text: &str) -> Option<usize> {
    let Kind::Bytes { least, most } = kind else { return None };
    let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kib" => KIB,
        "mib" => MIB,
        "gib" => GIB,
        _ => return None,
    };
    let bytes = digits.trim_end().replace('_', "").parse::<u64>().ok()?.checked_mul(unit)?;
    (least..=most).contains(&bytes).then(|| usize::try_from(bytes).ok()).flatten()
}

fn count(kind: Kind, text: &str) -> Option<u32> {
    let (Kind::Count { least, most } | Kind::Seconds { least, most }) = kind else { return None };
    text.parse().ok().filter(|number| (least..=most).contains(number))
}

fn positive(kind: Kind, text: &str) -> Option<NonZeroU32> {
    count(kind, text).and_then(NonZeroU32::new)
}

fn seconds(kind: Kind, text: &str) -> Option<Duration> {
    count(kind, text).map(|seconds| Duration::from_secs(seconds.into()))
}

impl Kind {
    /// What is allowed, after "it must be".
    fn allowed(self) -> String {
        match self {
            Self::Database => "postgres://user:password@host/database or sqlite:path/of/a/file".to_owned(),
            Self::Socket => "an IP address with a port, such as 127.0.0.1:8080 or [::1]:8080".to_owned(),
            Self::OptionalSocket => "empty, or an IP address with a port, such as 127.0.0.1:9090".to_owned(),
            Self::OptionalUrl => "empty, or an address such as https://daybreak.example.com".to_owned(),
            Self::OptionalPlainUrl => "empty, or an address such as http://127.0.0.1:4318".to_owned(),
            Self::Addresses => "a list of at most 1000 IP addresses; with commas in the environment".to_owned(),
            Self::Names => format!("a list of at most {NAMES_MAX} ids of people; with commas in the environment"),
            Self::Bytes { least, most } => {
                format!("from {} to {}: a number of bytes, or a text such as \"4 MiB\"", size(least), size(most))
            }
            Self::Count { least, most } => format!("a whole number from {least} to {most}"),
            Self::Seconds { least, most } => format!("a whole number of seconds from {least} to {most}"),
            Self::Ratio => "a number from 0 to 1".to_owned(),
            Self::Switch => "true or false".to_owned(),
            Self::Choice(words) => words.join(" or "),
            Self::Filter => "a level such as info, or levels such as warn,daybreak_app=debug".to_owned(),
        }
    }

    /// A value as it stands in the file.
    fn in_file(self, text: &str) -> String {
        match self {
            Self::Addresses | Self::Names => format!("[{text}]"),
            Self::Count { .. } | Self::Seconds { .. } | Self::Ratio | Self::Switch => text.to_owned(),
            _ => format!("\"{text}\""),
        }
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes % GIB == 0 => format!("{} GiB", bytes / GIB),
        bytes if bytes % MIB == 0 => format!("{} MiB", bytes / MIB),
        bytes => format!("{} KiB", bytes / KIB),
    }
}

const REFERENCE_HEAD: &str = "\
# Configuration

Written by `daybreak config --reference`; a test compares the two.

A setting is looked for in four places, and the last one that names it counts: its default, the file `daybreak.toml` in the
data folder, the environment, the command line (`--set KEY=VALUE`, and options such as `--database`). `daybreak config`
prints what is in force and where each value came from, without passwords. A key that does not exist is refused, and so is a
variable of the environment that looks like a misspelt one; a variable that is empty says nothing.

Not in the file, because they choose it or belong to one command: `--data` or `DAYBREAK_DATA` (the data folder), `--company`
or `DAYBREAK_COMPANY`, `--language` or `DAYBREAK_LANGUAGE`. `DAYBREAK_NOW` makes it another time, for demonstrations and
tests only.

The file with all defaults:

";

/// The reference in Markdown.
pub fn reference() -> String {
    let mut text = REFERENCE_HEAD.to_owned();
    text.push_str("```toml\n");
    let mut last = None;
    for setting in &SETTINGS {
        let section = section(setting.key);
        if section != last {
            text.extend(section.map(|section| format!("\n[{section}]\n")));
            last = section;
        }
        let name = setting.key.rsplit('.').next().unwrap_or_default();
        // What is off or chosen by the data folder has no value that could be written down.
        let comment = if setting.default.is_empty() { "# " } else { "" };
        writeln!(text, "{comment}{name} = {}", setting.kind.in_file(setting.default)).unwrap_or_default();
    }
    text.push_str("```\n");
    for setting in &SETTINGS {
        let default = match (setting.kind, setting.default) {
            (Kind::Database, _) => "the file daybreak.db in the data folder".to_owned(),
            (_, "") => "none".to_owned(),
            (_, default) => format!("`{default}`"),
        };
        let variables: Vec<String> = setting.variables.iter().map(|variable| format!("`{variable}`")).collect();
        let allowed = setting.kind.allowed();
        let (key, meaning) = (setting.key, setting.meaning);
        write!(
            text,
            "\n## `{key}`\n\n{meaning}\n\n- Default: {default}\n- Allowed: {allowed}\n- Environment: {}\n",
            variables.join(", else ")
        )
        .unwrap_or_default();
    }
    text
}
