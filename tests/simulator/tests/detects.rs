//! The checks can fail: each fault that is built in is found, and found for its own reason.

use tests_simulator::{Plan, Sabotage, run};

/// How many worlds a fault may hide in.
const SEEDS: u64 = 40;

fn finding(sabotage: Sabotage) -> String {
    let plan = Plan { sabotage: Some(sabotage), ..Plan::default() };
    for seed in 1..=SEEDS {
        if let Err(error) = run(seed, plan) {
            println!("{sabotage:?} is found by seed {seed}: {error:#}");
            return format!("{error:#}");
        }
    }
    panic!("{sabotage:?} is found by none of {SEEDS} seeds");
}

#[test]
fn an_acknowledgement_before_the_commit() {
    let found = finding(Sabotage::AckBeforeAccept);
    assert!(found.contains("entries are safe"), "{found}");
}

#[test]
fn a_new_key_when_asking_again() {
    let found = finding(Sabotage::NewKeyOnRetry);
    assert!(found.contains("took effect again") || found.contains("took effect, then"), "{found}");
}

#[test]
fn a_promise_without_rights() {
    let found = finding(Sabotage::PromiseWithoutRights);
    assert!(found.contains("invariant 5"), "{found}");
}

#[test]
fn a_failed_command_that_stays_in_memory() {
    let found = finding(Sabotage::FailureRemembered);
    // A document that stayed has no row: that is seen first where nobody looks at the memory.
    let named = ["left something", "in memory", "does not sell"];
    assert!(named.iter().any(|words| found.contains(words)), "{found}");
}
