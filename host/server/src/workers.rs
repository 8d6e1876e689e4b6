//! What a serving host does by itself: scoring what has become stale, as soon as something has changed, and the jobs that
//! somebody has ordered.

use std::time::Duration;

use daybreak_app::Daybreak;
use daybreak_domain::author::Author;
use tokio_util::sync::CancellationToken;

/// How long it lets changes come together once something has changed: what arrives as one by one is scored together.
const GATHERING: Duration = Duration::from_millis(25);

/// How long it waits after a failure, so that a database that is away is not asked all the time.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Scores until the host is asked to stop; what it has begun it finishes. `interval` is how long it waits for news of its
/// own before it looks for those of other hosts, and for a new day.
pub async fn score_for_ever(daybreak: Daybreak, interval: Duration, stopping: CancellationToken) {
    let daybreak = daybreak.acting(Author::host());
    let mut committed = daybreak.committed();
    while !stopping.is_cancelled() {
        committed.mark_unchanged();
        let pause = if score_all(&daybreak, &stopping).await { interval } else { AFTER_FAILURE };
        tokio::select! {
            () = stopping.cancelled() => return,
            // Nothing is committed any more only when the host ends.
            _ = committed.changed() => tokio::time::sleep(GATHERING).await,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Scores what is stale of every company. Returns whether all went well.
async fn score_all(daybreak: &Daybreak, stopping: &CancellationToken) -> bool {
    let companies = match daybreak.companies().await {
        Ok(companies) => companies,
        Err(error) => {
            tracing::error!(%error, "the companies cannot be read");
            return false;
        }
    };
    let mut well = true;
    for company in companies {
        if stopping.is_cancelled() {
            break;
        }
        let mut progress = |_: &daybreak_app::score::ScoreOrder, _: usize| {};
        match daybreak.score_stale_until(&company, &mut progress, &|| stopping.is_cancelled()).await {
            Ok(scored) => {
                for (order, error) in &scored.errors {
                    tracing::warn!(company = company.id, indicator = order.indicator, %error, "not scored");
                    well = false;
                }
            }
            Err(error) => {
                tracing::error!(company = company.id, %error, "what is stale cannot be scored");
                well = false;
            }
        }
    }
    well
}

/// Does jobs until the host is asked to stop; the one in hand goes back to the queue then. `interval` is how long it waits
/// for news of its own before it looks for what another host has left.
pub async fn work_for_ever(daybreak: Daybreak, interval: Duration, stopping: CancellationToken) {
    let daybreak = daybreak.acting(Author::host());
    let mut committed = daybreak.committed();
    while !stopping.is_cancelled() {
        committed.mark_unchanged();
        let pause = match work_off_all(&daybreak, &stopping).await {
            // There may be more: the other companies have had their turn.
            Some(1..) => continue,
            Some(0) => interval,
            None => AFTER_FAILURE,
        };
        tokio::select! {
            () = stopping.cancelled() => return,
            _ = committed.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Does jobs of every company. Returns how many, or nothing if that went wrong.
async fn work_off_all(daybreak: &Daybreak, stopping: &CancellationToken) -> Option<usize> {
    let companies = daybreak.companies().await.inspect_err(|error| {
        tracing::error!(%error, "the companies cannot be read");
    });
    let mut worked = Some(0);
    for company in companies.ok()? {
        match daybreak.work_off_jobs(&company, &|| stopping.is_cancelled()).await {
            Ok(jobs) => worked = worked.map(|worked| worked + jobs),
            Err(error) => {
                tracing::error!(company = company.id, %error, "jobs cannot be done");
                worked = None;
            }
        }
    }
    worked
}
