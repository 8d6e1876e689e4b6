//! One fact in, its new score on an open stream, while a hundred other facts arrive every second.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{anyhow, ensure};
use reqwest::blocking::Client;

use crate::Args;
use crate::figures::percentile;
use crate::host::{Company, PEOPLE, Served, visit};
use crate::steady::now;
use crate::streams::open;

const A_SECOND: u32 = 100;
const PROBES: u32 = 150;

pub struct Live {
    pub median: Duration,
    pub high: Duration,
    pub arrived: u32,
}

pub fn measure(args: &Args) -> anyhow::Result<Live> {
    let company = Company::new(&args.daybreak, &args.folder.join("live"))?;
    company.count_visits(&args.plugins)?;
    let token = company.token(&["scores:read"])?;
    let served = company.serve(1)?;
    let mut stream = open(&served, &token)?;
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let others = scope.spawn(|| arrive(&served, &stop));
        let heard = probe(&served, &mut stream);
        stop.store(true, Ordering::Relaxed);
        let arrived = others.join().map_err(|_| anyhow!("a caller panicked"))??;
        let mut heard = heard?;
        Ok(Live { median: percentile(&mut heard, 50), high: percentile(&mut heard, 99), arrived })
    })
}

/// Facts of everybody but the first person, at a steady rate, until told to stop; returns how many there were.
pub fn arrive(served: &Served, stop: &AtomicBool) -> anyhow::Result<u32> {
    let client = Client::new();
    let begun = now();
    let mut sent = 0;
    while !stop.load(Ordering::Relaxed) {
        let due = begun + Duration::from_secs(1) * sent / A_SECOND;
        std::thread::sleep(due.saturating_duration_since(now()));
        let number = 1_000_000 + sent;
        let mut fact = visit(number);
        fact["actor"] = format!("p{}", 1 + number % (PEOPLE - 1)).into();
        served.recording(&client, &[fact]).send()?.error_for_status()?;
        sent += 1;
    }
    Ok(sent)
}

/// Facts of the first person, one after the other, each with the time until the stream told of their score.
fn probe(served: &Served, stream: &mut BufReader<TcpStream>) -> anyhow::Result<Vec<Duration>> {
    let client = Client::new();
    let mut heard = Vec::new();
    let mut line = String::new();
    for number in 0..PROBES {
        let mut fact = visit(number);
        fact["actor"] = "p0".into();
        let sent = now();
        served.recording(&client, &[fact]).send()?.error_for_status()?;
        loop {
            line.clear();
            ensure!(stream.read_line(&mut line)? > 0, "the stream ended");
            if line.starts_with("data:") && line.contains("\"score\"") && line.contains("\"subject\":\"p0\"") {
                break;
            }
        }
        heard.push(sent.elapsed());
        // Not in step with anything that the host does at intervals.
        std::thread::sleep(Duration::from_millis(37 + u64::from(number * 13 % 50)));
    }
    Ok(heard)
}
