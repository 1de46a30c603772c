//! The gate against the simulator's worlds: how many exits it sees, how often it errs.
//!
//! `cargo run --release -p edge-devices --example gate_table [-- SCENARIOS [SHELF_HOURS [SEED]]]
//! [without-phase] [loss=DB]`: a reader that tells no phase; tags that lose so much more.
#![allow(clippy::float_arithmetic, clippy::cast_precision_loss, reason = "shares in a table")]

#[path = "../tests/trial/mod.rs"]
mod trial;

use drivers_rfid::sim::world::Kind;
use trial::{Hears, Score, of_kind, shelves};

fn share(part: u64, of: u64) -> String {
    if of == 0 { "-".into() } else { format!("{:.2} %", part as f64 * 100.0 / of as f64) }
}

fn main() {
    let mut args = std::env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let scenarios = args.next().unwrap_or(1_000);
    let hours = args.next().unwrap_or(40);
    let seed = args.next().unwrap_or(5_000_000);
    let without = std::env::args().any(|arg| arg == "without-phase");
    let loss = std::env::args().find_map(|arg| arg.strip_prefix("loss=")?.parse().ok());
    let hears = Hears { phase: !without, loss_db: loss.unwrap_or(0.0) };
    let phase = if without { "no phase" } else { "phase" };
    println!("a reader that tells {phase}; tags lose {} dB more", hears.loss_db);
    println!(
        "{:<12} {:>6} {:>7} {:>9} {:>9} {:>9} {:>7}",
        "scenario", "runs", "exits", "seen", "direction", "early", "false"
    );
    let mut all = Score::default();
    for (n, (kind, name)) in (0..).zip(Kind::ALL) {
        let runs = scenarios / 7 + u64::from(scenarios % 7 > n);
        let mut score = Score::default();
        for run in 0..runs {
            of_kind(kind, seed + run * 7 + n, hears, &mut score);
        }
        print(name, runs, &score);
        all.add(&score);
    }
    print("all", scenarios, &all);
    let (minutes, alarms) = shelves(seed, hours, 60, hears);
    let rate = alarms as f64 * 100_000.0 / minutes.max(1) as f64;
    println!("shelves: {minutes} tag-minutes, {alarms} false alarms: {rate:.2} per 100,000");
}

fn print(name: &str, runs: u64, score: &Score) {
    println!(
        "{name:<12} {runs:>6} {:>7} {:>9} {:>9} {:>9} {:>7}",
        score.exits,
        share(score.seen, score.exits),
        share(score.right, score.decided),
        share(score.early, score.seen),
        score.wrong
    );
}
