//! Hands on the twins of what stands on the counter.

use std::io;
use std::time::Duration;

use super::Twin;
use crate::bumpbar::BumpKey;
use crate::uri::DeviceUri;

/// Hands on a scale.
pub trait ScaleTwin: Twin {
    /// Puts so many grams on it in all; below nothing if its platter was lifted after zeroing.
    fn put(&self, grams: i32);

    /// Lets the load move, or stand still.
    fn set_moving(&self, moving: bool);

    /// Puts it where it does not answer, or back.
    fn set_mute(&self, mute: bool);

    /// Delays every answer by so much.
    fn set_latency(&self, latency: Duration);
}

/// Eyes on a customer display.
pub trait DisplayTwin: Twin {
    /// What its two lines show, without spaces at the end.
    fn lines(&self) -> [String; 2];
}

/// Hands on a bump bar.
pub trait BumpBarTwin: Twin {
    /// Presses a key and lets it go.
    ///
    /// # Errors
    /// If it is unplugged.
    fn press(&self, key: BumpKey) -> io::Result<()>;
}

/// What the next card at a simulated terminal does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// Is approved.
    Approve,
    /// Is declined.
    Decline,
    /// Is approved by the bank, but the answer never leaves the terminal.
    ApproveSilently,
    /// Is approved after the line was lost, a while later.
    ApproveLate(Duration),
    /// The line is lost before the terminal charges anything.
    HangUp,
    /// Nobody shows a card until the cashier gives up.
    Dawdle,
    /// Nobody shows a card until the terminal gives up.
    TimeOut,
}

/// Hands on a card terminal, and eyes on what the bank will pay.
pub trait TerminalTwin: Send + Sync {
    /// Where a driver finds this twin.
    fn uri(&self) -> DeviceUri;

    /// Plans what the next cards do, in order; then all are approved.
    fn plan(&self, cards: &[Card]);

    /// What was charged in all, in minor units, refunds taken off.
    fn charged(&self) -> i64;

    /// How many charges and refunds there were; what takes a charge back is none.
    fn charges(&self) -> usize;

    /// How many charges were taken back before the end of their day.
    fn taken_back(&self) -> usize;

    /// Goes away for good: nobody listens any more.
    fn leave(&self);
}
