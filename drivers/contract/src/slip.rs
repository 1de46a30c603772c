//! What a card terminal gives to be printed: the customer's slip, the merchant's, and those of its
//! own matters. A slip holds no card number, whoever fills it, and no more than fits on a receipt.

use crate::print::Style;
use std::fmt;

/// The most slips that are kept of one order.
pub const SLIPS_MAX: usize = 4;
/// The most lines of a slip.
pub const LINES_MAX: usize = 100;
/// The most characters of a line; the widest receipt paper takes so many.
pub const LINE_CHARS_MAX: usize = 64;
/// A run of so many digits may be a card number (ISO/IEC 7812-1: at most 19, in use from 12).
const CARD_DIGITS_MIN: usize = 12;
/// What stands where the rest of a slip was left out.
const LEFT_OUT: &str = "[...]";

/// Whose a slip is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SlipKind {
    /// The shop keeps it, and the customer signs it where a signature is asked for.
    Merchant,
    /// The customer takes it along.
    Customer,
    /// The terminal's own matters, as the end of its day.
    Administration,
}

/// A line of a slip.
#[derive(Clone, PartialEq, Eq)]
pub struct SlipLine {
    text: String,
    style: Style,
}

/// A slip, from top to bottom. For logs, it does not say what stands on it.
#[derive(Clone, PartialEq, Eq)]
pub struct Slip {
    kind: SlipKind,
    lines: Vec<SlipLine>,
}

impl fmt::Debug for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} slip of {} lines", self.kind, self.lines.len())
    }
}

impl SlipLine {
    /// What it says: at most [`LINE_CHARS_MAX`] characters, no controls, no card number.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How it looks.
    #[must_use]
    pub const fn style(&self) -> Style {
        self.style
    }
}

impl Slip {
    /// An empty slip.
    #[must_use]
    pub const fn new(kind: SlipKind) -> Self {
        Self { kind, lines: Vec::new() }
    }

    /// Adds a line. Card numbers lose all but their last four digits, a line that is too long its
    /// end; a line too many takes the last one's place and says that something is left out.
    pub fn push(&mut self, text: &str, style: Style) {
        if self.lines.len() == LINES_MAX {
            let last = SlipLine { text: LEFT_OUT.to_owned(), style: Style::default() };
            self.lines[LINES_MAX - 1] = last;
            return;
        }
        // Masked before it is cut: half a card number is one too.
        let text: String = mask(text).chars().take(LINE_CHARS_MAX).collect();
        self.lines.push(SlipLine { text: text.trim_end().to_owned(), style });
    }

    /// Adds a plain line.
    #[must_use]
    pub fn line(mut self, text: &str) -> Self {
        self.push(text, Style::default());
        self
    }

    /// The same without empty lines at its end, which feed the terminal's own paper; `None` if
    /// nothing is left.
    #[must_use]
    pub fn finished(mut self) -> Option<Self> {
        let full = self.lines.iter().rposition(|line| !line.text.trim().is_empty())?;
        self.lines.truncate(full + 1);
        Some(self)
    }

    /// Whose it is.
    #[must_use]
    pub const fn kind(&self) -> SlipKind {
        self.kind
    }

    /// Its lines in order: at most [`LINES_MAX`].
    #[must_use]
    pub fn lines(&self) -> &[SlipLine] {
        &self.lines
    }
}

/// Text without controls and card numbers: of a run of 12 digits and more, spaces and hyphens
/// between them not counted, only the last four stay.
#[must_use]
pub fn mask(text: &str) -> String {
    let chars: Vec<char> = text.chars().filter(|char| !char.is_control()).collect();
    let mut masked = chars.clone();
    let mut run: Vec<usize> = Vec::new();
    let mut hide = |run: &mut Vec<usize>| {
        if run.len() >= CARD_DIGITS_MIN {
            run[..run.len() - 4].iter().for_each(|at| masked[*at] = '*');
        }
        run.clear();
    };
    for (at, char) in chars.iter().enumerate() {
        match char {
            char if char.is_ascii_digit() => run.push(at),
            ' ' | '-' if !run.is_empty() => {}
            _ => hide(&mut run),
        }
    }
    hide(&mut run);
    masked.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::cases;
    use proptest::prelude::*;

    fn digits_most(text: &str) -> usize {
        let digits = text.split(|c: char| !(c.is_ascii_digit() || c == ' ' || c == '-'));
        let count = |run: &str| run.chars().filter(char::is_ascii_digit).count();
        digits.map(count).max().unwrap_or(0)
    }

    /// Invariant 10: no card number is ever seen.
    #[test]
    fn numbers_of_cards_are_masked_and_others_stay() {
        assert_eq!(mask("4716 1234 5678 9013 VISA"), "**** **** **** 9013 VISA");
        assert_eq!(mask("TA-Nr. 000975 10:55"), "TA-Nr. 000975 10:55");
        let long = format!("{}4716123456789013", "-".repeat(LINE_CHARS_MAX - 8));
        let slip = Slip::new(SlipKind::Customer).line(&long);
        assert!(slip.lines()[0].text().ends_with("-********"), "masked, then cut");
    }

    #[test]
    fn a_slip_ends_with_words_or_says_what_is_missing() {
        let blank = Slip::new(SlipKind::Customer).line("  ").line("");
        assert_eq!(blank.finished(), None);
        let slip = Slip::new(SlipKind::Customer).line("a").line("").line("b").line(" ");
        assert_eq!(slip.finished().unwrap().lines().len(), 3);
        let long = (0..=LINES_MAX).fold(Slip::new(SlipKind::Merchant), |slip, _| slip.line("x"));
        assert_eq!(long.lines().len(), LINES_MAX);
        assert_eq!(long.lines()[LINES_MAX - 1].text(), LEFT_OUT);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(512)))]
        #[test]
        fn no_card_number_survives_and_nothing_grows(
            texts in proptest::collection::vec("([0-9]{4,20}[ -]{0,2}|\\PC|[\\x00-\\x1f]){0,40}", 0..120),
        ) {
            let mut slip = Slip::new(SlipKind::Customer);
            texts.iter().for_each(|text| slip.push(text, Style::default()));
            prop_assert!(slip.lines().len() <= LINES_MAX);
            for line in slip.lines() {
                prop_assert!(line.text().chars().count() <= LINE_CHARS_MAX);
                prop_assert!(!line.text().chars().any(char::is_control));
                prop_assert!(digits_most(line.text()) < 12, "{}", line.text());
            }
        }
    }
}
