//! `daybreak serve`

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use axum::serve::ListenerExt;
use clap::Args;
use daybreak_api::{Api, Settings};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::host::HostOptions;
use crate::workers;

#[derive(Args)]
pub struct ServeArgs {
    /// The address to listen on; port 0 takes a free one. A proxy in front adds TLS.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
}

/// How long requests and work that have begun may take to end once the host is asked to stop.
const STOP_TIME: Duration = Duration::from_secs(30);

/// How often callers who have been quiet are forgotten.
const TIDYING: Duration = Duration::from_secs(60);

pub fn run(host: &HostOptions, args: &ServeArgs) -> anyhow::Result<()> {
    host.with_served_host(|daybreak| async move {
        let stopping = CancellationToken::new();
        let listener = TcpListener::bind(args.listen)
            .await
            .with_context(|| format!("{} cannot be listened on; choose another address with --listen", args.listen))?;
        let address = listener.local_addr()?;
        let api = Api::new(daybreak.clone(), Settings::default(), stopping.clone());
        let tasks = TaskTracker::new();
        tasks.spawn(workers::score_for_ever(daybreak, stopping.clone()));
        tasks.spawn(tidy(api.clone(), stopping.clone()));
        tasks.close();
        // The line that whoever started the host waits for.
        println!("listening on http://{address}");
        tokio::spawn(stop_when_asked(stopping.clone()));
        let service = daybreak_api::router(api).into_make_service_with_connect_info::<SocketAddr>();
        // Small answers are not held back to be sent together with others.
        let listener = listener.tap_io(|connection| {
            let _ = connection.set_nodelay(true);
        });
        let server = axum::serve(listener, service).with_graceful_shutdown(stopping.clone().cancelled_owned());
        let served = tokio::spawn(server.into_future());
        stopping.cancelled().await;
        println!("stopping: finishing what has begun");
        let ended = tokio::time::timeout(STOP_TIME, async {
            tasks.wait().await;
            served.await
        });
        match ended.await {
            Ok(served) => served??,
            Err(_) => eprintln!("stopped with requests unanswered; work that was claimed is given back by itself"),
        }
        Ok(())
    })
}

async fn tidy(api: Api, stopping: CancellationToken) {
    while stopping.run_until_cancelled(tokio::time::sleep(TIDYING)).await.is_some() {
        api.forget_quiet_callers();
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
        std::future::pending().await
    }
}
