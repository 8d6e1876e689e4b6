//! A plugin of all four kinds. Without parameters every interface repeats what it was given, so that a test sees whether
//! anything got lost on the way; `{"break": "…"}` makes it break one rule. What it says of itself stands in one place of
//! the binary, where a test can write something else.

// The names that a component exports link on no other target.
#![cfg(target_arch = "wasm32")]

mod bindings {
    wit_bindgen::generate!({
        path: [
            "../../../wit/common",
            "../../../wit/indicator",
            "../../../wit/insight",
            "../../../wit/reweighting",
            "../../../wit/assistant",
        ],
        inline: "
            package daybreak:quartet;
            world quartet {
                export daybreak:common/about@0.1.0;
                export daybreak:indicator/indicator@0.1.0;
                export daybreak:insight/insight@0.1.0;
                export daybreak:reweighting/reweighting@0.1.0;
                export daybreak:assistant/assistant@0.1.0;
            }
        ",
        world: "daybreak:quartet/quartet",
        generate_all,
    });
}

use bindings::daybreak::common::types::{
    Column, ColumnType, Context, Evidence, Fault, Field, Localized, Need, Refresh, Requirements, Scope, SubjectKind,
    Table, Window,
};
use bindings::exports::daybreak::assistant::assistant::{self, Alert, Suggestion, TaskDraft};
use bindings::exports::daybreak::common::about;
use bindings::exports::daybreak::indicator::indicator;
use bindings::exports::daybreak::insight::insight::{self, Chart, Sentence, Tone};
use bindings::exports::daybreak::reweighting::reweighting::{self, Change, Scorecard};

struct Quartet;

bindings::export!(Quartet with_types_in bindings);

fn both(text: &str) -> Localized {
    vec![("zh-CN".into(), text.into()), ("en".into(), text.into())]
}

/// Whether the parameters ask for this rule to be broken.
fn breaks(context: &Context, rule: &str) -> bool {
    context.parameters_json.contains(&format!("\"{rule}\""))
}

fn requirements(subject: SubjectKind, circumstances: Vec<String>) -> Result<Requirements, Fault> {
    Ok(Requirements { subjects: vec![subject], needs: vec![], circumstances, refresh: Refresh::Daily })
}

const MANIFEST_BYTES: usize = 8 << 10;

/// A mark to find it by; then, each on a line, name, version, language and text of title and summary, and the schema.
/// Filled up with spaces.
static MANIFEST: [u8; MANIFEST_BYTES] = filled_up(
    b"@manifest@\nquartet\n0.1.0\nen\nQuartet\n{\"type\": \"object\", \"properties\": {\"break\": {\"type\": \"string\"}}}\n",
);

const fn filled_up(text: &[u8]) -> [u8; MANIFEST_BYTES] {
    let mut bytes = [b' '; MANIFEST_BYTES];
    let mut index = 0;
    while index < text.len() {
        bytes[index] = text[index];
        index += 1;
    }
    bytes
}

impl about::Guest for Quartet {
    fn describe() -> about::Manifest {
        let manifest = String::from_utf8_lossy(std::hint::black_box(&MANIFEST));
        let mut lines = manifest.lines().skip(1).map(str::to_owned);
        let mut line = || lines.next().unwrap_or_default();
        let (name, version, language, text) = (line(), line(), line(), line());
        let localized = || vec![("zh-CN".to_owned(), "四重奏".to_owned()), (language.clone(), text.clone())];
        about::Manifest { name, version, title: localized(), summary: localized(), parameters_schema: line() }
    }
}

impl indicator::Guest for Quartet {
    fn requires(_parameters_json: String) -> Result<Requirements, Fault> {
        requirements(SubjectKind::Customer, vec![])
    }

    /// Writes every value that the subject was given into its reason, table by table and column by column.
    fn score(
        context: Context,
        rules: indicator::Rules,
        subjects: Vec<indicator::Subject>,
        tables: Vec<Table>,
    ) -> Result<Vec<indicator::Outcome>, Fault> {
        let repeat = |(index, subject): (usize, &indicator::Subject)| {
            assert!(!breaks(&context, &subject.id), "asked to break at {}", subject.id);
            let mut text = format!(
                "{} {:?} {:?} {:?} {:?} {} {}",
                subject.id,
                subject.baseline,
                subject.target,
                subject.stretch,
                rules.direction,
                rules.unit,
                rules.ceiling
            );
            let offsets = context.utc_offsets.iter().map(|change| format!("{}:{}", change.since, change.seconds));
            text += &format!(
                "; {} {}..{} {} {}",
                context.as_of,
                context.period.start,
                context.period.end,
                context.time_zone,
                offsets.collect::<Vec<_>>().join(",")
            );
            for table in &tables {
                let index = if table.offsets.len() == 2 { 0 } else { index };
                let rows = table.offsets[index] as usize..table.offsets[index + 1] as usize;
                text += &format!("; {:?}", &table.occurred_at[rows.clone()]);
                for column in &table.columns {
                    let values = rows.clone().map(|row| {
                        let is_missing = column.missing.contains(&(row as u32));
                        if is_missing { "-".into() } else { value(&column.values, row) }
                    });
                    text += &format!(" {}={}", column.name, values.collect::<Vec<_>>().join(","));
                }
            }
            indicator::Outcome::NotComputable(both(&text))
        };
        Ok(subjects.iter().enumerate().map(repeat).collect())
    }
}

fn value(column: &Column, row: usize) -> String {
    match column {
        Column::Numbers(numbers) => numbers[row].to_string(),
        Column::Instants(instants) => instants[row].to_string(),
        Column::Truths(truths) => truths[row].to_string(),
        Column::Texts(texts) => texts.dictionary.get(texts.codes[row] as usize).cloned().unwrap_or_default(),
    }
}

impl insight::Guest for Quartet {
    fn requires(_parameters_json: String) -> Result<Requirements, Fault> {
        requirements(SubjectKind::Department, vec![])
    }

    fn narrate(context: Context, charts: Vec<Chart>) -> Result<Vec<Option<Sentence>>, Fault> {
        let mut sentences: Vec<Option<Sentence>> = charts.iter().map(|chart| sentence(&context, chart)).collect();
        if breaks(&context, "count") {
            sentences.pop();
        }
        Ok(sentences)
    }
}

/// Nothing on a chart without items; otherwise the chart, repeated.
fn sentence(context: &Context, chart: &Chart) -> Option<Sentence> {
    if chart.items.is_empty() {
        return None;
    }
    let series = chart.series.iter().map(|series| {
        let points = series
            .points
            .iter()
            .map(|point| format!("{}..{} {:?} {}", point.during.start, point.during.end, point.value, point.complete));
        format!("{}/{}: {}", series.name[0].1, series.unit, points.collect::<Vec<_>>().join(","))
    });
    let items = chart.items.iter().map(|item| format!("{} {} {:?}", item.label, item.value, item.detail));
    let text = format!(
        "{} {} {:?} {:?} {}; {}; {}",
        chart.id,
        chart.title[0].1,
        chart.target,
        chart.baseline,
        chart.higher_is_better,
        series.collect::<Vec<_>>().join(" "),
        items.collect::<Vec<_>>().join(",")
    );
    Some(Sentence {
        text: both(&text),
        next_step: Some(both("next")),
        tone: Tone::Watch,
        rule: if breaks(context, "rule") { "Not A Name".into() } else { "repeat".into() },
        items: vec![if breaks(context, "item") { chart.items.len() as u32 } else { 0 }],
    })
}

impl reweighting::Guest for Quartet {
    fn requires(_parameters_json: String) -> Result<Requirements, Fault> {
        requirements(SubjectKind::Employee, vec!["parental-leave".into()])
    }

    /// Halves the share of the first indicator because of the first circumstance, which the reason repeats.
    fn adjust(context: Context, scorecards: Vec<Scorecard>) -> Result<Vec<Vec<Change>>, Fault> {
        let change = |scorecard: &Scorecard| {
            let (Some(share), Some(circumstance)) = (scorecard.shares.first(), scorecard.circumstances.first()) else {
                return vec![];
            };
            let measures = circumstance.measures.iter().map(|(name, value)| format!("{name}={value}"));
            let reason = format!(
                "{} {} {} {} {}..{} {}",
                scorecard.employee,
                share.dimension,
                share.locked,
                circumstance.kind,
                circumstance.during.start,
                circumstance.during.end,
                measures.collect::<Vec<_>>().join(",")
            );
            vec![Change {
                target: reweighting::Target::Indicator(share.indicator.clone()),
                share: if breaks(&context, "share") { 1_000_001 } else { share.share / 2 },
                because: if breaks(&context, "because") { "a whim".into() } else { circumstance.id.clone() },
                reason: both(&reason),
            }]
        };
        Ok(scorecards.iter().map(change).collect())
    }
}

impl assistant::Guest for Quartet {
    /// `{"watch": "orders"}` asks for the orders of customers, with who took them.
    fn requires(parameters_json: String) -> Result<Requirements, Fault> {
        let mut requirements = requirements(SubjectKind::Company, vec![])?;
        if parameters_json.contains("\"watch\"") {
            requirements.subjects.push(SubjectKind::Customer);
            requirements.refresh = Refresh::OnChange;
            requirements.needs.push(Need {
                kind: "order".into(),
                scope: Scope::Subject,
                window: Window::LastDays(30),
                fields: vec![Field { name: "@actor".into(), column: ColumnType::Text, required: false }],
                reason: both("to see them"),
            });
        }
        Ok(requirements)
    }

    /// Panics at the subject that the parameters name. One alert for each subject with rows; it rests on the last of them and names whoever stood in the first column.
    fn assess(context: Context, subjects: Vec<assistant::Subject>, tables: Vec<Table>) -> Result<Vec<Alert>, Fault> {
        let mut alerts = Vec::new();
        for (index, subject) in subjects.iter().enumerate() {
            assert!(!breaks(&context, &subject.id), "asked to break at {}", subject.id);
            let rows = tables[0].offsets[index]..tables[0].offsets[index + 1];
            if rows.is_empty() {
                continue;
            }
            let evidence = || vec![Evidence { table: 0, row: rows.end - 1 }];
            let person = value(&tables[0].columns[0].values, rows.start as usize);
            alerts.push(Alert {
                subject: if breaks(&context, "subject") { 1_000 } else { index as u32 },
                risk: if breaks(&context, "risk") { 1.5 } else { 0.75 },
                priority: index as f64,
                key: "quiet".into(),
                sentence: both(&format!("{} {}", subject.id, subject.tags.join(","))),
                evidence: evidence(),
                suggestions: vec![Suggestion {
                    heading: both("call"),
                    text: both("call them"),
                    evidence: evidence(),
                    people: vec![if breaks(&context, "person") { "a stranger".into() } else { person }],
                }],
                plan: Some(TaskDraft { title: both("visit"), due_days: 7, counts_in: Some("visits".into()) }),
            });
        }
        Ok(alerts)
    }
}
