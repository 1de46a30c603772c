//! Cash rounding: what is paid in cash comes to the coins that there are, as in Switzerland, the
//! Netherlands, Finland or Canada. The difference is posted, and refunds mirror sales.

use crate::money::{Money, MoneyError};

/// Which way an amount between two coins goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CashMode {
    /// To the nearest; the middle away from zero.
    HalfUp,
    /// Towards zero: always for the customer who buys.
    Down,
    /// Away from zero.
    Up,
}

/// The smallest coin, and which way an amount goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CashRounding {
    /// The smallest coin in minor units; 1 for none.
    pub step: u16,
    /// Which way.
    pub mode: CashMode,
}

impl CashMode {
    /// Every mode with its name on the wire.
    pub const NAMES: [(Self, &'static str); 3] =
        [(Self::HalfUp, "half_up"), (Self::Down, "down"), (Self::Up, "up")];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(mode, _)| *mode == self).map_or("half_up", |(_, name)| name)
    }

    /// The mode of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(mode, _)| *mode)
    }
}

impl CashRounding {
    /// Every minor unit has its coin.
    pub const NONE: Self = Self { step: 1, mode: CashMode::HalfUp };

    /// The amount that can be paid in coins.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`] beyond the bound.
    pub fn round(self, exact: Money) -> Result<Money, MoneyError> {
        let step = i64::from(self.step.max(1));
        let size = exact.minor().abs();
        let over = size % step;
        let rounded = match self.mode {
            _ if over == 0 => size,
            CashMode::HalfUp if over * 2 < step => size - over,
            CashMode::Down => size - over,
            CashMode::HalfUp | CashMode::Up => size - over + step,
        };
        Money::new(rounded * exact.minor().signum(), exact.currency())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chf(minor: i64) -> Money {
        Money::new(minor, "CHF".parse().unwrap()).unwrap()
    }

    #[test]
    fn published_vectors_hold_and_refunds_mirror() {
        for (exact, mode, rounded) in [
            (1_572, CashMode::HalfUp, 1_570),
            (1_572, CashMode::Down, 1_570),
            (1_572, CashMode::Up, 1_575),
            (1_573, CashMode::HalfUp, 1_575),
            (2, CashMode::HalfUp, 0),
        ] {
            let rounding = CashRounding { step: 5, mode };
            assert_eq!(rounding.round(chf(exact)).unwrap().minor(), rounded, "{exact} {mode:?}");
            assert_eq!(rounding.round(chf(-exact)).unwrap().minor(), -rounded);
        }
    }

    proptest! {
        #[test]
        fn never_further_than_a_coin(minor in -1_000_000_i64..1_000_000, step in 1_u16..100) {
            for (mode, _) in CashMode::NAMES {
                let rounded = CashRounding { step, mode }.round(chf(minor)).unwrap().minor();
                prop_assert_eq!(rounded % i64::from(step), 0);
                prop_assert!((rounded - minor).abs() < i64::from(step));
            }
        }
    }
}
