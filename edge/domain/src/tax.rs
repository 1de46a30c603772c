//! Taxes on a sale: inclusive or exclusive prices, rounded per line or per document.

use crate::money::{Currency, Money, MoneyError};
use crate::quantity::parse_decimal;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A whole, in the unit of [`TaxRate`].
const WHOLE: i64 = 100_000;

/// A tax rate in thousandths of a per cent, between 0 and 100 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaxRate(u32);

/// Not a tax rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tax rate is a per cent between 0 and 100 with at most three places, as in 19 or 8.875")]
pub struct TaxRateError;

/// Whether the prices on the shelf hold the tax already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PriceMode {
    /// The price on the shelf is what the customer pays.
    Inclusive,
    /// Tax is added at the till.
    Exclusive,
}

/// Where tax is rounded to the minor unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaxRounding {
    /// On each line, then summed.
    PerLine,
    /// On each rate's sum over the whole document.
    PerDocument,
}

/// How a store's prices are taxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxPolicy {
    /// Inclusive or exclusive prices.
    pub mode: PriceMode,
    /// Where rounding happens.
    pub rounding: TaxRounding,
}

/// One rate's share of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxAmount {
    /// The rate.
    pub rate: TaxRate,
    /// What was taxed, without the tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
}

/// A document's totals: `net` and the taxes sum to `gross`, to the minor unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// Without tax.
    pub net: Money,
    /// By rate, ascending.
    pub taxes: Vec<TaxAmount>,
    /// What is to pay.
    pub gross: Money,
}

impl TaxRate {
    /// From thousandths of a per cent: 19 % is 19 000.
    ///
    /// # Errors
    /// Above 100 %.
    pub const fn from_thousandths(thousandths: u32) -> Result<Self, TaxRateError> {
        if thousandths > 100_000 { Err(TaxRateError) } else { Ok(Self(thousandths)) }
    }

    /// Thousandths of a per cent.
    #[must_use]
    pub const fn thousandths(self) -> u32 {
        self.0
    }
}

impl FromStr for TaxRate {
    type Err = TaxRateError;

    fn from_str(text: &str) -> Result<Self, TaxRateError> {
        let thousandths = parse_decimal(text, 3).ok_or(TaxRateError)?;
        Self::from_thousandths(u32::try_from(thousandths).map_err(|_| TaxRateError)?)
    }
}

impl fmt::Display for TaxRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        write!(f, "{whole}.{}", format!("{rest:03}").trim_end_matches('0'))
    }
}

impl TaxPolicy {
    /// Net and tax of an amount at a rate.
    fn split(self, amount: Money, rate: TaxRate) -> Result<(Money, Money), MoneyError> {
        let rate = i64::from(rate.0);
        match self.mode {
            PriceMode::Inclusive => {
                let net = amount.scaled(WHOLE, WHOLE + rate)?;
                Ok((net, amount.minus(net)?))
            }
            PriceMode::Exclusive => Ok((amount, amount.scaled(rate, WHOLE)?)),
        }
    }

    /// The totals of lines, each an amount at the shelf's price and its rate.
    ///
    /// # Errors
    /// Two currencies, or an amount beyond the bound.
    pub fn totals(
        self,
        currency: Currency,
        lines: impl IntoIterator<Item = (Money, TaxRate)>,
    ) -> Result<Totals, MoneyError> {
        let mut rates: BTreeMap<TaxRate, (Money, Money)> = BTreeMap::new();
        let nothing = (Money::zero(currency), Money::zero(currency));
        for (amount, rate) in lines {
            let sums = rates.entry(rate).or_insert(nothing);
            let (net, tax) = match self.rounding {
                TaxRounding::PerLine => self.split(amount, rate)?,
                TaxRounding::PerDocument => (amount, Money::zero(currency)),
            };
            *sums = (sums.0.plus(net)?, sums.1.plus(tax)?);
        }
        let mut totals =
            Totals { net: nothing.0, taxes: Vec::with_capacity(rates.len()), gross: nothing.0 };
        for (rate, (sum, tax)) in rates {
            let (net, tax) = match self.rounding {
                TaxRounding::PerLine => (sum, tax),
                TaxRounding::PerDocument => self.split(sum, rate)?,
            };
            totals.net = totals.net.plus(net)?;
            totals.gross = totals.gross.plus(net)?.plus(tax)?;
            totals.taxes.push(TaxAmount { rate, net, tax });
        }
        Ok(totals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, "EUR".parse().unwrap()).unwrap()
    }

    fn policy(mode: PriceMode, rounding: TaxRounding) -> TaxPolicy {
        TaxPolicy { mode, rounding }
    }

    #[test]
    fn published_vectors_hold() {
        let inclusive = policy(PriceMode::Inclusive, TaxRounding::PerDocument);
        let chf = Money::parse("124.40", "CHF".parse().unwrap()).unwrap();
        let totals = inclusive.totals(chf.currency(), [(chf, "8".parse().unwrap())]).unwrap();
        assert_eq!((totals.net.minor(), totals.taxes[0].tax.minor()), (11_519, 921));
        let clp = Money::parse("10920", "CLP".parse().unwrap()).unwrap();
        let totals = inclusive.totals(clp.currency(), [(clp, "19".parse().unwrap())]).unwrap();
        assert_eq!((totals.net.minor(), totals.taxes[0].tax.minor()), (9_176, 1_744));
    }

    #[test]
    fn per_line_and_per_document_differ_where_they_must() {
        let rate = "19".parse().unwrap();
        let lines = [(eur(10), rate), (eur(10), rate), (eur(10), rate)];
        let at = |rounding| {
            let totals = policy(PriceMode::Exclusive, rounding).totals(eur(0).currency(), lines);
            totals.unwrap().gross.minor()
        };
        assert_eq!((at(TaxRounding::PerLine), at(TaxRounding::PerDocument)), (36, 36));
        let lines = [(eur(3), rate), (eur(3), rate), (eur(3), rate)];
        let at = |rounding| {
            let totals = policy(PriceMode::Exclusive, rounding).totals(eur(0).currency(), lines);
            totals.unwrap().gross.minor()
        };
        assert_eq!((at(TaxRounding::PerLine), at(TaxRounding::PerDocument)), (12, 11));
    }

    #[test]
    fn rates_read_and_write() {
        for text in ["0", "7", "19", "8.875", "5.5"] {
            assert_eq!(text.parse::<TaxRate>().unwrap().to_string(), text);
        }
        for bad in ["-1", "100.001", "x", "19%"] {
            assert_eq!(bad.parse::<TaxRate>(), Err(TaxRateError), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn totals_agree_to_the_cent(
            lines in prop::collection::vec((-100_000_i64..100_000, 0_u32..30_000), 1..20),
            inclusive: bool, per_line: bool,
        ) {
            let mode = if inclusive { PriceMode::Inclusive } else { PriceMode::Exclusive };
            let rounding = if per_line { TaxRounding::PerLine } else { TaxRounding::PerDocument };
            let lines: Vec<_> =
                lines.iter().map(|&(minor, rate)| (eur(minor), TaxRate(rate))).collect();
            let totals = policy(mode, rounding).totals(eur(0).currency(), lines.clone()).unwrap();
            let taxes: i64 = totals.taxes.iter().map(|t| t.tax.minor()).sum();
            let nets: i64 = totals.taxes.iter().map(|t| t.net.minor()).sum();
            prop_assert_eq!(totals.net.minor() + taxes, totals.gross.minor());
            prop_assert_eq!(nets, totals.net.minor());
            if inclusive {
                let shelf: i64 = lines.iter().map(|(amount, _)| amount.minor()).sum();
                prop_assert_eq!(totals.gross.minor(), shelf);
            }
        }
    }
}
