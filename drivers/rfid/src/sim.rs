//! The simulated reader: LLRP's real bytes on TCP, and an R700's JSON on a broker; what it sees
//! comes from a test's hands or from [`world`].

pub mod llrp;
pub mod play;
pub mod r700;
pub mod world;

pub use llrp::{SimConfig, SimReader};

/// How many cases the parsers' property tests try; `OUTPOST_CASES` asks for more.
#[must_use]
pub fn cases() -> u32 {
    std::env::var("OUTPOST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}
