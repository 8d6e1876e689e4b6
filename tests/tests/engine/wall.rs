//! Every distinct attack in one table: each gives its own fault, the host's memory stays bounded, and after every single one
//! of them the next honest call succeeds.
//!
//! What the faults say in detail stands in the tests beside this one. Here nothing is left out.

use std::collections::BTreeSet;
use std::process::Command;

use daybreak_domain::plugin::{Fault, PluginKind};
use daybreak_engine::{CallError, CallOptions, Compiler, Engine, EngineOptions, Limits, Plugin};
use daybreak_tests::company::binary;
use daybreak_tests::refused::{self, Refused};

use crate::kit::{assert_still_works, attack, batch, component};

/// How a plugin misbehaves that was taken: the attack, as its parameter names it, and the fault that it has to give. Those
/// without a fault are held off without one.
const WHILE_SCORING: [(&str, &str, &str); 32] = [
    ("endless-loop", "out-of-fuel", "an endless loop"),
    ("recursion", "stack", "calls itself too deeply"),
    ("recursion-through-three", "stack", "calls itself too deeply"),
    ("recursion-of-frames", "stack", "calls itself too deeply"),
    ("wild-pointer", "trap", "out of bounds memory access"),
    ("wild-pointer-in-a-recursion", "trap", "out of bounds memory access"),
    ("memory-bomb", "out-of-memory", "asked for more than"),
    ("grow-without-end", "out-of-memory", "asked for more than"),
    ("panic", "trap", "the quota of subject s0 is unknown"),
    ("divide-by-zero", "trap", "attempt to divide by zero"),
    ("nan", "bad-output", "raw is NaN"),
    ("infinite-figure", "bad-output", "the figure count is inf"),
    ("infinite-points", "bad-output", "inf"),
    ("too-many-points", "bad-output", "1000 points: at least 0 and at most 120"),
    ("parts-do-not-add-up", "bad-output", "the parts add up to 31"),
    ("points-without-parts", "bad-output", "points without parts"),
    ("evidence-of-somebody-else", "bad-output", "lies outside"),
    ("evidence-of-no-table", "bad-output", "lies outside"),
    ("evidence-flood", "bad-output", "evidence"),
    ("one-language", "bad-output", "the text for en is missing"),
    ("escape-sequences", "bad-output", "control characters"),
    ("text-that-is-none", "bad-output", "utf-8"),
    ("list-outside-memory", "bad-output", "out of bounds"),
    ("one-outcome-too-many", "bad-output", "2 outcomes for 1 subjects"),
    ("no-outcome", "bad-output", "0 outcomes for 1 subjects"),
    ("too-much-data", "too-much-data", "too much data"),
    ("aliases", "too-much-data", "too much data"),
    ("log-flood", "", "more lines were dropped"),
    ("log-flood-then-panic", "trap", "the quota of subject s0 is unknown"),
    ("log-long-lines", "out-of-fuel", "out of fuel"),
    ("log-without-end", "out-of-fuel", "out of fuel"),
    ("internal", "internal", "I do not like s0"),
];

/// How it misbehaves when it is asked what it needs.
const WHEN_ASKED: [(&str, &str, &str); 6] = [
    ("requires-everything", "bad-output", "is no fact kind"),
    ("requires-forever", "bad-output", "a window of 1000000 days"),
    ("requires-a-thousand", "bad-output", "1000 needs: at most"),
    ("requires-many-fields", "bad-output", "2000 fields in the need"),
    ("requires-alias", "too-much-data", "too much data"),
    ("requires-loop", "out-of-fuel", "an endless loop"),
];

/// What has to be held off at least, and by which attack it is tried.
const NAMED: [(&str, &str); 21] = [
    ("an endless loop", "endless-loop"),
    ("a recursion that fills the stack in memory", "recursion"),
    ("a recursion of frames only", "recursion-of-frames"),
    ("a memory bomb", "memory-bomb"),
    ("huge output", "too-much-data"),
    ("a hundred thousand texts that are one megabyte", "aliases"),
    ("a wrong number of outcomes", "one-outcome-too-many"),
    ("no number", "nan"),
    ("infinity", "infinite-points"),
    ("points that do not add up", "parts-do-not-add-up"),
    ("evidence out of range", "evidence-of-somebody-else"),
    ("a panic", "panic"),
    ("a flood of log lines", "log-flood"),
    ("a wrong version of an interface", "wrong interface version"),
    ("WASI", "import of WASI"),
    ("a truncated file", "truncated file"),
    ("a gigantic file", "gigantic file"),
    ("thousands of functions", "thousands of functions"),
    ("deeply nested types", "deeply nested types"),
    ("a schema bomb", "schema whose references double"),
    ("needs that explode", "requires-a-thousand"),
];

/// Most that the host's own memory may grow while an attack is under way, in KiB: what one guest may have, its answer, the
/// file itself, and room to spare. Nothing that is attacked with comes near it when it is let through: gigabytes.
const GROWTH_KIBIBYTES_MAX: u64 = 192 << 10;

/// Set in the process in which the attacks are made.
const ALONE: &str = "DAYBREAK_TESTS_ALONE";

#[test]
fn after_every_attack_the_next_honest_call_succeeds_and_memory_stays_bounded() {
    if std::env::var_os(ALONE).is_some() {
        attack_in_turn();
        return;
    }
    // In a process of its own, so that no other test's memory is counted.
    let name = "wall::after_every_attack_the_next_honest_call_succeeds_and_memory_stays_bounded";
    let mut alone = Command::new(std::env::current_exe().unwrap());
    let output = alone.args(["--exact", name, "--nocapture"]).env(ALONE, "yes").output().unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
fn no_attack_is_left_out() {
    let files = refused::all();
    let names =
        WHILE_SCORING.iter().chain(&WHEN_ASKED).map(|(name, ..)| *name).chain(files.iter().map(|file| file.name));
    let distinct: BTreeSet<&str> = names.clone().collect();
    assert_eq!(distinct.len(), names.count(), "one stands twice");
    assert!(distinct.len() >= 69, "{} attacks are left", distinct.len());
    for (what, name) in NAMED {
        assert!(distinct.contains(name), "nothing tries {what}");
    }
    let lies = distinct.iter().filter(|name| name.starts_with("manifest")).count();
    assert!(lies >= 5, "{lies} manifests lie");
}

fn attack_in_turn() {
    // Compiled as a host does it: outside, within bounds that are small enough for a test.
    let compiler =
        Compiler { program: binary(), command: "compile-component".into(), memory_bytes: 400 << 20, seconds: 10 };
    let engine = Engine::new(EngineOptions { compiler: Some(compiler), ..EngineOptions::default() }).unwrap();
    let plugin = engine.load(&component("hostile")).unwrap();
    assert_still_works(&plugin, "nothing");
    for (name, code, words) in WHILE_SCORING {
        bounded(name, || while_scoring(&plugin, name, code, words));
        assert_still_works(&plugin, name);
    }
    for (name, code, words) in WHEN_ASKED {
        bounded(name, || {
            let error = plugin.requires(PluginKind::Indicator, &attack(name)).unwrap_err();
            assert_fault(name, error, code, words);
        });
        assert_still_works(&plugin, name);
    }
    for Refused { name, bytes, code, words } in refused::all() {
        bounded(name, || {
            let error = engine.load(&bytes).err().unwrap_or_else(|| panic!("{name} was taken"));
            assert_fault(name, error, code, words);
        });
        assert_still_works(&plugin, name);
    }
}

fn while_scoring(plugin: &Plugin, name: &str, code: &str, words: &str) {
    // So many texts are more than an honest guest may write with the fuel of three rows; it is the host's bound that is tried.
    let options = CallOptions { fuel_factor: if name == "aliases" { 10 } else { 1 } };
    let run = plugin.score(batch(1, 3, &attack(name)), &options).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(run.log.len() <= Limits::default().log_lines + 1, "{name}: {} lines", run.log.len());
    match run.faults.as_slice() {
        [] => {
            assert_eq!(code, "", "{name} was accepted");
            assert!(run.log.iter().any(|line| line.message.contains(words)), "{name}: {:?}", run.log);
        }
        [only] => assert_fault(name, only.fault.clone().into(), code, words),
        several => panic!("{name}: {several:?}"),
    }
}

fn assert_fault(name: &str, error: CallError, code: &str, words: &str) {
    let CallError::Fault(fault) = error else { panic!("{name}: {error}") };
    let fault: Fault = fault;
    let said = fault.to_string();
    assert_eq!(fault.code(), code, "{name}: {said}");
    assert!(said.to_lowercase().contains(&words.to_lowercase()), "{name}: {said}");
    assert!(said.len() < 1_200, "{name}: {} bytes of words", said.len());
}

/// Runs the attack and compares the most memory that this process held meanwhile with what it held before.
fn bounded(name: &str, attack: impl FnOnce()) {
    let before = resident("VmRSS").filter(|_| std::fs::write("/proc/self/clear_refs", "5").is_ok());
    attack();
    // Where the system does not tell, the fault alone says that the attack was held off.
    let (Some(before), Some(most)) = (before, resident("VmHWM")) else { return };
    let growth = most.saturating_sub(before);
    assert!(growth < GROWTH_KIBIBYTES_MAX, "{name}: the host's memory grew by {} MiB", growth >> 10);
    println!("{name}: {} MiB", growth >> 10);
}

/// A line of what Linux tells of this process, in KiB.
fn resident(key: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(key))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
