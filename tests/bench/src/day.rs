//! Somebody's day over HTTP, signed in, of random people, while facts arrive: how many a second, beside a static file from
//! the same server, or what comes closest to one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use reqwest::blocking::Client;
use serde_json::json;

use crate::Args;
use crate::host::{Company, Served, visit};
use crate::live::arrive;
use crate::steady::now;

const SIGNED_IN: usize = 20;
const CONNECTIONS: usize = 4;
const TURNS: usize = 5;
const TURN: Duration = Duration::from_secs(2);
const PASSWORD: &str = "correct horse battery";

pub struct Day {
    /// Requests a second, medians of the turns.
    pub days: f64,
    pub files: f64,
    pub file: String,
    pub file_bytes: usize,
    pub answer_bytes: usize,
}

/// A request as it is sent, over and over.
struct Request(Vec<u8>);

pub fn measure(args: &Args) -> anyhow::Result<Day> {
    let company = Company::new(&args.daybreak, &args.folder.join("day"))?;
    company.count_visits(&args.plugins)?;
    let links: Vec<String> = (0..SIGNED_IN).map(|person| invite(&company, person)).collect::<Result<_, _>>()?;
    let served = company.serve(1)?;
    let client = Client::new();
    let facts: Vec<serde_json::Value> = (0..1_000).map(visit).collect();
    served.recording(&client, &facts).send()?.error_for_status()?;
    let cookies: Vec<String> = links.iter().map(|link| accept(&served, &client, link)).collect::<Result<_, _>>()?;
    let day = |person: usize| request(&served, &format!("/api/v1/people/p{person}/day"), Some(&cookies[person]));
    let days: Vec<Request> = (0..SIGNED_IN).map(day).collect();
    let file = static_file(&served, &client)?;
    let files = [request(&served, &file, None)];
    let (answer_bytes, file_bytes) = (size(&served, &days[0])?, size(&served, &files[0])?);
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let others = scope.spawn(|| arrive(&served, &stop));
        let turns = turns(&served, &days, &files);
        stop.store(true, Ordering::Relaxed);
        others.join().map_err(|_| anyhow!("a caller panicked"))??;
        let (days, files) = turns?;
        Ok(Day { days, files, file, file_bytes, answer_bytes })
    })
}

fn turns(served: &Served, days: &[Request], files: &[Request]) -> anyhow::Result<(f64, f64)> {
    let (mut of_days, mut of_files) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        of_days.push(rate(served, days)?);
        of_files.push(rate(served, files)?);
    }
    let middle = |rates: &mut Vec<f64>| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    };
    Ok((middle(&mut of_days), middle(&mut of_files)))
}

/// Requests a second over connections that stay open, each with one request under way.
fn rate(served: &Served, requests: &[Request]) -> anyhow::Result<f64> {
    let begun = now();
    let answered = std::thread::scope(|scope| {
        let callers: Vec<_> =
            (0..CONNECTIONS).map(|number| scope.spawn(move || call(served, requests, number))).collect();
        let mut answered = 0;
        for caller in callers {
            answered += caller.join().map_err(|_| anyhow!("a caller panicked"))??;
        }
        anyhow::Ok(answered)
    })?;
    Ok(f64::from(answered) / begun.elapsed().as_secs_f64())
}

fn call(served: &Served, requests: &[Request], number: usize) -> anyhow::Result<u32> {
    let mut connection = connect(served)?;
    let (begun, mut answered, mut random) = (now(), 0, number as u64 + 1);
    while begun.elapsed() < TURN {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let request = &requests[(random >> 33) as usize % requests.len()];
        exchange(&mut connection, request)?;
        answered += 1;
    }
    Ok(answered)
}

fn connect(served: &Served) -> anyhow::Result<BufReader<TcpStream>> {
    let connection = TcpStream::connect(served.address.trim_start_matches("http://"))?;
    connection.set_nodelay(true)?;
    Ok(BufReader::new(connection))
}

/// Sends a request and reads its answer to the end; returns how long the body was.
fn exchange(connection: &mut BufReader<TcpStream>, request: &Request) -> anyhow::Result<usize> {
    connection.get_mut().write_all(&request.0)?;
    let mut line = String::new();
    connection.read_line(&mut line)?;
    ensure!(line.contains(" 200 "), "answered {line:?}");
    let mut length = None;
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let length: usize = length.context("an answer did not say how long it is")?;
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok(length)
}

fn size(served: &Served, request: &Request) -> anyhow::Result<usize> {
    exchange(&mut connect(served)?, request)
}

fn request(served: &Served, path: &str, cookie: Option<&str>) -> Request {
    let host = served.address.trim_start_matches("http://");
    let cookie = cookie.map(|cookie| format!("cookie: {cookie}\r\n")).unwrap_or_default();
    Request(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n{cookie}\r\n").into_bytes())
}

/// A file of the pages, where the host serves pages; otherwise what is answered without looking anything up.
fn static_file(served: &Served, client: &Client) -> anyhow::Result<String> {
    let page = client.get(format!("{}/", served.address)).send()?;
    let page = if page.status().is_success() { page.text()? } else { String::new() };
    let asset = page.split('"').find(|part| part.starts_with("/assets/")).map(str::to_owned);
    Ok(asset.unwrap_or_else(|| "/health".to_owned()))
}

fn invite(company: &Company, person: usize) -> anyhow::Result<String> {
    let person = format!("p{person}");
    let said = company.run(&["account", "invite", &person, "--login", &person])?;
    let secret = said.lines().find_map(|line| line.trim().strip_prefix("/accept/")).context("no link was printed")?;
    Ok(secret.to_owned())
}

fn accept(served: &Served, client: &Client, secret: &str) -> anyhow::Result<String> {
    let url = format!("{}/api/v1/links/accept", served.address);
    let body = json!({ "secret": secret, "password": PASSWORD }).to_string();
    let accepted = client.post(url).header("content-type", "application/json").body(body).send()?;
    ensure!(accepted.status().is_success(), "a link was not accepted: {}", accepted.text()?);
    let cookie = accepted.headers().get("set-cookie").context("no session was begun")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}
