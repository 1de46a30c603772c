//! Figures of the gate, for dashboards.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What became of a tag that left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It was not paid for: lamp and buzzer.
    Alarm,
    /// It was paid for.
    Paid,
    /// It never alarms.
    Exempt,
    /// It alarmed a moment ago.
    Repeated,
    /// It is none of this shop's guarded items.
    Foreign,
}

/// Counters since the start.
#[derive(Default)]
pub struct Figures {
    reads: AtomicU64,
    lost: AtomicU64,
    verdicts: Mutex<BTreeMap<Verdict, u64>>,
}

impl Verdict {
    /// The name in metrics.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::Paid => "paid",
            Self::Exempt => "exempt",
            Self::Repeated => "repeated",
            Self::Foreign => "foreign",
        }
    }
}

impl Figures {
    pub(crate) fn read(&self, count: u16) {
        self.reads.fetch_add(u64::from(count.max(1)), Ordering::Relaxed);
    }

    pub(crate) fn lost(&self) {
        self.lost.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn verdict(&self, verdict: Verdict) {
        let mut verdicts = self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
        *verdicts.entry(verdict).or_default() += 1;
    }

    /// Reads so far.
    #[must_use]
    pub fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    /// How often a reader's buffer ran over.
    #[must_use]
    pub fn overflows(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// What became of tags that left, so far.
    #[must_use]
    pub fn verdicts(&self) -> Vec<(&'static str, u64)> {
        let verdicts = self.verdicts.lock().unwrap_or_else(PoisonError::into_inner);
        verdicts.iter().map(|(verdict, count)| (verdict.as_str(), *count)).collect()
    }
}
