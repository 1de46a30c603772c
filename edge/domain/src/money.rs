//! Money: integer minor units with a currency. Nothing here is ever a float.

use std::fmt;
use std::str::FromStr;

/// The largest amount either way, in minor units: every amount fits JSON's exact integers
/// (RFC 8259, section 6: 2^53 - 1), so that no screen can show another figure than the ledger.
pub const MINOR_MAX: i64 = (1 << 53) - 1;

/// A currency code of ISO 4217, upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// An amount in the currency's minor units (ISO 4217), between plus and minus [`MINOR_MAX`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// What can be wrong with an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not three upper-case letters.
    #[error("a currency is three upper-case letters, as in EUR")]
    BadCurrency,
    /// Not a decimal number, or finer than the currency's minor unit.
    #[error("not an amount in this currency")]
    BadAmount,
    /// Two currencies met in one sum.
    #[error("{0} and {1} cannot be added: one sale has one currency")]
    CurrencyMismatch(Currency, Currency),
    /// Beyond [`MINOR_MAX`].
    #[error("the amount is too large")]
    TooLarge,
}

impl Currency {
    /// Digits after the decimal point in people's writing (ISO 4217, exponent). Currencies that
    /// are not listed have two.
    #[must_use]
    pub fn exponent(self) -> u32 {
        match &self.0 {
            b"JPY" | b"KRW" | b"VND" | b"CLP" | b"ISK" | b"XAF" | b"XOF" | b"XPF" | b"UGX"
            | b"RWF" | b"PYG" | b"GNF" | b"KMF" | b"DJF" | b"BIF" | b"VUV" => 0,
            b"BHD" | b"KWD" | b"OMR" | b"JOD" | b"TND" | b"IQD" | b"LYD" => 3,
            _ => 2,
        }
    }

    /// The code, as in `EUR`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|x| x.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(MoneyError::BadCurrency),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Money {
    /// An amount of minor units.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond [`MINOR_MAX`].
    pub const fn new(minor: i64, currency: Currency) -> Result<Self, MoneyError> {
        if minor > MINOR_MAX || minor < -MINOR_MAX {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self { minor, currency })
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Reads people's writing with a decimal point, as in `1.29`; never more digits than the
    /// currency has.
    ///
    /// # Errors
    /// [`MoneyError::BadAmount`] for anything else, [`MoneyError::TooLarge`] beyond the bound.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let minor = crate::quantity::parse_decimal(text, currency.exponent())
            .ok_or(MoneyError::BadAmount)?;
        Self::new(minor, currency)
    }

    /// Minor units, as in 129 for 1.29 EUR.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether it is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.minor < 0
    }

    /// Whether it is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.minor == 0
    }

    /// The sum.
    ///
    /// # Errors
    /// Two currencies, or a sum beyond the bound.
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch(self.currency, other.currency));
        }
        // Both are within 2^53, so that i64 cannot overflow here.
        Self::new(self.minor + other.minor, self.currency)
    }

    /// The difference.
    ///
    /// # Errors
    /// As [`Money::plus`].
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        self.plus(other.negated())
    }

    /// The same amount the other way.
    #[must_use]
    pub const fn negated(self) -> Self {
        Self { minor: -self.minor, currency: self.currency }
    }

    /// `self * numerator / denominator`, rounded half away from zero.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond the bound.
    pub fn scaled(self, numerator: i64, denominator: i64) -> Result<Self, MoneyError> {
        let exact = i128::from(self.minor) * i128::from(numerator);
        let minor = divide_half_away(exact, i128::from(denominator));
        Self::new(i64::try_from(minor).map_err(|_| MoneyError::TooLarge)?, self.currency)
    }

    /// The sum of many.
    ///
    /// # Errors
    /// As [`Money::plus`].
    pub fn sum(
        currency: Currency,
        amounts: impl IntoIterator<Item = Self>,
    ) -> Result<Self, MoneyError> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::plus)
    }

    /// People's writing without the currency, with the given decimal sign, as in `1,29`.
    #[must_use]
    pub fn written(self, decimal: char) -> String {
        let exponent = self.currency.exponent();
        let unit = 10_u64.pow(exponent);
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, rest) = (self.minor.unsigned_abs() / unit, self.minor.unsigned_abs() % unit);
        match exponent {
            0 => format!("{sign}{whole}"),
            digits => format!("{sign}{whole}{decimal}{rest:0width$}", width = digits as usize),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.written('.'), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Commercial rounding: half away from zero. `by` is positive.
pub(crate) fn divide_half_away(value: i128, by: i128) -> i128 {
    let half = by / 2;
    if value < 0 { -((-value + half) / by) } else { (value + half) / by }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur() -> Currency {
        "EUR".parse().unwrap()
    }

    #[test]
    fn writing_and_reading_agree() {
        for (text, minor) in [("1.29", 129), ("0.05", 5), ("-3.00", -300), ("12", 1200)] {
            assert_eq!(Money::parse(text, eur()).unwrap().minor(), minor, "{text}");
        }
        assert_eq!(Money::new(-5, eur()).unwrap().written(','), "-0,05");
        assert_eq!(Money::new(1200, "JPY".parse().unwrap()).unwrap().to_string(), "1200 JPY");
        for bad in ["", "1.299", "1,29", "x", "1.", ".5", "--1", "1e3", "+1"] {
            assert_eq!(Money::parse(bad, eur()), Err(MoneyError::BadAmount), "{bad}");
        }
    }

    #[test]
    fn bounds_and_currencies_are_held() {
        let most = Money::new(MINOR_MAX, eur()).unwrap();
        let one = Money::new(1, eur()).unwrap();
        assert_eq!(most.plus(one), Err(MoneyError::TooLarge));
        let usd = Money::new(1, "USD".parse().unwrap()).unwrap();
        assert!(matches!(one.plus(usd), Err(MoneyError::CurrencyMismatch(..))));
        assert_eq!("eur".parse::<Currency>(), Err(MoneyError::BadCurrency));
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        let cents = |minor| Money::new(minor, eur()).unwrap();
        assert_eq!(cents(5).scaled(1, 2).unwrap().minor(), 3);
        assert_eq!(cents(-5).scaled(1, 2).unwrap().minor(), -3);
        assert_eq!(cents(4).scaled(1, 3).unwrap().minor(), 1);
    }
}
