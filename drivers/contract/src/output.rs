//! A contact that is closed for a while: lamp, buzzer, drawer relay.

use std::time::Duration;

use crate::fault::Fault;

/// The longest time that an output stays on, whatever was asked for.
pub const PULSE_MAX: Duration = Duration::from_secs(10);

/// An output that can only be pulsed: nothing in this contract leaves one on.
///
/// The promise holds beyond the process: whoever implements it names what switches the output off
/// when the program dies within a pulse (the kernel, the reader, or the next connection).
pub trait Output: Send + Sync {
    /// What tells this device from others, for logs and screens.
    fn identity(&self) -> String;

    /// Switches it on for `time`, at most [`PULSE_MAX`], and comes back at once. A pulse within a
    /// pulse makes it longer, never shorter.
    ///
    /// # Errors
    /// If it is not there, not permitted or in other hands.
    fn pulse(&self, time: Duration) -> Result<(), Fault>;
}

/// What was asked for, within its bound.
#[must_use]
pub fn bounded(time: Duration) -> Duration {
    time.min(PULSE_MAX)
}
