//! A plugin that misbehaves. Its parameter `{"attack": "…"}` picks how, `"culprit": "…"` names the one subject on which
//! it does; without a culprit it does so on all.
//!
//! Written on the raw bindings and without a JSON parser, so that a fault is the attack's and nobody else's.

// The names that a component exports link on no other target.
#![cfg(target_arch = "wasm32")]

use std::hint::black_box;

mod bindings {
    wit_bindgen::generate!({
        path: ["../../../wit/common", "../../../wit/indicator"],
        world: "daybreak:indicator/indicator-plugin",
        generate_all,
    });
}

use bindings::daybreak::common::logging::{self, Level};
use bindings::exports::daybreak::common::about;
use bindings::exports::daybreak::indicator::indicator::{
    Computed, Context, Evidence, Fault, Figure, Guest, Localized, Outcome, Part, Requirements, Rules, Subject, Table,
};

struct Hostile;

bindings::export!(Hostile with_types_in bindings);

fn localized(zh_cn: &str, en: &str) -> Localized {
    vec![("zh-CN".into(), zh_cn.into()), ("en".into(), en.into())]
}

/// The value of a key in a flat JSON object of texts.
fn parameter<'a>(parameters_json: &'a str, key: &str) -> Option<&'a str> {
    let (_, rest) = parameters_json.split_once(&format!("\"{key}\""))?;
    let (_, rest) = rest.split_once('"')?;
    rest.split_once('"').map(|(value, _)| value)
}

impl about::Guest for Hostile {
    fn describe() -> about::Manifest {
        about::Manifest {
            name: "hostile".into(),
            version: "0.1.0".into(),
            title: localized("恶意插件", "Hostile plugin"),
            summary: localized("用于测试的恶意行为。", "Misbehaves for tests."),
            parameters_schema: r##"{
                "type": "object",
                "properties": {
                    "attack": { "$ref": "#/$defs/name" },
                    "culprit": { "$ref": "#/$defs/name" }
                },
                "required": ["attack"],
                "additionalProperties": false,
                "$defs": { "name": { "type": "string", "pattern": "^[a-z0-9-]+$", "maxLength": 40 } }
            }"##
            .into(),
        }
    }
}

impl Guest for Hostile {
    fn requires(parameters_json: String) -> Result<Requirements, Fault> {
        use bindings::daybreak::common::types::{ColumnType, Field, Need, Refresh, Scope, SubjectKind, Window};
        let need = |kind: &str, window| Need {
            kind: kind.into(),
            scope: Scope::Subject,
            window,
            fields: vec![Field { name: "hours".into(), column: ColumnType::Number, required: true }],
            reason: localized("数一数", "to count"),
        };
        let honest = need("task.done", Window::PeriodAndBefore(0));
        let (kind, window) = match parameter(&parameters_json, "attack") {
            Some("requires-a-thousand") => {
                return Ok(Requirements {
                    subjects: vec![SubjectKind::Employee],
                    needs: (0..1_000).map(|_| honest.clone()).collect(),
                    circumstances: vec![],
                    refresh: Refresh::OnChange,
                });
            }
            Some("requires-many-fields") => {
                let field = |number| Field { name: format!("f{number}"), column: ColumnType::Number, required: true };
                let fields = (0..2_000).map(field).collect();
                return Ok(Requirements {
                    subjects: vec![SubjectKind::Employee],
                    needs: vec![Need { fields, ..honest }],
                    circumstances: vec![],
                    refresh: Refresh::OnChange,
                });
            }
            Some("requires-alias") => {
                let aliases = aliases(100_000, 1 << 20);
                return Ok(Requirements {
                    subjects: vec![SubjectKind::Employee],
                    needs: vec![],
                    circumstances: aliases,
                    refresh: Refresh::OnChange,
                });
            }
            Some("requires-everything") => ("Everything!", Window::PeriodAndBefore(0)),
            Some("requires-forever") => ("task.done", Window::LastDays(1_000_000)),
            Some("requires-loop") => endless_loop(),
            _ => ("task.done", Window::PeriodAndBefore(0)),
        };
        Ok(Requirements {
            subjects: vec![SubjectKind::Employee],
            needs: vec![need(kind, window)],
            circumstances: vec![],
            refresh: Refresh::OnChange,
        })
    }

    fn score(
        context: Context,
        rules: Rules,
        subjects: Vec<Subject>,
        tables: Vec<Table>,
    ) -> Result<Vec<Outcome>, Fault> {
        install_panic_hook();
        let attack = parameter(&context.parameters_json, "attack").unwrap_or("honest");
        let culprit = parameter(&context.parameters_json, "culprit");
        let mut outcomes = Vec::new();
        for (index, subject) in subjects.iter().enumerate() {
            let honest = honest(index, subject, &rules, &tables);
            if culprit.is_none_or(|culprit| subject.id == culprit) {
                misbehave(attack, &subject.id, honest, &mut outcomes)?;
            } else {
                outcomes.push(honest);
            }
        }
        Ok(outcomes)
    }
}

/// Counts the rows; a target of n rows gives n rows 100 points.
fn honest(index: usize, subject: &Subject, rules: &Rules, tables: &[Table]) -> Outcome {
    let Some(table) = tables.first() else { return Outcome::NotComputable(localized("没有数据", "no data")) };
    // A company-wide table has two offsets, whoever asks.
    let index = if table.offsets.len() == 2 { 0 } else { index };
    let rows = table.offsets[index]..table.offsets[index + 1];
    if rows.is_empty() {
        return Outcome::NotComputable(localized("没有数据", "no data"));
    }
    let raw = rows.len() as f64;
    let points = subject.target.map(|target| (100.0 * raw / target).min(rules.ceiling));
    let label = || localized("数量", "Count");
    Outcome::Computed(Computed {
        raw,
        sample: rows.len() as u32,
        points,
        parts: points.map(|points| Part { label: label(), points }).into_iter().collect(),
        figures: vec![Figure { key: "count".into(), label: label(), value: raw, unit: "1".into() }],
        evidence: rows.take(3).map(|row| Evidence { table: 0, row }).collect(),
    })
}

fn misbehave(attack: &str, subject: &str, honest: Outcome, outcomes: &mut Vec<Outcome>) -> Result<(), Fault> {
    let mut outcome = match honest {
        Outcome::Computed(computed) => computed,
        not_computable => {
            outcomes.push(not_computable);
            return Ok(());
        }
    };
    match attack {
        "honest" => {}
        "endless-loop" => endless_loop(),
        "recursion" => outcome.raw = recurse_with_large_locals(1) as f64,
        "recursion-through-three" => outcome.raw = first_of_three(1) as f64,
        "recursion-of-frames" => outcome.raw = recurse_with_small_frames(1) as f64,
        "wild-pointer" => outcome.raw = f64::from(read_wild_pointer(0xffff_0000)),
        "wild-pointer-in-a-recursion" => outcome.raw = recurse_to_a_wild_pointer(20) as f64,
        "memory-bomb" => outcome.raw = bomb() as f64,
        "panic" => look_up_quota(subject),
        "divide-by-zero" => outcome.raw = divide_by_zero() as f64,
        "nan" => outcome.raw = f64::NAN,
        "infinite-figure" => outcome.figures[0].value = f64::INFINITY,
        "too-many-points" => {
            outcome.points = Some(1_000.0);
            outcome.parts[0].points = 1_000.0;
        }
        "parts-do-not-add-up" => outcome.parts[0].points += 1.0,
        "points-without-parts" => outcome.parts.clear(),
        "evidence-of-somebody-else" => outcome.evidence.push(Evidence { table: 0, row: u32::MAX }),
        "evidence-of-no-table" => outcome.evidence.push(Evidence { table: 7, row: 0 }),
        "one-language" => {
            outcome.figures[0].label.pop();
        }
        "escape-sequences" => outcome.figures[0].label = localized("\u{1b}[31m红", "\u{1b}[31mred"),
        "one-outcome-too-many" => outcomes.push(Outcome::NotComputable(localized("多余", "one too many"))),
        "no-outcome" => return Ok(()),
        "too-much-data" => outcome.figures[0].unit = "x".repeat(1 << 20),
        "aliases" => {
            let mut texts = aliases(100_000, 1 << 20).into_iter();
            let pairs = std::iter::from_fn(|| texts.next().zip(texts.next()));
            outcomes.push(Outcome::NotComputable(pairs.collect()));
            return Ok(());
        }
        "text-that-is-none" => {
            // SAFETY: there is none, which is the point: the host must not take it for a text.
            outcome.figures[0].unit = unsafe { String::from_utf8_unchecked(vec![0xff; 8]) };
        }
        "list-outside-memory" => {
            // SAFETY: there is none, which is the point: the host must not read there.
            outcome.evidence = unsafe { Vec::from_raw_parts(0xfff0_0000 as *mut Evidence, 1_000, 1_000) };
        }
        "evidence-flood" => {
            outcome.evidence = (0..30_000).map(|_| Evidence { table: 0, row: outcome.evidence[0].row }).collect();
        }
        "infinite-points" => {
            outcome.points = Some(f64::INFINITY);
            outcome.parts[0].points = f64::INFINITY;
        }
        "log-without-end" => loop {
            logging::log(Level::Debug, "still here");
        },
        "grow-without-end" => outcome.raw = grow_to_the_end() as f64,
        "log-flood" => (0..1_000).for_each(|line| logging::log(Level::Info, &format!("line {line} of {subject}"))),
        "log-flood-then-panic" => {
            (0..1_000).for_each(|_| logging::log(Level::Info, "nothing to see"));
            look_up_quota(subject);
        }
        "log-long-lines" => {
            let line = format!("begins \u{1b}[31m here\n{}", "x".repeat(100_000));
            (0..10_000).for_each(|_| logging::log(Level::Error, &line));
        }
        "log-greetings" => logging::log(Level::Info, &format!("hello from {subject}")),
        "internal" => return Err(Fault::Internal(format!("I do not like {subject}"))),
        "bad-parameters" => return Err(Fault::BadParameters("I wanted others".into())),
        "slow" => outcome.raw = work(20_000_000) as f64,
        other => panic!("unknown attack {other}"),
    }
    outcomes.push(Outcome::Computed(outcome));
    Ok(())
}

#[inline(never)]
fn look_up_quota(subject: &str) {
    panic!("the quota of subject {subject} is unknown");
}

#[inline(never)]
fn divide_by_zero() -> u64 {
    10 / black_box(0)
}

fn endless_loop() -> ! {
    let mut turns = 0_u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

fn work(turns: u64) -> u64 {
    (0..turns).fold(0, |sum, turn| black_box(sum ^ turn))
}

/// Large locals live on the stack that the compiler keeps in linear memory.
#[allow(unconditional_recursion, reason = "it is the attack")]
fn recurse_with_large_locals(depth: u64) -> u64 {
    let locals = black_box([depth; 512]);
    black_box(recurse_with_large_locals(depth + 1)) + locals[(depth % 512) as usize]
}

fn first_of_three(depth: u64) -> u64 {
    let locals = black_box([depth; 64]);
    black_box(second_of_three(depth + 1)) + locals[0]
}

fn second_of_three(depth: u64) -> u64 {
    let locals = black_box([depth; 64]);
    black_box(third_of_three(depth + 1)) + locals[1]
}

fn third_of_three(depth: u64) -> u64 {
    let locals = black_box([depth; 64]);
    black_box(first_of_three(depth + 1)) + locals[2]
}

/// Frames without locals live on the native stack only.
#[allow(unconditional_recursion, reason = "it is the attack")]
#[inline(never)]
fn recurse_with_small_frames(depth: u64) -> u64 {
    1 + recurse_with_small_frames(depth * 3 + 1).wrapping_mul(depth)
}

/// 0xffff_0000 is where an overflowing stack would write.
fn read_wild_pointer(address: usize) -> u8 {
    let address = black_box(address);
    // SAFETY: there is none, which is the point: the sandbox must stop it.
    unsafe { std::ptr::read_volatile(address as *const u8) }
}

/// A recursion that would end, but for the pointer at its bottom.
#[inline(never)]
fn recurse_to_a_wild_pointer(depth: u64) -> u64 {
    if depth == 0 {
        return u64::from(read_wild_pointer(0x8000_0000));
    }
    let locals = black_box([depth; 8]);
    black_box(recurse_to_a_wild_pointer(depth - 1)) + locals[3]
}

fn bomb() -> usize {
    let mut held: Vec<Vec<u8>> = Vec::new();
    loop {
        // Never written to: filling it would burn fuel faster than memory.
        held.push(black_box(Vec::with_capacity(1 << 20)));
    }
}

/// So many texts that are all the same bytes in memory: little for a guest, too much for a host that copies each.
fn aliases(count: usize, bytes: usize) -> Vec<String> {
    let text = vec![0; bytes].leak();
    // SAFETY: zeros are a text, and they are given away and never freed, because the host stops before it asks for that.
    (0..count).map(|_| unsafe { String::from_raw_parts(text.as_mut_ptr(), bytes, bytes) }).collect()
}

/// Asks the machine for memory instead of the allocator, page by page.
fn grow_to_the_end() -> usize {
    while std::arch::wasm32::memory_grow::<0>(16) != usize::MAX {}
    0
}

fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| logging::log(Level::Error, &info.to_string())));
}
