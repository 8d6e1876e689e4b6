//! `time-to-resolve`, against a second, naive way of computing the same.

use std::collections::BTreeMap;

use daybreak_plugin_time_to_resolve::TimeToResolve;
use daybreak_sdk::indicator::{Computed, Direction, Outcome};
use daybreak_sdk::testing::{Batch, DAY, Goal, HOUR};
use proptest::prelude::*;

const PARAMETERS: &str = r#"{ "resolving": ["resolved", "rejected"] }"#;
const PEOPLE: usize = 4;
/// The period is days 10 to 20; assessed at day 25.
const PERIOD: (i64, i64) = (10 * DAY, 20 * DAY);
const AS_OF: i64 = 25 * DAY;

#[derive(Clone, Debug)]
struct Event {
    at: i64,
    person: usize,
    document: Option<u8>,
    activity: &'static str,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let activity = prop_oneof![Just("opened"), Just("note"), Just("resolved"), Just("rejected"), Just("closed")];
    let event = (0..25 * 24_i64, 0..PEOPLE, prop::option::weighted(0.95, 0..12_u8), activity)
        .prop_map(|(hour, person, document, activity)| Event { at: hour * HOUR, person, document, activity });
    prop::collection::vec(event, 0..120)
}

fn in_period(at: i64) -> bool {
    PERIOD.0 <= at && at < PERIOD.1
}

/// What the host would send: to each person, all events on the documents on which the person has one in the period.
fn batch(events: &[Event], people: &[usize], goal: Goal) -> Batch {
    let mut batch =
        Batch::new(PARAMETERS).period(PERIOD.0, PERIOD.1).as_of(AS_OF).rules(Direction::LowerIsBetter, "h", 120.0);
    for &person in people {
        let subject = batch.subject(&format!("p{person}"), goal);
        for event in events {
            let Some(document) = event.document else { continue };
            let took_part =
                |other: &&Event| other.document == Some(document) && other.person == person && in_period(other.at);
            if events.iter().any(|other| took_part(&other)) {
                let cells = [
                    ("activity", event.activity.into()),
                    ("@document", format!("D-{document}").into()),
                    ("@is-subject", (event.person == person).into()),
                ];
                batch.row(subject, 0, event.at, &cells);
            }
        }
    }
    batch
}

/// Hours of every document that the person resolved last, in the period, ascending.
fn naive(events: &[Event], person: usize) -> Vec<f64> {
    let mut documents: BTreeMap<u8, Vec<&Event>> = BTreeMap::new();
    for event in events {
        if let Some(document) = event.document {
            documents.entry(document).or_default().push(event);
        }
    }
    let mut hours = Vec::new();
    for events in documents.values_mut() {
        // Equal times keep the order in which the events were recorded, which a stable sort does.
        events.sort_by_key(|event| event.at);
        let mut resolving = events.iter().rev().filter(|event| ["resolved", "rejected"].contains(&event.activity));
        if let Some(last) = resolving.next()
            && last.person == person
            && in_period(last.at)
        {
            hours.push((last.at - events[0].at) as f64 / 3_600_000.0);
        }
    }
    hours.sort_by(f64::total_cmp);
    hours
}

fn computed(outcome: &Outcome) -> Option<&Computed> {
    match outcome {
        Outcome::Computed(computed) => Some(computed),
        Outcome::NotComputable(_) => None,
    }
}

proptest! {
    #[test]
    fn it_agrees_with_the_naive_way(events in events(), target in prop::option::of(1.0..200.0_f64)) {
        let people: Vec<usize> = (0..PEOPLE).collect();
        let batch = batch(&events, &people, Goal { target, ..Goal::default() });
        let outcomes = batch.score::<TimeToResolve>().map_err(TestCaseError::fail)?;
        for (person, outcome) in outcomes.iter().enumerate() {
            let hours = naive(&events, person);
            let Some(computed) = computed(outcome) else {
                prop_assert!(hours.is_empty(), "person {} resolved {:?}", person, hours);
                continue;
            };
            let (low, high) = (hours[(hours.len() - 1) / 2], hours[hours.len() / 2]);
            prop_assert_eq!(computed.raw, low.midpoint(high));
            prop_assert_eq!(computed.sample as usize, hours.len());
            prop_assert_eq!(computed.evidence.len(), hours.len().min(20));
            prop_assert_eq!(computed.points.is_some(), target.is_some());
            if let (Some(points), Some(target)) = (computed.points, target) {
                let formula = (100.0 * (2.0 - computed.raw / target)).clamp(0.0, 120.0);
                prop_assert!((points - formula).abs() < 1e-9);
                let sum: f64 = computed.parts.iter().map(|part| part.points).sum();
                prop_assert!((sum - points).abs() <= 1e-9);
            }
        }
    }

    #[test]
    fn nobody_else_in_the_batch_matters(events in events()) {
        let people: Vec<usize> = (0..PEOPLE).rev().collect();
        let goal = Goal::between(100.0, 10.0);
        let together = batch(&events, &people, goal).score::<TimeToResolve>().map_err(TestCaseError::fail)?;
        for (place, &person) in people.iter().enumerate() {
            let alone = batch(&events, &[person], goal).score::<TimeToResolve>().map_err(TestCaseError::fail)?;
            prop_assert_eq!(&together[place], &alone[0]);
        }
    }

    #[test]
    fn resolving_sooner_never_costs_points(events in events(), sooner_hours in 1..48_i64) {
        // Every document begins with an event of nobody in the batch, and everything else happens sooner.
        let goal = Goal::target(24.0);
        let shift = |event: &Event, by: i64| Event { at: (event.at - by).max(PERIOD.0 + 1), ..event.clone() };
        let opened = (0..12_u8).map(|document| Event { at: PERIOD.0, person: 99, document: Some(document), activity: "opened" });
        let opened: Vec<Event> = opened.collect();
        let mut usual: Vec<Event> = events.iter().filter(|event| in_period(event.at)).cloned().collect();
        // Events that fall together below then keep their order, so that it is the same people who resolve.
        usual.sort_by_key(|event| event.at);
        let sooner = usual.iter().map(|event| shift(event, sooner_hours * HOUR));
        let sooner: Vec<Event> = opened.iter().cloned().chain(sooner).collect();
        let usual: Vec<Event> = opened.iter().cloned().chain(usual.iter().map(|event| shift(event, 0))).collect();
        let score = |events: &[Event]| batch(events, &[0], goal).score::<TimeToResolve>().map_err(TestCaseError::fail);
        let (before, after) = (score(&usual)?, score(&sooner)?);
        let points = |outcomes: &[Outcome]| computed(&outcomes[0]).and_then(|computed| computed.points);
        if let (Some(before), Some(after)) = (points(&before), points(&after)) {
            prop_assert!(after >= before, "{after} points after {before}");
        }
    }
}

#[test]
fn it_says_what_it_cannot_compute() {
    let mut empty = Batch::new(PARAMETERS);
    empty.subject("anna", Goal::target(10.0));
    let Outcome::NotComputable(reason) = &empty.score::<TimeToResolve>().unwrap()[0] else {
        panic!("computed from nothing");
    };
    assert!(reason.iter().any(|(language, text)| language == "zh-CN" && text.contains("没有")));
    let refused = Batch::new(r#"{ "resolving": [] }"#).score::<TimeToResolve>().unwrap_err();
    assert!(refused.contains("at least one activity"), "{refused}");
    let refused = Batch::new(r#"{ "resolving": ["x"], "resolvng": [] }"#).score::<TimeToResolve>().unwrap_err();
    assert!(refused.contains("resolvng"), "{refused}");
}
