//! The two things that come from the machine: the time and chance.

use edge_domain::time::{Clock, Entropy, StoreTime};
use rustls::crypto::ring;

/// The machine's wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> StoreTime {
        StoreTime::from_millis(jiff::Timestamp::now().as_millisecond())
    }
}

/// The machine's source of random bytes.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let filled = ring::default_provider().secure_random.fill(bytes);
        filled.expect("a machine without random bytes cannot have started TLS either");
    }
}
