//! Time and chance as the world gives them: seeded, drifting, jumping.

use edge_domain::time::{Clock, Entropy, StoreTime};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// 2026-11-21T00:00:00Z, when every world begins.
pub(crate) const BEGINNING_MS: i64 = 1_795_219_200_000;

/// The world's own time in milliseconds since 1970; nobody in the world can read it.
#[derive(Clone, Debug)]
pub(crate) struct Truth(Arc<AtomicI64>);

impl Truth {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(BEGINNING_MS)))
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn pass(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::Relaxed);
    }
}

/// A node's clock: it drifts, and its wall time may jump; its steady time never does.
#[derive(Debug)]
pub(crate) struct DriftingClock {
    truth: Truth,
    drift_ppm: i64,
    jumped_ms: AtomicI64,
}

impl DriftingClock {
    pub(crate) fn new(truth: &Truth, drift_ppm: i64) -> Arc<Self> {
        Arc::new(Self { truth: truth.clone(), drift_ppm, jumped_ms: AtomicI64::new(0) })
    }

    /// Time that never runs backwards, as a monotonic clock gives it.
    pub(crate) fn steady_ms(&self) -> i64 {
        let truth = self.truth.now_ms();
        truth + (truth - BEGINNING_MS) * self.drift_ppm / 1_000_000
    }

    /// Somebody sets the wall clock, or its battery is empty.
    pub(crate) fn jump(&self, ms: i64) {
        self.jumped_ms.fetch_add(ms, Ordering::Relaxed);
    }
}

impl Clock for DriftingClock {
    fn now(&self) -> StoreTime {
        StoreTime::from_millis(self.steady_ms() + self.jumped_ms.load(Ordering::Relaxed))
    }
}

/// Random bytes from a seed.
#[derive(Debug)]
pub(crate) struct SeededEntropy(Mutex<fastrand::Rng>);

impl SeededEntropy {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self(Mutex::new(fastrand::Rng::with_seed(seed))))
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
    }
}
