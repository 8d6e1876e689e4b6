//! One test for each attack: its own fault, in words that help, and an honest batch afterwards.

use daybreak_domain::plugin::{Fault, LogLevel};
use daybreak_engine::{CallError, Limits};

use crate::kit::{assert_still_works, attack, batch, fault_of, hostile, hostile_within, score};

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    let plugin = hostile();
    let fault = fault_of(&plugin, "endless-loop");
    let limits = Limits::default();
    // Three rows and a subject.
    assert_eq!(fault, Fault::OutOfFuel { limit: limits.fuel_base + 4 * limits.fuel_per_row });
    assert_still_works(&plugin, "an endless loop");
}

#[test]
fn a_memory_bomb_runs_out_of_memory() {
    let plugin = hostile();
    let fault = fault_of(&plugin, "memory-bomb");
    let Fault::OutOfMemory { limit_bytes } = fault else { panic!("{fault}") };
    assert!((64 << 20..65 << 20).contains(&limit_bytes), "{limit_bytes}");
    assert_still_works(&plugin, "a memory bomb");
}

#[test]
fn a_recursion_exhausts_the_stack_wherever_its_locals_live() {
    let plugin = hostile();
    for name in ["recursion", "recursion-through-three", "recursion-of-frames"] {
        assert_eq!(fault_of(&plugin, name), Fault::Stack, "{name}");
        assert_still_works(&plugin, name);
    }
}

#[test]
fn a_wild_pointer_is_no_exhausted_stack() {
    let plugin = hostile();
    for name in ["wild-pointer", "wild-pointer-in-a-recursion"] {
        let fault = fault_of(&plugin, name);
        let Fault::Trap { reason, .. } = &fault else { panic!("{name}: {fault}") };
        assert!(reason.contains("out of bounds memory access"), "{reason}");
        assert_still_works(&plugin, name);
    }
}

#[test]
fn a_panic_carries_its_own_message() {
    let plugin = hostile();
    for (name, place, words) in [
        ("panic", "hostile::look_up_quota", "the quota of subject s0 is unknown"),
        ("divide-by-zero", "hostile::divide_by_zero", "attempt to divide by zero"),
        ("log-flood-then-panic", "hostile::look_up_quota", "the quota of subject s0 is unknown"),
    ] {
        let fault = fault_of(&plugin, name);
        let Fault::Trap { reason, message: Some(message) } = &fault else { panic!("{name}: {fault}") };
        assert!(message.contains(words), "{message}");
        assert!(reason.contains(place), "where it happened is missing: {reason}");
        assert!(fault.to_string().contains(words));
        assert_still_works(&plugin, name);
    }
}

#[test]
fn outcomes_that_break_a_rule_are_bad_output_and_say_which() {
    let plugin = hostile();
    for (name, words) in [
        ("nan", "raw is NaN, which is no finite number"),
        ("infinite-figure", "the figure count is inf"),
        ("too-many-points", "1000 points: at least 0 and at most 120"),
        ("parts-do-not-add-up", "the parts add up to 31, the points are 30"),
        ("points-without-parts", "points without parts"),
        ("evidence-of-somebody-else", "evidence 0/4294967295 lies outside"),
        ("evidence-of-no-table", "evidence 7/0 lies outside"),
        ("one-language", "the label of figure 0: the text for en is missing"),
        ("escape-sequences", "the label of figure 0: the zh-CN text holds control characters"),
        ("one-outcome-too-many", "2 outcomes for 1 subjects"),
        ("no-outcome", "0 outcomes for 1 subjects"),
    ] {
        let fault = fault_of(&plugin, name);
        let Fault::BadOutput { reason } = &fault else { panic!("{name}: {fault}") };
        assert!(reason.contains(words), "{name}: {reason}");
        assert_still_works(&plugin, name);
    }
}

#[test]
fn an_answer_that_is_too_large_is_too_much_data() {
    let plugin = hostile();
    let fault = fault_of(&plugin, "too-much-data");
    let limits = Limits::default();
    assert_eq!(fault, Fault::TooMuchData { limit_bytes: limits.output_bytes + limits.output_bytes_per_subject });
    assert_still_works(&plugin, "too much data");
}

#[test]
fn faults_that_a_plugin_returns_keep_its_words() {
    let plugin = hostile();
    assert_eq!(fault_of(&plugin, "internal"), Fault::Internal { message: "I do not like s0".into() });
    // Parameters concern the whole batch, so nobody is singled out.
    let error = score(&plugin, batch(5, 3, &attack("bad-parameters"))).unwrap_err();
    assert_eq!(error, CallError::Fault(Fault::BadParameters { reason: "I wanted others".into() }));
    assert_still_works(&plugin, "faults of its own");
}

#[test]
fn a_flood_of_log_lines_is_cut_and_counted() {
    let plugin = hostile();
    let run = score(&plugin, batch(1, 3, &attack("log-flood"))).unwrap();
    assert_eq!(run.faults, []);
    let lines_max = Limits::default().log_lines;
    assert_eq!(run.log.len(), lines_max + 1);
    assert_eq!(run.log[0].message, "line 0 of s0");
    assert_eq!(run.log[lines_max].message, format!("{} more lines were dropped", 1_000 - lines_max));
    assert_eq!(run.log[lines_max].level, LogLevel::Warn);
}

#[test]
fn long_log_lines_are_cut_and_paid_for_in_fuel() {
    let plugin = hostile();
    let run = score(&plugin, batch(1, 3, &attack("log-long-lines"))).unwrap();
    // A hundred thousand bytes a line: about a hundred lines burn the whole budget, though the guest executes next to
    // nothing for them.
    assert!(matches!(run.faults[0].fault, Fault::OutOfFuel { .. }), "{}", run.faults[0].fault);
    assert!(run.log.len() < 150, "{}", run.log.len());
    let line = &run.log[0].message;
    assert!(line.starts_with("begins \u{fffd}[31m here x"), "{line}");
    assert!(line.ends_with('…') && line.len() <= Limits::default().log_line_bytes + '…'.len_utf8());
}

#[test]
fn a_machine_that_is_too_slow_is_no_verdict() {
    let limits =
        Limits { fuel_base: u64::MAX / 4, fuel_per_ms: u64::MAX, deadline_ms: 10, attempts: 2, ..Limits::default() };
    let plugin = hostile_within(limits);
    let error = score(&plugin, batch(1, 3, &attack("endless-loop"))).unwrap_err();
    assert_eq!(error, CallError::TimedOut { attempts: 2 });
    assert_still_works(&plugin, "running out of time");
}
