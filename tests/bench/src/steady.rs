//! Single facts at a steady rate, whether or not the host keeps up: a request that has to wait for its connection counts
//! from when it was due, so that a slow answer is not hidden by those that were not asked meanwhile.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::anyhow;
use reqwest::blocking::Client;

use crate::Args;
use crate::host::{Company, Served, visit};

pub struct Steady {
    pub answered: usize,
    pub failed: usize,
    pub first_problem: String,
    pub lasted: Duration,
    /// In ascending order.
    latencies: Vec<Duration>,
}

impl Steady {
    /// So many of a hundred answers came within this time.
    pub fn latency(&self, percent: usize) -> Duration {
        let place = (self.latencies.len() * percent).div_ceil(100);
        self.latencies.get(place.saturating_sub(1)).copied().unwrap_or_default()
    }
}

#[derive(Default)]
struct Seen {
    latencies: Vec<Duration>,
    problems: Vec<String>,
}

pub fn measure(args: &Args) -> anyhow::Result<Steady> {
    let company = Company::new(&args.daybreak, &args.folder.join("steady"))?;
    company.count_visits(&args.plugins)?;
    let served = company.serve(args.scorers)?;
    let next = AtomicU32::new(0);
    let seen = Mutex::new(Seen::default());
    let begun = now();
    std::thread::scope(|scope| {
        for _ in 0..args.connections {
            scope.spawn(|| call(args, &served, begun, &next, &seen));
        }
    });
    let lasted = begun.elapsed();
    let mut seen = seen.into_inner().map_err(|_| anyhow!("a caller panicked"))?;
    seen.latencies.sort_unstable();
    Ok(Steady {
        answered: seen.latencies.len(),
        failed: seen.problems.len(),
        first_problem: seen.problems.into_iter().next().unwrap_or_default(),
        lasted,
        latencies: seen.latencies,
    })
}

/// One connection, which takes the next request as soon as it has an answer to the last.
fn call(args: &Args, served: &Served, begun: Instant, next: &AtomicU32, seen: &Mutex<Seen>) {
    let client = Client::new();
    let mut own = Seen::default();
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= args.rate * args.seconds {
            break;
        }
        let due = begun + Duration::from_secs(1) * number / args.rate;
        std::thread::sleep(due.saturating_duration_since(now()));
        let answer = served.recording(&client, &[visit(number)]).send();
        match answer
            .and_then(reqwest::blocking::Response::error_for_status)
            .and_then(reqwest::blocking::Response::bytes)
        {
            Ok(_) => own.latencies.push(due.elapsed()),
            Err(problem) => own.problems.push(format!("{problem:?}")),
        }
    }
    if let Ok(mut seen) = seen.lock() {
        seen.latencies.extend(own.latencies);
        seen.problems.extend(own.problems);
    }
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this program is for")]
pub fn now() -> Instant {
    Instant::now()
}
