//! What a serving host does by itself: scoring what has become stale, as soon as something has changed.

use std::time::Duration;

use daybreak_app::Daybreak;
use daybreak_domain::author::Author;
use tokio_util::sync::CancellationToken;

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
            _ = committed.changed() => {}
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
