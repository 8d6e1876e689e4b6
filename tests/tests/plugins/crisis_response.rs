//! `crisis-response`, against a second, naive way of saying the same.

use daybreak_plugin_crisis_response::CrisisResponse;
use daybreak_sdk::Span;
use daybreak_sdk::reweighting::{Change, Circumstance, Scorecard, Share, Target, WHOLE};
use daybreak_sdk::testing::{Batch, HOUR};
use proptest::prelude::*;
use serde_json::{Value, json};

/// The month of the batch, in hours.
const MONTH: std::ops::Range<i64> = 0..30 * 24;

/// One circumstance: kind, first hour, how many hours, its measure.
type Given = (&'static str, i64, i64, Option<f64>);

fn circumstances() -> impl Strategy<Value = Vec<Given>> {
    let kind = prop::sample::select(vec!["crisis", "recall", "absence"]);
    // Many begin or end exactly on one of the month's midnights.
    let start = prop_oneof![-300..1_000_i64, Just(0), Just(30 * 24)];
    let hours = prop_oneof![0..400_i64, Just(24)];
    let ends_on_the_first_midnight = (0..300_i64).prop_map(|hours| (-hours, hours));
    let when = prop_oneof![(start, hours), ends_on_the_first_midnight];
    let measure = prop::option::weighted(0.8, 0.0..20.0_f64);
    let given = (kind, when, measure).prop_map(|(kind, (start, hours), measure)| (kind, start, hours, measure));
    prop::collection::vec(given, 0..5)
}

/// Three indicators in two dimensions: shares that total the whole, and which of them are locked.
fn shares() -> impl Strategy<Value = Vec<Share>> {
    (0..=WHOLE, 0..=WHOLE, any::<[bool; 3]>()).prop_map(|(one, other, locked)| {
        let (low, high) = (one.min(other), one.max(other));
        let shares =
            [("collaboration", "process", low), ("quality", "process", high - low), ("sales", "result", WHOLE - high)];
        let share = |((indicator, dimension, share), locked): ((&str, &str, u32), bool)| Share {
            indicator: indicator.to_owned(),
            dimension: dimension.to_owned(),
            share,
            locked,
        };
        shares.into_iter().zip(locked).map(share).collect()
    })
}

fn scorecard(shares: &[Share], circumstances: &[Given]) -> Scorecard {
    let circumstance = |(index, (kind, start, hours, measure)): (usize, &Given)| Circumstance {
        id: format!("c{index}"),
        kind: (*kind).to_owned(),
        during: Span { start: start * HOUR, end: (start + hours) * HOUR },
        measures: measure.iter().map(|&hours| ("hours".to_owned(), hours)).collect(),
    };
    let circumstances = circumstances.iter().enumerate().map(circumstance).collect();
    Scorecard { employee: "anna".to_owned(), shares: shares.to_vec(), circumstances }
}

fn adjust(parameters: &Value, scorecard: Scorecard) -> Result<Vec<Change>, TestCaseError> {
    let mut changes = Batch::new(&parameters.to_string()).adjust::<CrisisResponse>(&[scorecard]);
    changes.as_mut().map(|changes| changes.remove(0)).map_err(|reason| TestCaseError::fail(reason.clone()))
}

/// The circumstance that causes the change, if there is one: some hour of it lies in the month.
fn cause(circumstances: &[Given], hours_min: Option<f64>) -> Option<String> {
    let mut first: Option<(i64, String)> = None;
    for (index, &(kind, start, hours, measure)) in circumstances.iter().enumerate() {
        let in_month = (start..start + hours).any(|hour| MONTH.contains(&hour));
        let measured = hours_min.is_none_or(|least| measure.is_some_and(|hours| hours >= least));
        let candidate = (start, format!("c{index}"));
        if kind != "absence" && in_month && measured && first.as_ref().is_none_or(|known| candidate < *known) {
            first = Some(candidate);
        }
    }
    first.map(|(_, id)| id)
}

proptest! {
    #[test]
    fn it_agrees_with_the_naive_way(
        shares in shares(),
        circumstances in circumstances(),
        share in 1..=WHOLE,
        dimension in any::<bool>(),
        hours_min in prop::option::of(0.0..20.0_f64),
    ) {
        let target = if dimension { "process" } else { "collaboration" };
        let mut parameters = json!({ "target": target, "share": share, "circumstances": ["crisis", "recall"] });
        if dimension {
            parameters["target_kind"] = json!("dimension");
        }
        if let Some(hours_min) = hours_min {
            parameters["measure"] = json!("hours");
            parameters["measure_min"] = json!(hours_min);
        }
        let changes = adjust(&parameters, scorecard(&shares, &circumstances))?;
        let of_target = |it: &&Share| if dimension { it.dimension == target } else { it.indicator == target };
        let signed: u32 = shares.iter().filter(of_target).map(|it| it.share).sum();
        let changeable = shares.iter().filter(of_target).any(|it| !it.locked && (it.share > 0 || !dimension));
        let because = cause(&circumstances, hours_min).filter(|_| changeable && signed < share);
        prop_assert_eq!(changes.iter().map(|change| change.because.clone()).collect::<Vec<_>>(), Vec::from_iter(because));
        for change in &changes {
            prop_assert_eq!(change.share, share);
            let expected =
                if dimension { Target::Dimension(target.to_owned()) } else { Target::Indicator(target.to_owned()) };
            prop_assert_eq!(&change.target, &expected);
        }
    }

    #[test]
    fn the_order_in_which_they_are_given_does_not_matter(shares in shares(), circumstances in circumstances()) {
        let parameters = json!({ "target": "collaboration", "share": WHOLE });
        let given = scorecard(&shares, &circumstances);
        let mut turned = given.clone();
        turned.shares.reverse();
        turned.circumstances.reverse();
        prop_assert_eq!(adjust(&parameters, given)?, adjust(&parameters, turned)?);
    }
}

#[test]
fn without_further_settings_a_crisis_makes_fifteen_percent_thirty() {
    let share = |indicator: &str, share| Share {
        indicator: indicator.to_owned(),
        dimension: "d".to_owned(),
        share,
        locked: false,
    };
    let shares = [share("sales", 850_000), share("collaboration", 150_000)];
    let changes = adjust(&json!({ "target": "collaboration" }), scorecard(&shares, &[("crisis", 100, 1, None)]));
    let changes = changes.expect("a change");
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].share, 300_000);
    let said: Vec<&str> = changes[0].reason.iter().map(|(_, text)| text.as_str()).collect();
    // The hour 100 lies in the fifth day.
    assert!(
        said.iter().all(|text| text.contains("1970-01-05") && text.contains("15%") && text.contains("30%")),
        "{said:?}"
    );
}

#[test]
fn it_says_what_is_wrong_with_its_parameters() {
    for (parameters, hint) in [
        (json!({}), "target"),
        (json!({ "target": "" }), "target: name"),
        (json!({ "target": "x", "share": 1_000_001 }), "at most 1000000"),
        (json!({ "target": "x", "share": 0 }), "at least 1"),
        (json!({ "target": "x", "circumstances": [] }), "at least one kind"),
        (json!({ "target": "x", "measure_min": 8 }), "name the measure"),
        (json!({ "target": "x", "measure": "hours", "measure_min": -1 }), "at least 0"),
        (json!({ "target": "x", "aim": "y" }), "aim"),
    ] {
        let refused = Batch::new(&parameters.to_string()).adjust::<CrisisResponse>(&[]).unwrap_err();
        assert!(refused.contains(hint), "{parameters}: {refused}");
    }
}

#[test]
fn its_form_has_both_languages_bounds_and_defaults() {
    let schema = daybreak_sdk::parameters::schema::<daybreak_plugin_crisis_response::Parameters>();
    for (name, property) in schema["properties"].as_object().expect("properties") {
        for language in ["zh-CN", "en"] {
            assert!(property["x-title"][language].is_string(), "{name} has no title in {language}");
        }
        assert_eq!(property.get("default").is_none(), name == "target", "{name}");
    }
    assert_eq!(schema["properties"]["share"]["default"], 300_000);
    assert_eq!(schema["properties"]["share"]["maximum"], 1_000_000);
    assert_eq!(schema["properties"]["circumstances"]["default"], json!(["crisis"]));
    assert_eq!(schema["required"], json!(["target"]));
}
