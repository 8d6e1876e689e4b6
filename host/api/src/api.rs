//! What every endpoint works with.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use daybreak_app::Daybreak;
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio_util::sync::CancellationToken;

use crate::resources::events::Streams;

/// The bounds of what a caller may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest body of an ordinary request, in bytes.
    pub body_bytes: usize,
    /// Longest file to import, in bytes.
    pub import_bytes: usize,
    /// Largest plugin or pack, in bytes.
    pub plugin_bytes: usize,
    /// Requests of one caller in a second, on average and at once.
    pub requests_per_second: NonZeroU32,
    pub requests_at_once: NonZeroU32,
    /// Attempts to sign in from one address in a minute.
    pub sign_ins_per_minute: NonZeroU32,
    /// How long a request may take before it is answered with an error.
    pub request_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 4 << 20,
            import_bytes: 64 << 20,
            plugin_bytes: 16 << 20,
            requests_per_second: NonZeroU32::MIN.saturating_add(199),
            requests_at_once: NonZeroU32::MIN.saturating_add(999),
            sign_ins_per_minute: NonZeroU32::MIN.saturating_add(19),
            request_time: Duration::from_mins(1),
        }
    }
}

/// How this host is reached and what it allows.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The address that people type, for example `https://daybreak.example.com`. With https, cookies are sent on
    /// encrypted connections only.
    pub public_url: Option<String>,
    /// Proxies whose word is taken for the address of the caller.
    pub trusted_proxies: Vec<IpAddr>,
    pub limits: Limits,
    /// Whom anybody may sign in as without a password, by their ids; nobody unless the host is a demonstration.
    pub demonstration: Vec<String>,
}

/// The state of the HTTP server. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    pub(crate) daybreak: Daybreak,
    pub(crate) settings: Arc<Settings>,
    pub(crate) callers: Arc<DefaultKeyedRateLimiter<String>>,
    pub(crate) sign_ins: Arc<DefaultKeyedRateLimiter<IpAddr>>,
    /// By webhook, what was delivered with a valid signature.
    pub(crate) webhooks: Arc<DefaultKeyedRateLimiter<String>>,
    pub(crate) streams: Streams,
    /// Cancelled when the host stops: streams end, so that it can.
    pub(crate) stopping: CancellationToken,
    /// Renders the page of figures; none where they are served elsewhere or not at all.
    pub(crate) figures: Option<metrics_exporter_prometheus::PrometheusHandle>,
}

impl Api {
    #[must_use]
    pub fn new(daybreak: Daybreak, settings: Settings, stopping: CancellationToken) -> Self {
        let limits = settings.limits;
        let callers = Quota::per_second(limits.requests_per_second).allow_burst(limits.requests_at_once);
        Self {
            daybreak,
            settings: Arc::new(settings),
            callers: Arc::new(RateLimiter::keyed(callers)),
            sign_ins: Arc::new(RateLimiter::keyed(Quota::per_minute(limits.sign_ins_per_minute))),
            webhooks: Arc::new(RateLimiter::keyed(callers)),
            streams: Streams::default(),
            stopping,
            figures: None,
        }
    }

    /// Serves the page of figures at `/metrics`.
    #[must_use]
    pub fn with_figures(self, figures: metrics_exporter_prometheus::PrometheusHandle) -> Self {
        Self { figures: Some(figures), ..self }
    }

    /// Forgets callers who have been quiet, so that the limiters do not grow for ever. Called now and then.
    pub fn forget_quiet_callers(&self) {
        self.callers.retain_recent();
        self.sign_ins.retain_recent();
        self.webhooks.retain_recent();
    }

    /// Whether people reach this host over an encrypted connection.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.settings.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }
}
