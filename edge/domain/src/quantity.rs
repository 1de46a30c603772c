//! Quantity: thousandths of a unit, so that grams, millilitres and pieces are whole numbers.

use crate::money::{Money, MoneyError};
use std::fmt;
use std::str::FromStr;

/// The largest quantity either way, in thousandths: a million units of anything.
pub const THOUSANDTHS_MAX: i64 = 1_000_000_000;

/// How much of something, in thousandths of its unit; between plus and minus
/// [`THOUSANDTHS_MAX`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

/// What an item is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Whole pieces.
    Each,
    /// Kilograms, to the gram.
    Kilogram,
    /// Litres, to the millilitre.
    Litre,
    /// Metres, to the millimetre.
    Metre,
}

/// Not a quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuantityError {
    /// Not a decimal number with at most three places.
    #[error("a quantity is a number with at most three decimal places, as in 0.345")]
    NotANumber,
    /// Beyond [`THOUSANDTHS_MAX`].
    #[error("the quantity is too large")]
    TooLarge,
    /// Not a piece of something that is sold by the piece.
    #[error("this item is sold by the piece")]
    NotWhole,
    /// Not more than nothing.
    #[error("the quantity must be more than 0")]
    NotPositive,
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One unit.
    pub const ONE: Self = Self(1000);

    /// From thousandths of a unit.
    ///
    /// # Errors
    /// [`QuantityError::TooLarge`] beyond [`THOUSANDTHS_MAX`].
    pub const fn from_thousandths(thousandths: i64) -> Result<Self, QuantityError> {
        if thousandths > THOUSANDTHS_MAX || thousandths < -THOUSANDTHS_MAX {
            return Err(QuantityError::TooLarge);
        }
        Ok(Self(thousandths))
    }

    /// Thousandths of a unit.
    #[must_use]
    pub const fn thousandths(self) -> i64 {
        self.0
    }

    /// The same quantity the other way.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self(-self.0)
    }

    /// The sum.
    ///
    /// # Errors
    /// [`QuantityError::TooLarge`] beyond the bound.
    pub const fn plus(self, other: Self) -> Result<Self, QuantityError> {
        Self::from_thousandths(self.0 + other.0)
    }

    /// So many times this much, as packs of several.
    ///
    /// # Errors
    /// [`QuantityError::TooLarge`] beyond the bound.
    pub const fn times(self, other: Self) -> Result<Self, QuantityError> {
        // Both are within 10^9 thousandths, so that i64 cannot overflow here.
        Self::from_thousandths(self.0 * other.0 / 1000)
    }

    /// What this much costs at `price` a unit, rounded half away from zero.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond the bound.
    pub fn at(self, price: Money) -> Result<Money, MoneyError> {
        price.scaled(self.0, 1000)
    }

    /// Whether a till may sell this much of a unit: more than nothing, and whole pieces.
    ///
    /// # Errors
    /// [`QuantityError::NotPositive`], [`QuantityError::NotWhole`].
    pub const fn sellable(self, unit: Unit) -> Result<Self, QuantityError> {
        if self.0 <= 0 {
            return Err(QuantityError::NotPositive);
        }
        if matches!(unit, Unit::Each) && self.0 % 1000 != 0 {
            return Err(QuantityError::NotWhole);
        }
        Ok(self)
    }
}

impl FromStr for Quantity {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        Self::from_thousandths(parse_decimal(text, 3).ok_or(QuantityError::NotANumber)?)
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let rest = format!("{rest:03}");
        write!(f, "{sign}{whole}.{}", rest.trim_end_matches('0'))
    }
}

impl Unit {
    /// The unit's name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Each => "each",
            Self::Kilogram => "kg",
            Self::Litre => "l",
            Self::Metre => "m",
        }
    }

    /// The unit of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "each" => Some(Self::Each),
            "kg" => Some(Self::Kilogram),
            "l" => Some(Self::Litre),
            "m" => Some(Self::Metre),
            _ => None,
        }
    }
}

/// A plain decimal (`-?digits[.digits]`) with at most `places` decimal places, in units of the
/// last place. None for anything else, or beyond 15 digits.
pub(crate) fn parse_decimal(text: &str, places: u32) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let fraction = if digits.contains('.') && !plain(fraction) { return None } else { fraction };
    let fraction = fraction.trim_end_matches('0');
    if !plain(whole) || whole.len() > 15 || fraction.len() > places as usize {
        return None;
    }
    let scale = 10_i64.checked_pow(places)?;
    let part = format!("{fraction:0<width$}", width = places as usize);
    let part: i64 = if part.is_empty() { 0 } else { part.parse().ok()? };
    let value = whole.parse::<i64>().ok()?.checked_mul(scale)?.checked_add(part)?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_writes_decimals() {
        for (text, thousandths) in [("1", 1000), ("0.345", 345), ("-2.5", -2500), ("1.500", 1500)] {
            assert_eq!(text.parse::<Quantity>().unwrap().thousandths(), thousandths, "{text}");
        }
        for bad in ["", "1.", ".5", "1.2345", "1,5", "1e2", " 1", "+1", "-"] {
            assert_eq!(bad.parse::<Quantity>(), Err(QuantityError::NotANumber), "{bad}");
        }
        assert_eq!("1000001".parse::<Quantity>(), Err(QuantityError::TooLarge));
    }

    #[test]
    fn a_piece_is_whole_and_more_than_nothing() {
        let half: Quantity = "0.5".parse().unwrap();
        assert_eq!(half.sellable(Unit::Each), Err(QuantityError::NotWhole));
        assert_eq!(half.sellable(Unit::Kilogram), Ok(half));
        assert_eq!(Quantity::ZERO.sellable(Unit::Each), Err(QuantityError::NotPositive));
    }

    #[test]
    fn weight_times_price_is_rounded_once() {
        let price = Money::new(1_999, "EUR".parse().unwrap()).unwrap();
        let weight: Quantity = "0.345".parse().unwrap();
        assert_eq!(weight.at(price).unwrap().minor(), 690); // 6.89655
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(thousandths in -THOUSANDTHS_MAX..=THOUSANDTHS_MAX) {
            let quantity = Quantity::from_thousandths(thousandths).unwrap();
            prop_assert_eq!(quantity.to_string().parse(), Ok(quantity));
        }
    }
}
