//! What a scanner reads: trade item numbers, GS1 element strings, Digital Links, tags, coupons,
//! numbers of a scale or back room, and plain codes.
//!
//! **Where two readings meet.** What the scanner says of the symbology holds. Without it, an
//! eight-digit number is an EAN-8 if its check digit is right, else a UPC-E if it begins with 0
//! or 1 and *its* check digit is right; six and seven digits are a UPC-E only under `]E0`, since
//! shops have short codes of their own. Hexadecimal is a tag's memory only in its lengths (24, or
//! an even 50 and more) and with a header that is known. An add-on behind an EAN-13 is left out.

pub mod aim;
pub mod coupon;
pub mod digital_link;
pub mod epc;
pub mod gs1;
pub mod gtin;
pub mod piece;
pub mod restricted;
pub mod upce;

use aim::Carries;
use coupon::Coupon;
use digital_link::DigitalLinkError;
use epc::{Epc, EpcError};
use gs1::Elements;
use gtin::Gtin;
use restricted::{Restricted, Rules};

/// The longest scan, in bytes: a full GS1 DataMatrix holds 2,335 letters (ISO/IEC 16022).
pub const SCAN_BYTES_MAX: usize = 2_335;

/// What a scanned string is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scan {
    /// A trade item number alone.
    Gtin(Gtin),
    /// GS1 element strings: a trade item number, perhaps with weight, lot, expiry, serial.
    Gs1(Elements),
    /// A GS1 Digital Link: the same in a web address.
    DigitalLink(Elements),
    /// A tag's memory, or an EPC URI.
    Epc(Epc),
    /// A number of restricted circulation: a scale's, a back room's.
    Restricted(Restricted),
    /// A coupon: not an item, and nothing to sell.
    Coupon(Coupon),
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
    /// The price or weight inside a number does not check.
    #[error("the price or weight inside {0} does not check: scan it again, or weigh it again")]
    ValueCheckDigit(String),
    /// A GS1 element string that breaks its own rules.
    #[error("GS1 code: {0}")]
    Gs1(#[from] gs1::Gs1Error),
    /// A web address that begins as a GS1 Digital Link and breaks its rules.
    #[error("GS1 Digital Link: {0}")]
    DigitalLink(#[from] DigitalLinkError),
    /// A tag's memory that breaks its scheme's rules.
    #[error("RFID tag: {0}")]
    Epc(#[from] EpcError),
}

impl CodeError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong => "too_long",
            Self::Unreadable => "unreadable",
            Self::CheckDigit(_) => "check_digit",
            Self::ValueCheckDigit(_) => "value_check_digit",
            Self::Gs1(error) => error.code(),
            Self::DigitalLink(error) => error.code(),
            Self::Epc(error) => error.code(),
        }
    }
}

impl Scan {
    /// Reads a scanned or typed string, with or without an AIM symbology identifier
    /// (ISO/IEC 15424); numbers of restricted circulation stay opaque.
    ///
    /// # Errors
    /// See [`CodeError`].
    pub fn read(input: &str) -> Result<Self, CodeError> {
        Self::read_with(input, Rules::OFF)
    }

    /// The same, with a country's rules for numbers of restricted circulation.
    ///
    /// # Errors
    /// See [`CodeError`].
    pub fn read_with(input: &str, rules: Rules) -> Result<Self, CodeError> {
        let text = input.trim_matches([' ', '\r', '\n', '\t']);
        if text.is_empty() {
            return Err(CodeError::Empty);
        }
        if text.len() > SCAN_BYTES_MAX {
            return Err(CodeError::TooLong);
        }
        if !is_readable(text) {
            return Err(CodeError::Unreadable);
        }
        let (symbology, data) = aim::split(text);
        match symbology.map(aim::Symbology::carries) {
            Some(Carries::ElementStrings) => Ok(Self::of_elements(gs1::parse(data)?)),
            Some(Carries::Ean8) => Self::number(data, data, rules),
            Some(Carries::Ean) => match upce::expand(data) {
                Some(gtin) => Ok(Self::Gtin(gtin)),
                None => Self::number(data, data, rules),
            },
            Some(Carries::EanWithAddOn) => {
                Self::number(data.get(..13).unwrap_or(data), data, rules)
            }
            Some(Carries::Itf) => Self::number(data, data, rules),
            Some(Carries::Anything) => Self::address(data),
            None => Self::unnamed(data, rules),
        }
    }

    /// What no scanner named tells by its looks.
    fn unnamed(data: &str, rules: Rules) -> Result<Self, CodeError> {
        let bytes = data.as_bytes();
        let separated = bytes.contains(&FNC1_BYTE);
        match bytes {
            [b'(', ..] => return Ok(Self::of_elements(gs1::parse_bracketed(data)?)),
            [b'h' | b'H', ..] if !separated => return Self::address(data),
            _ => {}
        }
        if separated {
            return Ok(Self::of_elements(gs1::parse(data)?));
        }
        if Epc::is_uri(data) {
            return Ok(Self::Epc(Epc::from_uri(data)?));
        }
        if looks_like_a_tag(data) {
            match Epc::from_hex(data) {
                Err(EpcError::Header(_) | EpcError::Hex) => {}
                read => return Ok(Self::Epc(read?)),
            }
        }
        match Self::number(data, data, rules) {
            Err(CodeError::CheckDigit(wrong)) if data.len() == 8 => {
                upce::expand(data).map(Self::Gtin).ok_or(CodeError::CheckDigit(wrong))
            }
            read => read,
        }
    }

    /// A Digital Link, or a code of the shop's own.
    fn address(data: &str) -> Result<Self, CodeError> {
        Ok(match digital_link::parse(data)? {
            Some(elements) => Self::DigitalLink(elements),
            None => Self::Plain(data.to_owned()),
        })
    }

    fn of_elements(elements: Elements) -> Self {
        if coupon::holds_coupon(&elements) {
            Self::Coupon(Coupon::Elements(elements))
        } else {
            Self::Gs1(elements)
        }
    }

    /// Digits of a trade item number's length are one, and must check; others are plain.
    fn number(digits: &str, whole: &str, rules: Rules) -> Result<Self, CodeError> {
        let length = digits.len();
        if !gs1::digits(digits.as_bytes()) || !matches!(length, 8 | 12 | 13 | 14) {
            return Ok(Self::Plain(whole.to_owned()));
        }
        let gtin = Gtin::parse(digits).map_err(|_| CodeError::CheckDigit(digits.to_owned()))?;
        if length > 8 && coupon::is_coupon(gtin) {
            return Ok(Self::Coupon(Coupon::Number(gtin)));
        }
        let restricted = Restricted::read(gtin, length, rules)
            .map_err(|_| CodeError::ValueCheckDigit(digits.to_owned()))?;
        Ok(restricted.map_or(Self::Gtin(gtin), Self::Restricted))
    }
}

const FNC1_BYTE: u8 = 0x1d;

/// Whether there is no control character but FNC1.
fn is_readable(text: &str) -> bool {
    // One walk without a branch for what nearly all scans are: printable ASCII.
    let odd = |byte: u8| (byte < b' ') & (byte != FNC1_BYTE) | (byte >= 0x7f);
    !text.bytes().fold(false, |any, byte| any | odd(byte))
        || !text.chars().any(|c| c.is_control() && c != gs1::FNC1)
}

fn looks_like_a_tag(data: &str) -> bool {
    let length = data.len();
    (length == 24 || (length >= 50 && length.is_multiple_of(2)))
        && data.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests;
