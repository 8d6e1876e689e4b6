//! `collaboration`, against a second, naive way of computing the same.

use std::collections::{BTreeMap, BTreeSet};

use daybreak_plugin_collaboration::Collaboration;
use daybreak_sdk::indicator::{Computed, Outcome};
use daybreak_sdk::testing::{Batch, Cell, DAY, Goal, HOUR};
use proptest::prelude::*;
use serde_json::json;

const PEOPLE: usize = 5;
/// The period is days 10 to 20; assessed at day 25. Two people change departments on day 15.
const PERIOD: (i64, i64) = (10 * DAY, 20 * DAY);
const AS_OF: i64 = 25 * DAY;

/// Somebody's part in a task that was done.
#[derive(Clone, Debug)]
struct Part {
    at: i64,
    person: usize,
    task: u8,
    weight: Option<f64>,
    initiated: bool,
}

fn parts() -> impl Strategy<Value = Vec<Part>> {
    let weight = prop::option::weighted(0.8, (0..40_i32).prop_map(|quarter| f64::from(quarter) / 4.0));
    let part = (0..25 * 24_i64, 0..PEOPLE, 0..12_u8, weight, any::<bool>())
        .prop_map(|(hour, person, task, weight, initiated)| Part { at: hour * HOUR, person, task, weight, initiated });
    prop::collection::vec(part, 0..50)
}

fn department(person: usize, at: i64) -> Option<&'static str> {
    match person {
        0 | 1 => Some("sales"),
        2 => Some(if at < 15 * DAY { "sales" } else { "quality" }),
        3 if at < 15 * DAY => None,
        3 => Some("warehouse"),
        _ => None,
    }
}

fn in_period(at: i64) -> bool {
    PERIOD.0 <= at && at < PERIOD.1
}

/// What the host would send: to each person, all parts of the tasks in which the person has one in the period.
fn batch(parts: &[Part], measure: &str, people: &[usize], goal: Goal) -> Batch {
    let parameters = json!({ "measure": measure }).to_string();
    let mut batch = Batch::new(&parameters).period(PERIOD.0, PERIOD.1).as_of(AS_OF);
    for &person in people {
        let subject = batch.subject(&format!("p{person}"), goal);
        for part in parts {
            let own = |other: &Part| other.task == part.task && other.person == person && in_period(other.at);
            if parts.iter().any(own) {
                let mut cells: Vec<(&str, Cell)> = vec![
                    ("@document", format!("T-{}", part.task).into()),
                    ("@actor", format!("p{}", part.person).into()),
                    ("@is-subject", (part.person == person).into()),
                    ("role", if part.initiated { "initiator" } else { "assignee" }.into()),
                ];
                cells.extend(department(part.person, part.at).map(|name| ("@actor-department", name.into())));
                cells.extend(part.weight.map(|weight| ("@value", weight.into())));
                batch.row(subject, 0, part.at, &cells);
            }
        }
    }
    batch
}

/// Weight and whether it was cross-department, of every task that the person finished last in the period.
fn naive(parts: &[Part], person: usize) -> Vec<(f64, bool)> {
    let mut tasks: BTreeMap<u8, Vec<&Part>> = BTreeMap::new();
    for part in parts {
        tasks.entry(part.task).or_default().push(part);
    }
    let mut finished = Vec::new();
    for parts in tasks.values_mut() {
        // Equal times keep the order in which they were recorded, which a stable sort does.
        parts.sort_by_key(|part| part.at);
        let mut last: BTreeMap<usize, &Part> = BTreeMap::new();
        for part in parts.iter() {
            last.insert(part.person, part);
        }
        let Some(own) = last.get(&person).filter(|own| in_period(own.at)) else { continue };
        let departments: BTreeSet<&str> = last.values().filter_map(|part| department(part.person, part.at)).collect();
        finished.push((own.weight.unwrap_or(1.0), departments.len() > 1));
    }
    finished
}

fn computed(outcome: &Outcome) -> Option<&Computed> {
    match outcome {
        Outcome::Computed(computed) => Some(computed),
        Outcome::NotComputable(_) => None,
    }
}

fn figure(computed: &Computed, key: &str) -> Option<f64> {
    computed.figures.iter().find(|figure| figure.key == key).map(|figure| figure.value)
}

fn measure() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["share", "weight", "count"])
}

proptest! {
    #[test]
    fn it_agrees_with_the_naive_way(parts in parts(), measure in measure()) {
        let people: Vec<usize> = (0..PEOPLE).collect();
        let batch = batch(&parts, measure, &people, Goal::target(4.0));
        let outcomes = batch.score::<Collaboration>().map_err(TestCaseError::fail)?;
        for (person, outcome) in outcomes.iter().enumerate() {
            let tasks = naive(&parts, person);
            // Quarters add up without rounding, in whatever order.
            let total: f64 = tasks.iter().map(|task| task.0).sum();
            let across: Vec<f64> = tasks.iter().filter(|task| task.1).map(|task| task.0).collect();
            let weight: f64 = across.iter().sum();
            let (raw, sample) = match measure {
                "share" if total == 0.0 => {
                    prop_assert!(computed(outcome).is_none());
                    continue;
                }
                "share" => (100.0 * (weight / total), tasks.len()),
                "weight" => (weight, across.len()),
                _ => (across.len() as f64, across.len()),
            };
            let Some(computed) = computed(outcome) else { return Err(TestCaseError::fail("not computed")) };
            prop_assert_eq!((computed.raw, computed.sample as usize), (raw, sample));
            prop_assert_eq!(figure(computed, "tasks-done"), Some(tasks.len() as f64));
            prop_assert_eq!(figure(computed, "cross-department"), Some(across.len() as f64));
            prop_assert_eq!(figure(computed, "weight-done"), Some(total));
            prop_assert_eq!(figure(computed, "weight-across"), Some(weight));
            prop_assert_eq!(computed.evidence.len(), tasks.len().min(20));
            prop_assert_eq!(computed.points, Some((100.0 * raw / 4.0).min(120.0)));
            if measure == "share" {
                prop_assert!((0.0..=100.0).contains(&computed.raw));
            }
        }
    }

    #[test]
    fn nobody_else_in_the_batch_matters(parts in parts(), measure in measure()) {
        let goal = Goal::between(0.0, 50.0);
        let score = |people: &[usize]| batch(&parts, measure, people, goal).score::<Collaboration>().map_err(TestCaseError::fail);
        let people = [4, 2, 0, 1, 3];
        let together = score(&people)?;
        for (place, person) in people.into_iter().enumerate() {
            prop_assert_eq!(&together[place], &score(&[person])?[0]);
        }
    }

    #[test]
    fn colleagues_of_ones_own_department_and_people_without_one_add_nothing(parts in parts()) {
        let score = |parts: &[Part]| {
            let outcomes = batch(parts, "count", &[0], Goal::default()).score::<Collaboration>().map_err(TestCaseError::fail)?;
            Ok::<Option<f64>, TestCaseError>(computed(&outcomes[0]).map(|computed| computed.raw))
        };
        // 0 and 1 are always in sales, 4 is in no department.
        let among: Vec<Part> = parts.iter().filter(|part| [0, 1, 4].contains(&part.person)).cloned().collect();
        prop_assert_eq!(score(&among)?, Some(0.0));
    }
}

#[test]
fn it_asks_for_the_documents_of_finished_tasks() {
    let requirements = Batch::new("{}").requirements::<Collaboration>().unwrap();
    let [need] = &requirements.needs[..] else { panic!("one need") };
    let fields: Vec<&str> = need.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!((need.kind.as_str(), need.scope), ("task.done", daybreak_sdk::Scope::Documents));
    assert_eq!(fields, ["@document", "@is-subject", "@actor", "@actor-department", "@value", "role"]);
    assert!(need.fields.iter().all(|field| !field.required), "a task without a weight weighs 1");
    let refused = Batch::new(r#"{ "measure": "sum" }"#).score::<Collaboration>().unwrap_err();
    assert!(refused.contains("share") && refused.contains("weight") && refused.contains("count"), "{refused}");
}

#[test]
fn nothing_done_is_no_share_but_a_weight_of_zero() {
    let score =
        |measure: &str| batch(&[], measure, &[0], Goal::target(10.0)).score::<Collaboration>().unwrap().remove(0);
    assert!(computed(&score("share")).is_none());
    for measure in ["weight", "count"] {
        let outcome = score(measure);
        let computed = computed(&outcome).expect("no cross-department task is a result");
        assert_eq!((computed.raw, computed.sample, computed.points), (0.0, 0, Some(0.0)));
    }
}
