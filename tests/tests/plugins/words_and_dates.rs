//! The SDK's words for people: numbers, names of periods, names that come from facts.

use daybreak_domain::period::Period;
use daybreak_domain::time::{Day, Zone};
use daybreak_sdk::insight::{Chart, Insight, Point, Sentence, Series, Tone};
use daybreak_sdk::localized::{readable, shortened, told_apart};
use daybreak_sdk::testing::Batch;
use daybreak_sdk::{Context, Date, Manifest, Needs, Plugin, Span, text};
use proptest::prelude::*;

/// Says what its context calls the chart's first period.
struct Namer;

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct NoParameters {}

impl Plugin for Namer {
    type Parameters = NoParameters;

    fn manifest() -> Manifest {
        Manifest::new("namer", "0.1.0", text("命名", "Namer"), text("周期名称", "Names periods"))
    }
}

impl Insight for Namer {
    fn plan(_: NoParameters, _: &mut Needs) -> Result<Self, String> {
        Ok(Self)
    }

    fn narrate(&self, context: &Context<'_>, chart: &Chart) -> Option<Sentence> {
        let during = chart.series.first()?.points.first()?.during;
        Some(Sentence::new("name", Tone::Steady, context.name_of(during)).with_items([0]))
    }
}

fn names(start: i64, end: i64) -> Result<(String, String), String> {
    let points = vec![Point { during: Span { start, end }, value: None, complete: true }];
    let items = vec![daybreak_sdk::insight::Ranked { label: "one".to_owned(), value: 1.0, detail: None }];
    let series = vec![Series { name: text("数值", "Value"), unit: String::new(), points }];
    let (id, title) = ("chart".to_owned(), text("图表", "Chart"));
    let chart = Chart { id, title, series, target: None, baseline: None, higher_is_better: true, items };
    let sentence = Batch::new("{}").narrate::<Namer>(&[chart])?.remove(0).ok_or("no sentence")?;
    assert_eq!(sentence.items, [0]);
    let of = |tag: &str| sentence.text.iter().find(|(it, _)| it == tag).map(|(_, name)| name.clone());
    Ok((of("zh-CN").ok_or("no Chinese")?, of("en").ok_or("no English")?))
}

#[test]
fn periods_are_called_as_people_call_them() {
    // The same instants as the host's own periods, in a zone whose midnights an hour too early or late must not move.
    for zone in ["Etc/UTC", "Europe/London"] {
        let zone = Zone::named(zone).unwrap();
        for (period, zh_cn, en) in [
            ("2026-03", "2026年3月", "March 2026"),
            ("2026-07", "2026年7月", "July 2026"),
            ("2024-02", "2024年2月", "February 2024"),
            ("2026-Q2", "2026年第2季度", "Q2 2026"),
            ("2026", "2026年", "2026"),
            ("2026-03-28..2026-03-30", "2026年3月28日至2026年3月29日", "28 March 2026 to 29 March 2026"),
        ] {
            let span = period.parse::<Period>().unwrap_or_else(|error| panic!("{period}: {error}")).span(&zone);
            let called = names(span.start.0, span.end.0).unwrap();
            assert_eq!((called.0.as_str(), called.1.as_str()), (zh_cn, en), "{period}");
        }
    }
    let day = 24 * 3_600_000;
    assert_eq!(names(0, day).unwrap().1, "1 January 1970");
    // A week begins on a Monday, and is named by its days.
    assert_eq!(names(4 * day, 11 * day).unwrap().1, "5 January 1970 to 11 January 1970");
}

#[test]
fn numbers_are_written_for_people() {
    for (number, expected) in [
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (-0.000_000_000_01, "0"),
        (28.25, "28.25"),
        (28.0, "28"),
        (1_234_567.5, "1,234,567.5"),
        (-1_000.0, "-1,000"),
        (999.999, "1,000"),
        (0.004_23, "0.0042"),
        (-0.05, "-0.05"),
        (2.5e300, "2.50e300"),
    ] {
        assert_eq!(readable(number), expected);
    }
    assert_eq!(told_apart(9.999, 10.0), ("9.999".to_owned(), "10".to_owned()));
    assert_eq!(told_apart(9.5, 10.0), ("9.5".to_owned(), "10".to_owned()));
    assert_eq!(told_apart(10.0, 10.0), ("10".to_owned(), "10".to_owned()));
}

#[test]
fn names_lose_what_the_host_refuses_and_are_cut() {
    assert_eq!(shortened("A\u{202e}B\nC", 10), "ABC");
    assert_eq!(shortened("华山医院", 4), "华山医院");
    assert_eq!(shortened("华山医院器械科", 4), "华山医院…");
    assert_eq!(shortened("\u{2028}", 4), "");
}

proptest! {
    #[test]
    fn a_date_is_the_hosts(days in -700_000..800_000_i32) {
        // From the first century on, in which both write the year alike.
        let epoch: Day = "1970-01-01".parse().expect("a day");
        let Date { year, month, day } = Date::of_day(i64::from(days));
        prop_assert_eq!(format!("{year:04}-{month:02}-{day:02}"), epoch.plus(days).to_string());
    }

    #[test]
    fn a_number_reads_back_as_what_it_was_within_two_digits(number in prop::num::f64::NORMAL) {
        let written = readable(number);
        prop_assert!(written.len() <= 24, "{written}");
        let read: f64 = written.replace(',', "").parse().expect("a number");
        prop_assert!((read - number).abs() <= 0.05 * number.abs() || number.abs() < 1e-8, "{number} became {written}");
    }
}
