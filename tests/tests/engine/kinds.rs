//! All four kinds of plugins, through a guest that repeats what it was given: nothing may get lost or change places on the
//! way in or out.

use std::collections::BTreeMap;

use daybreak_domain::insight::{Chart, Point, Ranked, Series, Tone};
use daybreak_domain::plugin::{Fault, PluginKind};
use daybreak_domain::requirements::SubjectKind;
use daybreak_domain::reweighting::{Circumstance, Scorecard, Share, Target};
use daybreak_domain::table::{Column, Context, Evidence, Table, Values};
use daybreak_domain::text::Localized;
use daybreak_domain::time::{Instant, Span};
use daybreak_domain::{assistant, goal, indicator, insight, reweighting};
use daybreak_engine::{CallError, CallOptions, Limits, Plugin, ScoreRun};

use crate::kit::{batch, component, engine};

fn quartet() -> Plugin {
    engine(Limits::default()).load(&component("quartet")).unwrap()
}

fn context(parameters_json: &str) -> Context {
    batch(1, 1, parameters_json).context
}

fn span() -> Span {
    Span { start: Instant(100), end: Instant(200) }
}

fn bad_output<T: std::fmt::Debug>(result: Result<T, CallError>) -> String {
    match result {
        Err(CallError::Fault(Fault::BadOutput { reason })) => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_component_may_have_every_kind() {
    let plugin = quartet();
    let kinds: Vec<_> = plugin.record().interfaces.iter().map(|interface| interface.kind).collect();
    assert_eq!(kinds, PluginKind::ALL);
    let names = PluginKind::ALL.map(|kind| plugin.adapter(kind));
    assert_eq!(names, ["indicator-0.1", "insight-0.1", "reweighting-0.1", "assistant-0.1"]);
    let subjects = PluginKind::ALL.map(|kind| plugin.requires(kind, "{}").unwrap().subjects[0]);
    let asked = [SubjectKind::Customer, SubjectKind::Department, SubjectKind::Employee, SubjectKind::Company];
    assert_eq!(subjects, asked);
    let requirements = plugin.requires(PluginKind::Reweighting, "{}").unwrap();
    assert_eq!(requirements.circumstances, ["parental-leave"]);
}

/// What each scored subject was given, in the guest's words.
fn repeated(run: &ScoreRun) -> BTreeMap<usize, String> {
    let reason = |outcome: &indicator::Outcome| match outcome {
        indicator::Outcome::NotComputable { reason } => reason.get("en").to_owned(),
        indicator::Outcome::Computed(_) => panic!("{outcome:?}"),
    };
    run.calls.iter().flat_map(|call| call.subjects.clone().zip(call.outcomes.iter().map(reason))).collect()
}

fn batch_of_every_type(parameters_json: &str) -> indicator::Batch {
    let mut batch = batch(3, 1, parameters_json);
    batch.subjects[0].goal = goal::Goal { baseline: Some(0.5), target: None, stretch: Some(3.0) };
    let texts =
        |words: [&str; 2], codes: Vec<u32>| Values::Texts { dictionary: words.map(str::to_owned).to_vec(), codes };
    let column = |name: &str, values, missing| Column { name: name.into(), values, missing };
    batch.tables = vec![
        Table {
            offsets: vec![0, 3, 4, 6],
            occurred_at: vec![11, 12, 13, 14, 15, 16],
            columns: vec![
                column("n", Values::Numbers(vec![0.1, 0.0, 1e10, 4.0, 5.0, 6.0]), vec![1]),
                column("t", texts(["b", "a"], vec![0, 1, 0, 1, 0, 1]), vec![4]),
                column("i", Values::Instants(vec![-1, 2, 3, 4, 5, 6]), vec![]),
                column("b", Values::Truths(vec![true, false, true, false, true, true]), vec![3]),
            ],
        },
        Table { offsets: vec![0, 1], occurred_at: vec![99], columns: vec![] },
    ];
    batch
}

#[test]
fn an_indicator_is_given_every_column_and_every_missing_row() {
    let run = quartet().score(batch_of_every_type("{}"), &CallOptions::default()).unwrap();
    assert_eq!(run.faults, []);
    let context = "Direction::HigherIsBetter h 120; 1400000000000 1390000000000..1400000000000 Etc/UTC 1390000000000:0";
    assert_eq!(
        repeated(&run).into_values().collect::<Vec<_>>(),
        [
            format!(
                "s0 Some(0.5) None Some(3.0) {context}; [11, 12, 13] n=0.1,-,10000000000 t=b,a,b i=-1,2,3 \
                 b=true,false,true; [99]"
            ),
            format!("s1 None Some(10.0) None {context}; [14] n=4 t=a i=4 b=-; [99]"),
            format!("s2 None Some(10.0) None {context}; [15, 16] n=5,6 t=-,a i=5,6 b=true,true; [99]"),
        ]
    );
}

#[test]
fn a_part_of_a_batch_is_given_what_the_whole_was() {
    let plugin = quartet();
    let whole = plugin.score(batch_of_every_type("{}"), &CallOptions::default()).unwrap();
    for culprit in 0..3 {
        let parameters = format!(r#"{{"break": "s{culprit}"}}"#);
        let parted = plugin.score(batch_of_every_type(&parameters), &CallOptions::default()).unwrap();
        assert_eq!(parted.faults.len(), 1);
        assert_eq!(parted.faults[0].subject, culprit);
        let mut expected = repeated(&whole);
        expected.remove(&culprit);
        assert_eq!(repeated(&parted), expected);
    }
}

fn chart(id: &str, items: Vec<Ranked>) -> Chart {
    Chart {
        id: id.into(),
        title: Localized::new("标题", "Title"),
        series: vec![Series {
            name: Localized::new("系列", "Series"),
            unit: "h".into(),
            points: vec![
                Point { during: span(), value: Some(1.5), complete: true },
                Point { during: span(), value: None, complete: false },
            ],
        }],
        target: Some(4.0),
        baseline: None,
        higher_is_better: true,
        items,
    }
}

#[test]
fn an_insight_is_given_the_chart_and_may_be_silent() {
    let plugin = quartet();
    let item = Ranked { label: "Ann".into(), value: 7.0, detail: Some("d".into()) };
    let charts = |parameters: &str| insight::Batch {
        context: context(parameters),
        charts: vec![chart("c1", vec![item.clone()]), chart("c2", vec![])],
    };
    let run = plugin.narrate(&charts("{}"), &CallOptions::default()).unwrap();
    let sentence = run.sentences[0].as_ref().unwrap();
    assert_eq!(
        sentence.text.get("en"),
        "c1 Title Some(4.0) None true; Series/h: 100..200 Some(1.5) true,100..200 None false; Ann 7 Some(\"d\")"
    );
    assert_eq!(sentence.next_step.as_ref().unwrap().get("zh-CN"), "next");
    assert_eq!((sentence.tone, sentence.rule.as_str(), &sentence.items[..]), (Tone::Watch, "repeat", &[0][..]));
    assert_eq!(run.sentences[1], None);
    assert!(run.fuel > 0 && run.memory_bytes > 0);
    for (parameters, words) in [
        (r#"{"break": "count"}"#, "1 sentences for 2 charts"),
        (r#"{"break": "rule"}"#, "chart 0: the rule \"Not A Name\" is no name"),
        (r#"{"break": "item"}"#, "chart 0: item 1 of a chart with 1 items"),
    ] {
        assert_eq!(bad_output(plugin.narrate(&charts(parameters), &CallOptions::default())), words);
    }
}

#[test]
fn a_reweighting_is_given_shares_and_circumstances() {
    let plugin = quartet();
    let scorecards = |parameters: &str| reweighting::Batch {
        context: context(parameters),
        scorecards: vec![
            Scorecard {
                employee: "ann".into(),
                shares: vec![Share {
                    indicator: "tickets".into(),
                    dimension: "output".into(),
                    share: 1_000_000,
                    locked: false,
                }],
                circumstances: vec![Circumstance {
                    id: "c1".into(),
                    kind: "parental-leave".into(),
                    during: span(),
                    measures: vec![("days".into(), 12.5)],
                }],
            },
            Scorecard { employee: "bob".into(), shares: vec![], circumstances: vec![] },
        ],
    };
    let run = plugin.adjust(&scorecards("{}"), &CallOptions::default()).unwrap();
    let [change] = &run.changes[0][..] else { panic!("{:?}", run.changes) };
    assert_eq!(change.target, Target::Indicator("tickets".into()));
    assert_eq!((change.share, change.because.as_str()), (500_000, "c1"));
    assert_eq!(change.reason.get("en"), "ann output false parental-leave 100..200 days=12.5");
    assert!(run.changes[1].is_empty());
    for (parameters, words) in [
        (r#"{"break": "share"}"#, "scorecard 0: a share of 1000001 millionths"),
        (r#"{"break": "because"}"#, "scorecard 0: the circumstance \"a whim\""),
    ] {
        let reason = bad_output(plugin.adjust(&scorecards(parameters), &CallOptions::default()));
        assert!(reason.starts_with(words), "{reason}");
    }
}

#[test]
fn an_assistant_is_given_subjects_and_tables() {
    let plugin = quartet();
    let subjects = |parameters: &str| assistant::Batch {
        context: context(parameters),
        subjects: ["x", "y", "z"]
            .map(|id| assistant::Subject { id: id.into(), tags: vec!["vip".into(), "north".into()] })
            .to_vec(),
        tables: vec![Table {
            offsets: vec![0, 2, 2, 4],
            occurred_at: vec![1, 2, 3, 4],
            columns: vec![Column {
                name: "@actor".into(),
                values: Values::Texts { dictionary: vec!["ann".into(), "bob".into()], codes: vec![0, 0, 1, 1] },
                missing: vec![],
            }],
        }],
    };
    let run = plugin.assess(subjects("{}"), &CallOptions::default()).unwrap();
    let [first, second] = &run.alerts[..] else { panic!("{:?}", run.alerts) };
    assert_eq!((first.subject, second.subject), (0, 2));
    assert_eq!(second.sentence.get("en"), "z vip,north");
    // The last row of each, counted from its subject's first.
    assert_eq!(second.evidence, [Evidence { table: 0, row: 1 }]);
    assert_eq!(second.suggestions[0].evidence, second.evidence);
    assert_eq!(second.suggestions[0].people, ["bob"]);
    let plan = second.plan.as_ref().unwrap();
    assert_eq!((plan.due_days, plan.counts_in.as_deref()), (7, Some("visits")));
    for (parameters, words) in [
        (r#"{"break": "risk"}"#, "a risk of 1.5"),
        (r#"{"break": "person"}"#, "the person \"a stranger\" stood in no column"),
        (r#"{"break": "subject"}"#, "evidence 0/1 lies outside"),
    ] {
        let reason = bad_output(plugin.assess(subjects(parameters), &CallOptions::default()));
        assert!(reason.starts_with(words), "{reason}");
    }
}
