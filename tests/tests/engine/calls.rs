//! What holds for every call: the same input gives the same answer and burns the same fuel, and a malformed batch is the
//! host's error.

use daybreak_domain::indicator::{Batch, Outcome};
use daybreak_domain::plugin::{Fault, PluginKind};
use daybreak_domain::requirements::{Scope, SubjectKind};
use daybreak_domain::table::Values;
use daybreak_engine::{CallError, CallOptions, FUEL_FACTOR_MAX, HostError, Limits};

use crate::kit::{attack, attack_on, batch, component, engine, fault_of, hostile, score};

#[test]
fn two_engines_agree_on_outcomes_fuel_and_memory() {
    let runs = [(); 2].map(|()| {
        let plugin = engine(Limits::default()).load(&component("hostile")).unwrap();
        score(&plugin, batch(30, 7, &attack("honest"))).unwrap()
    });
    assert_eq!(runs[0], runs[1]);
    assert!(runs[0].calls[0].fuel > 0);
    assert!(runs[0].calls[0].memory_bytes > 0);
    let digests = runs.map(|run| run.calls[0].outcomes.iter().map(Outcome::digest).collect::<Vec<_>>());
    assert_eq!(digests[0], digests[1]);
}

#[test]
fn a_machine_without_room_for_a_pool_changes_no_result() {
    // More memories than a processor can address.
    let without_pool = engine(Limits { concurrent_calls: 1 << 20, ..Limits::default() });
    assert_eq!(without_pool.fingerprint(), engine(Limits::default()).fingerprint());
    let plugin = without_pool.load(&component("hostile")).unwrap();
    let pooled = hostile();
    for (parameters, rows) in [(attack("honest"), 7), (attack_on("panic", "s3"), 7), (attack("honest"), 0)] {
        let batch = batch(20, rows, &parameters);
        assert_eq!(score(&plugin, batch.clone()).unwrap(), score(&pooled, batch).unwrap());
    }
    for name in ["endless-loop", "memory-bomb", "recursion", "recursion-of-frames", "wild-pointer"] {
        assert_eq!(fault_of(&plugin, name), fault_of(&pooled, name), "{name}");
    }
}

#[test]
fn nothing_is_left_of_an_earlier_call() {
    let plugin = hostile();
    let first = score(&plugin, batch(5, 7, &attack("honest"))).unwrap();
    score(&plugin, batch(50, 20, &attack("log-flood"))).unwrap();
    let again = score(&plugin, batch(5, 7, &attack("honest"))).unwrap();
    assert_eq!(first, again);
}

#[test]
fn calls_may_run_at_the_same_time_and_beyond_the_pool_they_wait() {
    let plugin = engine(Limits { concurrent_calls: 2, ..Limits::default() }).load(&component("hostile")).unwrap();
    let alone = score(&plugin, batch(20, 5, &attack("honest"))).unwrap();
    std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| score(&plugin, batch(20, 5, &attack("honest"))).unwrap())).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
}

#[test]
fn the_fingerprint_is_stable_and_names_the_wasmtime_that_is_linked() {
    let fingerprint = engine(Limits::default()).fingerprint().to_owned();
    assert_eq!(fingerprint, engine(Limits { concurrent_calls: 1, ..Limits::default() }).fingerprint());
    let lock = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"));
    let (_, after) = lock.split_once("name = \"wasmtime\"\nversion = \"").unwrap();
    let (version, _) = after.split_once('"').unwrap();
    assert!(fingerprint.contains(&format!("wasmtime-{version}/")), "{fingerprint} does not name {version}");
}

#[test]
fn requirements_are_asked_and_checked() {
    let plugin = hostile();
    let requirements = plugin.requires(PluginKind::Indicator, &attack("honest")).unwrap();
    assert_eq!(requirements.subjects, [SubjectKind::Employee]);
    assert_eq!((requirements.needs[0].kind.as_str(), requirements.needs[0].scope), ("task.done", Scope::Subject));
    for (name, words) in
        [("requires-everything", "\"Everything!\" is no fact kind"), ("requires-forever", "a window of 1000000 days")]
    {
        let error = plugin.requires(PluginKind::Indicator, &attack(name)).unwrap_err();
        assert!(matches!(error, CallError::Fault(Fault::BadOutput { .. })), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
    let error = plugin.requires(PluginKind::Indicator, &attack("requires-loop")).unwrap_err();
    assert_eq!(error, CallError::Fault(Fault::OutOfFuel { limit: Limits::default().fuel_description }));
    let error = plugin.requires(PluginKind::Insight, &attack("honest")).unwrap_err();
    assert!(error.to_string().contains("the plugin hostile has no insight interface"), "{error}");
}

/// Breaks a batch in one way.
type Change = fn(&mut Batch);

#[test]
fn a_malformed_batch_is_the_hosts_error() {
    let plugin = hostile();
    let changes: [(Change, &str); 6] = [
        (|batch| batch.tables[0].offsets = vec![0, 2, 4, 6, 8], "5 offsets for 3 subjects"),
        (|batch| batch.tables[0].offsets = vec![0, 4, 2, 6], "its offsets do not ascend"),
        (|batch| batch.tables[0].offsets = vec![0, 2, 4, 5], "its offsets do not ascend"),
        (|batch| batch.tables[0].columns[0].values = Values::Truths(vec![true]), "hours has 1 values for 6 rows"),
        (|batch| batch.tables[0].columns[0].missing = vec![6], "the missing rows of hours"),
        (
            |batch| {
                let Values::Texts { codes, .. } = &mut batch.tables[0].columns[1].values else { unreachable!() };
                codes[4] = 3;
            },
            "activity has a code outside its dictionary",
        ),
    ];
    for (change, words) in changes {
        let mut batch = batch(3, 2, &attack("honest"));
        change(&mut batch);
        let error = score(&plugin, batch).unwrap_err();
        assert!(matches!(error, CallError::Host(HostError::BadBatch(_))), "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[test]
fn fuel_may_be_multiplied_within_bounds() {
    let plugin = hostile();
    let run = |fuel_factor| plugin.score(batch(1, 3, &attack("slow")), &CallOptions { fuel_factor });
    assert_eq!(run(1).unwrap().faults[0].fault.code(), "out-of-fuel");
    assert_eq!(run(FUEL_FACTOR_MAX).unwrap().faults, []);
    for fuel_factor in [0, FUEL_FACTOR_MAX + 1] {
        let error = run(fuel_factor).unwrap_err();
        assert!(matches!(error, CallError::Host(HostError::BadFuelFactor { .. })), "{error}");
    }
}

#[test]
fn an_empty_batch_is_no_call() {
    let run = score(&hostile(), batch(0, 0, &attack("panic"))).unwrap();
    assert!(run.calls.is_empty() && run.faults.is_empty());
}

#[test]
#[cfg(debug_assertions)]
fn a_call_on_an_async_worker_is_noticed() {
    let plugin = hostile();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let on_worker = runtime.block_on(async {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| score(&plugin, batch(1, 1, &attack("honest")))))
    });
    assert!(on_worker.is_err(), "nobody noticed");
    let plugin = plugin.clone();
    let on_its_own_thread = runtime.block_on(async move {
        tokio::task::spawn_blocking(move || score(&plugin, batch(1, 1, &attack("honest")))).await
    });
    assert_eq!(on_its_own_thread.unwrap().unwrap().faults, []);
}
