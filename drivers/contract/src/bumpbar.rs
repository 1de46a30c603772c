//! Bump bars: a few keys by which a cook finishes tickets (UnifiedPOS, "Bump Bar").

use crate::event::{EventSink, Stop};
use crate::fault::Fault;

/// What a key of a bump bar asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BumpKey {
    /// Finish the ticket at this place of the screen, counted from 1.
    Bump(u8),
    /// Take the last finished ticket back.
    Recall,
}

/// A bump bar. One thread owns it and calls [`BumpBar::run`]; the caller restarts it.
pub trait BumpBar: Send {
    /// What tells this device from others, for logs and screens: its address.
    fn identity(&self) -> String;

    /// Opens and claims the bar, emits `Power(Online)` and then `Event::Key` for each key, until
    /// told to stop; as [`crate::Scanner::run`].
    ///
    /// # Errors
    /// The fault that ended it. If the bar had been online, `Power(Offline)` was emitted first.
    fn run(&mut self, sink: &dyn EventSink, stop: &Stop) -> Result<(), Fault>;
}
