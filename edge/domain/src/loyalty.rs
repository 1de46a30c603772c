//! Loyalty: what a sale earns for its customer, and which tier the customer reached.
//!
//! Points are money that the shop owes, at their worth: what is earned is posted against goodwill
//! in the sale that earns it, and spending points is a tender like any other.

use crate::money::{Money, MoneyError};
use crate::quantity::Quantity;
use std::str::FromStr;

/// The most tiers of a programme.
pub const TIERS_MAX: usize = 16;
/// For how many days spending counts towards a tier, and a tier that was reached stays.
pub const TIER_DAYS: i64 = 365;

/// A shop's loyalty programme. The default earns nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programme {
    /// What of a sale is earned, in thousandths of a per cent.
    pub earn: u32,
    /// Its tiers, in any order.
    pub tiers: Vec<Tier>,
}

/// A tier: customers of it earn more, and promotions may be for them alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// Its name, as promotions' customer groups say it.
    pub name: String,
    /// Reached by so much spent in [`TIER_DAYS`], in minor units.
    pub from: i64,
    /// What is earned is multiplied by this, in thousandths.
    pub factor: u32,
}

/// Not a tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a tier is written as in: silver from 50000 earns 1.5 (minor units in a year; 1 to 100)")]
pub struct TierError;

impl FromStr for Tier {
    type Err = TierError;

    fn from_str(text: &str) -> Result<Self, TierError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [name, "from", from, "earns", factor] = words.as_slice() else { return Err(TierError) };
        let from = from.parse().ok().filter(|from| *from >= 0).ok_or(TierError)?;
        let factor = factor.parse::<Quantity>().map_err(|_| TierError)?.thousandths();
        let factor = u32::try_from(factor).ok().filter(|f| (1_000..=100_000).contains(f));
        Ok(Self { name: (*name).to_owned(), from, factor: factor.ok_or(TierError)? })
    }
}

impl Programme {
    /// The highest tier that was reached by spending, or that somebody named.
    #[must_use]
    pub fn tier(&self, spent: i64, named: &[&str]) -> Option<&Tier> {
        let held = |tier: &&Tier| spent >= tier.from || named.contains(&tier.name.as_str());
        self.tiers.iter().filter(held).max_by_key(|tier| tier.from)
    }

    /// What an amount earns, rounded down; nothing for what is given back.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn earned(&self, tier: Option<&Tier>, amount: Money) -> Result<Money, MoneyError> {
        let factor = tier.map_or(1_000, |tier| tier.factor);
        let exact = i128::from(amount.minor().max(0)) * i128::from(self.earn) * i128::from(factor);
        let minor = i64::try_from(exact / 100_000_000).map_err(|_| MoneyError::TooLarge)?;
        Money::new(minor, amount.currency())
    }
}

/// What goes back of what a sale earned when goods come back: in proportion to what was paid for
/// them, so that all that comes back, in however many parts, takes back all that was earned.
///
/// # Errors
/// An amount beyond the bound.
pub fn taken_back(
    earned: Money,
    sold: Money,
    before: Money,
    now: Money,
) -> Result<Money, MoneyError> {
    if sold.minor() <= 0 {
        return Ok(Money::zero(earned.currency()));
    }
    let share = |back: Money| earned.scaled(back.minor().min(sold.minor()), sold.minor());
    share(before.plus(now)?)?.minus(share(before)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn eur(minor: i64) -> Money {
        Money::new(minor, "EUR".parse().unwrap()).unwrap()
    }

    fn programme() -> Programme {
        let tiers = ["gold from 150000 earns 3", "silver from 50000 earns 1.5"];
        let tiers = tiers.map(|text| text.parse().unwrap()).to_vec();
        Programme { earn: 1_000, tiers }
    }

    #[test]
    fn one_per_cent_rounded_down_and_more_in_a_tier() {
        let programme = programme();
        let tier = |spent, named: &[&str]| programme.tier(spent, named).map(|t| t.name.as_str());
        assert_eq!(programme.earned(None, eur(1_299)).unwrap(), eur(12));
        let gold = programme.tier(200_000, &[]);
        assert_eq!(programme.earned(gold, eur(1_299)).unwrap(), eur(38), "38.97 cents");
        assert_eq!(programme.earned(gold, eur(-500)).unwrap(), eur(0));
        assert_eq!((tier(49_999, &[]), tier(50_000, &[])), (None, Some("silver")));
        assert_eq!(tier(60_000, &["gold", "unknown"]), Some("gold"), "a gift counts");
        assert_eq!(tier(200_000, &["silver"]), Some("gold"), "the higher one holds");
    }

    #[test]
    fn a_tier_that_makes_no_sense_is_refused() {
        for text in ["gold", "gold from x earns 2", "gold from 1 earns 0.5", "gold from -1 earns 2"]
        {
            assert_eq!(text.parse::<Tier>(), Err(TierError), "{text}");
        }
    }

    proptest! {
        /// However goods come back, what they take back sums to what was earned.
        #[test]
        fn in_parts_as_in_one(earned in 0_i64..100_000, parts in prop::collection::vec(1_i64..50_000, 1..8)) {
            let sold = eur(parts.iter().sum());
            let (mut before, mut taken) = (eur(0), eur(0));
            for part in parts {
                taken = taken.plus(taken_back(eur(earned), sold, before, eur(part)).unwrap()).unwrap();
                before = before.plus(eur(part)).unwrap();
            }
            prop_assert_eq!(taken, eur(earned));
        }
    }
}
