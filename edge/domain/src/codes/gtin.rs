//! Trade item numbers (GS1 General Specifications, section 4.2.3) in their 14-digit form.

use std::fmt;

/// A GTIN with a right check digit, as its 14-digit number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gtin(u64);

/// Not a GTIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    /// Not 8, 12, 13 or 14 digits.
    #[error("a GTIN has 8, 12, 13 or 14 digits")]
    Length,
    /// The last digit does not check (GS1 General Specifications, section 7.9).
    #[error("the check digit is wrong")]
    CheckDigit,
}

/// The check digit for digits that lack theirs: weights 3 and 1 from the right
/// (GS1 General Specifications, section 7.9.1).
#[must_use]
pub fn check_digit(digits: u64) -> u64 {
    let (mut rest, mut sum, mut weight) = (digits, 0, 3);
    while rest > 0 {
        sum += rest % 10 * weight;
        rest /= 10;
        weight = 4 - weight;
    }
    (10 - sum % 10) % 10
}

impl Gtin {
    /// Reads a GTIN-8, -12, -13 or -14.
    ///
    /// # Errors
    /// See [`GtinError`].
    pub fn parse(text: &str) -> Result<Self, GtinError> {
        if !matches!(text.len(), 8 | 12 | 13 | 14) || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(GtinError::Length);
        }
        let number: u64 = text.parse().map_err(|_| GtinError::Length)?;
        if check_digit(number / 10) != number % 10 {
            return Err(GtinError::CheckDigit);
        }
        Ok(Self(number))
    }

    /// The 14-digit number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }

    /// From the digits before the check digit; none if they are more than thirteen.
    #[must_use]
    pub fn from_body(body: u64) -> Option<Self> {
        (body < 10_u64.pow(13)).then(|| Self(body * 10 + check_digit(body)))
    }

    /// From a 14-digit number.
    ///
    /// # Errors
    /// See [`GtinError`].
    pub fn from_number(number: u64) -> Result<Self, GtinError> {
        Self::parse(&format!("{number:014}"))
    }
}

impl fmt::Display for Gtin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:014}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_numbers_check() {
        for good in ["4006381333931", "96385074", "036000291452", "10614141000415"] {
            assert!(Gtin::parse(good).is_ok(), "{good}");
        }
        assert_eq!(Gtin::parse("4006381333932"), Err(GtinError::CheckDigit));
        assert_eq!(Gtin::parse("400638133393"), Err(GtinError::CheckDigit));
        assert_eq!(Gtin::parse("40063"), Err(GtinError::Length));
        assert_eq!(Gtin::parse("400638133393x"), Err(GtinError::Length));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_found(body in 0_u64..10_u64.pow(12), place in 0_u32..13, by in 1_u64..10) {
            let good = body * 10 + check_digit(body);
            let digit = good / 10_u64.pow(place) % 10;
            let bad = good - digit * 10_u64.pow(place) + (digit + by) % 10 * 10_u64.pow(place);
            let text = format!("{good:013}");
            prop_assert!(Gtin::parse(&text).is_ok());
            prop_assert_eq!(Gtin::parse(&format!("{bad:013}")), Err(GtinError::CheckDigit));
        }
    }
}
