//! One subject on which a plugin fails must not cost the others their scores.

use daybreak_domain::indicator::Outcome;
use daybreak_domain::plugin::Fault;
use daybreak_domain::table::Evidence;
use daybreak_engine::{Limits, ScoreRun};

use crate::kit::{attack, attack_on, batch, hostile, hostile_within, score};

/// Every subject stands in exactly one place, and calls are in order.
fn assert_complete(run: &ScoreRun, subjects: usize) {
    let mut seen = vec![0; subjects];
    for call in &run.calls {
        assert_eq!(call.outcomes.len(), call.subjects.len());
        call.subjects.clone().for_each(|subject| seen[subject] += 1);
    }
    run.faults.iter().for_each(|fault| seen[fault.subject] += 1);
    assert!(seen.iter().all(|&count| count == 1), "{seen:?}");
    assert!(run.calls.is_sorted_by_key(|call| call.subjects.start));
    assert!(run.faults.is_sorted_by_key(|fault| fault.subject));
}

#[test]
fn one_culprit_among_three_hundred_is_found() {
    let plugin = hostile();
    for (name, code) in [
        ("panic", "trap"),
        ("endless-loop", "out-of-fuel"),
        ("memory-bomb", "out-of-memory"),
        ("recursion", "stack"),
        ("nan", "bad-output"),
        ("one-outcome-too-many", "bad-output"),
        ("internal", "internal"),
    ] {
        let run = score(&plugin, batch(300, 5, &attack_on(name, "s217"))).unwrap();
        assert_complete(&run, 300);
        assert_eq!(run.faults.len(), 1, "{name}");
        assert_eq!((run.faults[0].subject, run.faults[0].fault.code()), (217, code), "{name}");
    }
}

#[test]
fn a_subject_scores_the_same_in_whatever_part_it_ends_up() {
    let plugin = hostile();
    let together = score(&plugin, batch(40, 5, &attack("honest"))).unwrap();
    assert_eq!(together.calls.len(), 1);
    let parted = score(&plugin, batch(40, 5, &attack_on("panic", "s13"))).unwrap();
    assert_complete(&parted, 40);
    assert!(parted.calls.len() > 1);
    for call in &parted.calls {
        for (outcome, subject) in call.outcomes.iter().zip(call.subjects.clone()) {
            assert_eq!(*outcome, together.calls[0].outcomes[subject]);
            let Outcome::Computed(computed) = outcome else { panic!("{outcome:?}") };
            // The guest named absolute rows; they come out counted from the subject's first.
            assert_eq!(computed.evidence, [0, 1, 2].map(|row| Evidence { table: 0, row }));
        }
    }
}

#[test]
fn rows_of_a_company_wide_table_are_named_as_they_are() {
    let plugin = hostile();
    let company_wide = |attack: &str| {
        let mut batch = batch(8, 2, attack);
        batch.tables[0].offsets = vec![0, 16];
        batch
    };
    for (attack, calls) in [(attack("honest"), 1), (attack_on("panic", "s3"), 4)] {
        let run = score(&plugin, company_wide(&attack)).unwrap();
        assert_complete(&run, 8);
        assert!(run.calls.len() <= calls);
        for call in &run.calls {
            for outcome in &call.outcomes {
                let Outcome::Computed(computed) = outcome else { panic!("{outcome:?}") };
                assert_eq!(computed.sample, 16);
            }
        }
    }
}

#[test]
fn a_plugin_that_fails_on_everybody_does_not_cost_a_call_for_each() {
    let limits = Limits { calls_per_batch: 10, ..Limits::default() };
    let plugin = hostile_within(limits);
    let run = score(&plugin, batch(300, 1, &attack("panic"))).unwrap();
    assert_complete(&run, 300);
    assert_eq!(run.faults.len(), 300);
    assert!(run.faults.iter().all(|fault| matches!(fault.fault, Fault::Trap { .. })));
}

#[test]
fn a_log_of_many_calls_is_one_log() {
    let plugin = hostile();
    let run = score(&plugin, batch(4, 1, &attack("log-greetings"))).unwrap();
    let lines: Vec<_> = run.log.iter().map(|line| line.message.as_str()).collect();
    assert_eq!(lines, ["hello from s0", "hello from s1", "hello from s2", "hello from s3"]);
}
