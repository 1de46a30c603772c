//! Two hundred worlds, or as many as `OUTPOST_SEEDS` says, or the one of `OUTPOST_SEED`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tests_simulator::{Plan, Report, run};

/// How many worlds run at once.
const WORKERS: usize = 2;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.trim().parse().ok()
}

fn world(seed: u64, plan: Plan) -> Result<Report, String> {
    match catch_unwind(AssertUnwindSafe(|| run(seed, plan))) {
        Ok(Ok(report)) => Ok(report),
        Ok(Err(error)) => Err(format!("{error:#}")),
        Err(_) => Err("it panicked; the message stands above".into()),
    }
}

fn replay(seed: u64) -> String {
    format!("OUTPOST_SEED={seed} cargo test -p tests-simulator --test seeds -- --nocapture worlds")
}

/// Invariants 1 to 6 of DESIGN.md, as far as they are built.
#[test]
fn worlds_keep_the_invariants() {
    if let Some(seed) = number("OUTPOST_SEED") {
        let report = world(seed, Plan { print: true, ..Plan::default() });
        println!("{report:#?}");
        report.unwrap();
        return;
    }
    let (seeds, next) = (number("OUTPOST_SEEDS").unwrap_or(200), AtomicU64::new(1));
    let done = Mutex::new((Report::default(), Vec::new()));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(seed) = Some(next.fetch_add(1, Ordering::Relaxed))
                    && seed <= seeds
                {
                    let outcome = world(seed, Plan::default());
                    let (sum, failed) = &mut *done.lock().unwrap();
                    match outcome {
                        Ok(report) => *sum = added(*sum, report),
                        Err(error) => failed.push((seed, error)),
                    }
                }
            });
        }
    });
    let (sum, mut failed) = done.into_inner().unwrap();
    let seconds = began.elapsed().as_millis().max(1);
    println!("{seeds} seeds, {} seeds/s: {sum:?}", u128::from(seeds) * 1_000 / seconds);
    failed.sort();
    for (seed, error) in failed.iter().take(10) {
        eprintln!("seed {seed}: {error}\n  replay: {}", replay(*seed));
    }
    assert!(
        failed.is_empty(),
        "{} of {seeds} worlds broke; the first: {:?}",
        failed.len(),
        failed[0]
    );
    // A fleet in which nothing happens keeps every invariant: see that much did.
    assert!(sum.sales > seeds && sum.replays > seeds / 2 && sum.crashes > seeds / 2);
}

fn added(a: Report, b: Report) -> Report {
    Report {
        trace: a.trace ^ b.trace,
        steps: a.steps + b.steps,
        commands: a.commands + b.commands,
        replays: a.replays + b.replays,
        sales: a.sales + b.sales,
        entries: a.entries + b.entries,
        frames: a.frames + b.frames,
        crashes: a.crashes + b.crashes,
        connections: a.connections + b.connections,
        refusals: a.refusals + b.refusals,
        conflicts: a.conflicts + b.conflicts,
    }
}

#[test]
fn the_same_seed_is_the_same_world() {
    for seed in [7, 1_234] {
        let (one, two) = (world(seed, Plan::default()), world(seed, Plan::default()));
        assert_eq!(one, two, "seed {seed}");
        assert_ne!(one, world(seed + 1, Plan::default()));
    }
}
