//! What a scanner reads: trade item numbers, GS1 element strings, and plain codes.

pub mod gs1;
pub mod gtin;

use gs1::Elements;
use gtin::Gtin;

/// The longest scan, in bytes: a full GS1 DataMatrix holds 2,335 (ISO/IEC 16022); shop codes
/// stay far below.
pub const SCAN_BYTES_MAX: usize = 512;

/// What a scanned string is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan {
    /// A trade item number alone.
    Gtin(Gtin),
    /// GS1 element strings: a trade item number, perhaps with weight, lot, expiry, serial.
    Gs1(Elements),
    /// Something of the shop's own, as a SKU.
    Plain(String),
}

/// Why a scanned string is none of these.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing was read.
    #[error("the scanner read nothing: scan again")]
    Empty,
    /// More than [`SCAN_BYTES_MAX`].
    #[error("the code is too long to be one of the shop's")]
    TooLong,
    /// Bytes that no code of a shop has.
    #[error("the code holds characters that no code of the shop has")]
    Unreadable,
    /// The check digit is wrong: misread or mistyped.
    #[error("the check digit of {0} is wrong: scan or type it again")]
    CheckDigit(String),
    /// A GS1 element string that breaks its own rules.
    #[error("GS1 code: {0}")]
    Gs1(#[from] gs1::Gs1Error),
}

impl Scan {
    /// Reads a scanned or typed string, with or without an AIM symbology identifier
    /// (ISO/IEC 15424).
    ///
    /// # Errors
    /// See [`CodeError`].
    pub fn read(input: &str) -> Result<Self, CodeError> {
        let text = input.trim_matches([' ', '\r', '\n', '\t']);
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        if text.len() > SCAN_BYTES_MAX {
            return Err(CodeError::TooLong);
        }
        if text.chars().any(|c| c.is_control() && c != gs1::FNC1) {
            return Err(CodeError::Unreadable);
        }
        let (symbology, data) = split_aim(text);
        match symbology {
            Some("C1" | "e0" | "d2" | "Q3" | "J1") => Ok(Self::Gs1(gs1::parse(data)?)),
            _ if data.starts_with('(') => Ok(Self::Gs1(gs1::parse_bracketed(data)?)),
            _ if data.contains(gs1::FNC1) => Ok(Self::Gs1(gs1::parse(data)?)),
            _ => Self::plain(symbology, data),
        }
    }

    /// Digits of a trade item number's length are one, and must check; but a scanner that says
    /// which symbology it saw settles it: only EAN/UPC and ITF carry such numbers.
    fn plain(symbology: Option<&str>, data: &str) -> Result<Self, CodeError> {
        let may_be_gtin = match symbology {
            Some(known) => known.starts_with('E') || known.starts_with('I'),
            None => true,
        };
        let digits = data.bytes().all(|byte| byte.is_ascii_digit());
        if !may_be_gtin || !digits || !matches!(data.len(), 8 | 12 | 13 | 14) {
            return Ok(Self::Plain(data.to_owned()));
        }
        let gtin = Gtin::parse(data).map_err(|_| CodeError::CheckDigit(data.to_owned()))?;
        Ok(Self::Gtin(gtin))
    }
}

/// An AIM symbology identifier is `]`, a letter and a digit.
fn split_aim(text: &str) -> (Option<&str>, &str) {
    match text.as_bytes() {
        [b']', letter, digit, ..]
            if letter.is_ascii_alphabetic() && digit.is_ascii_alphanumeric() =>
        {
            (text.get(1..3), text.get(3..).unwrap_or_default())
        }
        _ => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_shops_scan() {
        let milk = Gtin::parse("4006381333931").unwrap();
        for text in ["4006381333931", "]E04006381333931", " 4006381333931\r\n", "04006381333931"] {
            assert_eq!(Scan::read(text), Ok(Scan::Gtin(milk)), "{text:?}");
        }
        assert_eq!(Scan::read("MILK-1L"), Ok(Scan::Plain("MILK-1L".into())));
        assert_eq!(Scan::read("]A04006381333932"), Ok(Scan::Plain("4006381333932".into())));
        assert!(matches!(Scan::read("4006381333932"), Err(CodeError::CheckDigit(_))));
        assert_eq!(Scan::read(" \r\n"), Err(CodeError::Empty));
        assert_eq!(Scan::read("a\u{0}b"), Err(CodeError::Unreadable));
        assert_eq!(Scan::read(&"1".repeat(600)), Err(CodeError::TooLong));
    }

    #[test]
    fn reads_gs1_in_each_dress() {
        for text in [
            "]d20104006381333931310300125017271231\u{1d}",
            "(01)04006381333931(3103)001250(17)271231",
        ] {
            let Ok(Scan::Gs1(elements)) = Scan::read(text) else { panic!("{text}") };
            assert_eq!(elements.gtin(), Some(Gtin::parse("4006381333931").unwrap()));
            assert_eq!(elements.weight_grams(), Some(1250));
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,80}") {
            let _ = Scan::read(&text);
        }

        #[test]
        fn never_panics_on_near_gs1(text in "\\]d2[0-9\u{1d}]{0,60}|(\\([0-9]{2,4}\\)[0-9A-Z]{0,12}){0,4}") {
            let _ = Scan::read(&text);
        }
    }
}
