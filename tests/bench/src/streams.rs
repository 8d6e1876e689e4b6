//! Streams that only listen: what five hundred open pages cost a host in which little happens, and how soon each hears of
//! what does.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::blocking::Client;

use crate::Args;
use crate::host::{Company, Served, visit};
use crate::steady::now;

/// Streams of one token; the host lets no caller open more than 16.
const STREAMS_OF_ONE: usize = 16;

pub struct Streams {
    pub open: usize,
    /// Memory of the host before the first stream and with all of them, in bytes.
    pub memory_before: u64,
    pub memory_after: u64,
    /// Time on the processor while all were open and nothing happened, and how long that was.
    pub idle_processor: Duration,
    pub idle: Duration,
    /// From when a fact was sent until a stream heard of its score, in ascending order.
    heard: Vec<Duration>,
}

impl Streams {
    /// So many of a hundred streams had heard of it within this time.
    pub fn heard(&self, percent: usize) -> Duration {
        let place = (self.heard.len() * percent).div_ceil(100);
        self.heard.get(place.saturating_sub(1)).copied().unwrap_or_default()
    }
}

pub fn measure(args: &Args) -> anyhow::Result<Streams> {
    let company = Company::new(&args.daybreak, &args.folder.join("streams"))?;
    company.count_visits(&args.plugins)?;
    let served = company.serve(1)?;
    // The first score of all takes longer than those that follow.
    record(&served, 0)?;
    let memory_before = memory(&served)?;
    let mut streams = Vec::with_capacity(args.streams);
    while streams.len() < args.streams {
        let token = company.token(&["scores:read"])?;
        for _ in 0..STREAMS_OF_ONE.min(args.streams - streams.len()) {
            streams.push(open(&served, &token)?);
        }
    }
    let memory_after = memory(&served)?;
    let (began, before) = (now(), processor(&served)?);
    std::thread::sleep(Duration::from_secs(20));
    let (idle, idle_processor) = (began.elapsed(), processor(&served)?.saturating_sub(before));
    let sent = now();
    record(&served, 1)?;
    let mut heard = Vec::with_capacity(streams.len());
    for stream in &mut streams {
        wait_for_score(stream)?;
        heard.push(sent.elapsed());
    }
    heard.sort_unstable();
    Ok(Streams { open: streams.len(), memory_before, memory_after, idle_processor, idle, heard })
}

/// Opens a stream and reads it until it has begun.
pub fn open(served: &Served, token: &str) -> anyhow::Result<BufReader<TcpStream>> {
    let address = served.address.trim_start_matches("http://");
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(Duration::from_mins(1)))?;
    write!(connection, "GET /api/v1/events HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {token}\r\n\r\n")?;
    let mut stream = BufReader::new(connection);
    let mut status = String::new();
    stream.read_line(&mut status)?;
    ensure!(status.contains(" 200 "), "a stream was not opened: {status}");
    wait_for(&mut stream, "event: begin")?;
    Ok(stream)
}

/// Records one visit.
fn record(served: &Served, number: u32) -> anyhow::Result<()> {
    served.recording(&Client::new(), &[visit(number)]).send()?.error_for_status()?;
    Ok(())
}

fn wait_for_score(stream: &mut BufReader<TcpStream>) -> anyhow::Result<()> {
    wait_for(stream, "event: score")
}

fn wait_for(stream: &mut BufReader<TcpStream>, wanted: &str) -> anyhow::Result<()> {
    let mut line = String::new();
    while !line.trim_end().ends_with(wanted) {
        line.clear();
        ensure!(stream.read_line(&mut line)? > 0, "a stream ended");
    }
    Ok(())
}

/// What the host holds in memory, in bytes.
fn memory(served: &Served) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", served.id()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no memory is told of")?;
    let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kibibytes << 10)
}

/// How long the host has been at work on a processor.
pub fn processor(served: &Served) -> anyhow::Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", served.id()))?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or_default();
    // The 14th and the 15th field of the file, in hundredths of a second.
    Ok(Duration::from_millis((ticks(11) + ticks(12)) * 10))
}
