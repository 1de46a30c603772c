//! The hybrid logical clock (Kulkarni et al. 2014): close to wall time, never backwards.

use crate::time::StoreTime;

/// A hybrid timestamp: 48 bits of milliseconds, 16 bits of counter. It orders for people; proof
/// of order is the journal's sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hlc(u64);

impl Hlc {
    /// From its packed form.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// Its packed form: `milliseconds << 16 | counter`.
    #[must_use]
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// The wall-clock part.
    #[must_use]
    pub fn time(self) -> StoreTime {
        StoreTime::from_millis(i64::try_from(self.0 >> 16).unwrap_or(i64::MAX))
    }

    /// The next timestamp after `self`, at wall time `now`: later than both. A clock that
    /// jumped back only makes the counter run.
    #[must_use]
    pub fn next(self, now: StoreTime) -> Self {
        let wall = u64::try_from(now.as_millis()).unwrap_or(0) << 16;
        Self(if wall > self.0 { wall } else { self.0 + 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_runs_backwards_when_the_wall_clock_does() {
        let noon = Hlc::default().next(StoreTime::from_millis(43_200_000));
        let after_jump = noon.next(StoreTime::from_millis(0));
        assert!(after_jump > noon);
        assert_eq!(after_jump.time(), noon.time());
        assert_eq!(Hlc::from_bits(after_jump.to_bits()), after_jump);
    }
}
