//! Checksums of Dialog 06, by which a scale knows a till that was certified with it.
//!
//! The till names a number of its own, `CS`, and its remainder by the maker's generator, `KW` (16
//! bits, the most significant first); the scale says how far both are to be turned on the wire: `CS`
//! to the left by the first digit of its number, `KW` to the right by the second. The generator is
//! a secret that the scale's maker gives to who certifies a till. (The procedure as the public
//! driver of Coop IT Easy for Toledo scales carries it out; the manual is not public.)

use std::fmt;
use std::path::Path;

use drivers_contract::UriError;

/// What this till calls itself: any number will do.
const CS: u16 = 0x0f05;

/// A maker's generator: a polynomial of degree 16, its first bit left out. Never shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Generator(u16);

impl fmt::Debug for Generator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Generator(..)")
    }
}

impl Generator {
    /// A generator by its lower 16 bits.
    #[must_use]
    pub const fn new(bits: u16) -> Self {
        Self(bits)
    }

    /// Reads a file that holds it as hexadecimal digits: four, or five with the first bit (`1....`).
    ///
    /// # Errors
    /// If the file cannot be read, or holds something else.
    pub fn read(path: &Path) -> Result<Self, UriError> {
        let bad = |reason| UriError::BadOption {
            name: "checksums".to_owned(),
            value: path.display().to_string(),
            reason,
        };
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|_| bad("the file cannot be read"))?;
        let digits = text.trim();
        let digits = match digits.len() {
            4 => Some(digits),
            5 => digits.strip_prefix('1'),
            _ => None,
        };
        let hex = digits.filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let bits = hex.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        bits.map(Self).ok_or_else(|| bad("it must hold four hexadecimal digits, or five from 1"))
    }

    /// The remainder of `number * x^16`.
    #[must_use]
    pub const fn remainder(self, number: u16) -> u16 {
        let (mut left, mut bit) = (number, 0);
        while bit < 16 {
            let divides = left & 0x8000 != 0;
            left <<= 1;
            if divides {
                left ^= self.0;
            }
            bit += 1;
        }
        left
    }

    /// `CS` and `KW` as they go over the wire for a scale that said `turns`, two hexadecimal digits.
    #[must_use]
    pub fn answer(self, turns: [u8; 2]) -> Option<String> {
        let digit = |byte: u8| char::from(byte).to_digit(16);
        let [left, right] = [digit(turns[0])?, digit(turns[1])?];
        let kw = self.remainder(CS).rotate_right(right);
        Some(format!("{:04X}{kw:04X}", CS.rotate_left(left)))
    }

    /// Whether an answer to these turns is right: the scale's side.
    #[must_use]
    pub fn accepts(self, turns: [u32; 2], answer: &[u8]) -> bool {
        let hex = |bytes: &[u8]| {
            let text = std::str::from_utf8(bytes).ok()?;
            u16::from_str_radix(text, 16).ok()
        };
        let (Some(cs), Some(kw)) = (
            answer.get(..4).and_then(hex),
            answer.get(4..).filter(|kw| kw.len() == 4).and_then(hex),
        ) else {
            return false;
        };
        self.remainder(cs.rotate_right(turns[0])) == kw.rotate_left(turns[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_remainder_is_that_of_a_well_known_checksum() {
        // CRC-16/XMODEM of the two bytes "12": generator 0x1021, nothing before or after.
        assert_eq!(Generator::new(0x1021).remainder(0x3132), 0x20b5);
        assert_eq!(Generator::new(0x1021).remainder(0), 0);
    }

    #[test]
    fn a_file_holds_four_digits_or_five() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("generator");
        for (text, bits) in [("1021", 0x1021), ("18005\n", 0x8005), ("aBcD", 0xabcd)] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(Generator::read(&path), Ok(Generator(bits)));
        }
        for text in ["", "+102", "28005", "123", "123456", "wxyz"] {
            std::fs::write(&path, text).unwrap();
            assert!(matches!(Generator::read(&path), Err(UriError::BadOption { .. })), "{text}");
        }
        assert!(Generator::read(&folder.path().join("none")).is_err());
        assert!(!format!("{:?}", Generator(0x1021)).contains("1021"));
    }

    proptest! {
        #[test]
        fn a_scale_accepts_what_was_made_with_its_own(
            bits: u16, other: u16, turns in "[0-9a-fA-F]{2}", garbage: Vec<u8>,
        ) {
            let digits = turns.as_bytes();
            let turned = [digits[0], digits[1]].map(|d| char::from(d).to_digit(16).unwrap());
            let answer = Generator(bits).answer([digits[0], digits[1]]).unwrap();
            prop_assert!(Generator(bits).accepts(turned, answer.as_bytes()));
            let same = Generator(bits).remainder(CS) == Generator(other).remainder(CS);
            prop_assert_eq!(Generator(other).accepts(turned, answer.as_bytes()), same);
            let _ = Generator(bits).accepts(turned, &garbage);
        }
    }
}
