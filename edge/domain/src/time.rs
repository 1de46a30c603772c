//! Store time, and the two things the shop may not make up: the time and chance.

/// A moment on the store's wall clock: milliseconds since 1970-01-01T00:00:00Z, leap seconds
/// ignored (POSIX time). It may jump; order comes from sequences, never from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreTime(i64);

impl StoreTime {
    /// From milliseconds since the Unix epoch.
    #[must_use]
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }
}

/// A moment of the week on the shop's clock: menus and happy hours go by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayTime {
    /// 0 is Monday.
    pub weekday: u8,
    /// Minute of the day, 0 to 1439.
    pub minute: u16,
}

/// Tells the time. The daemon gives the system's clock, the simulator its own.
pub trait Clock: Send + Sync {
    /// The wall clock now.
    fn now(&self) -> StoreTime;
}

/// Gives random bytes. The daemon gives the system's, the simulator a seeded stream.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with random bytes.
    fn fill(&self, bytes: &mut [u8]);
}
