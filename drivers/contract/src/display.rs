//! Customer displays of two lines (UnifiedPOS, "Line Display").

use crate::fault::Fault;

/// Characters on a line.
pub const DISPLAY_COLUMNS: usize = 20;

/// A customer display. One thread owns it.
pub trait LineDisplay: Send {
    /// What tells this device from others, for logs and screens: its address.
    fn identity(&self) -> String;

    /// Shows two lines, in place of whatever was there; what is longer than [`DISPLAY_COLUMNS`] is
    /// cut, and what the display has no sign for is written with others. Opens and claims the line
    /// if it is not open.
    ///
    /// # Errors
    /// If it cannot be reached or takes no bytes; the line is closed then.
    fn show(&mut self, upper: &str, lower: &str) -> Result<(), Fault>;

    /// Notices unplugging; a display says nothing else about itself.
    ///
    /// # Errors
    /// If it cannot be reached; the line is closed then.
    fn check(&mut self) -> Result<(), Fault>;
}

/// A left and a right part on one line, as a price beside its item: the right one is kept whole.
#[must_use]
pub fn row(left: &str, right: &str) -> String {
    let right: String = right.chars().take(DISPLAY_COLUMNS).collect();
    let room = DISPLAY_COLUMNS - right.chars().count();
    let left: String = left.chars().take(room.saturating_sub(1)).collect();
    let gap = room - left.chars().count();
    format!("{left}{}{right}", " ".repeat(gap))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_never_cut_for_a_name() {
        assert_eq!(row("Total", "12.34"), "Total          12.34");
        assert_eq!(row("Wholemeal bread with seeds", "3.49"), "Wholemeal bread 3.49");
        assert_eq!(row("x", "123456789012345678901"), "12345678901234567890");
    }
}
