//! Two hosts, twelve writers, two scorers and a reader on one database, all at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use daybreak_app::circumstance::{CircumstanceChange, CircumstanceEntry};
use daybreak_app::enable::IndicatorSetting;
use daybreak_app::enablement::EnablementSetting;
use daybreak_app::install::ALWAYS;
use daybreak_app::organise::PersonEntry;
use daybreak_app::organise::absences::AbsenceEntry;
use daybreak_app::organise::customers::OwnershipEntry;
use daybreak_app::organise::departments::DepartmentEntry;
use daybreak_app::reweight::Reweighting;
use daybreak_app::scorecard::ScorecardSetting;
use daybreak_app::{AppError, Daybreak};
use daybreak_domain::circumstance::{Participant, URGENT_DELIVERY};
use daybreak_domain::company::{Company, Department};
use daybreak_domain::customer::Customer;
use daybreak_domain::fact::{Capture, NewFact};
use daybreak_domain::goal::Goal;
use daybreak_domain::indicator::{Direction, Rules};
use daybreak_domain::period::Period;
use daybreak_domain::plugin::PluginKind;
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::reweighting::Target;
use daybreak_domain::scorecard::{Dimension, Place, Scorecard, ScorecardEntry};
use daybreak_domain::text::Localized;
use daybreak_domain::time::{Day, Instant};
use daybreak_storage::{Arrival, CompositeQuery, ScoreQuery, Store, StoreError};
use daybreak_tests::company::component;
use daybreak_tests::host::{HandClock, host, store};

/// Noon of 2026-06-20 in Shanghai.
pub const NOW: &str = "2026-06-20T04:00:00Z";
const PEOPLE: i64 = 12;
const ROUNDS: i64 = 12;
const FACTS_PER_ROUND: i64 = 25;

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

/// While they are away or have a rush, calls count more.
fn policy() -> EnablementSetting {
    EnablementSetting {
        id: "rush".into(),
        kind: PluginKind::Reweighting,
        plugin: "crisis-response".into(),
        component: None,
        title: Localized::new("突击", "Rush"),
        subject_kind: SubjectKind::Employee,
        parameters_json: r#"{"target": "calls", "circumstances": ["urgent-delivery", "absence"]}"#.into(),
        from: ALWAYS,
        department: None,
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
        insisting(|| host.add_people(&company, &listed)).await;
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

/// Hands customers from one to the other, which moves the scores of whoever looks after them.
async fn assign_customers(host: Daybreak, company: Company) {
    for round in 0..ROUNDS * 2 {
        let from = day("2026-06-01").plus(i32::try_from(round % 15).expect("a few days"));
        let entry = OwnershipEntry {
            customer: format!("c{}", round % 7),
            owner: Some(person(round * 5)),
            from: Some(from),
            until: (round % 3 == 0).then(|| from.plus(4)),
        };
        insisting(|| host.assign_customer(&company, entry.clone())).await;
    }
}

/// Absences, some of them taken back: circumstances to which the policy answers.
async fn record_absences(host: Daybreak, company: Company) {
    for round in 0..ROUNDS {
        let from = day("2026-06-03").plus(i32::try_from(round).expect("a few days"));
        let entry = AbsenceEntry {
            id: Some(format!("away-{round}")),
            person: person(round),
            from,
            until: Some(from.plus(2)),
            kind: "vacation".into(),
            reason: None,
        };
        let id = insisting(|| host.add_absence(&company, entry.clone())).await;
        if round % 4 == 3 {
            insisting(|| host.withdraw_absence(&company, &id)).await;
        }
    }
}

/// Urgent deliveries that others join, that end earlier than thought, or that never were.
async fn record_circumstances(host: Daybreak, company: Company) {
    for round in 0..ROUNDS {
        let from = day("2026-06-01").plus(i32::try_from(round).expect("a few days"));
        let taking_part = |number: i64| Participant { person: person(number), from, until: None };
        let entry = CircumstanceEntry {
            id: Some(format!("rush-{round}")),
            kind: URGENT_DELIVERY.into(),
            from,
            until: Some(from.plus(6)),
            participants: vec![taking_part(round * 2)],
            measures: BTreeMap::new(),
            reason: "A rush".into(),
        };
        let id = insisting(|| host.add_circumstance(&company, &entry, "p0")).await.circumstance.id;
        let change = match round % 3 {
            0 => CircumstanceChange::Join(vec![taking_part(round * 2 + 1)]),
            1 => CircumstanceChange::End(from.plus(2)),
            _ => CircumstanceChange::Withdraw,
        };
        insisting(|| host.change_circumstance(&company, &id, &change, "p0")).await;
    }
}

/// What can be followed by its sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Followed {
    Facts,
    Batches,
    Answers,
    Composites,
}

impl Followed {
    const ALL: [Self; 4] = [Self::Facts, Self::Batches, Self::Answers, Self::Composites];

    async fn after(self, store: &Store, company: &Company, after: i64, most: u32) -> Vec<i64> {
        let company = &company.id;
        let news = match self {
            Self::Facts => {
                let facts = store.facts_after(company, after, most).await;
                facts.map(|facts| facts.into_iter().map(|fact| fact.sequence).collect())
            }
            Self::Batches => store.batches_after(company, after, most).await,
            Self::Answers => store.policy_batches_after(company, after, most).await,
            Self::Composites => store.composites_after(company, after, most).await,
        };
        news.expect("what comes after can be read")
    }
}

/// Follows everything by its sequence, as a system would that takes it over.
async fn follow(store: Store, company: Company, going_on: Arc<AtomicBool>) -> [Vec<i64>; 4] {
    let mut seen: [Vec<i64>; 4] = Default::default();
    loop {
        let going_on = going_on.load(Ordering::SeqCst);
        let mut any = false;
        for (followed, seen) in Followed::ALL.into_iter().zip(&mut seen) {
            let last = seen.last().copied().unwrap_or_default();
            let news = followed.after(&store, &company, last, 50).await;
            any |= !news.is_empty();
            seen.extend(news);
        }
        if !any && !going_on {
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

/// Departments, people, customers, indicators over all of them, and a policy that answers to circumstances.
async fn set_up(host: &Daybreak, company: &Company) {
    for id in ["sales", "service"] {
        let department = Department { id: id.into(), name: id.into(), parent: None };
        let entry = DepartmentEntry { department, from: None, until: None };
        host.set_department(company, entry).await.expect("a department");
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
    host.add_people(company, &everybody.into()).await.expect("people");
    let bytes = std::fs::read(component("measure")).expect("the component is built");
    host.install_plugin(company, bytes).await.expect("a plugin");
    let customers: Vec<Customer> = (0..7)
        .map(|number| Customer { id: format!("c{number}"), name: format!("Customer {number}"), kind: None })
        .collect();
    host.add_customers(company, &customers.into()).await.expect("customers");
    for setting in [
        indicator("visits", SubjectKind::Employee, r#"{"kind": "visit", "measure": "sum", "field": "@value"}"#),
        indicator("calls", SubjectKind::Employee, r#"{"kind": "visit", "measure": "count"}"#),
        indicator("by-department", SubjectKind::Department, r#"{"kind": "visit", "measure": "count"}"#),
        indicator("by-customer", SubjectKind::Customer, r#"{"kind": "visit", "measure": "count"}"#),
        indicator("by-owner", SubjectKind::Employee, r#"{"kind": "visit", "measure": "count", "scope": "customers"}"#),
    ] {
        host.set_indicator(company, &setting).await.expect("an indicator");
    }
    let bytes = std::fs::read(component("crisis-response")).expect("the component is built");
    host.install_plugin(company, bytes).await.expect("a plugin");
    host.enable_plugin(company, &policy()).await.expect("a policy");
}

#[test]
fn everything_that_arrives_while_batches_are_scored_is_scored_and_every_score_replays() {
    let place = super::company("Asia/Shanghai", NOW);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let clock = HandClock::new(NOW);
        let hosts = [host(&place, 0, &clock).await, host(&place, 1, &clock).await];
        let company = hosts[0].company(None).await.expect("the company");
        set_up(&hosts[0], &company).await;

        let writing = Arc::new(AtomicBool::new(true));
        let scorers =
            [0, 1].map(|number| tokio::spawn(score_while(hosts[number].clone(), company.clone(), writing.clone())));
        let scoring = Arc::new(AtomicBool::new(true));
        let reader = tokio::spawn(follow(store(&place).await, company.clone(), scoring.clone()));
        let of = |writer: usize| hosts[writer % 2].clone();
        let mut writers: Vec<_> =
            (0..5_usize).map(|writer| tokio::spawn(write_facts(of(writer), company.clone(), writer as i64))).collect();
        writers.push(tokio::spawn(move_people(of(5), company.clone())));
        writers.push(tokio::spawn(set_targets(of(6), company.clone())));
        writers.push(tokio::spawn(set_indicators(of(7), company.clone())));
        writers.push(tokio::spawn(set_shares(of(8), company.clone())));
        writers.push(tokio::spawn(assign_customers(of(9), company.clone())));
        writers.push(tokio::spawn(record_absences(of(10), company.clone())));
        writers.push(tokio::spawn(record_circumstances(of(11), company.clone())));
        for writer in writers {
            writer.await.expect("the writer ends well");
        }
        writing.store(false, Ordering::SeqCst);
        for scorer in scorers {
            scorer.await.expect("the scorer ends well");
        }
        scoring.store(false, Ordering::SeqCst);
        let seen = reader.await.expect("the reader ends well");

        // The reader has missed nothing and seen nothing twice.
        let store = store(&place).await;
        for (followed, seen) in Followed::ALL.into_iter().zip(seen) {
            let all = followed.after(&store, &company, 0, 1_000_000).await;
            assert!(!all.is_empty(), "{followed:?}");
            assert_eq!(seen, all, "{followed:?}");
            if followed == Followed::Facts {
                // Each round of each of five writers appends 25 facts and corrects every third: 25 + 9.
                assert_eq!(all.len() as i64, 5 * ROUNDS * (FACTS_PER_ROUND + 9));
            }
        }

        // Nothing is left to do, and what the scorers made of the news is what scoring everything anew makes of it.
        let report = hosts[0].score_stale(&company, &mut |_, _| ()).await.expect("scoring ends");
        assert_eq!(report.scored.computed + report.scored.not_computable, 0);
        let kept_up = outcomes(&hosts[0], &company).await;
        assert!(kept_up.len() > 20, "{} scores", kept_up.len());
        for indicator in ["visits", "by-department", "by-customer", "by-owner"] {
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
    // Scoring went on while the writers wrote: batches know of some facts and not of others.
    let while_writing = "SELECT COUNT(DISTINCT known_to) FROM batch WHERE known_to < (SELECT MAX(sequence) FROM fact) \
                         AND known_to > (SELECT MIN(sequence) FROM fact)";
    let batches = place.number(while_writing);
    assert!(batches >= 3, "{batches} states in between were scored");
    assert!(place.number("SELECT COUNT(*) FROM share_adjustment") > 0, "managers have changed shares");
    assert!(place.number("SELECT COUNT(*) FROM policy_batch") > 0, "the policy was asked");
}
