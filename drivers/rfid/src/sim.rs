//! The simulated reader: LLRP's real bytes on TCP, and the JSON of an R700 or of Zebra's on a broker; what it sees
//! comes from a test's hands or from [`world`].

pub mod llrp;
pub mod mqtt;
pub mod play;
pub mod r700;
pub mod world;
pub mod zebra;

pub use llrp::{SimConfig, SimReader};

/// How many cases the parsers' property tests try; `OUTPOST_CASES` asks for more.
#[must_use]
pub fn cases() -> u32 {
    std::env::var("OUTPOST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}
