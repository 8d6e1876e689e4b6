//! Tables of batches: what is read once serves every batch, and too much is noticed before anything is built.

use std::collections::BTreeMap;

use daybreak_app::tables::{Frame, Organisation, Sources, assemble, assemble_within};
use daybreak_domain::fact::Capture;
use daybreak_domain::fact_set::{FactRow, FactSet};
use daybreak_domain::requirements::{Need, Refresh, Requirements, Scope, SubjectKind, Window};
use daybreak_domain::text::Localized;
use daybreak_domain::time::Zone;

/// (minutes since the beginning of June, actor, document)
const EVENTS: [(i64, &str, Option<&str>); 6] = [
    (1, "chen", Some("T1")),
    (2, "zhao", Some("T2")),
    (3, "zhao", Some("T1")),
    (4, "chen", None),
    (5, "chen", Some("T2")),
    (6, "qian", Some("T3")),
];

fn events() -> FactSet {
    let first = "2026-06-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond();
    let mut set = FactSet::new("ticket.event", &[]);
    for (minute, actor, document) in EVENTS {
        push(&mut set, first + minute * 60_000, actor, document);
    }
    set
}

fn push(set: &mut FactSet, occurred_at: i64, actor: &str, document: Option<&str>) {
    let row = FactRow {
        sequence: set.rows() as i64 + 1,
        occurred_at,
        recorded_at: occurred_at,
        revision: 0,
        actor: Some(actor),
        document,
        customer: None,
        value: None,
        capture: Capture::Automatic,
    };
    set.push(&row, |_| None);
}

fn requirements(scopes: &[Scope]) -> Requirements {
    let need = |scope: &Scope| Need {
        kind: "ticket.event".to_owned(),
        scope: *scope,
        window: Window::PeriodAndBefore(0),
        fields: Vec::new(),
        reason: Localized::new("测试", "test"),
    };
    Requirements {
        subjects: vec![SubjectKind::Employee],
        needs: scopes.iter().map(need).collect(),
        circumstances: Vec::new(),
        refresh: Refresh::OnChange,
    }
}

fn frame() -> Frame {
    Frame::assessed_on(Zone::named("Etc/UTC").unwrap(), "2026-06".parse().unwrap(), "2026-06-30".parse().unwrap())
}

/// The sequences of the rows of the first need, subject by subject.
fn rows(facts: &BTreeMap<String, FactSet>, subjects: &[&str], frame: &Frame) -> Vec<Vec<i64>> {
    let organisation = Organisation::default();
    let sources = Sources { facts, organisation: &organisation, frame };
    let assembled = assemble(&requirements(&[Scope::Documents]), SubjectKind::Employee, subjects, &sources).unwrap();
    (0..subjects.len()).map(|subject| assembled.facts[0][assembled.tables[0].rows_of(subject)].to_vec()).collect()
}

#[test]
fn whole_documents_come_to_everybody_on_them_batch_after_batch() {
    let mut facts = BTreeMap::from([("ticket.event".to_owned(), events())]);
    // T1 is 1 and 3, T2 is 2 and 5; what is on no document is on nobody's.
    assert_eq!(rows(&facts, &["chen", "qian"], &frame()), [vec![1, 2, 3, 5], vec![6]]);
    assert_eq!(rows(&facts, &["zhao"], &frame()), [[1, 2, 3, 5]]);
    assert_eq!(rows(&facts, &["wu"], &frame()), [[0_i64; 0]]);
    // Assessed on a day before all of it, nothing has happened yet.
    let earlier = Frame { as_of: daybreak_domain::time::Instant(0), ..frame() };
    assert_eq!(rows(&facts, &["zhao"], &earlier), [[0_i64; 0]]);
    // A set that has grown since is looked through again.
    let set = facts.get_mut("ticket.event").unwrap();
    let last = set.occurred_at.last().copied().unwrap();
    push(set, last + 60_000, "wu", Some("T3"));
    assert_eq!(rows(&facts, &["qian"], &frame()), [[6, 7]]);
}

#[test]
fn own_rows_are_counted_and_those_of_the_company_are_not() {
    let facts = BTreeMap::from([("ticket.event".to_owned(), events())]);
    let (organisation, frame) = (Organisation::default(), frame());
    let sources = Sources { facts: &facts, organisation: &organisation, frame: &frame };
    let within = |most: usize, scopes: &[Scope]| {
        let subjects = ["chen", "zhao"];
        let found = assemble_within(most, &requirements(scopes), SubjectKind::Employee, &subjects, &sources).unwrap();
        found.map(|assembly| assembly.facts.iter().map(Vec::len).collect::<Vec<_>>())
    };
    // Chen has three rows and Zhao two; the company has six.
    assert_eq!(within(5, &[Scope::Subject]), Some(vec![5]));
    assert_eq!(within(4, &[Scope::Subject]), None);
    assert_eq!(within(5, &[Scope::Company, Scope::Subject]), Some(vec![6, 5]));
    // Two needs count together.
    assert_eq!(within(9, &[Scope::Subject, Scope::Subject]), None);
    assert_eq!(within(10, &[Scope::Subject, Scope::Subject]), Some(vec![5, 5]));
}
