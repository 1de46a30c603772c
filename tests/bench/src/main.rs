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
mod gate;
mod items;
mod offers;
mod report;
mod reserve;
mod shop;
mod sync;

use report::Row;

fn main() -> anyhow::Result<()> {
    let mut rows: Vec<Row> = Vec::new();
    let runtime = tokio::runtime::Runtime::new()?;
    if std::env::args().nth(1).as_deref() == Some("reserve") {
        // While working on it: this group alone, and no machine-readable copy.
        runtime.block_on(reserve::measure(&mut rows))?;
        report::print(&rows);
        return Ok(());
    }
    if std::env::args().nth(1).as_deref() == Some("items") {
        offers::measure(&mut rows)?;
        runtime.block_on(daemon::measure(&mut rows))?;
        report::print(&rows);
        return Ok(());
    }
    if std::env::args().nth(1).as_deref() == Some("gate") {
        runtime.block_on(gate::measure(&mut rows))?;
        report::print(&rows);
        return Ok(());
    }
    println!("Measuring; a few minutes.");
    code::measure(&mut rows)?;
    offers::measure(&mut rows)?;
    commit::measure(&mut rows)?;
    runtime.block_on(async {
        reserve::measure(&mut rows).await?;
        daemon::measure(&mut rows).await?;
        gate::measure(&mut rows).await?;
        sync::measure(&mut rows).await
    })?;
    report::print(&rows);
    report::write(&rows)
}
