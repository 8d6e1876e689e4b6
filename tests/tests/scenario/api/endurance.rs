//! Hosts that are killed or stopped in the middle of what they do: what was answered is kept, once, and adds up.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Condvar, Mutex};
use std::thread::yield_now;

use daybreak_tests::company::TestCompany;
use daybreak_tests::database::Database;
use daybreak_tests::served::{Caller, Served};
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

/// The morning of 2026-07-01 in Shanghai.
const NOW: &str = "2026-07-01T01:00:00Z";

/// Longer than a claim holds: whoever starts the host again so much later finds none that a killed one has left behind.
const BETWEEN_STARTS: SignedDuration = SignedDuration::from_mins(31);

/// Each of them writes visits of one person.
const WRITERS: [&str; 3] = ["li", "wu", "he"];

/// Nobody is asked to wait before asking again.
const LIMITS: [(&str, &str); 2] = [("limits.requests_per_second", "1000000"), ("limits.burst", "1000000")];

/// Random numbers that are the same in every run (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// What a source says of a visit: its value is the number of the version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    id: String,
    version: i64,
}

/// Where the host is at the moment, for writers who have lost it.
#[derive(Default)]
struct Door {
    state: Mutex<DoorState>,
    changed: Condvar,
}

#[derive(Default)]
struct DoorState {
    /// Counts the starts of the host.
    start: u64,
    caller: Option<Caller>,
    /// The writers finish what they are about, and end.
    last: bool,
    /// The story ends early.
    closed: bool,
}

impl Door {
    fn open(&self, caller: Caller, last: bool) {
        let mut state = self.state.lock().unwrap();
        *state = DoorState { start: state.start + 1, caller: Some(caller), last, closed: false };
        self.changed.notify_all();
    }

    /// The host, started after the one that the writer has lost.
    fn host_after(&self, lost: u64) -> Option<(u64, Caller)> {
        let state = self.state.lock().unwrap();
        let state = self.changed.wait_while(state, |state| !state.closed && state.start <= lost).unwrap();
        let caller = state.caller.clone().filter(|_| !state.closed)?;
        Some((state.start, caller))
    }

    fn is_last(&self) -> bool {
        self.state.lock().unwrap().last
    }
}

/// Lets the writers go, whatever became of the story: nobody would open the door to them any more.
struct Closing<'a>(&'a Door);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        if let Ok(mut state) = self.0.state.lock() {
            state.closed = true;
        }
        self.0.changed.notify_all();
    }
}

/// Somebody who records one person's visits, tells some of them twice, and corrects others.
struct Writer {
    person: &'static str,
    dice: Dice,
    /// The current version of each visit.
    visits: BTreeMap<String, i64>,
    written: Written,
}

/// What a writer has to show for it: everything here was answered in the end.
#[derive(Default)]
struct Written {
    all: Vec<Told>,
    /// The number that the host gave it, where it was the first answer.
    numbered: Vec<(i64, Told)>,
    unanswered: usize,
    /// Of those without an answer, how many had been recorded nevertheless.
    recorded_unanswered: usize,
}

impl Writer {
    fn new(person: &'static str, seed: u64) -> Self {
        Self { person, dice: Dice(seed), visits: BTreeMap::new(), written: Written::default() }
    }

    /// What the next request says: news, and what is known already.
    fn next(&mut self) -> (Vec<Told>, Vec<Told>) {
        let known = self.visits.len() as u64;
        let mut news: Vec<Told> = (0..=self.dice.below(2))
            .map(|offset| Told { id: format!("{}/{}", self.person, known + offset), version: 0 })
            .collect();
        let mut again = Vec::new();
        if known > 0 {
            let id = format!("{}/{}", self.person, self.dice.below(known));
            let version = self.visits[&id];
            match self.dice.below(3) {
                0 => news.push(Told { id, version: version + 1 }),
                1 => again.push(Told { id, version }),
                _ => {}
            }
        }
        (news, again)
    }

    fn fact(&self, told: &Told) -> Value {
        let number: u64 = told.id.split('/').nth(1).unwrap().parse().unwrap();
        let at = format!("2026-06-{:02}T{:02}:00:00Z", 1 + number % 28, number % 24);
        let mut fact = json!({
            "source": "crm", "external_id": told.id, "kind": "visit", "occurred_at": at, "capture": "automatic",
            "actor": self.person, "value": told.version as f64,
        });
        // Some sources count revisions themselves.
        if number % 2 == 1 {
            fact["revision"] = json!(told.version);
        }
        fact
    }

    /// Writes until it is told to finish; what is not answered it sends again. `moments` hears of every request that
    /// begins, and of every answer.
    fn write(mut self, door: &Door, moments: &Sender<()>) -> Written {
        let mut lost = 0;
        loop {
            let (news, again) = self.next();
            let facts: Vec<Value> = news.iter().chain(&again).map(|told| self.fact(told)).collect();
            let body = json!({ "facts": facts }).to_string().into_bytes();
            let mut attempts = 0;
            let answer = loop {
                let Some((start, caller)) = door.host_after(lost) else { return self.written };
                let _ = moments.send(());
                attempts += 1;
                match caller.try_send(Method::POST, "/facts", Some(("application/json", body.clone()))) {
                    Ok(answer) => break answer.ok(),
                    Err(_) => lost = start,
                }
            };
            let _ = moments.send(());
            self.answered(news, again.len(), attempts, &answer);
            if door.is_last() {
                return self.written;
            }
        }
    }

    fn answered(&mut self, news: Vec<Told>, again: usize, attempts: usize, answer: &Value) {
        let results = answer["results"].as_array().unwrap();
        let (fresh, repeated) = results.split_at(news.len());
        let is_known = |result: &Value| result["outcome"] == "known";
        assert!(repeated.len() == again && repeated.iter().all(is_known), "{answer}");
        let known = fresh.iter().filter(|result| is_known(result)).count();
        assert!(known == 0 || known == news.len(), "a request is recorded in whole or not at all: {answer}");
        assert!(known == 0 || attempts > 1, "nobody has told this before: {answer}");
        self.written.unanswered += attempts - 1;
        self.written.recorded_unanswered += usize::from(known > 0);
        for (told, result) in news.into_iter().zip(fresh) {
            if let Some(number) = result["sequence"].as_i64() {
                let outcome = if told.version == 0 { "new" } else { "revised" };
                assert_eq!(result["outcome"], outcome, "{answer}");
                self.written.numbered.push((number, told.clone()));
            } else {
                assert!(is_known(result), "{answer}");
            }
            self.visits.insert(told.id.clone(), told.version);
            self.written.all.push(told);
        }
    }
}

/// People who have visits counted, with a composite of them.
fn counted_company() -> TestCompany {
    let company = super::super::company("Asia/Shanghai", NOW);
    company.install("measure");
    company.ok(&["department", "add", "sales", "--name", "销售"]);
    let mut people = "id,name,department,from\n".to_owned();
    for person in WRITERS {
        people.extend([person, ",", person, ",sales,2025-01-01\n"]);
    }
    company.ok(&["people", "import", &company.file("people.csv", &people)]);
    let parameters = company.file("visits.json", r#"{"kind": "visit", "measure": "count"}"#);
    let set = ["indicator", "set", "visits", "--plugin", "measure", "--parameters", &parameters, "--grant"];
    company.ok(&[&set[..], &["--title-zh", "拜访", "--title-en", "Visits"]].concat());
    company.ok(&["goal", "set", "visits", "--target", "1000"]);
    let scorecard = r#"
id = "sales"
title = { zh-CN = "销售", en = "Sales" }
department = "sales"

[[dimensions]]
id = "results"
title = { zh-CN = "业绩", en = "Results" }
[[indicators]]
id = "visits"
dimension = "results"
share = "100%"
"#;
    company.ok(&["scorecard", "set", &company.file("scorecard.toml", scorecard)]);
    company
}

/// The header of a system that may record facts.
fn token(company: &TestCompany) -> String {
    let said = company.ok(&["token", "create", "crm", "--days", "30", "--scope", "facts:write"]);
    let secret = said.split_whitespace().find(|word| word.starts_with("dbt_")).expect("a secret");
    format!("Bearer {secret}")
}

/// Kills the host so often, each time at another moment, while the writers write; returns what they have written.
fn kill_while_writing(company: &mut TestCompany, kills: u64) -> Vec<Written> {
    let authorization = token(company);
    let mut now: Timestamp = NOW.parse().unwrap();
    let mut dice = Dice(20_260_701);
    let door = Door::default();
    let (moments, passed): (Sender<()>, Receiver<()>) = channel();
    std::thread::scope(|scope| {
        let closing = Closing(&door);
        let mut writers = Vec::new();
        for (person, seed) in WRITERS.into_iter().zip(1..) {
            let (door, moments) = (&door, moments.clone());
            writers.push(scope.spawn(move || Writer::new(person, seed).write(door, &moments)));
        }
        drop(moments);
        for kill in 0..=kills {
            let served = Served::start_with(company, &LIMITS);
            let caller = served.anybody().with_header("authorization", &authorization);
            door.open(caller, kill == kills);
            if kill == kills {
                let written = writers.drain(..).map(|writer| writer.join().expect("the writer wrote")).collect();
                served.stop();
                drop(closing);
                return written;
            }
            for _ in 0..=dice.below(80) {
                passed.recv().expect("somebody writes");
            }
            // And some steps further, so that it is not always the beginning of a request or an answer.
            let anybody = served.anybody();
            for _ in 0..dice.below(6) {
                let _ = anybody.get("//health").ok();
            }
            served.kill();
            now = now.checked_add(BETWEEN_STARTS).unwrap();
            company.set_now(&now.to_string());
        }
        unreachable!("the last start is followed by no kill")
    })
}

/// Every fact that was acknowledged is there, once, under the number that was acknowledged, and nothing else is.
fn assert_facts_are_those(company: &TestCompany, written: &[Written]) {
    let facts = company.facts();
    let told_by = |fact: &Value| Told {
        id: fact["external_id"].as_str().unwrap().to_owned(),
        version: fact["value"].as_f64().unwrap() as i64,
    };
    let stored: Vec<Told> = facts.iter().map(told_by).collect();
    let mut sorted = stored.clone();
    sorted.sort();
    let mut all: Vec<Told> = written.iter().flat_map(|written| written.all.clone()).collect();
    all.sort();
    assert!(sorted == all, "{} facts are there, {} were acknowledged", sorted.len(), all.len());
    let revision = |fact: &Value| (fact["external_id"].to_string(), fact["revision"].as_u64());
    let revisions: BTreeSet<_> = facts.iter().map(revision).collect();
    assert_eq!(revisions.len(), facts.len(), "no revision is there twice");
    let by_number: BTreeMap<i64, &Told> =
        facts.iter().map(|fact| fact["sequence"].as_i64().unwrap()).zip(&stored).collect();
    for (number, told) in written.iter().flat_map(|written| &written.numbered) {
        assert_eq!(by_number.get(number), Some(&told), "number {number}");
    }
    // The versions of one fact were recorded in the order in which they were told.
    let mut last: BTreeMap<&str, i64> = BTreeMap::new();
    for told in &stored {
        let before = last.insert(&told.id, told.version);
        assert_eq!(before.map_or(0, |before| before + 1), told.version, "{told:?}");
    }
}

/// The company's numbers were given without a gap: whatever was taken back has given its numbers back, too.
fn assert_no_number_is_missing(company: &TestCompany) {
    let tables = [
        "role",
        "identity",
        "fact",
        "score",
        "composite",
        "person",
        "spell",
        "department",
        "component",
        "pin",
        "indicator",
        "parameters",
        "permission",
        "goal",
        "scorecard",
        "fault",
    ];
    let mut numbers: Vec<String> = tables.iter().map(|table| format!("SELECT sequence AS n FROM {table}")).collect();
    numbers.extend(["SELECT audit FROM audit".to_owned(), "SELECT batch FROM batch".to_owned()]);
    let numbers = numbers.join(" UNION ");
    let given = company.number("SELECT sequence FROM company");
    let taken = company.number(&format!("SELECT COUNT(*) FROM ({numbers}) AS taken"));
    assert_eq!(taken, given, "numbers that were given, and rows that have them");
}

fn assert_scores_add_up(company: &TestCompany) {
    let said = company.ok(&["score"]);
    assert!(!said.contains("claimed"), "{said}");
    let said = company.ok(&["score"]);
    assert!(said.starts_with("0 computed, 0 not computable, 0 not enabled, 0 failed"), "nothing is stale: {said}");
    assert!(!said.contains("claimed") && !said.contains("composites"), "{said}");
    let facts = company.facts();
    for person in WRITERS {
        let in_june = |fact: &&Value| fact["occurred_at"].as_str().unwrap().starts_with("2026-06");
        let own = facts.iter().filter(|fact| fact["actor"] == person).filter(in_june);
        let visits: BTreeSet<&str> = own.filter_map(|fact| fact["external_id"].as_str()).collect();
        let scores = company.scores(false);
        let score = scores.iter().find(|score| score["subject"] == person && score["period"] == "2026-06");
        let raw = score.and_then(|score| score["raw"].as_f64());
        assert_eq!(raw, Some(visits.len() as f64), "{person} in {scores:#?}");
    }
    let (scores, composites) =
        (company.number("SELECT COUNT(*) FROM score"), company.number("SELECT COUNT(*) FROM composite"));
    assert!(composites > 0);
    let said = company.ok(&["replay"]);
    for wanted in [
        format!("{scores} scores replayed: {scores} equal, bit for bit; 0 differ"),
        format!("{composites} composites replayed: {composites} equal, bit for bit; 0 differ"),
    ] {
        assert!(said.contains(&wanted), "{wanted}: {said}");
    }
}

#[test]
fn a_host_killed_while_facts_arrive_keeps_every_acknowledged_fact_once_and_every_score_replays() {
    let kills = match Database::of_module(module_path!()) {
        Database::Sqlite => 100,
        Database::Postgres => 10,
    };
    let mut company = counted_company();
    let written = kill_while_writing(&mut company, kills);
    let sum = |count: fn(&Written) -> usize| written.iter().map(count).sum::<usize>();
    let (unanswered, recorded) = (sum(|written| written.unanswered), sum(|written| written.recorded_unanswered));
    println!(
        "{kills} kills; {} facts; {unanswered} requests without an answer, {recorded} of them recorded; {} scores",
        sum(|written| written.all.len()),
        company.number("SELECT COUNT(*) FROM score"),
    );
    assert!(unanswered > 0, "the host was killed between requests only");
    let doctor = company.ok(&["doctor"]);
    assert!(!doctor.contains("BAD"), "{doctor}");
    assert_facts_are_those(&company, &written);
    assert_scores_add_up(&company);
    assert_no_number_is_missing(&company);
}

/// A request that has begun: the host has asked for its body.
struct Begun {
    connection: TcpStream,
    body: String,
}

fn begin(served: &Served, authorization: &str, facts: &Value) -> Begun {
    let body = json!({ "facts": facts }).to_string();
    let mut connection = TcpStream::connect(served.address.strip_prefix("http://").unwrap()).unwrap();
    let head = format!(
        "POST /api/v1/facts HTTP/1.1\r\nhost: localhost\r\nauthorization: {authorization}\r\ncontent-type: \
         application/json\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    connection.write_all(head.as_bytes()).unwrap();
    let mut said = Vec::new();
    while !said.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        connection.read_exact(&mut byte).unwrap();
        said.extend(byte);
    }
    assert!(said.starts_with(b"HTTP/1.1 100 "), "{}", String::from_utf8_lossy(&said));
    Begun { connection, body }
}

impl Begun {
    /// Sends the body and returns all that is answered until the host closes the connection.
    fn finish(mut self) -> String {
        self.connection.write_all(self.body.as_bytes()).unwrap();
        let mut answer = String::new();
        self.connection.read_to_string(&mut answer).unwrap();
        answer
    }
}

/// Twelve months of visits of everybody, so that scoring them takes a while.
fn visits(round: u64) -> Value {
    let months = (7..=12).map(|month| (2025, month)).chain((1..=6).map(|month| (2026, month)));
    let facts = months.flat_map(|(year, month)| {
        WRITERS.into_iter().flat_map(move |person| {
            (0..50).map(move |number| {
                json!({
                    "source": "crm", "external_id": format!("{person}/{year}-{month}/{round}/{number}"), "kind": "visit",
                    "occurred_at": format!("{year}-{month:02}-{:02}T01:00:00Z", 1 + number % 28),
                    "capture": "automatic", "actor": person,
                })
            })
        })
    });
    facts.collect()
}

/// Waits until the host takes no more connections.
fn until_nobody_is_let_in(served: &Served) {
    let address = served.address.strip_prefix("http://").unwrap();
    while TcpStream::connect(address).is_ok() {
        yield_now();
    }
}

#[test]
fn a_host_that_is_asked_to_stop_answers_what_has_begun_and_leaves_no_claim() {
    let company = counted_company();
    let authorization = token(&company);
    let served = Served::start_with(&company, &LIMITS);
    let crm = served.anybody().with_header("authorization", &authorization);
    let news = json!([{
        "source": "crm", "external_id": "last", "kind": "visit", "occurred_at": "2026-06-01T01:00:00Z",
        "capture": "automatic", "actor": "li",
    }]);
    let begun = begin(&served, &authorization, &news);
    let _ = crm.post("/facts", &json!({ "facts": visits(0) })).ok();
    // Until a scorer is at work. The connection of `crm` stays open, and says nothing.
    let mut round = 1;
    while company.number("SELECT COUNT(*) FROM work WHERE claimed_by IS NOT NULL") == 0 {
        if company.number("SELECT COUNT(*) FROM work") + company.number("SELECT COUNT(*) FROM mark") == 0 {
            let _ = crm.post("/facts", &json!({ "facts": visits(round) })).ok();
            round += 1;
        }
    }
    served.ask_to_stop();
    until_nobody_is_let_in(&served);
    let answer = begun.finish();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains(r#""outcome":"new""#), "{answer}");
    let said = served.stopped();
    assert!(!said.contains("unanswered"), "{said}");
    assert_eq!(company.number("SELECT COUNT(*) FROM work WHERE claimed_by IS NOT NULL"), 0);
    assert_eq!(company.number("SELECT COUNT(*) FROM fact WHERE external_id = 'last'"), 1);
    assert_scores_add_up(&company);
}

#[test]
fn a_request_that_never_ends_holds_a_host_that_is_to_stop_only_as_long_as_was_said() {
    let company = counted_company();
    let authorization = token(&company);
    let served = Served::start_with(&company, &[("shutdown_seconds", "1")]);
    let begun = begin(&served, &authorization, &json!([]));
    served.ask_to_stop();
    let said = served.stopped();
    assert!(said.contains("stopped with requests unanswered"), "{said}");
    drop(begun);
}
