//! Taxes on a sale: inclusive or exclusive prices, rounded per line or per document.

use crate::cash::CashRounding;
use crate::money::{Currency, Money, MoneyError, divide_half_away};
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

/// How a store's prices are taxed, and what is rounded to what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxPolicy {
    /// Inclusive or exclusive prices.
    pub mode: PriceMode,
    /// Where rounding happens.
    pub rounding: TaxRounding,
    /// Net and tax are whole multiples of so many minor units; 1 where nothing is said.
    pub tax_step: u16,
    /// What is paid in cash is rounded to the coins that there are.
    pub cash: CashRounding,
}

/// A tax beyond a line's first, as in India's CGST and SGST or Quebec's GST and QST.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Levy {
    /// What the receipt calls it: 1 to 12 printable characters.
    pub code: String,
    /// Its rate.
    pub rate: TaxRate,
    /// Whether it is raised on the price with the taxes before it, rather than on the net price.
    pub compound: bool,
}

/// The most taxes beyond the first on a line: the exact fractions of four fit 128 bits.
pub const LEVIES_MAX: usize = 3;

/// One tax's share of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxAmount {
    /// The levy's code; empty for a line's first tax.
    pub code: String,
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
    /// No tax.
    pub const ZERO: Self = Self(0);

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

/// One line as taxes see it: an amount at the shelf's price, and what is raised on it.
#[derive(Clone, Copy, Debug)]
pub struct Taxed<'a> {
    /// The amount.
    pub amount: Money,
    /// The first tax.
    pub rate: TaxRate,
    /// The others, in the order in which they are raised.
    pub levies: &'a [Levy],
}

/// What one amount comes to: without tax, and each tax in order.
struct Split {
    net: Money,
    taxes: Vec<Money>,
}

/// The taxes of a line as fractions of its net price, over `WHOLE` to the power of their number.
fn fractions(rate: TaxRate, levies: &[Levy]) -> (Vec<i128>, i128) {
    let whole = i128::from(WHOLE);
    let one = whole.pow(1 + u32::try_from(levies.len()).unwrap_or(u32::MAX));
    let mut parts = vec![one / whole * i128::from(rate.0)];
    for levy in levies {
        let base = if levy.compound { one + parts.iter().sum::<i128>() } else { one };
        parts.push(base / whole * i128::from(levy.rate.0));
    }
    (parts, one)
}

impl TaxPolicy {
    /// A policy that rounds to the minor unit and takes every coin.
    #[must_use]
    pub const fn new(mode: PriceMode, rounding: TaxRounding) -> Self {
        Self { mode, rounding, tax_step: 1, cash: CashRounding::NONE }
    }

    fn round(self, exact: i128, by: i128, currency: Currency) -> Result<Money, MoneyError> {
        let step = i128::from(self.tax_step.max(1));
        let steps = divide_half_away(exact, by * step);
        let minor = i64::try_from(steps * step).map_err(|_| MoneyError::TooLarge)?;
        Money::new(minor, currency)
    }

    /// Net and taxes of an amount. Inclusive: they sum to the amount, and what rounding leaves
    /// goes to the first tax. Exclusive: the amount is the net.
    fn split(self, amount: Money, rate: TaxRate, levies: &[Levy]) -> Result<Split, MoneyError> {
        let (parts, one) = fractions(rate, levies);
        let (minor, currency) = (i128::from(amount.minor()), amount.currency());
        match self.mode {
            PriceMode::Inclusive => {
                let all = one + parts.iter().sum::<i128>();
                let net = self.round(minor * one, all, currency)?;
                let mut taxes = Vec::with_capacity(parts.len());
                let mut first = amount.minus(net)?;
                for part in &parts[1..] {
                    let tax = self.round(minor * part, all, currency)?;
                    first = first.minus(tax)?;
                    taxes.push(tax);
                }
                taxes.insert(0, first);
                Ok(Split { net, taxes })
            }
            PriceMode::Exclusive => {
                let tax = |part: &i128| self.round(minor * part, one, currency);
                let taxes = parts.iter().map(tax).collect::<Result<_, _>>()?;
                Ok(Split { net: amount, taxes })
            }
        }
    }

    /// The totals of lines. Where the customer is exempt, no tax is raised, and inclusive prices
    /// give theirs back.
    ///
    /// # Errors
    /// Two currencies, or an amount beyond the bound.
    pub fn totals<'a>(
        self,
        currency: Currency,
        lines: impl IntoIterator<Item = Taxed<'a>>,
        exempt: bool,
    ) -> Result<Totals, MoneyError> {
        let mut sums = Sums::new(currency);
        let mut documents: BTreeMap<(TaxRate, &'a [Levy]), Money> = BTreeMap::new();
        for Taxed { amount, rate, levies } in lines {
            match self.rounding {
                TaxRounding::PerLine => {
                    sums.add(&self.split(amount, rate, levies)?, rate, levies)?
                }
                TaxRounding::PerDocument => {
                    let sum = documents.entry((rate, levies)).or_insert(Money::zero(currency));
                    *sum = sum.plus(amount)?;
                }
            }
        }
        for ((rate, levies), amount) in documents {
            sums.add(&self.split(amount, rate, levies)?, rate, levies)?;
        }
        sums.totals(exempt)
    }
}

/// Running sums by tax.
struct Sums<'a> {
    net: Money,
    taxes: BTreeMap<(&'a str, TaxRate), (Money, Money)>,
}

impl<'a> Sums<'a> {
    const fn new(currency: Currency) -> Self {
        Self { net: Money::zero(currency), taxes: BTreeMap::new() }
    }

    fn add(&mut self, split: &Split, rate: TaxRate, levies: &'a [Levy]) -> Result<(), MoneyError> {
        self.net = self.net.plus(split.net)?;
        let zero = Money::zero(self.net.currency());
        let names = std::iter::once(("", rate));
        let names = names.chain(levies.iter().map(|levy| (levy.code.as_str(), levy.rate)));
        for (name, tax) in names.zip(&split.taxes) {
            let sum = self.taxes.entry(name).or_insert((zero, zero));
            *sum = (sum.0.plus(split.net)?, sum.1.plus(*tax)?);
        }
        Ok(())
    }

    fn totals(self, exempt: bool) -> Result<Totals, MoneyError> {
        let mut totals = Totals { net: self.net, taxes: vec![], gross: self.net };
        if exempt {
            return Ok(totals);
        }
        for ((code, rate), (net, tax)) in self.taxes {
            totals.gross = totals.gross.plus(tax)?;
            totals.taxes.push(TaxAmount { code: code.to_owned(), rate, net, tax });
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
        TaxPolicy::new(mode, rounding)
    }

    fn of(policy: TaxPolicy, lines: &[(Money, TaxRate)]) -> Totals {
        let currency = lines[0].0.currency();
        let taxed = |&(amount, rate)| Taxed { amount, rate, levies: &[] };
        policy.totals(currency, lines.iter().map(taxed), false).unwrap()
    }

    fn levy(code: &str, rate: &str, compound: bool) -> Levy {
        Levy { code: code.into(), rate: rate.parse().unwrap(), compound }
    }

    #[test]
    fn several_taxes_on_one_line() {
        let rate = "9".parse().unwrap();
        let levies = [levy("SGST", "9", false)];
        let line = Taxed { amount: eur(11_800), rate, levies: &levies };
        let inclusive = policy(PriceMode::Inclusive, TaxRounding::PerLine);
        let totals = inclusive.totals(eur(0).currency(), [line], false).unwrap();
        let taxes: Vec<_> = totals.taxes.iter().map(|t| (&*t.code, t.tax.minor())).collect();
        assert_eq!((totals.net.minor(), taxes), (10_000, vec![("", 900), ("SGST", 900)]));
        // Quebec before 2013: QST of 9.5 % on the price with GST of 5 %.
        let levies = [levy("QST", "9.5", true)];
        let line = Taxed { amount: eur(10_000), rate: "5".parse().unwrap(), levies: &levies };
        let exclusive = policy(PriceMode::Exclusive, TaxRounding::PerLine);
        let totals = exclusive.totals(eur(0).currency(), [line], false).unwrap();
        assert_eq!((totals.taxes[1].tax.minor(), totals.gross.minor()), (998, 11_498));
    }

    #[test]
    fn who_is_exempt_pays_no_tax() {
        let line = Taxed { amount: eur(11_900), rate: "19".parse().unwrap(), levies: &[] };
        let inclusive = policy(PriceMode::Inclusive, TaxRounding::PerLine);
        let totals = inclusive.totals(eur(0).currency(), [line], true).unwrap();
        assert_eq!((totals.gross.minor(), totals.taxes.len()), (10_000, 0));
    }

    #[test]
    fn published_vectors_hold() {
        let inclusive = policy(PriceMode::Inclusive, TaxRounding::PerDocument);
        let chf = Money::parse("124.40", "CHF".parse().unwrap()).unwrap();
        let totals = of(inclusive, &[(chf, "8".parse().unwrap())]);
        assert_eq!((totals.net.minor(), totals.taxes[0].tax.minor()), (11_519, 921));
        let clp = Money::parse("10920", "CLP".parse().unwrap()).unwrap();
        let totals = of(inclusive, &[(clp, "19".parse().unwrap())]);
        assert_eq!((totals.net.minor(), totals.taxes[0].tax.minor()), (9_176, 1_744));
        let coarse = TaxPolicy { tax_step: 5, ..inclusive };
        let totals = of(coarse, &[(eur(5_000), "5".parse().unwrap())]);
        assert_eq!((totals.net.minor(), totals.taxes[0].tax.minor()), (4_760, 240));
        let exclusive = policy(PriceMode::Exclusive, TaxRounding::PerDocument);
        let totals = of(exclusive, &[(eur(1_367), "15".parse().unwrap())]);
        assert_eq!(totals.gross.minor(), 1_572);
        let back = of(exclusive, &[(eur(-1_367), "15".parse().unwrap())]);
        assert_eq!(back.gross.minor(), -1_572, "refunds mirror");
    }

    #[test]
    fn per_line_and_per_document_differ_where_they_must() {
        let rate = "19".parse().unwrap();
        let lines = [(eur(10), rate), (eur(10), rate), (eur(10), rate)];
        let at = |rounding| of(policy(PriceMode::Exclusive, rounding), &lines).gross.minor();
        assert_eq!((at(TaxRounding::PerLine), at(TaxRounding::PerDocument)), (36, 36));
        let lines = [(eur(3), rate), (eur(3), rate), (eur(3), rate)];
        let at = |rounding| of(policy(PriceMode::Exclusive, rounding), &lines).gross.minor();
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
            more in prop::collection::vec((0_u32..30_000, any::<bool>()), 0..3),
            inclusive: bool, per_line: bool,
        ) {
            let mode = if inclusive { PriceMode::Inclusive } else { PriceMode::Exclusive };
            let rounding = if per_line { TaxRounding::PerLine } else { TaxRounding::PerDocument };
            let lines: Vec<_> =
                lines.iter().map(|&(minor, rate)| (eur(minor), TaxRate(rate))).collect();
            let levy = |&(rate, compound)| Levy { code: "X".into(), rate: TaxRate(rate), compound };
            let levies: Vec<Levy> = more.iter().map(levy).collect();
            let taxed = |&(amount, rate)| Taxed { amount, rate, levies: &levies };
            let lines_taxed = lines.iter().map(taxed);
            let totals =
                policy(mode, rounding).totals(eur(0).currency(), lines_taxed, false).unwrap();
            let taxes: i64 = totals.taxes.iter().map(|t| t.tax.minor()).sum();
            let first = totals.taxes.iter().filter(|t| t.code.is_empty());
            let nets: i64 = first.map(|t| t.net.minor()).sum();
            prop_assert_eq!(totals.net.minor() + taxes, totals.gross.minor());
            prop_assert_eq!(nets, totals.net.minor());
            if inclusive {
                let shelf: i64 = lines.iter().map(|(amount, _)| amount.minor()).sum();
                prop_assert_eq!(totals.gross.minor(), shelf);
            }
        }
    }
}
