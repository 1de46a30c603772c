//! `make bench`: DESIGN.md's budgets as ratios, each against a physical limit or a peer that is
//! measured in the same run, since absolute figures of a noisy machine say little.
//!
//! **What it never does.** It asserts nothing about time in tests: it prints a table, and writes
//! `target/bench.json`.
//!
//! **Where to start reading.** [`report::Row`], then one file per group of budgets.
#![allow(clippy::float_arithmetic, reason = "ratios of measured times, never money")]
#![allow(clippy::cast_precision_loss, reason = "times and counts far below 2^52")]

mod code;
mod commit;
mod daemon;
mod devices;
mod gate;
mod items;
mod offers;
mod peer;
mod report;
mod reserve;
mod shop;
mod sync;

use report::Row;

/// The groups of rows, in the order in which they are measured.
const GROUPS: [&str; 8] =
    ["code", "offers", "commit", "devices", "gate", "reserve", "daemon", "sync"];

fn main() -> anyhow::Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(wrong) = asked.iter().find(|group| !GROUPS.contains(&group.as_str())) {
        anyhow::bail!("there is no group {wrong}: known are {}", GROUPS.join(", "));
    }
    println!("Measuring; a few minutes. One group alone: make bench ARGS=commit");
    let mut rows: Vec<Row> = Vec::new();
    let runtime = tokio::runtime::Runtime::new()?;
    let wanted = |group: &&str| asked.is_empty() || asked.iter().any(|asked| asked == group);
    for group in GROUPS.into_iter().filter(wanted) {
        match group {
            "code" => code::measure(&mut rows)?,
            "offers" => offers::measure(&mut rows)?,
            "commit" => commit::measure(&mut rows)?,
            "devices" => devices::measure(&mut rows)?,
            "gate" => runtime.block_on(gate::measure(&mut rows))?,
            "reserve" => runtime.block_on(reserve::measure(&mut rows))?,
            "daemon" => runtime.block_on(daemon::measure(&mut rows))?,
            _ => runtime.block_on(sync::measure(&mut rows))?,
        }
    }
    report::print(&rows);
    // A part is no record: the machine-readable copy is of all groups.
    if asked.is_empty() { report::write(&rows) } else { Ok(()) }
}
