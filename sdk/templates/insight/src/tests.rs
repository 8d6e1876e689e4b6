//! What holds for every chart.

use daybreak_sdk::insight::{Chart, Point, Series, Tone};
use daybreak_sdk::testing::{Batch, DAY};
use daybreak_sdk::{Span, text};
use proptest::prelude::*;

use super::TargetAndTrend;

proptest! {
    #[test]
    fn nobody_is_praised_for_missing_the_target(
        values in prop::collection::vec(prop::option::of(-100.0..100.0_f64), 1..12),
        target in -100.0..100.0_f64,
        higher_is_better in any::<bool>(),
    ) {
        let points = values.iter().zip(0_i64..).map(|(value, month)| {
            let during = Span { start: month * 30 * DAY, end: (month + 1) * 30 * DAY };
            Point { during, value: *value, complete: true }
        });
        let series = Series { name: text("数值", "Value"), unit: String::new(), points: points.collect() };
        let chart = Chart {
            id: "chart".to_owned(),
            title: text("图表", "Chart"),
            series: vec![series],
            target: Some(target),
            baseline: None,
            higher_is_better,
            items: Vec::new(),
        };
        let sentences = Batch::new("{}").narrate::<TargetAndTrend>(&[chart]).map_err(TestCaseError::fail)?;
        let latest = values.iter().flatten().last();
        let missed = latest.map(|latest| if higher_is_better { *latest < target } else { *latest > target });
        let tone = sentences[0].as_ref().map(|sentence| sentence.tone);
        prop_assert_eq!(tone, missed.map(|missed| if missed { Tone::Act } else { Tone::Praise }));
    }
}
