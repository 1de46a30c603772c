//! A whole fleet from one seed: real stores, a real headquarters, and a network at its worst.
//!
//! **What it is.** Every store runs the real ledger, verbs, documents and session; headquarters
//! its real tables, documents and sessions. Time, chance and the network are the simulator's, and
//! one seed drives them all: the same seed is the same world, byte by byte. In bad times things
//! are lost, doubled, reordered, late and crash; then the weather clears, everything has to
//! become quiet within a bound, and every invariant of DESIGN.md that exists so far must hold.
//!
//! **What it never does.** No threads, no files, no real time, no network. It never mends what
//! it finds: it names the seed.
//!
//! **Where to start reading.** [`run`], then `world.rs` for a step, `acts.rs` for what happens
//! in it, `checks.rs` for what must hold.

mod acts;
mod book;
mod chance;
mod checks;
mod goods;
mod hq;
mod network;
mod plan;
mod rights;
mod store;
mod till;
mod trace;
mod world;

pub use plan::{Plan, Report, Sabotage};

/// Runs the world of a seed.
///
/// # Errors
/// The first invariant that does not hold, or a world that does not become quiet.
pub fn run(seed: u64, plan: Plan) -> anyhow::Result<Report> {
    world::World::new(seed, plan)?.run()
}
