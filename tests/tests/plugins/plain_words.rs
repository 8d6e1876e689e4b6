//! `plain-words`: the target first, then the trend, then what stands out, and never a wrong sentence.

use daybreak_plugin_plain_words::PlainWords;
use daybreak_sdk::insight::{Chart, Point, Ranked, Sentence, Series, Tone};
use daybreak_sdk::testing::{Batch, DAY};
use daybreak_sdk::{Span, text};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A value of the series and whether its period is over.
type Shown = (Option<f64>, bool);

/// Thirty days each, one after the other.
fn chart(shown: &[Shown], target: Option<f64>, higher_is_better: bool) -> Chart {
    let points = shown.iter().zip(0_i64..).map(|(&(value, complete), index)| {
        let during = Span { start: index * 30 * DAY, end: (index + 1) * 30 * DAY };
        Point { during, value, complete }
    });
    let series = Series { name: text("数值", "Value"), unit: "h".to_owned(), points: points.collect() };
    let title = text("图表", "Chart");
    let id = "chart".to_owned();
    Chart { id, title, series: vec![series], target, baseline: None, higher_is_better, items: Vec::new() }
}

fn item(label: &str, value: f64) -> Ranked {
    Ranked { label: label.to_owned(), value, detail: None }
}

fn said(parameters: &Value, chart: &Chart) -> Result<Option<Sentence>, String> {
    let mut sentences = Batch::new(&parameters.to_string()).narrate::<PlainWords>(std::slice::from_ref(chart))?;
    Ok(sentences.remove(0))
}

fn as_shipped(chart: &Chart) -> Option<Sentence> {
    said(&json!({}), chart).expect("the host would take it")
}

fn words<'a>(sentence: &'a Sentence, language: &str) -> &'a str {
    sentence.text.iter().find(|(tag, _)| tag == language).map(|(_, text)| text.as_str()).expect("both languages")
}

/// Whole numbers, so that the naive way needs no tolerance.
fn shown() -> impl Strategy<Value = Vec<Shown>> {
    let value = prop::option::weighted(0.85, (-20..200_i32).prop_map(f64::from));
    prop::collection::vec((value, prop::bool::weighted(0.9)), 0..8)
}

/// The rule that should speak, read off the list of values.
fn naive(shown: &[Shown], target: Option<f64>, higher_is_better: bool) -> Option<&'static str> {
    let known = |index: usize| shown.get(index).and_then(|&(value, complete)| value.filter(|_| complete));
    if shown.is_empty() {
        return None;
    }
    let Some(latest) = (0..shown.len()).rev().find(|&index| known(index).is_some()) else {
        return Some("no-complete-period");
    };
    let value = known(latest)?;
    let better = |left: f64, right: f64| if higher_is_better { left > right } else { left < right };
    // 1 is better, -1 worse, 0 steady; none where the period before says nothing.
    let trend = latest.checked_sub(1).and_then(known).map(|before| {
        let moved = value != before && 20.0 * (value - before).abs() >= before.abs();
        if !moved {
            0
        } else if better(value, before) {
            1
        } else {
            -1
        }
    });
    Some(match (target.map(|target| !better(target, value)), trend) {
        (Some(false), Some(-1)) => "target-missed-worsening",
        (Some(false), Some(1)) => "target-missed-improving",
        (Some(false), _) => "target-missed",
        (Some(true), Some(-1)) => "target-met-worsening",
        (Some(true), _) => "target-met",
        (None, Some(-1)) => "worsening",
        (None, Some(1)) => "improving",
        (None, Some(_)) => "steady",
        (None, None) => "one-period",
    })
}

proptest! {
    #[test]
    fn the_target_comes_first_then_the_trend(
        shown in shown(), target in prop::option::of((1..200_i32).prop_map(f64::from)), higher_is_better in any::<bool>(),
    ) {
        let sentence = said(&json!({}), &chart(&shown, target, higher_is_better)).map_err(TestCaseError::fail)?;
        let rule = sentence.as_ref().map(|sentence| sentence.rule.as_str());
        prop_assert_eq!(rule, naive(&shown, target, higher_is_better));
        if let Some(sentence) = sentence {
            prop_assert!(sentence.next_step.is_some());
            let missed = sentence.rule.starts_with("target-missed");
            prop_assert!(!(missed && sentence.tone == Tone::Praise), "praised for missing the target");
            prop_assert_eq!(sentence.tone == Tone::Act, missed && !sentence.rule.ends_with("improving"));
        }
    }

    #[test]
    fn what_is_still_running_is_named_and_never_compared(
        shown in shown(), so_far in -1e6..1e6_f64, target in prop::option::of(1.0..200.0_f64), higher_is_better in any::<bool>(),
    ) {
        let with = |value: Option<f64>| {
            let mut shown = shown.clone();
            shown.push((value, false));
            as_shipped(&chart(&shown, target, higher_is_better)).expect("a sentence, if only that there is no data")
        };
        let (much, nothing) = (with(Some(so_far)), with(None));
        prop_assert_eq!(&much.rule, &nothing.rule);
        prop_assert_eq!(much.tone, nothing.tone);
        if much.rule != "no-complete-period" {
            prop_assert_eq!(&much.text, &nothing.text);
            prop_assert!(words(&much, "en").contains("is still running and not compared"));
            prop_assert!(words(&much, "zh-CN").contains("仍在进行"));
            let without = as_shipped(&chart(&shown, target, higher_is_better));
            prop_assert_eq!(without.map(|sentence| sentence.rule), Some(much.rule));
        }
    }

    #[test]
    fn lower_is_better_mirrors_higher_is_better(shown in shown(), target in prop::option::of(1.0..200.0_f64)) {
        let mirrored: Vec<Shown> = shown.iter().map(|&(value, complete)| (value.map(|value| -value), complete)).collect();
        let rule = |chart: &Chart| as_shipped(chart).map(|sentence| (sentence.rule, sentence.tone));
        let target_mirrored = target.map(|target| -target);
        prop_assert_eq!(rule(&chart(&shown, target, true)), rule(&chart(&mirrored, target_mirrored, false)));
    }

    #[test]
    fn any_numbers_and_names_make_a_sentence_that_the_host_takes(
        values in prop::collection::vec((prop::option::of(prop::num::f64::ANY), any::<bool>()), 0..6),
        target in prop::option::of(prop::num::f64::ANY),
        items in prop::collection::vec((".{0,80}", prop::num::f64::ANY, prop::option::of(".{0,200}")), 0..6),
        higher_is_better in any::<bool>(),
        unit in ".{0,40}",
    ) {
        let mut chart = chart(&values, target, higher_is_better);
        chart.series[0].unit = unit;
        chart.items = items.into_iter().map(|(label, value, detail)| Ranked { label, value, detail }).collect();
        // narrate checks languages, lengths, plain characters and items as the host does.
        said(&json!({}), &chart).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn numbers_are_written_for_people(tenths in 1..500_i32, steps in 1..50_i32) {
        // Adding tenths up leaves bits behind that nobody wants to read.
        let sum = (0..steps).fold(f64::from(tenths), |sum, _| sum + 0.1);
        let sentence = as_shipped(&chart(&[(Some(sum), true)], None, true)).expect("a sentence");
        let exact = f64::from(tenths * 10 + steps) / 10.0;
        prop_assert!(words(&sentence, "en").starts_with(&format!("At {exact} h in ")), "{}", words(&sentence, "en"));
        prop_assert!(words(&sentence, "zh-CN").contains(&format!("为 {exact} h")), "{}", words(&sentence, "zh-CN"));
        // Noise does not miss a target, in either direction.
        for higher_is_better in [true, false] {
            let sentence = as_shipped(&chart(&[(Some(sum), true)], Some(exact), higher_is_better)).expect("a sentence");
            prop_assert_eq!(sentence.rule, "target-met");
        }
    }

    #[test]
    fn the_item_that_stands_out_is_the_farthest_from_the_others(values in prop::collection::vec(1..100_u8, 3..9)) {
        let mut chart = chart(&[(Some(10.0), true)], Some(20.0), true);
        chart.items = values.iter().enumerate().map(|(at, &value)| item(&format!("I{at}"), f64::from(value))).collect();
        let sentence = as_shipped(&chart).expect("a sentence");
        let distance = |at: usize| {
            let mut others: Vec<f64> = values.iter().map(|&value| f64::from(value)).collect();
            let value = others.remove(at);
            others.sort_by(f64::total_cmp);
            let median = others[(others.len() - 1) / 2].midpoint(others[others.len() / 2]);
            ((value - median).abs(), (value - median).abs() >= 0.5 * median)
        };
        let farthest = (0..values.len()).map(|at| distance(at).0).fold(0.0, f64::max);
        let alone: Vec<usize> = (0..values.len()).filter(|&at| distance(at).0 == farthest).collect();
        let expected: Vec<u32> = match alone[..] {
            [at] if distance(at).1 => vec![u32::try_from(at).expect("few items")],
            _ => Vec::new(),
        };
        prop_assert_eq!(&sentence.items, &expected);
        prop_assert_eq!(words(&sentence, "en").contains("stands out"), !expected.is_empty());
    }
}

#[test]
fn what_stands_out_speaks_where_there_is_neither_target_nor_trend() {
    let mut only_items = chart(&[], None, true);
    only_items.items = vec![item("A", 90.0), item("B", 10.0), item("C", 11.0)];
    let sentence = as_shipped(&only_items).expect("a sentence");
    assert_eq!((sentence.rule.as_str(), &sentence.items[..]), ("stands-out", &[0][..]));
    // Two of a kind: neither stands out, and a chart of nothing else gets no sentence.
    only_items.items = vec![item("A", 90.0), item("B", 90.0), item("C", 10.0), item("D", 10.0)];
    assert_eq!(as_shipped(&only_items), None);
}

#[test]
fn a_missing_value_is_not_zero() {
    // 50, then nothing, then 20: no fall from 50 and no rise from 0.
    let sentence = as_shipped(&chart(&[(Some(50.0), true), (None, true), (Some(20.0), true)], None, true));
    assert_eq!(sentence.map(|sentence| sentence.rule), Some("one-period".to_owned()));
    // The last value that is known is named by its period, and what is missing after it, too.
    let sentence = as_shipped(&chart(&[(Some(50.0), true), (None, true)], Some(40.0), true)).expect("a sentence");
    assert_eq!(sentence.rule, "target-met");
    let text = words(&sentence, "en");
    assert!(text.contains("1 January 1970 to 30 January 1970"), "{text}");
    assert!(text.contains("31 January 1970 to 1 March 1970 has no value"), "{text}");
}

#[test]
fn hr_changes_keywords_and_thresholds_without_touching_a_rule() {
    let falling = chart(&[(Some(50.0), true), (Some(40.0), true)], None, true);
    let parameters = json!({ "keywords": [{ "name": "review", "zh-CN": "晨会", "en": "the stand-up" }] });
    let sentence = said(&parameters, &falling).unwrap().expect("a sentence");
    let next_step = sentence.next_step.expect("a next step");
    assert!(next_step.iter().any(|(tag, text)| tag == "zh-CN" && text.contains("晨会")), "{next_step:?}");
    assert!(next_step.iter().any(|(tag, text)| tag == "en" && text.contains("the stand-up")), "{next_step:?}");
    let rule = |change_percent_min: f64| {
        let words = json!({ "zh-CN": "下降 {change}", "en": "down {change}" });
        json!({ "rules": [{
            "id": "fall", "when": ["falling"], "tone": "act", "text": words, "change_percent_min": change_percent_min,
        }] })
    };
    // From 50 to 40 is 20%.
    assert_eq!(words(&said(&rule(20.0), &falling).unwrap().expect("a sentence"), "en"), "down 20%");
    assert_eq!(said(&rule(20.5), &falling).unwrap(), None);
}

#[test]
fn a_rule_whose_words_the_chart_cannot_fill_leaves_the_next_one_to_speak() {
    let words = |zh_cn: &str, en: &str| json!({ "zh-CN": zh_cn, "en": en });
    let parameters = json!({ "rules": [
        { "id": "first", "when": ["rising"], "tone": "steady", "text": words("基线 {baseline}", "baseline {baseline}") },
        { "id": "second", "when": ["rising"], "tone": "steady", "text": words("升[,基线 {baseline}]", "up[, baseline {baseline}]") },
    ] });
    let mut rising = chart(&[(Some(1.0), true), (Some(2.0), true)], None, true);
    let sentence = said(&parameters, &rising).unwrap().expect("a sentence");
    assert_eq!((sentence.rule.as_str(), words_of(&sentence)), ("second", ("升", "up")));
    rising.baseline = Some(1234.5);
    let sentence = said(&parameters, &rising).unwrap().expect("a sentence");
    assert_eq!((sentence.rule.as_str(), words_of(&sentence)), ("first", ("基线 1,234.5", "baseline 1,234.5")));
}

fn words_of(sentence: &Sentence) -> (&str, &str) {
    (words(sentence, "zh-CN"), words(sentence, "en"))
}

#[test]
fn words_that_cannot_be_filled_are_refused_with_what_to_do() {
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut rule = json!({
            "id": "mine", "when": ["target-met"], "tone": "praise", "text": { "zh-CN": "好", "en": "Good" },
        });
        change(&mut rule);
        said(&json!({ "rules": [rule] }), &chart(&[], None, true)).unwrap_err()
    };
    let text = |zh_cn: &'static str, en: &'static str| {
        refused(&move |rule| rule["text"] = json!({ "zh-CN": zh_cn, "en": en }))
    };
    let unknown = text("{worth}", "x");
    for part in ["rule mine", "zh-CN", "{worth} is no placeholder", "{value}", "{target}", "{review}", "keywords"] {
        assert!(unknown.contains(part), "{part}: {unknown}");
    }
    assert!(text("好", "{value").contains("en: a { has no }"));
    assert!(text("好", "value}").contains("a } has no {"));
    assert!(text("好", "[{value}").contains("a [ has no ]"));
    assert!(text("好", "{value}]").contains("do not pair up"));
    assert!(text("好", "[a[b]]").contains("do not nest"));
    assert!(text("好", " ").contains("empty"));
    assert!(text("好", "two\nlines").contains("line break"));
    assert!(text("好", "\u{202e}").contains("plain"));
    assert!(refused(&|rule| rule["text"]["en"] = json!("x".repeat(401))).contains("at most 400"));
    let next_step = json!({ "zh-CN": "{weg}", "en": "x" });
    assert!(refused(&|rule| rule["next_step"] = next_step.clone()).contains("the next step: zh-CN: {weg}"));
    assert!(refused(&|rule| rule["when"] = json!([])).contains("at least one"));
    assert!(refused(&|rule| rule["id"] = json!("Mein")).contains("lower-case"));
    assert!(refused(&|rule| rule["colour"] = json!("red")).contains("colour"));
    assert!(refused(&|rule| rule["change_percent_min"] = json!(-1)).contains("at least 0"));
    let keywords = |keywords: Value| said(&json!({ "keywords": keywords }), &chart(&[], None, true)).unwrap_err();
    assert!(keywords(json!([{ "name": "value", "zh-CN": "值", "en": "value" }])).contains("another name"));
    assert!(keywords(json!([{ "name": "Big", "zh-CN": "大", "en": "big" }])).contains("lower-case"));
    let twice = json!({ "name": "focus", "zh-CN": "重点", "en": "focus" });
    assert!(keywords(json!([twice, twice])).contains("twice"));
    let again = json!({ "id": "a", "when": ["steady"], "tone": "steady", "text": { "zh-CN": "平", "en": "even" } });
    assert!(said(&json!({ "rules": [again, again] }), &chart(&[], None, true)).unwrap_err().contains("stands twice"));
}

#[test]
fn the_form_shows_every_rule_as_shipped_in_both_languages() {
    let schema = daybreak_sdk::parameters::schema::<daybreak_plugin_plain_words::Parameters>();
    let rules = schema["properties"]["rules"]["default"].as_array().expect("the rules as shipped");
    let place = |id: &str| rules.iter().position(|rule| rule["id"] == id).unwrap_or_else(|| panic!("no rule {id}"));
    assert!(place("target-missed") < place("worsening") && place("steady") < place("stands-out"));
    // What the form shows is what an empty object means.
    let met = chart(&[(Some(3.0), true)], Some(2.0), true);
    let shown = json!({ "rules": rules, "keywords": schema["properties"]["keywords"]["default"] });
    assert_eq!(said(&shown, &met).unwrap(), as_shipped(&met));
    for rule in rules {
        for words in [&rule["text"], &rule["next_step"]] {
            assert!(words["zh-CN"].is_string() && words["zh-CN"] != words["en"], "{words}");
        }
    }
}
