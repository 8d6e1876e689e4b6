//! Days, spans and words of the SDK, and what its test batches refuse as the host would.

use daybreak_sdk::assistant::{Alert, Assistant, Subject, Suggestion, TaskDraft};
use daybreak_sdk::localized::shortened;
use daybreak_sdk::testing::{Batch, DAY, Goal, HOUR};
use daybreak_sdk::{Context, Date, Evidence, Facts, Manifest, Need, Needs, Plugin, Span, Text, text};
use proptest::prelude::*;

/// Says what day it is, and whatever its parameters name as wrong.
struct Calendar {
    wrong: String,
    visits: Need,
    actor: Text,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Parameters {
    #[serde(default)]
    wrong: String,
}

impl Plugin for Calendar {
    type Parameters = Parameters;

    fn manifest() -> Manifest {
        Manifest::new("calendar", "0.1.0", text("日历", "Calendar"), text("说出日期", "Says the date"))
    }
}

impl Assistant for Calendar {
    fn plan(parameters: Parameters, needs: &mut Needs) -> Result<Self, String> {
        let mut visits = needs.of("visit");
        let actor = visits.text("@actor");
        Ok(Self { wrong: parameters.wrong, visits: visits.done(), actor })
    }

    fn assess(&self, context: &Context<'_>, _: &Subject, facts: &Facts<'_>) -> Vec<Alert> {
        let Some(last) = facts.of(self.visits).last() else { return Vec::new() };
        let days_ago = context.last_day() - context.day_of(last.at());
        let said = format!("{}, {days_ago} days ago", context.date_of(last.at()));
        let mut alert = Alert::new("visited", 0.5, text(said.clone(), said));
        alert.evidence = vec![last.evidence()];
        let people = last.text(self.actor).map(str::to_owned).into_iter().collect();
        let (heading, advice) = (text("问", "Ask"), text("问他", "Ask them"));
        let mut suggestion = Suggestion { heading, text: advice, evidence: vec![last.evidence()], people };
        let mut plan = TaskDraft { title: text("回访", "Visit"), due_days: 3, counts_in: None };
        match self.wrong.as_str() {
            "risk" => alert.risk = 1.5,
            "priority" => alert.priority = f64::NAN,
            "key" => "No Name".clone_into(&mut alert.key),
            "language" => alert.sentence.truncate(1),
            "empty" => alert.sentence = text(" ", " "),
            "long" => alert.sentence = text("长".repeat(700), "x"),
            "marks" => suggestion.text = text("a\u{202e}b", "a"),
            "row" => alert.evidence = vec![Evidence { table: 0, row: last.evidence().row + 1 }],
            "table" => suggestion.evidence = vec![Evidence { table: 1, row: 0 }],
            "person" => suggestion.people = vec!["nobody".to_owned()],
            "due" => plan.due_days = 1_000,
            _ => {}
        }
        alert.suggestions = vec![suggestion];
        alert.plan = Some(plan);
        let again = alert.clone();
        if self.wrong == "twice" { vec![alert, again] } else { vec![alert] }
    }
}

/// Two subjects with a visit each, in a zone that is an hour ahead until day 20 and two hours after it.
fn visits(wrong: &str) -> Batch {
    let mut batch = Batch::new(&format!(r#"{{ "wrong": "{wrong}" }}"#))
        .period(0, 30 * DAY - 2 * HOUR)
        .time_zone("Europe/Berlin", &[(i64::MIN, 3_600), (20 * DAY, 7_200)]);
    for (id, at) in [("anna", 10 * DAY - HOUR), ("bo", 29 * DAY - 2 * HOUR - 1)] {
        let subject = batch.subject(id, Goal::default());
        batch.row(subject, 0, 5 * DAY, &[]);
        batch.row(subject, 0, at, &[("@actor", "chen".into())]);
    }
    batch
}

#[test]
fn days_are_those_of_the_zone_before_and_after_a_change_of_clocks() {
    let alerts = visits("").assess::<Calendar>().expect("alerts");
    let said: Vec<&str> = alerts.iter().map(|alert| alert.sentence[1].1.as_str()).collect();
    // Day 0 is 1970-01-01. anna's visit begins day 10, bo's ends day 28; as-of ends day 29.
    assert_eq!(said, ["1970-01-11, 19 days ago", "1970-01-29, 1 days ago"]);
    // Evidence is counted from each subject's own first row.
    assert!(alerts.iter().all(|alert| alert.evidence == [Evidence { table: 0, row: 1 }]), "{alerts:?}");
}

#[test]
fn a_test_batch_refuses_alerts_that_the_host_would_refuse() {
    for (wrong, hint) in [
        ("risk", "between 0 and 1"),
        ("priority", "no finite number"),
        ("key", "no name"),
        ("language", "lacks en"),
        ("empty", "empty in zh-CN"),
        ("long", "2100 bytes"),
        ("marks", "control characters"),
        ("row", "outside the rows"),
        ("table", "which there is not"),
        ("person", "stood in no column"),
        ("due", "at most 366"),
        ("twice", "stands twice"),
    ] {
        let refused = visits(wrong).assess::<Calendar>().expect_err(wrong);
        assert!(refused.starts_with("anna: ") && refused.contains(hint), "{wrong}: {refused}");
    }
}

#[test]
fn dates_follow_the_calendar() {
    let leap = |year: i32| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = |year: i32, month: u8| match month {
        2 => 28 + u8::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    // From 1600-01-01, which is 135,140 days before 1970-01-01, day by day through six centuries.
    let (mut year, mut month, mut day) = (1600, 1, 1);
    for number in -135_140..90_000 {
        assert_eq!(Date::of_day(number), Date { year, month, day }, "day {number}");
        day += 1;
        if day > length(year, month) {
            (month, day) = (month + 1, 1);
        }
        if month > 12 {
            (year, month) = (year + 1, 1);
        }
    }
    assert_eq!(Date::of_day(0).to_string(), "1970-01-01");
    assert_eq!(Date::of_day(20_517).to_string(), "2026-03-05");
    // Beyond every fact: nothing overflows.
    assert!(Date::of_day(i64::MIN) < Date::of_day(i64::MAX));
}

#[test]
fn names_from_facts_lose_what_the_host_refuses() {
    assert_eq!(shortened("O-1\u{202e}\u{2028}\n2\u{2066}", 10), "O-12");
    assert_eq!(shortened("骨科植入物", 3), "骨科植…");
    assert_eq!(shortened("abc\u{202e}", 3), "abc");
}

proptest! {
    #[test]
    fn an_overlap_holds_what_both_spans_hold(
        one in (-20..20_i64, 0..20_i64),
        other in (-20..20_i64, 0..20_i64),
    ) {
        let span = |(start, length): (i64, i64)| Span { start, end: start + length };
        let (one, other) = (span(one), span(other));
        let common: Vec<i64> = (-50..50).filter(|&at| one.contains(at) && other.contains(at)).collect();
        match one.overlap(&other) {
            Some(overlap) => {
                prop_assert!(!common.is_empty());
                prop_assert_eq!((-50..50).filter(|&at| overlap.contains(at)).collect::<Vec<_>>(), common);
            }
            None => prop_assert!(common.is_empty()),
        }
        prop_assert_eq!(one.overlap(&other), other.overlap(&one));
    }
}
