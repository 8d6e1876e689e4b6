//! What the host says about itself: log lines, traces and figures.
//!
//! Nothing of it holds personal data. Log lines and spans name ids and counts, never names of people, what they sign in
//! with, or texts of facts; a test looks for them.

use std::io;

use anyhow::Context;
use daybreak_app::figures;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

use crate::configuration::{LogFormat, LogSettings, TraceSettings};

/// The name under which a collector knows this program.
const SERVICE: &str = "daybreak";

/// Where a collector takes traces, if its address names no path.
const TRACES_PATH: &str = "/v1/traces";

/// What becomes part of a trace: our own work. Whatever is logged besides is not the collector's.
const TRACED: &str = "off,daybreak=info,daybreak_api=info,daybreak_app=info,daybreak_storage=info,daybreak_engine=info";

/// Log lines and traces, until the program ends.
#[must_use = "traces that are still waiting are sent when it is finished"]
pub struct Telemetry {
    traces: Option<SdkTracerProvider>,
}

/// Begins logging, and tracing where there is a collector. Must be called outside of a runtime: the exporter's thread
/// blocks.
pub fn start(log: &LogSettings, traces: &TraceSettings) -> anyhow::Result<Telemetry> {
    // The configuration has checked the filter.
    let filter = EnvFilter::try_new(&log.filter).context("log.filter")?;
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match log.format {
        LogFormat::Text => lines.with_filter(filter).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_filter(filter).boxed(),
    };
    let provider = traces.endpoint.as_deref().map(|endpoint| provider(endpoint, traces.sample_ratio)).transpose()?;
    let spans = provider.as_ref().map(|provider| {
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer(SERVICE));
        layer.with_filter(EnvFilter::new(TRACED))
    });
    tracing_subscriber::registry().with(lines).with(spans).init();
    if let Some(provider) = &provider {
        opentelemetry::global::set_tracer_provider(provider.clone());
        opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
    }
    Ok(Telemetry { traces: provider })
}

impl Telemetry {
    /// Sends the traces that are still waiting. A collector that does not answer takes nothing from what was done.
    pub fn finish(self) {
        if let Some(Err(error)) = self.traces.map(|provider| provider.shutdown()) {
            tracing::warn!(%error, "the last traces were not taken by the collector");
        }
    }
}

fn provider(endpoint: &str, sample_ratio: f64) -> anyhow::Result<SdkTracerProvider> {
    let has_path = endpoint.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
    let endpoint = if has_path { endpoint.to_owned() } else { format!("{endpoint}{TRACES_PATH}") };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint)
        .build()
        .context("traces.endpoint")?;
    let resource = Resource::builder()
        .with_service_name(SERVICE)
        .with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .build();
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(sample_ratio))))
        .with_resource(resource)
        .build())
}

/// Begins keeping figures. Whoever serves them calls `render` on what is returned, and now and then `run_upkeep`.
pub fn install_metrics() -> anyhow::Result<PrometheusHandle> {
    let builder = PrometheusBuilder::new();
    let builder = builder.set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &figures::BUCKETS_SECONDS)?;
    let handle = builder.install_recorder()?;
    figures::describe();
    Ok(handle)
}
