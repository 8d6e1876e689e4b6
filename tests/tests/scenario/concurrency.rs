//! Two hosts, eight writers, two scorers and a reader on one database, all at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use daybreak_app::enable::IndicatorSetting;
use daybreak_app::install::ALWAYS;
use daybreak_app::organise::departments::DepartmentEntry;
use daybreak_app::organise::{PersonEntry, Uncovered};
use daybreak_app::reweight::Reweighting;
use daybreak_app::scorecard::ScorecardSetting;
use daybreak_app::{AppError, Daybreak};
use daybreak_domain::clock::{Clock, IdSource};
use daybreak_domain::company::{Company, Department};
use daybreak_domain::digest::Digest;
use daybreak_domain::fact::{Capture, NewFact};
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{Direction, Rules};
use daybreak_domain::period::Period;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::reweighting::Target;
use daybreak_domain::scorecard::{Dimension, Place, Scorecard, ScorecardEntry};
use daybreak_domain::text::Localized;
use daybreak_domain::time::{Day, Instant};
use daybreak_engine::{Engine, EngineOptions};
use daybreak_storage::{Address, Arrival, CompositeQuery, ScoreQuery, Store, StoreError};
use daybreak_tests::company::{TestCompany, component};

/// Noon of 2026-06-20 in Shanghai.
const NOW: &str = "2026-06-20T04:00:00Z";
const PEOPLE: i64 = 12;
const ROUNDS: i64 = 12;
const FACTS_PER_ROUND: i64 = 25;

struct StillClock(Instant);

impl Clock for StillClock {
    fn now(&self) -> Instant {
        self.0
    }
}

/// Ids that no other host of this test gives.
struct NumberedIds {
    host: usize,
    next: AtomicU64,
}

impl IdSource for NumberedIds {
    fn new_id(&self, prefix: &str) -> String {
        format!("{prefix}_{}x{}", self.host, self.next.fetch_add(1, Ordering::Relaxed))
    }

    fn secret(&self) -> [u8; 32] {
        *Digest::of(self.new_id("secret").as_bytes()).as_bytes()
    }
}

fn address(company: &TestCompany) -> Address {
    match company.url() {
        Some(url) => url.parse().expect("an address"),
        None => Address::File(company.database()),
    }
}

pub(super) async fn host(company: &TestCompany, number: usize) -> Daybreak {
    let store = Store::open(&address(company)).await.expect("the database opens");
    let artefacts = Some(company.folder().join("data/artefacts"));
    let engine = Engine::new(EngineOptions { artefacts, ..EngineOptions::default() }).expect("an engine");
    let now = Instant(NOW.parse::<jiff::Timestamp>().expect("a time").as_millisecond());
    let ids = NumberedIds { host: number, next: AtomicU64::new(0) };
    Daybreak::new(store, engine, Arc::new(StillClock(now)), Arc::new(ids))
}

fn person(number: i64) -> String {
    format!("p{}", number.rem_euclid(PEOPLE))
}

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// The fact of this number, as its source tells it in this version: another value, and now and then another person.
fn fact(number: i64, version: i64) -> NewFact {
    let june = day("2026-06-01").0;
    NewFact {
        source: "crm".into(),
        external_id: format!("visit/{number}"),
        revision: None,
        kind: "visit".into(),
        occurred_at: Instant(i64::from(june) * 86_400_000 + (number * 7_919 % (19 * 24)) * 3_600_000),
        recorded_at: None,
        actor: Some(person(number * 5 + version / 3)),
        document: Some(format!("d{}", number % 40)),
        customer: Some(format!("c{}", number % 7)),
        value: Some((number % 10 + version) as f64),
        capture: Capture::Automatic,
        attributes: BTreeMap::new(),
        withdrawn: version % 5 == 4,
    }
}

fn indicator(id: &str, subject_kind: SubjectKind, parameters_json: &str) -> IndicatorSetting {
    IndicatorSetting {
        id: id.into(),
        title: Localized::new("拜访", "Visits"),
        subject_kind,
        rules: Rules { direction: Direction::HigherIsBetter, unit: String::new(), ceiling: 120.0 },
        plugin: "measure".into(),
        parameters_json: parameters_json.into(),
        from: ALWAYS,
        departments: Vec::new(),
    }
}

/// A writer that lost against the others tries again, as any caller would.
async fn insisting<T, F>(mut attempt: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T, AppError>>,
{
    for _ in 0..100 {
        match attempt().await {
            Err(AppError::Store(StoreError::Busy(_))) => tokio::task::yield_now().await,
            done => return done.expect("the writer writes"),
        }
    }
    panic!("the database stayed busy");
}

/// New facts, some told twice, and corrections of earlier ones.
async fn write_facts(host: Daybreak, company: Company, writer: i64) {
    for round in 0..ROUNDS {
        let first = (writer * ROUNDS + round) * FACTS_PER_ROUND;
        let facts: Vec<NewFact> = (first..first + FACTS_PER_ROUND).map(|number| fact(number, 0)).collect();
        insisting(|| host.record_facts(&company, &facts)).await;
        // What another writer may have told already, once more in the same words, and some of it in others.
        let again: Vec<NewFact> = facts.iter().take(5).cloned().collect();
        let appended = insisting(|| host.record_facts(&company, &again)).await;
        assert!(appended.arrivals.iter().all(|arrival| *arrival == Arrival::Duplicate), "{:?}", appended.arrivals);
        let corrected: Vec<NewFact> =
            (first..first + FACTS_PER_ROUND).step_by(3).map(|number| fact(number, round + 1)).collect();
        insisting(|| host.record_facts(&company, &corrected)).await;
    }
}

async fn move_people(host: Daybreak, company: Company) {
    for round in 0..ROUNDS {
        let entries: Vec<PersonEntry> = (0..3)
            .map(|offset| {
                let id = person(round * 3 + offset);
                PersonEntry {
                    name: id.clone(),
                    id,
                    department: Some(if round % 2 == 0 { "service" } else { "sales" }.into()),
                    manager: Some(person(round * 3 + 6)),
                    from: Some(day("2026-06-02").plus(i32::try_from(round).expect("a few days"))),
                    ..PersonEntry::default()
                }
            })
            .collect();
        let listed = entries.into();
        insisting(|| host.add_people(&company, &listed, Uncovered::Ended)).await;
    }
}

async fn set_targets(host: Daybreak, company: Company) {
    for round in 0..ROUNDS * 2 {
        let goal = Goal { target: Some(10.0 + round as f64), ..Goal::default() };
        let subject = person(round);
        let subject = (round % 2 == 0).then_some(subject.as_str());
        insisting(|| host.set_goal(&company, "visits", subject, day("2026-01-01"), None, goal)).await;
    }
}

async fn set_indicators(host: Daybreak, company: Company) {
    for round in 0..ROUNDS / 2 {
        let measure = if round % 2 == 0 { r#""measure": "count""# } else { r#""measure": "sum", "field": "@value""# };
        let setting =
            indicator("by-department", SubjectKind::Department, &format!(r#"{{"kind": "visit", {measure}}}"#));
        insisting(|| host.set_indicator(&company, &setting)).await;
    }
}

/// Shares of the month that is being scored, and managers' changes of them.
async fn set_shares(host: Daybreak, company: Company) {
    for round in 0..ROUNDS / 2 {
        let entry = |indicator: &str, share| ScorecardEntry {
            indicator: indicator.into(),
            dimension: "results".into(),
            share,
            locked: false,
            trial: false,
        };
        let share = 400_000 + 10_000 * u32::try_from(round).expect("a few rounds");
        let title = || Localized::new("方案", "Scorecard");
        let scorecard = Scorecard {
            id: if round % 3 == 0 { "sales" } else { "all" }.into(),
            title: title(),
            place: if round % 3 == 0 { Place::Department("sales".into()) } else { Place::Company },
            dimensions: vec![Dimension { id: "results".into(), title: title() }],
            entries: vec![entry("visits", share), entry("calls", 1_000_000 - share)],
        };
        let setting = ScorecardSetting { scorecard, from: day("2026-01-01") };
        insisting(|| host.set_scorecard(&company, &setting, None)).await;
        let first = day("2026-06-01").plus(i32::try_from(round).expect("a few days"));
        let order = Reweighting {
            employee: person(round),
            target: Target::Indicator("visits".into()),
            share: 700_000,
            days: Period::new(first, first.plus(10)).expect("some days"),
            reason: "A rush".into(),
            by: None,
        };
        insisting(|| host.reweight(&company, &order)).await;
    }
}

async fn score_while(host: Daybreak, company: Company, writing: Arc<AtomicBool>) -> usize {
    let mut scored = 0;
    loop {
        let writing = writing.load(Ordering::SeqCst);
        let report = insisting(|| async { host.score_stale(&company, &mut |_, _| ()).await }).await;
        assert!(
            report.errors.iter().all(|(_, error)| matches!(error, AppError::Store(StoreError::Busy(_)))),
            "{report:?}"
        );
        scored += report.scored.computed + report.scored.not_computable;
        if !writing {
            return scored;
        }
    }
}

/// Follows the facts by their sequence, as a system would that takes them over.
async fn follow(store: Store, company: Company, writing: Arc<AtomicBool>) -> Vec<i64> {
    let mut seen = Vec::new();
    loop {
        let writing = writing.load(Ordering::SeqCst);
        let last = seen.last().copied().unwrap_or_default();
        let news = store.facts_after(&company.id, last, 50).await.expect("facts can be read");
        seen.extend(news.iter().map(|fact| fact.sequence));
        if news.is_empty() && !writing {
            return seen;
        }
        tokio::task::yield_now().await;
    }
}

/// The outcome of every current score, by indicator, period and subject.
async fn outcomes(host: &Daybreak, company: &Company) -> BTreeMap<(String, String, String), String> {
    let query = ScoreQuery { most: 100_000, ..ScoreQuery::default() };
    let scores = host.scores(company, &query).await.expect("scores can be read");
    scores
        .into_iter()
        .map(|score| {
            let key = (score.indicator, score.period.to_string(), score.receipt.subject.id);
            (key, score.outcome.digest().to_string())
        })
        .collect()
}

#[test]
fn everything_that_arrives_while_batches_are_scored_is_scored_and_every_score_replays() {
    let place = super::company("Asia/Shanghai", NOW);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let hosts = [host(&place, 0).await, host(&place, 1).await];
        let company = hosts[0].company(None).await.expect("the company");
        for id in ["sales", "service"] {
            let department = Department { id: id.into(), name: id.into(), parent: None };
            let entry = DepartmentEntry { department, from: None, until: None };
            hosts[0].set_department(&company, entry).await.expect("a department");
        }
        let everybody: Vec<PersonEntry> = (0..PEOPLE)
            .map(|number| PersonEntry {
                id: person(number),
                name: person(number),
                department: Some("sales".into()),
                from: Some(day("2026-01-01")),
                ..PersonEntry::default()
            })
            .collect();
        hosts[0].add_people(&company, &everybody.into(), Uncovered::Ended).await.expect("people");
        let bytes = std::fs::read(component("measure")).expect("the component is built");
        hosts[0].install_plugin(&company, bytes).await.expect("a plugin");
        for setting in [
            indicator("visits", SubjectKind::Employee, r#"{"kind": "visit", "measure": "sum", "field": "@value"}"#),
            indicator("calls", SubjectKind::Employee, r#"{"kind": "visit", "measure": "count"}"#),
            indicator("by-department", SubjectKind::Department, r#"{"kind": "visit", "measure": "count"}"#),
            indicator("by-customer", SubjectKind::Customer, r#"{"kind": "visit", "measure": "count"}"#),
        ] {
            hosts[0].set_indicator(&company, &setting).await.expect("an indicator");
        }

        let writing = Arc::new(AtomicBool::new(true));
        let scorers =
            [0, 1].map(|number| tokio::spawn(score_while(hosts[number].clone(), company.clone(), writing.clone())));
        let reader = Store::open(&address(&place)).await.expect("the database opens");
        let reader = tokio::spawn(follow(reader, company.clone(), writing.clone()));
        let of = |writer: usize| hosts[writer % 2].clone();
        let mut writers: Vec<_> =
            (0..5_usize).map(|writer| tokio::spawn(write_facts(of(writer), company.clone(), writer as i64))).collect();
        writers.push(tokio::spawn(move_people(of(5), company.clone())));
        writers.push(tokio::spawn(set_targets(of(6), company.clone())));
        writers.push(tokio::spawn(set_indicators(of(7), company.clone())));
        writers.push(tokio::spawn(set_shares(of(8), company.clone())));
        for writer in writers {
            writer.await.expect("the writer ends well");
        }
        writing.store(false, Ordering::SeqCst);
        let seen = reader.await.expect("the reader ends well");
        for scorer in scorers {
            scorer.await.expect("the scorer ends well");
        }

        // The reader has missed nothing and seen nothing twice.
        let store = Store::open(&address(&place)).await.expect("the database opens");
        let all = store.facts_after(&company.id, 0, 1_000_000).await.expect("facts can be read");
        assert_eq!(seen, all.iter().map(|fact| fact.sequence).collect::<Vec<_>>());
        // Each round of each of five writers appends 25 facts and corrects every third: 25 + 9.
        assert_eq!(all.len() as i64, 5 * ROUNDS * (FACTS_PER_ROUND + 9));

        // Nothing is left to do, and what the scorers made of the news is what scoring everything anew makes of it.
        let report = hosts[0].score_stale(&company, &mut |_, _| ()).await.expect("scoring ends");
        assert_eq!(report.scored.computed + report.scored.not_computable, 0);
        let kept_up = outcomes(&hosts[0], &company).await;
        assert!(kept_up.len() > 20, "{} scores", kept_up.len());
        for indicator in ["visits", "by-department", "by-customer"] {
            let said = place.ok(&["score", "--indicator", indicator, "--period", "2026-06"]);
            assert!(!said.starts_with("0 computed"), "{said}");
        }
        let anew = outcomes(&hosts[0], &company).await;
        let differing: BTreeSet<_> = anew.iter().filter(|(key, digest)| kept_up.get(*key) != Some(digest)).collect();
        assert!(differing.is_empty(), "{differing:#?}");

        // Computing every composite anew finds none that is not as the scorers have kept it.
        place.ok(&["goal", "set", "calls", "--target", "20", "--from", "2026-06-01"]);
        let report = hosts[0].score_stale(&company, &mut |_, _| ()).await.expect("scoring ends");
        assert!(report.errors.is_empty() && report.composites > 0, "{report:?}");
        hosts[0].set_minimum_coverage(&company, 500_000, day("2026-01-01"), None).await.expect("a setting");
        let report = hosts[0].score_stale(&company, &mut |_, _| ()).await.expect("scoring ends");
        assert!(report.errors.is_empty() && report.composites == 0, "{report:?}");
        let query = CompositeQuery { most: 100_000, ..CompositeQuery::default() };
        let composites = hosts[0].composites(&company, &query).await.expect("composites can be read");
        // Month, quarter and year of each.
        assert_eq!(composites.len() as i64, 3 * PEOPLE);

        // Every score that was ever given replays bit for bit, in a fresh process.
        let said = place.ok(&["replay"]);
        assert!(said.contains(" 0 differ"), "{said}");
    });
}
