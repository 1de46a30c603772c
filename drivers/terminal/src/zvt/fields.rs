//! What a message holds: bitmaps, each with a length of its own (PA00P015, chapter 9), and a TLV
//! container.
//!
//! Card numbers and tracks (bitmaps 22, 23, 24, 2D) are stepped over and never copied: no type of
//! this crate can hold one. Text loses every long run of digits but its last four.

use drivers_contract::slip::mask;

/// What of a message the store may know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// 27: 0 is good.
    pub result: Option<u8>,
    /// 04: minor units.
    pub amount: Option<i64>,
    /// 49: the currency's number (ISO 4217).
    pub currency: Option<u16>,
    /// 0B: the terminal's running number.
    pub trace: Option<u32>,
    /// 87: the receipt's number.
    pub receipt: Option<u16>,
    /// 29: the terminal's number at its operator.
    pub terminal: Option<u32>,
    /// 3B: the authorisation attribute, the bank's number of the approval.
    pub approval: Option<String>,
    /// 8B: the card's brand.
    pub brand: Option<String>,
    /// 19: what the terminal wants next, in its answer to a registration.
    pub wants: Option<u8>,
    /// Whether a bitmap was met that this release does not know: what stood behind it is lost.
    pub cut_short: bool,
}

/// How long a bitmap is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    Fixed(usize),
    /// So many digits of length in front, each in the low half of a byte.
    Var(usize),
    Tlv,
}

fn length_of(bitmap: u8) -> Option<Length> {
    use Length::{Fixed, Tlv, Var};
    Some(match bitmap {
        0x01..=0x03 | 0x05 | 0x19 | 0x27 | 0x8a | 0x8c | 0xa0 => Fixed(1),
        0xd0 | 0xd2 | 0xd3 | 0xe0 | 0xe9 | 0xea | 0xf0 | 0xf9..=0xfc => Fixed(1),
        0x0d | 0x0e | 0x17 | 0x3a | 0x49 | 0x87 => Fixed(2),
        0x0b | 0x0c | 0x37 | 0x3d | 0x88 | 0xaa => Fixed(3),
        0x29 => Fixed(4),
        0xba => Fixed(5),
        0x04 => Fixed(6),
        0x3b | 0xeb => Fixed(8),
        0x2a => Fixed(15),
        0x22 | 0x23 | 0x2d | 0x8b | 0xa7 | 0xd1 | 0xe1..=0xe8 | 0xf1..=0xf8 => Var(2),
        0x24 | 0x2e | 0x3c | 0x60 | 0x92 | 0x9a | 0xaf => Var(3),
        0x06 => Tlv,
        _ => return None,
    })
}

impl Fields {
    /// Reads bitmaps; what is damaged or unknown ends it.
    #[must_use]
    pub fn parse(mut bytes: &[u8]) -> Self {
        let mut fields = Self::default();
        while let Some((bitmap, rest)) = bytes.split_first() {
            let Some((value, rest)) = length_of(*bitmap).and_then(|length| take(length, rest))
            else {
                fields.cut_short = true;
                break;
            };
            fields.field(*bitmap, value);
            bytes = rest;
        }
        fields
    }

    fn field(&mut self, bitmap: u8, value: &[u8]) {
        match bitmap {
            0x27 => self.result = value.first().copied(),
            0x19 => self.wants = value.first().copied(),
            0x04 => self.amount = bcd(value).and_then(|n| i64::try_from(n).ok()),
            0x49 => self.currency = bcd(value).and_then(|n| u16::try_from(n).ok()),
            0x0b => self.trace = bcd(value).and_then(|n| u32::try_from(n).ok()),
            0x87 => self.receipt = bcd(value).and_then(|n| u16::try_from(n).ok()),
            0x29 => self.terminal = bcd(value).and_then(|n| u32::try_from(n).ok()),
            0x3b => self.approval = Some(text(value)).filter(|text| !text.is_empty()),
            0x8b => self.brand = Some(text(value)).filter(|text| !text.is_empty()),
            _ => {}
        }
    }
}

fn take(length: Length, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, bytes) = match length {
        Length::Fixed(length) => (length, bytes),
        Length::Var(digits) => {
            let (head, rest) = bytes.split_at_checked(digits)?;
            let digit = |sum: usize, byte: &u8| {
                let digit = usize::from(byte & 0x0f);
                (byte >> 4 == 0x0f && digit < 10).then(|| sum * 10 + digit)
            };
            (head.iter().try_fold(0, digit)?, rest)
        }
        Length::Tlv => tlv_length(bytes)?,
    };
    bytes.split_at_checked(length)
}

/// A length as in BER: one byte below 0x80, else 0x81 or 0x82 and the bytes of it.
pub(super) fn tlv_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [length @ 0..=0x7f, rest @ ..] => Some((usize::from(*length), rest)),
        [0x81, length, rest @ ..] => Some((usize::from(*length), rest)),
        [0x82, high, low, rest @ ..] => Some((u16::from_be_bytes([*high, *low]).into(), rest)),
        _ => None,
    }
}

/// Two digits a byte; `None` for what is no digit.
#[must_use]
pub fn bcd(bytes: &[u8]) -> Option<u64> {
    bytes.iter().try_fold(0u64, |sum, byte| {
        let (high, low) = (u64::from(byte >> 4), u64::from(byte & 15));
        (high < 10 && low < 10).then(|| sum.checked_mul(100)?.checked_add(high * 10 + low))?
    })
}

/// Writes a number as two digits a byte; what does not fit is cut at the front.
#[must_use]
pub fn to_bcd<const N: usize>(mut number: u64) -> [u8; N] {
    let mut bytes = [0; N];
    for byte in bytes.iter_mut().rev() {
        let pair = u8::try_from(number % 100).unwrap_or(0);
        *byte = ((pair / 10) << 4) | (pair % 10);
        number /= 100;
    }
    bytes
}

/// Text up to its end or its first zero; controls go, and long numbers with them.
fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let text: String = bytes[..end].iter().map(|byte| char::from(*byte)).collect();
    mask(text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use drivers_contract::conformance::cases;
    use proptest::prelude::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
        digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
    }

    /// A status information that a real terminal sent (EVerest/zvt, Apache-2.0: `zvt/data`).
    const SEEN: &str = "27 00 04 000000002500 49 0978 0c 225558 0d 0405 22 f0f8 559883eeeeee8074 \
        87 0231 3b 3735303037310000 0b 000975 19 60 29 52523535 0e 2405 8a 06 8c 01 8b f1f1 \
        4d617374657243617264002a";

    #[test]
    fn what_a_real_terminal_said_is_understood_without_the_card() {
        let fields = Fields::parse(&hex(SEEN));
        assert_eq!(
            (fields.result, fields.amount, fields.currency),
            (Some(0), Some(2_500), Some(978))
        );
        assert_eq!((fields.trace, fields.receipt), (Some(975), Some(231)));
        assert_eq!(fields.terminal, Some(52_523_535));
        assert_eq!(fields.approval.as_deref(), Some("750071"));
        assert_eq!(fields.brand.as_deref(), Some("MasterCard"));
        assert!(!format!("{fields:?}").contains("8074"), "no part of a card number");
    }

    #[test]
    fn an_unknown_bitmap_ends_the_reading_and_says_so() {
        let fields = Fields::parse(&hex("27 00 ff 01 04 000000002500"));
        assert_eq!((fields.result, fields.amount, fields.cut_short), (Some(0), None, true));
        assert!(Fields::parse(&hex("04 0000")).cut_short);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(cases(512)))]
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Fields::parse(&bytes);
        }

        #[test]
        fn numbers_survive(number in 0u64..1_000_000_000_000) {
            prop_assert_eq!(bcd(&to_bcd::<6>(number)), Some(number));
        }
    }
}
