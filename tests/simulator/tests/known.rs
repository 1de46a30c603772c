//! Faults of the product that the simulator found and works around. When one is mended its test
//! here fails: delete it, and the work-around with it.

use tests_simulator::{Plan, run};

/// `cloud-sync/protocol/src/session/store.rs`: an acknowledgement that comes twice counts a batch
/// as arrived that is still on its way. When that batch, or its answer, is lost, `in_flight` is 0
/// while `sent` is ahead of `acked`, and `tick` sends nothing again before the next entry.
#[test]
fn a_doubled_acknowledgement_stalls_the_session() {
    let plan = Plan { hang_up_stalled: false, ..Plan::default() };
    let stalled =
        |seed: &u64| run(*seed, plan).is_err_and(|error| error.to_string().contains("not quiet"));
    let found = (1..=60).find(stalled);
    assert!(found.is_some(), "mended: remove `hang_up_stalled` and this test");
    println!("seed {found:?}");
}
