//! The arithmetic that all indicators share.

use daybreak_sdk::indicator::{Direction, Rules};
use daybreak_sdk::points::{Points, Tier, baseline_stretch, linear, tiered};
use daybreak_sdk::{statistics, text};
use proptest::prelude::*;

fn rules(direction: Direction, ceiling: f64) -> Rules {
    Rules { direction, unit: "h".to_owned(), ceiling }
}

fn direction() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::HigherIsBetter), Just(Direction::LowerIsBetter)]
}

fn value(points: Option<&Points>) -> f64 {
    points.map_or(-1.0, Points::value)
}

/// The better of the two comes first.
fn ranked(direction: Direction, left: f64, right: f64) -> (f64, f64) {
    let left_is_better = match direction {
        Direction::HigherIsBetter => left >= right,
        Direction::LowerIsBetter => left <= right,
    };
    if left_is_better { (left, right) } else { (right, left) }
}

proptest! {
    #[test]
    fn better_work_never_gets_fewer_points(
        direction in direction(),
        ceiling in prop_oneof![Just(120.0), 1.0..300.0_f64],
        raws in (-1e6..1e6_f64, -1e6..1e6_f64),
        goals in (-1e4..1e4_f64, -1e4..1e4_f64),
        tiers in prop::collection::vec((-1e4..1e4_f64, 0.0..200.0_f64), 0..6),
    ) {
        let rules = rules(direction, ceiling);
        let (better, worse) = ranked(direction, raws.0, raws.1);
        let tiers: Vec<Tier> = tiers.iter().map(|&(threshold, points)| Tier { threshold, points }).collect();
        let pairs = [
            (linear(better, goals.0, &rules), linear(worse, goals.0, &rules)),
            (baseline_stretch(better, goals.0, goals.1, &rules), baseline_stretch(worse, goals.0, goals.1, &rules)),
            (tiered(better, &tiers, &rules), tiered(worse, &tiers, &rules)),
        ];
        for (better, worse) in pairs {
            // Whether there is something to measure against does not depend on raw.
            prop_assert_eq!(better.is_some(), worse.is_some());
            prop_assert!(value(better.as_ref()) >= value(worse.as_ref()));
            for points in [better, worse].into_iter().flatten() {
                prop_assert!((0.0..=ceiling).contains(&points.value()));
                let sum: f64 = points.parts().iter().map(|part| part.points).sum();
                prop_assert!((sum - points.value()).abs() <= 1e-9 * points.value().max(1.0));
                prop_assert!(points.parts().iter().all(|part| part.points >= 0.0));
            }
        }
    }

    #[test]
    fn points_split_among_contributions_add_up(
        direction in direction(), raw in -1e3..1e3_f64, contributions in prop::collection::vec(-10.0..1e6_f64, 0..8),
    ) {
        let rules = rules(direction, 120.0);
        let Some(points) = linear(raw, 100.0, &rules) else { return Err(TestCaseError::fail("a target of 100")) };
        let parts = points.split(contributions.iter().map(|&contribution| (text("份额", "Share"), contribution)));
        let sum: f64 = parts.iter().map(|part| part.points).sum();
        prop_assert!((sum - points.value()).abs() <= 1e-9 * points.value().max(1.0));
        prop_assert!(parts.iter().all(|part| part.points >= 0.0));
        if contributions.iter().any(|contribution| *contribution > 0.0) {
            // As many as there are, each as large as its share.
            prop_assert_eq!(parts.len(), contributions.len());
            let total: f64 = contributions.iter().map(|contribution| contribution.max(0.0)).sum();
            for (part, contribution) in parts.iter().zip(&contributions) {
                prop_assert!((part.points * total - points.value() * contribution.max(0.0)).abs() <= 1e-6 * total);
            }
        } else {
            prop_assert_eq!(parts, points.parts());
        }
    }

    #[test]
    fn goals_that_nothing_can_be_measured_against_give_none(
        direction in direction(), raw in -1e6..1e6_f64, goal in 0.0..1e4_f64,
    ) {
        let rules = rules(direction, 120.0);
        prop_assert_eq!(linear(raw, 0.0, &rules), None);
        prop_assert_eq!(linear(raw, -goal, &rules), None);
        prop_assert_eq!(baseline_stretch(raw, goal, goal, &rules), None);
        let (better, worse) = ranked(direction, goal, goal + 1.0);
        prop_assert_eq!(baseline_stretch(raw, better, worse, &rules), None);
        prop_assert!(baseline_stretch(raw, worse, better, &rules).is_some());
    }

    #[test]
    fn the_median_halves_and_quantiles_lie_between_the_ends(
        values in prop::collection::vec(-1e9..1e9_f64, 1..60), share in 0.0..=1.0_f64,
    ) {
        let median = statistics::median(&values).unwrap();
        let at_most = values.iter().filter(|value| **value <= median).count();
        let at_least = values.iter().filter(|value| **value >= median).count();
        prop_assert!(2 * at_most >= values.len() && 2 * at_least >= values.len());
        let mut reversed = values.clone();
        reversed.reverse();
        prop_assert_eq!(statistics::median(&reversed).unwrap().to_bits(), median.to_bits());
        let quantile = statistics::quantile(&values, share).unwrap();
        let (least, most) = values.iter().fold((f64::MAX, f64::MIN), |(l, m), v| (l.min(*v), m.max(*v)));
        prop_assert!(least <= quantile && quantile <= most);
    }
}

#[test]
fn the_formulas_are_those_of_the_product() {
    let higher = rules(Direction::HigherIsBetter, 120.0);
    let lower = rules(Direction::LowerIsBetter, 120.0);
    assert_eq!(value(linear(45.0, 60.0, &higher).as_ref()), 75.0);
    assert_eq!(value(linear(60.0, 48.0, &lower).as_ref()), 75.0);
    assert_eq!(value(linear(10.0, 48.0, &lower).as_ref()), 120.0);
    assert_eq!(value(linear(100.0, 48.0, &lower).as_ref()), 0.0);
    assert_eq!(value(baseline_stretch(30.0, 20.0, 40.0, &higher).as_ref()), 50.0);
    assert_eq!(value(baseline_stretch(30.0, 60.0, 20.0, &lower).as_ref()), 75.0);
    assert_eq!(value(baseline_stretch(70.0, 60.0, 20.0, &lower).as_ref()), 0.0);
    assert_eq!(statistics::median(&[4.0, 1.0, 3.0, 2.0]), Some(2.5));
    assert_eq!(statistics::quantile(&[1.0, 2.0, 3.0, 4.0], 0.25), Some(1.75));
    assert_eq!((statistics::median(&[]), statistics::mean(&[])), (None, None));
}

#[test]
fn a_tier_counts_from_its_threshold_on() {
    let tiers = [Tier { threshold: 10.0, points: 60.0 }, Tier { threshold: 20.0, points: 100.0 }];
    let higher = rules(Direction::HigherIsBetter, 120.0);
    let at = |raw| value(tiered(raw, &tiers, &higher).as_ref());
    assert_eq!([at(9.99), at(10.0), at(19.99), at(20.0)], [0.0, 60.0, 60.0, 100.0]);
    let swapped = [Tier { threshold: 10.0, points: 100.0 }, Tier { threshold: 20.0, points: 60.0 }];
    let lower = rules(Direction::LowerIsBetter, 120.0);
    let at = |raw| value(tiered(raw, &swapped, &lower).as_ref());
    assert_eq!([at(10.0), at(10.01), at(20.0), at(20.01)], [100.0, 60.0, 60.0, 0.0]);
}
