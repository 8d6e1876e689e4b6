//! `professional-influence`, against a second, naive way of computing the same.

use daybreak_plugin_professional_influence::ProfessionalInfluence;
use daybreak_sdk::indicator::{Computed, Direction, Outcome};
use daybreak_sdk::testing::{Batch, Cell, Goal, HOUR};
use proptest::prelude::*;
use serde_json::{Value, json};

#[derive(Clone, Debug)]
struct Touchpoint {
    person: usize,
    hour: i64,
    depth: Option<f64>,
    competitor: Option<&'static str>,
    met: Option<&'static str>,
}

const PEOPLE: usize = 3;

fn touchpoints() -> impl Strategy<Value = Vec<Touchpoint>> {
    let depth = prop::option::weighted(0.9, (0..14_i32).prop_map(|half| f64::from(half) / 2.0));
    let competitor = prop::option::of(prop_oneof![Just("Acme"), Just("无"), Just(" NONE "), Just("-"), Just("  ")]);
    let met = prop::option::weighted(0.9, prop_oneof![Just("director"), Just(" Head"), Just("nurse")]);
    let one = (0..PEOPLE, 0..30 * 24_i64, depth, competitor, met)
        .prop_map(|(person, hour, depth, competitor, met)| Touchpoint { person, hour, depth, competitor, met });
    prop::collection::vec(one, 0..40)
}

fn parameters(weights: [f64; 3], sample_min: usize) -> Value {
    json!({ "sample_min": sample_min, "signals": [
        { "field": "depth", "kind": "level", "weight": weights[0] },
        { "field": "competitor", "kind": "mentioned", "weight": weights[1] },
        { "field": "met", "kind": "one-of", "weight": weights[2],
          "answers": [{ "answer": "Director", "points": 100 }, { "answer": "head", "points": 60 }] },
    ] })
}

fn batch(touchpoints: &[Touchpoint], people: &[usize], parameters: &Value, direction: Direction, goal: Goal) -> Batch {
    let mut batch = Batch::new(&parameters.to_string()).rules(direction, "", 120.0);
    for &person in people {
        let subject = batch.subject(&format!("p{person}"), goal);
        for touchpoint in touchpoints.iter().filter(|touchpoint| touchpoint.person == person) {
            let mut cells: Vec<(&str, Cell)> = Vec::new();
            cells.extend(touchpoint.depth.map(|depth| ("depth", depth.into())));
            cells.extend(touchpoint.competitor.map(|competitor| ("competitor", competitor.into())));
            cells.extend(touchpoint.met.map(|met| ("met", met.into())));
            batch.row(subject, 0, touchpoint.hour * HOUR, &cells);
        }
    }
    batch
}

/// The score of one touchpoint, or none where an answer is missing.
fn naive(touchpoint: &Touchpoint, weights: [f64; 3]) -> Option<f64> {
    let depth = ((touchpoint.depth? - 1.0) / 4.0).clamp(0.0, 1.0) * 100.0;
    let competitor = if touchpoint.competitor == Some("Acme") { 100.0 } else { 0.0 };
    let met = match touchpoint.met? {
        "director" => 100.0,
        " Head" => 60.0,
        _ => 0.0,
    };
    Some((depth * weights[0] + competitor * weights[1] + met * weights[2]) / (weights[0] + weights[1] + weights[2]))
}

fn computed(outcome: &Outcome) -> Option<&Computed> {
    match outcome {
        Outcome::Computed(computed) => Some(computed),
        Outcome::NotComputable(_) => None,
    }
}

fn weights() -> impl Strategy<Value = [f64; 3]> {
    [0.1..100.0_f64, 0.1..100.0_f64, 0.1..100.0_f64]
}

proptest! {
    #[test]
    fn it_agrees_with_the_naive_way(
        touchpoints in touchpoints(), weights in weights(), sample_min in 1..5_usize, higher in any::<bool>(),
    ) {
        let direction = if higher { Direction::HigherIsBetter } else { Direction::LowerIsBetter };
        let people: Vec<usize> = (0..PEOPLE).collect();
        let parameters = parameters(weights, sample_min);
        let batch = batch(&touchpoints, &people, &parameters, direction, Goal::target(60.0));
        for (person, outcome) in batch.score::<ProfessionalInfluence>().map_err(TestCaseError::fail)?.iter().enumerate() {
            let own = touchpoints.iter().filter(|touchpoint| touchpoint.person == person);
            let scores: Vec<f64> = own.clone().filter_map(|touchpoint| naive(touchpoint, weights)).collect();
            let Some(computed) = computed(outcome) else {
                prop_assert!(scores.len() < sample_min, "{} touchpoints of at least {}", scores.len(), sample_min);
                continue;
            };
            let expected = scores.iter().sum::<f64>() / scores.len() as f64;
            prop_assert!((computed.raw - expected).abs() < 1e-9, "{} is not {}", computed.raw, expected);
            prop_assert!((0.0..=100.0).contains(&computed.raw));
            prop_assert_eq!(computed.sample as usize, scores.len());
            let formula = if higher { 100.0 * expected / 60.0 } else { 100.0 * (2.0 - expected / 60.0) };
            prop_assert!((computed.points.expect("a target") - formula.clamp(0.0, 120.0)).abs() < 1e-6);
            if higher && computed.raw > 0.0 {
                prop_assert_eq!(computed.parts.len(), 3);
            }
            // Evidence: bounded, each row once.
            let mut rows: Vec<u32> = computed.evidence.iter().map(|evidence| evidence.row).collect();
            prop_assert_eq!(rows.len(), scores.len().min(10));
            rows.sort_unstable();
            rows.dedup();
            prop_assert_eq!(rows.len(), scores.len().min(10));
            let left_out = computed.figures.iter().find(|figure| figure.key == "left-out").map(|figure| figure.value);
            prop_assert_eq!(left_out, Some((own.count() - scores.len()) as f64));
        }
    }

    #[test]
    fn the_evidence_begins_with_the_strongest_and_the_weakest(touchpoints in touchpoints(), weights in weights()) {
        let batch = batch(&touchpoints, &[0], &parameters(weights, 1), Direction::HigherIsBetter, Goal::default());
        let outcomes = batch.score::<ProfessionalInfluence>().map_err(TestCaseError::fail)?;
        let Some(computed) = computed(&outcomes[0]) else { return Ok(()) };
        let mut own: Vec<&Touchpoint> = touchpoints.iter().filter(|touchpoint| touchpoint.person == 0).collect();
        own.sort_by_key(|touchpoint| touchpoint.hour);
        let score = |row: u32| naive(own[row as usize], weights).expect("evidence is complete");
        let scores: Vec<f64> = own.iter().filter_map(|touchpoint| naive(touchpoint, weights)).collect();
        let ends = (scores.iter().copied().fold(0.0, f64::max), scores.iter().copied().fold(100.0, f64::min));
        prop_assert!((score(computed.evidence[0].row) - ends.0).abs() < 1e-9);
        if let Some(weakest) = computed.evidence.get(1) {
            prop_assert!((score(weakest.row) - ends.1).abs() < 1e-9);
        }
    }

    #[test]
    fn nobody_else_in_the_batch_matters(touchpoints in touchpoints(), weights in weights()) {
        let parameters = parameters(weights, 1);
        let score = |people: &[usize]| {
            batch(&touchpoints, people, &parameters, Direction::HigherIsBetter, Goal::between(20.0, 90.0))
                .score::<ProfessionalInfluence>()
                .map_err(TestCaseError::fail)
        };
        let together = score(&[2, 1, 0])?;
        for (place, person) in [2, 1, 0].into_iter().enumerate() {
            prop_assert_eq!(&together[place], &score(&[person])?[0]);
        }
    }

    #[test]
    fn a_deeper_question_never_costs_points(touchpoints in touchpoints(), weights in weights(), by in 0.0..3.0_f64) {
        let parameters = parameters(weights, 1);
        let points = |touchpoints: &[Touchpoint]| {
            let batch = batch(touchpoints, &[0], &parameters, Direction::HigherIsBetter, Goal::target(50.0));
            let outcomes = batch.score::<ProfessionalInfluence>().map_err(TestCaseError::fail)?;
            Ok::<Option<f64>, TestCaseError>(computed(&outcomes[0]).and_then(|computed| computed.points))
        };
        let mut deeper = touchpoints.clone();
        for touchpoint in &mut deeper {
            touchpoint.depth = touchpoint.depth.map(|depth| depth + by);
        }
        if let (Some(before), Some(after)) = (points(&touchpoints)?, points(&deeper)?) {
            prop_assert!(after >= before - 1e-9, "{} points after {}", after, before);
        }
    }
}

#[test]
fn settings_that_make_no_sense_are_refused_with_what_to_do() {
    let refused = |parameters: Value| Batch::new(&parameters.to_string()).score::<ProfessionalInfluence>().unwrap_err();
    let with = |name: &str, value: Value| {
        let mut signal = json!({ "field": "depth", "kind": "level" });
        signal[name] = value;
        refused(json!({ "signals": [signal] }))
    };
    assert!(refused(json!({ "signals": [] })).contains("at least one"));
    assert!(refused(json!({ "sample_min": 0 })).contains("at least 1"));
    assert!(with("field", json!("@actor")).contains("no field of a form"));
    assert!(with("field", json!("x".repeat(58))).contains("57 characters"));
    assert!(with("weight", json!(0)).contains("above 0"));
    assert!(with("best", json!(1)).contains("must differ"));
    assert!(with("answers", json!([{ "answer": "a", "points": 1 }])).contains("needs answers"));
    assert!(with("kind", json!("one-of")).contains("needs answers"));
    assert!(with("colour", json!("red")).contains("colour"));
    let depth = json!({ "field": "depth", "kind": "level" });
    assert!(refused(json!({ "signals": [depth, depth] })).contains("stands twice"));
    let answer = json!([{ "field": "met", "kind": "one-of", "answers": [{ "answer": "a", "points": 101 }] }]);
    assert!(refused(json!({ "signals": answer })).contains("from 0 to 100"));
}

#[test]
fn it_reads_the_subjects_own_touchpoints_and_no_other_field() {
    let requirements = Batch::new("{}").requirements::<ProfessionalInfluence>().unwrap();
    let [need] = &requirements.needs[..] else { panic!("one need") };
    let fields: Vec<&str> = need.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!((need.kind.as_str(), need.scope), ("touchpoint", daybreak_sdk::Scope::Subject));
    assert_eq!(fields, ["question_depth", "competitor"]);
}
