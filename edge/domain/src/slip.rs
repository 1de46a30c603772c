//! What card terminals give on paper, as the journal keeps it: the merchant has to keep slips, and
//! a customer's slip must not be lost with a power cut. No card number can be in one.

use crate::ids::{PaymentId, SettlementId};
use crate::item::TerminalId;
use crate::receipt::Weight;
use crate::time::StoreTime;
use uuid::Uuid;

/// The most slips that are given at once.
pub const SLIPS_MAX: usize = 4;
/// The most lines of a slip.
pub const LINES_MAX: usize = 100;
/// The most characters of a line.
pub const LINE_CHARS_MAX: usize = 64;
/// A run of so many digits, spaces and hyphens not counted, may be a card number (ISO/IEC 7812-1).
const CARD_DIGITS_MIN: usize = 12;

/// Whose a slip is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlipKind {
    /// The shop keeps it.
    Merchant,
    /// The customer takes it along.
    Customer,
    /// The terminal's own matters, as the end of its day.
    Administration,
}

/// A line of a slip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipLine {
    /// What it says.
    pub text: String,
    /// How it stands out.
    pub weight: Weight,
    /// Whether it stands in the middle.
    pub centred: bool,
}

/// A slip, from top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slip {
    kind: SlipKind,
    lines: Vec<SlipLine>,
}

/// What a slip belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlipOf {
    /// A card charge: the payment that it became, or would have become.
    Payment(PaymentId),
    /// The end of a terminal's day.
    Settlement(SettlementId),
}

/// A card terminal gave slips.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlipsGiven {
    /// What they belong to.
    pub of: SlipOf,
    /// The till.
    pub terminal: TerminalId,
    /// The slips, at most [`SLIPS_MAX`].
    pub slips: Vec<Slip>,
    /// When.
    pub at: StoreTime,
}

/// Why a slip cannot be kept. In order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlipError {
    /// It may hold a card number, which nobody may see.
    #[error("a slip holds a long number that may be a card's")]
    CardNumber,
    /// It says nothing.
    #[error("a slip without lines")]
    Empty,
    /// It says too much.
    #[error("a slip of more than {LINES_MAX} lines of {LINE_CHARS_MAX} characters")]
    TooLong,
    /// It holds a control character.
    #[error("a slip holds what is no text")]
    NoText,
}

impl SlipKind {
    /// Every kind with its name on the wire.
    pub const NAMES: [(Self, &'static str); 3] = [
        (Self::Merchant, "merchant"),
        (Self::Customer, "customer"),
        (Self::Administration, "administration"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(kind, _)| *kind == self).map_or("customer", |(_, name)| name)
    }

    /// The kind of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

impl SlipOf {
    /// The id of what it is.
    #[must_use]
    pub const fn uuid(self) -> Uuid {
        match self {
            Self::Payment(id) => id.uuid(),
            Self::Settlement(id) => id.uuid(),
        }
    }
}

impl Slip {
    /// A slip.
    ///
    /// # Errors
    /// See [`SlipError`].
    pub fn new(kind: SlipKind, lines: Vec<SlipLine>) -> Result<Self, SlipError> {
        if lines.iter().any(|line| digits_most(&line.text) >= CARD_DIGITS_MIN) {
            return Err(SlipError::CardNumber);
        }
        if lines.is_empty() {
            return Err(SlipError::Empty);
        }
        let long = |line: &SlipLine| line.text.chars().count() > LINE_CHARS_MAX;
        if lines.len() > LINES_MAX || lines.iter().any(long) {
            return Err(SlipError::TooLong);
        }
        if lines.iter().any(|line| line.text.chars().any(char::is_control)) {
            return Err(SlipError::NoText);
        }
        Ok(Self { kind, lines })
    }

    /// Whose it is.
    #[must_use]
    pub const fn kind(&self) -> SlipKind {
        self.kind
    }

    /// Its lines in order.
    #[must_use]
    pub fn lines(&self) -> &[SlipLine] {
        &self.lines
    }
}

/// The digits of the longest run, spaces and hyphens not counted.
fn digits_most(text: &str) -> usize {
    let runs = text.split(|char: char| !matches!(char, '0'..='9' | ' ' | '-'));
    let digits = |run: &str| run.bytes().filter(u8::is_ascii_digit).count();
    runs.map(digits).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slip(texts: &[&str]) -> Result<Slip, SlipError> {
        let line =
            |text: &&str| SlipLine { text: (*text).into(), weight: Weight::Plain, centred: false };
        Slip::new(SlipKind::Customer, texts.iter().map(line).collect())
    }

    /// Invariant 10: no card number is ever seen.
    #[test]
    fn only_what_may_be_kept_is_a_slip() {
        assert!(slip(&["TA-Nr. 000001", "", "**** **** **** 9013"]).is_ok());
        assert_eq!(slip(&["4716 1234-5678 9013"]), Err(SlipError::CardNumber));
        assert_eq!(slip(&["471612345678"]), Err(SlipError::CardNumber));
        assert_eq!(slip(&[]), Err(SlipError::Empty));
        assert_eq!(slip(&["x"; LINES_MAX + 1]), Err(SlipError::TooLong));
        assert_eq!(slip(&["ö".repeat(LINE_CHARS_MAX + 1).as_str()]), Err(SlipError::TooLong));
        assert_eq!(slip(&["a\u{1b}p"]), Err(SlipError::NoText));
    }
}
