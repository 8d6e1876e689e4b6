//! Facts that other systems deliver, several at once: all of a delivery or nothing, and every bad one is named.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::Cursor;

use daybreak_app::AppError;
use daybreak_app::import::Mapping;
use daybreak_app::ingest::{FACTS_MAX, ImportOptions};
use daybreak_domain::fact::{Capture, NewFact};
use daybreak_domain::time::Instant;
use daybreak_tests::host::{HandClock, host};

/// Noon of 2026-06-20 in Shanghai.
const NOW: &str = "2026-06-20T04:00:00Z";

fn visit(number: usize, actor: Option<&str>) -> NewFact {
    NewFact {
        source: "crm".into(),
        external_id: format!("visit/{number}"),
        revision: None,
        kind: "visit".into(),
        occurred_at: Instant(1_780_000_000_000),
        recorded_at: None,
        actor: actor.map(str::to_owned),
        document: None,
        customer: None,
        value: Some(1.0),
        capture: Capture::Automatic,
        attributes: BTreeMap::new(),
        withdrawn: false,
    }
}

#[test]
fn every_bad_fact_of_a_delivery_is_named_and_none_lands() {
    let place = super::company("Asia/Shanghai", NOW);
    place.ok(&["people", "import", &place.file("people.csv", "id,name\nchen,Chen\n")]);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let host = host(&place, 0, &HandClock::new(NOW)).await;
        let company = host.company(None).await.expect("the company");
        let mut facts: Vec<NewFact> = (0..6).map(|number| visit(number, Some("chen"))).collect();
        facts[1].actor = Some("zhao".into());
        facts[3].value = Some(f64::NAN);
        facts[4].source = "daybreak".into();
        facts[5].actor = None;
        let refused = host.record_facts(&company, &facts).await.expect_err("three are bad");
        let AppError::BadFacts { facts: 6, errors, more: 0 } = &refused else { panic!("{refused:?}") };
        assert_eq!(errors.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [1, 3, 4]);
        assert!(errors[0].1.contains("no person \"zhao\""), "{errors:?}");
        assert!(errors[1].1.contains("finite") && errors[2].1.contains("the host's own"), "{errors:?}");
        let said = refused.to_string();
        assert!(said.starts_with("3 of 6 facts") && said.contains("Fact 1: there is no person"), "{said}");

        // 1,000 are kept and the others counted.
        let strangers: Vec<NewFact> = (0..1_500).map(|number| visit(number, Some("nobody"))).collect();
        let refused = host.record_facts(&company, &strangers).await.expect_err("all are bad");
        let AppError::BadFacts { facts: 1_500, errors, more: 500 } = refused else { panic!("{refused:?}") };
        assert_eq!((errors.len(), errors.last().map(|(index, _)| *index)), (1_000, Some(999)));

        let many: Vec<NewFact> = (0..=FACTS_MAX).map(|number| visit(number, None)).collect();
        let refused = host.record_facts(&company, &many).await.expect_err("one is too many");
        assert!(matches!(refused, AppError::TooManyFacts { facts: 10_001, most: 10_000 }), "{refused:?}");

        let good: Vec<NewFact> = [0, 2, 5].map(|index| facts[index].clone()).into();
        let appended = host.record_facts(&company, &good).await.expect("the good ones land");
        assert_eq!(appended.arrivals.len(), 3);
    });
    assert_eq!(place.facts().len(), 3, "of the refused deliveries nothing has landed");
}

#[test]
fn imports_that_run_at_once_make_one_person_of_one_name() {
    const MAPPING: &str = r#"
source = "crm"
kind = "visit"
external_id = "{id}"
capture = "automatic"
who = "{who}"
unknown_people = "create"

[time]
text = "2026-06-02 09:00"
zone = "Asia/Shanghai"
"#;
    // Enough rows that the first import tells of its progress, before it has made anybody.
    let log = |first: usize, names: [&str; 3]| {
        (first..first + 1_200).fold("id,who\n".to_owned(), |mut text, number| {
            writeln!(text, "{number},{}", names[number % 3]).expect("a line");
            text
        })
    };
    let place = super::company("Asia/Shanghai", NOW);
    let mapping_file = place.file("visits.toml", MAPPING);
    let other = place.file("other.csv", &log(6_000, ["chen", "zhao", "sun"]));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let imported = runtime.block_on(async {
        let host = host(&place, 0, &HandClock::new(NOW)).await;
        let company = host.company(None).await.expect("the company");
        let mapping = Mapping::parse(MAPPING).expect("a mapping");
        let mut other = Some(other);
        // While this host still looks at its rows, another one imports the same names.
        let mut progress = |_| {
            if let Some(other) = other.take() {
                place.ok(&["import", "--mapping", &mapping_file, &other]);
            }
        };
        let rows = Cursor::new(log(0, ["chen", "zhao", "wu"]));
        let imported = host.import_file(&company, &mapping, rows, &ImportOptions::default(), &mut progress).await;
        assert!(other.is_none(), "the other import took place");
        imported.expect("the import ends well")
    });
    assert_eq!((imported.new, imported.people_created), (1_200, 1), "only Wu was still unknown");
    let named = |name: &str| place.number(&format!("SELECT COUNT(*) FROM person WHERE name = '{name}'"));
    assert_eq!(["chen", "zhao", "sun", "wu"].map(named), [1, 1, 1, 1]);
    let of = |name: &str| {
        let facts =
            "SELECT COUNT(*) FROM fact JOIN person ON person.company = fact.company AND person.person = fact.actor";
        place.number(&format!("{facts} WHERE person.name = '{name}'"))
    };
    // A third of either file.
    assert_eq!(["chen", "zhao", "sun", "wu"].map(of), [800, 800, 400, 400]);
}
