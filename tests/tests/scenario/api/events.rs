//! Live: whoever listens hears what concerns them, once and in order, also after the connection broke off.

use std::io::{BufRead, BufReader};

use daybreak_tests::served::{Caller, Served};
use serde_json::{Value, json};

use super::super::company;
use super::super::tickets::{LOG, MAPPING, NOW, enable_in};

/// One open stream.
pub(super) struct Stream(BufReader<reqwest::blocking::Response>);

/// One event of a stream.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) name: String,
    id: i64,
    pub(super) data: Value,
}

impl Stream {
    pub(super) fn open(caller: &Caller, path: &str) -> Self {
        let response = caller.open(path);
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self(BufReader::new(response))
    }

    /// The next event; waits for it.
    pub(super) fn next(&mut self) -> Event {
        let mut event = Event { name: String::new(), id: 0, data: Value::Null };
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).expect("the stream can be read") > 0, "the stream ended");
            match line.trim_end().split_once(':').map(|(field, value)| (field, value.trim_start())) {
                Some(("event", name)) => name.clone_into(&mut event.name),
                Some(("id", id)) => event.id = id.parse().expect("a number"),
                Some(("data", data)) => event.data = serde_json::from_str(data).expect("JSON"),
                None if !event.name.is_empty() => return event,
                _ => {}
            }
        }
    }
}

pub(super) fn late(number: usize, who: &str) -> Value {
    let fact = |activity: &str, at: &str| {
        json!({
            "source": "helpdesk", "external_id": format!("L{number}/{activity}"), "kind": "ticket.event",
            "occurred_at": at, "capture": "automatic", "who": who, "document": format!("L{number}"),
            "fields": { "activity": activity },
        })
    };
    json!({ "facts": [fact("open", "2026-06-10T01:00:00Z"), fact("resolve", "2026-06-11T01:00:00Z")] })
}

#[test]
fn a_fact_is_heard_of_by_those_it_concerns_and_a_broken_stream_goes_on_where_it_was() {
    let company = company("Asia/Shanghai", NOW);
    let people = "id,name,manager,from,identities\nhan,韩,,2020-01-01,\nchen,陈,han,2020-01-01,helpdesk:chen\n\
        zhao,赵,,2020-01-01,helpdesk:zhao\n";
    company.ok(&["people", "import", &company.file("people.csv", people)]);
    company.ok(&["import", "--mapping", &company.file("tickets.toml", MAPPING), &company.file("tickets.csv", LOG)]);
    enable_in(&company);
    company.ok(&["score"]);
    let served = Served::start(&company);
    let crm = served.system(&company, &["facts:write", "scores:read"]);
    let (han, zhao) = (served.person(&company, "han", "han"), served.person(&company, "zhao", "zhao"));
    let mut of_han = Stream::open(&han, "/events");
    let mut of_zhao = Stream::open(&zhao, "/events");
    let begin = of_han.next();
    assert_eq!((begin.name.as_str(), &begin.data), ("begin", &json!({ "what": "begin", "sequence": begin.id })));
    assert_eq!(of_zhao.next().name, "begin");

    let score = |event: &Event| (event.name.clone(), event.data["subject"].clone(), event.data["period"].clone());
    let _ = crm.post("/facts", &late(1, "chen")).ok();
    let heard = of_han.next();
    assert_eq!(score(&heard), ("score".to_owned(), json!("chen"), json!("2026-06")));
    // All that a page needs to read just this chart anew.
    let named = json!({
        "what": "score", "sequence": heard.id, "subject_kind": "employee", "subject": "chen",
        "indicator": "hours-to-resolve", "period": "2026-06",
    });
    assert_eq!(heard.data, named);
    assert!(heard.id > begin.id);
    // What the event names can be read at once, and it is new.
    let number = heard.data["sequence"].as_i64().unwrap();
    assert_eq!(han.get(&format!("/scores/{number}")).ok()["subject"], "chen");

    // Zhao did not hear of Chen; the first that Zhao hears of is Zhao's own.
    let _ = crm.post("/facts", &late(2, "zhao")).ok();
    let own = of_zhao.next();
    assert_eq!(score(&own).1, "zhao");

    // The connection breaks off; meanwhile more happens; the next one goes on after the last number that was heard.
    drop(of_han);
    let _ = crm.post("/facts", &late(3, "chen")).ok();
    let mut system = Stream::open(&crm, &format!("/events?after={}", own.id));
    let begin = system.next();
    assert_eq!((begin.name.as_str(), begin.id), ("begin", own.id));
    let missed = system.next();
    assert_eq!(score(&missed).1, "chen");
    let mut again = Stream::open(&han.with_header("last-event-id", &heard.id.to_string()), "/events");
    assert_eq!(again.next().id, heard.id);
    let told = again.next();
    assert_eq!((told.id, score(&told)), (missed.id, score(&missed)));

    // A number of another database: everything has to be read anew.
    let reset = Stream::open(&han, "/events?after=99999999").next();
    assert_eq!((reset.name.as_str(), &reset.data), ("reset", &json!({ "what": "reset", "sequence": reset.id })));
}

#[test]
fn streams_are_counted_and_end_when_the_host_stops() {
    let company = company("Asia/Shanghai", NOW);
    let served = Served::start(&company);
    let administrator = served.administrator(&company);
    let streams: Vec<Stream> = (0..16).map(|_| Stream::open(&administrator, "/events")).collect();
    let refused = administrator.get("/events");
    assert_eq!((refused.status, refused.problem()), (429, "too-many-requests"));
    let monitoring = served.system(&company, &["operation:read"]);
    let figures = monitoring.get("//metrics").text;
    assert!(figures.contains("daybreak_live_streams 16"), "{figures}");
    served.stop();
    drop(streams);
}
