//! `measure`, against a second, naive way of computing the same.

use std::collections::BTreeSet;

use daybreak_plugin_measure::MeasurePlugin;
use daybreak_sdk::indicator::{Computed, Direction, Outcome};
use daybreak_sdk::testing::{Batch, Cell, DAY, Goal, HOUR};
use proptest::prelude::*;
use serde_json::{Value, json};

/// One order of one of a few people.
#[derive(Clone, Debug)]
struct Order {
    person: usize,
    at: i64,
    value: Option<f64>,
    stage: Option<&'static str>,
    customer: Option<u8>,
}

const PEOPLE: usize = 3;

fn orders() -> impl Strategy<Value = Vec<Order>> {
    let stage = prop::option::weighted(0.9, prop_oneof![Just("won"), Just("lost"), Just("open")]);
    let value = prop::option::weighted(0.9, -1_000.0..10_000.0_f64);
    let order = (0..PEOPLE, 0..30 * 24_i64, value, stage, prop::option::weighted(0.9, 0..6_u8))
        .prop_map(|(person, hour, value, stage, customer)| Order { person, at: hour * HOUR, value, stage, customer });
    prop::collection::vec(order, 0..60)
}

fn batch(orders: &[Order], parameters: &Value, people: &[usize], direction: Direction, goal: Goal) -> Batch {
    let mut batch = Batch::new(&parameters.to_string()).period(0, 30 * DAY).rules(direction, "x", 120.0);
    for &person in people {
        let subject = batch.subject(&format!("p{person}"), goal);
        for order in orders.iter().filter(|order| order.person == person) {
            let mut cells: Vec<(&str, Cell)> = Vec::new();
            cells.extend(order.value.map(|value| ("@value", value.into())));
            cells.extend(order.stage.map(|stage| ("stage", stage.into())));
            cells.extend(order.customer.map(|customer| ("@customer", format!("C-{customer}").into())));
            batch.row(subject, 0, order.at, &cells);
        }
    }
    batch
}

fn computed(outcome: &Outcome) -> Option<&Computed> {
    match outcome {
        Outcome::Computed(computed) => Some(computed),
        Outcome::NotComputable(_) => None,
    }
}

fn direction() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::HigherIsBetter), Just(Direction::LowerIsBetter)]
}

/// What each measure gives for one person's orders in the order of time, or none where there is nothing to compute.
fn naive(measure: &str, orders: &[&Order]) -> Option<(f64, usize)> {
    let counted: Vec<&&Order> = orders.iter().filter(|order| order.stage != Some("open")).collect();
    let mut values: Vec<f64> = counted.iter().filter_map(|order| order.value).collect();
    let customers: Vec<u8> = counted.iter().filter_map(|order| order.customer).collect();
    match measure {
        "count" => Some((counted.len() as f64, counted.len())),
        "distinct-count" => {
            let different: BTreeSet<u8> = customers.iter().copied().collect();
            Some((different.len() as f64, customers.len()))
        }
        "share" => {
            let won = counted.iter().filter(|order| order.stage == Some("won")).count();
            (!counted.is_empty()).then(|| (100.0 * won as f64 / counted.len() as f64, counted.len()))
        }
        "sum" => {
            let known = counted.is_empty() || !values.is_empty();
            known.then(|| (values.iter().fold(0.0, |sum, value| sum + value), values.len()))
        }
        "mean" => {
            let sum = values.iter().fold(0.0, |sum, value| sum + value);
            (!values.is_empty()).then(|| (sum / values.len() as f64, values.len()))
        }
        "median" => {
            values.sort_by(f64::total_cmp);
            let middle = values.len() / 2;
            match values.len() {
                0 => None,
                count if count % 2 == 1 => Some((values[middle], count)),
                count => Some((values[middle - 1].midpoint(values[middle]), count)),
            }
        }
        _ => unreachable!("the strategy names no other"),
    }
}

fn parameters(measure: &str) -> Value {
    let mut parameters = json!({
        "kind": "order",
        "measure": measure,
        "conditions": [{ "field": "stage", "not_equals": "open" }],
    });
    match measure {
        "share" => parameters["share_of"] = json!([{ "field": "stage", "equals": "won" }]),
        "distinct-count" => parameters["field"] = json!("@customer"),
        "count" => {}
        _ => parameters["field"] = json!("@value"),
    }
    parameters
}

fn measure() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["count", "distinct-count", "share", "sum", "mean", "median"])
}

proptest! {
    #[test]
    fn it_agrees_with_the_naive_way(orders in orders(), measure in measure(), direction in direction()) {
        let people: Vec<usize> = (0..PEOPLE).collect();
        let batch = batch(&orders, &parameters(measure), &people, direction, Goal::target(50.0));
        let outcomes = batch.score::<MeasurePlugin>().map_err(TestCaseError::fail)?;
        for (person, outcome) in outcomes.iter().enumerate() {
            let mut own: Vec<&Order> = orders.iter().filter(|order| order.person == person).collect();
            own.sort_by_key(|order| order.at);
            let expected = naive(measure, &own);
            prop_assert_eq!(computed(outcome).map(|it| (it.raw, it.sample as usize)), expected);
            if let Some(computed) = computed(outcome) {
                prop_assert!(computed.evidence.len() <= 20);
                let points = computed.points.expect("there is a target");
                let formula = match direction {
                    Direction::HigherIsBetter => 100.0 * computed.raw / 50.0,
                    Direction::LowerIsBetter => 100.0 * (2.0 - computed.raw / 50.0),
                };
                prop_assert!((points - formula.clamp(0.0, 120.0)).abs() < 1e-9);
                let sum: f64 = computed.parts.iter().map(|part| part.points).sum();
                prop_assert!((sum - points).abs() < 1e-9);
                if measure == "share" {
                    prop_assert!((0.0..=100.0).contains(&computed.raw));
                }
            }
        }
    }

    #[test]
    fn nobody_else_in_the_batch_matters(orders in orders(), measure in measure(), direction in direction()) {
        let people: Vec<usize> = (0..PEOPLE).rev().collect();
        let goal = Goal { baseline: Some(10.0), target: Some(40.0), stretch: Some(80.0) };
        let score = |people: &[usize]| {
            batch(&orders, &parameters(measure), people, direction, goal)
                .score::<MeasurePlugin>()
                .map_err(TestCaseError::fail)
        };
        let together = score(&people)?;
        for (place, &person) in people.iter().enumerate() {
            prop_assert_eq!(&together[place], &score(&[person])?[0]);
        }
    }

    #[test]
    fn more_of_a_good_thing_never_costs_points(orders in orders(), extra in 0.0..5_000.0_f64) {
        let score = |orders: &[Order], measure: &str| {
            batch(orders, &parameters(measure), &[0], Direction::HigherIsBetter, Goal::target(50.0))
                .score::<MeasurePlugin>()
                .map_err(TestCaseError::fail)
        };
        let mut more = orders.clone();
        more.push(Order { person: 0, at: HOUR, value: Some(extra), stage: Some("won"), customer: Some(9) });
        for measure in ["count", "sum", "share", "distinct-count"] {
            let points = |outcomes: &[Outcome]| computed(&outcomes[0]).and_then(|it| it.points).unwrap_or(-1.0);
            let (before, after) = (points(&score(&orders, measure)?), points(&score(&more, measure)?));
            prop_assert!(after >= before, "{}: {} points after {}", measure, after, before);
        }
    }

    #[test]
    fn a_condition_and_its_opposite_share_the_facts(orders in orders(), limit in -1_000.0..10_000.0_f64) {
        let count = |condition: Value| {
            let parameters = json!({ "kind": "order", "measure": "count", "conditions": [condition] });
            let batch = batch(&orders, &parameters, &[0], Direction::HigherIsBetter, Goal::default());
            let outcomes = batch.score::<MeasurePlugin>().map_err(TestCaseError::fail)?;
            Ok::<f64, TestCaseError>(computed(&outcomes[0]).map_or(-1.0, |computed| computed.raw))
        };
        let own = orders.iter().filter(|order| order.person == 0);
        let all = own.clone().count() as f64;
        let known = own.filter(|order| order.value.is_some()).count() as f64;
        let equals = count(json!({ "field": "stage", "equals": "won" }))?;
        prop_assert_eq!(equals, count(json!({ "field": "stage", "one_of": ["won", "never"] }))?);
        prop_assert_eq!(equals + count(json!({ "field": "stage", "not_equals": "won" }))?, all);
        let present = count(json!({ "field": "@value", "present": true }))?;
        prop_assert_eq!(present, known);
        prop_assert_eq!(present + count(json!({ "field": "@value", "present": false }))?, all);
        let most = count(json!({ "field": "@value", "at_most": limit }))?;
        let least = count(json!({ "field": "@value", "at_least": limit }))?;
        let both = count(json!({ "field": "@value", "at_least": limit, "at_most": limit }))?;
        prop_assert_eq!(most + least - both, known);
    }
}

#[test]
fn it_asks_for_what_its_parameters_name_and_for_nothing_else() {
    let fields = |parameters: Value| {
        let requirements = Batch::new(&parameters.to_string()).requirements::<MeasurePlugin>().unwrap();
        let mut names: Vec<String> = requirements.needs[0].fields.iter().map(|field| field.name.clone()).collect();
        names.sort();
        names
    };
    assert!(fields(json!({ "kind": "visit", "measure": "count" })).is_empty());
    assert_eq!(fields(parameters("share")), ["stage"]);
    assert_eq!(fields(parameters("sum")), ["@value", "stage"]);
    // A field that is added and compared is one column.
    let twice = json!({
        "kind": "order", "measure": "mean", "field": "amount",
        "conditions": [{ "field": "amount", "at_least": 1.0 }, { "field": "amount", "not_equals": "5" }],
    });
    assert_eq!(fields(twice), ["amount"]);
}

#[test]
fn parameters_that_make_no_sense_are_refused_with_what_to_do() {
    let refused = |parameters: Value| Batch::new(&parameters.to_string()).score::<MeasurePlugin>().unwrap_err();
    let base = |measure: &str| json!({ "kind": "order", "measure": measure });
    assert!(refused(base("sum")).contains("name the field"));
    assert!(refused(base("share")).contains("share_of"));
    let with = |measure: &str, name: &str, value: Value| {
        let mut parameters = base(measure);
        parameters[name] = value;
        refused(parameters)
    };
    assert!(with("count", "field", json!("x")).contains("takes no field"));
    assert!(with("count", "points", json!("tiered")).contains("need tiers"));
    assert!(with("count", "conditions", json!([{ "field": "stage" }])).contains("tests nothing"));
    assert!(with("sum", "field", json!("@document")).contains("not of numbers"));
    assert!(with("count", "conditions", json!([{ "field": "@actor", "at_least": 1 }])).contains("compares numbers"));
    assert!(with("count", "colour", json!("red")).contains("colour"));
}
