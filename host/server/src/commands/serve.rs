//! `daybreak serve`

use std::future::IntoFuture;
use std::io::Write;
use std::net::SocketAddr;

use anyhow::Context;
use axum::serve::ListenerExt;
use clap::Args;
use daybreak_api::{Api, Limits, Settings};
use daybreak_app::Daybreak;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::configuration::{Configuration, Given};
use crate::host::{HostOptions, private_folder};
use crate::{telemetry, workers};

#[derive(Args)]
pub struct ServeArgs {
    /// The address to listen on; port 0 takes a free one. A proxy in front adds TLS.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

/// The folder in the data folder for files that wait to be imported.
const FILES: &str = "imports";

/// How often callers who have been quiet are forgotten, and figures tidied.
const TIDYING: std::time::Duration = std::time::Duration::from_secs(30);

pub fn run(host: &HostOptions, args: &ServeArgs) -> anyhow::Result<()> {
    let listen = args.listen.iter().map(|value| Given {
        key: "listen".to_owned(),
        value: value.clone(),
        from: "the command line".to_owned(),
    });
    let configuration = host.configuration_with(listen.collect())?;
    configuration.check_served()?;
    let figures = configuration.metrics.enabled.then(telemetry::install_metrics).transpose()?;
    let files = host.data.join(FILES);
    host.with_served_host(|daybreak| async move {
        private_folder(&host.data)?;
        serve(daybreak.keeping_files(&files).await?, configuration, figures).await
    })
}

async fn serve(
    daybreak: Daybreak,
    configuration: Configuration,
    figures: Option<PrometheusHandle>,
) -> anyhow::Result<()> {
    let stopping = CancellationToken::new();
    let listener = listen(configuration.listen).await?;
    let address = listener.local_addr()?;
    let mut api = Api::new(daybreak.clone(), settings(&configuration), stopping.clone());
    let tasks = TaskTracker::new();
    if let Some(figures) = &figures {
        match configuration.metrics.listen {
            None => api = api.with_figures(figures.clone()),
            Some(own) => {
                let listener = listen(own).await?;
                println!("figures on http://{}/metrics", listener.local_addr()?);
                let router = daybreak_api::figures_router(daybreak.clone(), figures.clone());
                let server = axum::serve(listener, router).with_graceful_shutdown(stopping.clone().cancelled_owned());
                tasks.spawn(server.into_future());
            }
        }
    }
    for _ in 0..configuration.workers.scorers {
        let interval = configuration.workers.score_interval;
        tasks.spawn(workers::score_for_ever(daybreak.clone(), interval, stopping.clone()));
    }
    let interval = configuration.workers.score_interval;
    tasks.spawn(workers::work_for_ever(daybreak.clone(), interval, stopping.clone()));
    tasks.spawn(tidy(api.clone(), figures, stopping.clone()));
    tasks.close();
    tokio::spawn(stop_when_asked(stopping.clone()));
    let service = daybreak_api::router(api).into_make_service_with_connect_info::<SocketAddr>();
    // Small answers are not held back to be sent together with others.
    let listener = listener.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let server = axum::serve(listener, service).with_graceful_shutdown(stopping.clone().cancelled_owned());
    let served = tokio::spawn(server.into_future());
    // The line that whoever started the host waits for.
    println!("listening on http://{address}");
    stopping.cancelled().await;
    // Whoever started the host may be gone by now, and with it the reader of this.
    let _ = writeln!(std::io::stdout(), "stopping: finishing what has begun");
    let ended = tokio::time::timeout(configuration.shutdown, async {
        tasks.wait().await;
        served.await
    });
    match ended.await {
        Ok(served) => served??,
        Err(_) => eprintln!("stopped with requests unanswered; work that was claimed is given back by itself"),
    }
    Ok(())
}

async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("{address} cannot be listened on; choose another address with --listen"))
}

/// What the configuration says to the HTTP interface.
fn settings(configuration: &Configuration) -> Settings {
    let limits = &configuration.limits;
    Settings {
        public_url: configuration.public_url.clone(),
        trusted_proxies: configuration.trusted_proxies.clone(),
        limits: Limits {
            body_bytes: limits.body_bytes,
            import_bytes: limits.import_bytes,
            plugin_bytes: limits.plugin_bytes,
            requests_per_second: limits.requests_per_second,
            requests_at_once: limits.burst,
            sign_ins_per_minute: limits.sign_in_per_minute,
            ..Limits::default()
        },
        demonstration: configuration.demo_people.clone(),
    }
}

async fn tidy(api: Api, figures: Option<PrometheusHandle>, stopping: CancellationToken) {
    while stopping.run_until_cancelled(tokio::time::sleep(TIDYING)).await.is_some() {
        api.forget_quiet_callers();
        if let Some(figures) = &figures {
            figures.run_upkeep();
        }
    }
}

/// Stops the host when the machine or somebody at the terminal asks for it; asked once more, at once.
async fn stop_when_asked(stopping: CancellationToken) {
    asked().await;
    stopping.cancel();
    asked().await;
    std::process::exit(130);
}

async fn asked() {
    use tokio::signal::unix::{SignalKind, signal};
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    if let (Ok(mut interrupt), Ok(mut terminate)) = (interrupt, terminate) {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    } else {
        std::future::pending::<()>().await;
    }
}
