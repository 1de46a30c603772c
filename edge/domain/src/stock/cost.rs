//! What goods cost: a moving average, in whole numbers, so that no remainder is lost.

use crate::money::Money;
use crate::quantity::Quantity;

/// The highest cost of one unit, in minor units: a million of anything at that cost fits.
pub const UNIT_COST_MINOR_MAX: i64 = 1_000_000_000;

/// What the goods of one item that are held are worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Cost {
    /// The worth of all that is held, in thousandths of a minor unit.
    pub value: i64,
    /// What a unit cost when something last came in, in thousandths of a minor unit: for goods
    /// that come without a price, and where nothing is held.
    pub average: i64,
}

impl Cost {
    /// What is known when the first goods come whose cost is known; what was held before is
    /// valued like them.
    #[must_use]
    pub fn first(held: Quantity, came: Quantity, unit_cost: Money) -> Self {
        let value = clamped(worth(held.thousandths().max(0), unit_cost));
        Self { value, average: 0 }.received(held, came, unit_cost)
    }

    /// More came, bought at a cost. What was sold before it was booked in costs that much too.
    #[must_use]
    pub fn received(self, held: Quantity, came: Quantity, unit_cost: Money) -> Self {
        let (held, after) = (held.thousandths(), held.thousandths() + came.thousandths());
        let value = match held {
            ..0 => worth(after.max(0), unit_cost),
            _ => i128::from(self.value) + worth(came.thousandths(), unit_cost),
        };
        self.holding(value, after, unit_cost.minor().saturating_mul(1_000))
    }

    /// More came without a price: found, returned, or put back.
    #[must_use]
    pub fn found(self, held: Quantity, came: Quantity) -> Self {
        let after = held.thousandths() + came.thousandths();
        let counted = came.thousandths().min(after).max(0);
        let value = i128::from(self.value) + rounded(counted, self.average, 1_000);
        self.holding(value, after, self.average)
    }

    /// Some left, at the average. The last unit takes the remainder with it.
    #[must_use]
    pub fn left(self, held: Quantity, went: Quantity) -> Self {
        let (held, went) = (held.thousandths(), went.thousandths());
        if went >= held {
            return Self { value: 0, ..self };
        }
        let value = i128::from(self.value) - rounded(went, self.value, held);
        Self { value: clamped(value), ..self }
    }

    /// The worth in minor units, rounded half away from zero.
    #[must_use]
    pub const fn minor(self) -> i64 {
        (self.value + if self.value < 0 { -500 } else { 500 }) / 1_000
    }

    fn holding(self, value: i128, held: i64, fallback: i64) -> Self {
        let average =
            if held > 0 { value * 1_000 / i128::from(held) } else { i128::from(fallback) };
        Self { value: clamped(value), average: clamped(average) }
    }
}

/// The worth of so many thousandths at a cost, in thousandths of a minor unit.
fn worth(thousandths: i64, unit_cost: Money) -> i128 {
    i128::from(thousandths) * i128::from(unit_cost.minor())
}

/// `a * b / c`, rounded half up; `c` is more than nothing.
fn rounded(a: i64, b: i64, c: i64) -> i128 {
    let (product, c) = (i128::from(a) * i128::from(b), i128::from(c));
    (product + c / 2) / c
}

fn clamped(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn q(units: i64) -> Quantity {
        Quantity::from_thousandths(units * 1_000).unwrap()
    }

    fn eur(minor: i64) -> Money {
        Money::new(minor, "EUR".parse().unwrap()).unwrap()
    }

    #[test]
    fn the_average_moves() {
        let cost = Cost::first(q(0), q(10), eur(100));
        assert_eq!(cost.minor(), 1_000);
        let cost = cost.received(q(10), q(10), eur(200));
        assert_eq!((cost.minor(), cost.average), (3_000, 150_000));
        assert_eq!(cost.left(q(20), q(5)).minor(), 2_250);
        assert_eq!(Cost::first(q(5), q(10), eur(100)).minor(), 1_500, "what lay there before");
        let oversold = cost.left(q(20), q(22));
        assert_eq!(oversold.minor(), 0);
        assert_eq!(oversold.received(q(-2), q(5), eur(120)).minor(), 360);
        assert_eq!(oversold.found(q(-2), q(5)).minor(), 450);
    }

    proptest! {
        /// Three for a euro: whatever leaves in whatever steps, nothing is left of the worth when
        /// nothing is left of the goods, and the worth never goes below nothing.
        #[test]
        fn no_remainder_is_lost(cost in 1_i64..10_000, came in 1_i64..500, steps in proptest::collection::vec(1_i64..60, 1..40)) {
            let mut held = came;
            let mut known = Cost::first(q(0), q(came), eur(cost));
            for step in steps {
                known = known.left(q(held), q(step));
                held -= step;
                prop_assert!(known.value >= 0);
                prop_assert!(held > 0 || known.value == 0);
                if held > 0 {
                    let ideal = i128::from(held) * i128::from(cost) * 1_000;
                    prop_assert!((i128::from(known.value) - ideal).abs() <= 40);
                }
            }
        }
    }
}
