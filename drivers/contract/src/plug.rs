//! The bell that rings when something was plugged: whoever waits to open a device again looks at
//! once instead of waiting out its patience.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::event::Stop;

/// A bell; clones ring alike. It counts its rings, so that one between two waits is not missed.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<(Mutex<u64>, Condvar)>);

impl Bell {
    /// A bell that nobody has rung.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Something was plugged in or pulled.
    pub fn ring(&self) {
        let (rings, heard) = &*self.0;
        let mut rings = rings.lock().unwrap_or_else(PoisonError::into_inner);
        *rings = rings.wrapping_add(1);
        heard.notify_all();
    }

    /// How often it has rung.
    #[must_use]
    pub fn rings(&self) -> u64 {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it has rung more than `seen` times, `time` has passed or `stop` is set. Answers
    /// whether it rang.
    pub fn wait(&self, seen: u64, time: Duration, stop: &Stop) -> bool {
        let (rings, heard) = &*self.0;
        let end = Instant::now() + time;
        let mut now = rings.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if *now != seen {
                return true;
            }
            if left.is_zero() || stop.is_stopped() {
                return false;
            }
            let slice = left.min(Stop::LATENCY);
            now = heard.wait_timeout(now, slice).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_between_two_waits_is_heard() {
        let (bell, stop) = (Bell::new(), Stop::new());
        let seen = bell.rings();
        assert!(!bell.wait(seen, Duration::from_millis(1), &stop));
        bell.clone().ring();
        assert!(bell.wait(seen, Duration::from_secs(60), &stop));
        stop.stop();
        assert!(!bell.wait(bell.rings(), Duration::from_secs(60), &stop));
    }
}
