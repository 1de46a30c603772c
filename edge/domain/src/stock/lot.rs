//! Lots, and the order in which they leave: first expired, first out.

use crate::item::NameError;
use crate::quantity::Quantity;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A calendar day, as in 2026-01-31 (ISO 8601). Its text sorts as the days do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

/// Not a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a day is written as in 2026-01-31")]
pub struct DayError;

/// Goods that were made together and expire together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lot {
    code: String,
    expires: Option<Day>,
}

impl Lot {
    /// A lot by the code on its box, of 1 to 64 printable characters.
    ///
    /// # Errors
    /// [`NameError`] for anything else.
    pub fn new(code: &str, expires: Option<Day>) -> Result<Self, NameError> {
        let code = crate::item::Sku::new(code).map_err(|_| NameError("lot"))?;
        Ok(Self { code: code.as_str().to_owned(), expires })
    }

    /// The code on the box.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The last day on which it may be sold.
    #[must_use]
    pub const fn expires(&self) -> Option<Day> {
        self.expires
    }
}

impl Ord for Lot {
    /// What expires first comes first; what never does comes last.
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |lot: &Self| (lot.expires.is_none(), lot.expires);
        key(self).cmp(&key(other)).then_with(|| self.code.cmp(&other.code))
    }
}

impl PartialOrd for Lot {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// What leaves when `wanted` is taken from these lots: so much of each, first expired first, and
/// the rest that no lot gives. Lots never go below nothing; the rest is of no known lot.
#[must_use]
pub fn first_expired(
    mut lots: Vec<(Lot, Quantity)>,
    wanted: Quantity,
) -> (Vec<(Lot, Quantity)>, Quantity) {
    lots.sort();
    let mut rest = wanted;
    let mut taken = Vec::new();
    for (lot, held) in lots {
        let part = held.min(rest);
        if part > Quantity::ZERO {
            rest = rest.plus(part.negated()).unwrap_or(Quantity::ZERO);
            taken.push((lot, part));
        }
    }
    (taken, rest)
}

impl FromStr for Day {
    type Err = DayError;

    fn from_str(text: &str) -> Result<Self, DayError> {
        let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let mut parts = text.splitn(3, '-');
        let mut part =
            |width| parts.next().filter(|part| plain && part.len() == width).ok_or(DayError);
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        let year: u16 = year.parse().map_err(|_| DayError)?;
        let (month, day): (u8, u8) =
            (month.parse().map_err(|_| DayError)?, day.parse().map_err(|_| DayError)?);
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return Err(DayError),
        };
        if day == 0 || day > last { Err(DayError) } else { Ok(Self { year, month, day }) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_days() {
        for good in ["2026-01-31", "2028-02-29", "0001-12-01"] {
            assert_eq!(good.parse::<Day>().unwrap().to_string(), good);
        }
        for bad in
            ["2026-02-29", "2026-13-01", "2026-00-10", "2026-1-31", "26-01-31", "2026-01-3x", ""]
        {
            assert_eq!(bad.parse::<Day>(), Err(DayError), "{bad}");
        }
    }

    fn lots() -> impl Strategy<Value = Vec<(Lot, Quantity)>> {
        let lot = (0_u8..30, proptest::option::of(1_u8..28), 0_i64..5_000);
        proptest::collection::vec(lot, 0..12).prop_map(|lots| {
            let lot = |(n, day, held): (u8, Option<u8>, i64)| {
                let day = day.map(|day| Day { year: 2026, month: 1, day });
                (
                    Lot::new(&format!("L{n}"), day).unwrap(),
                    Quantity::from_thousandths(held).unwrap(),
                )
            };
            lots.into_iter().map(lot).collect()
        })
    }

    proptest! {
        /// Nothing is lost, nothing goes below nothing, and no later lot is touched while an
        /// earlier one still holds something.
        #[test]
        fn what_expires_first_leaves_first(lots in lots(), wanted in 1_i64..20_000) {
            let wanted = Quantity::from_thousandths(wanted).unwrap();
            let (taken, rest) = first_expired(lots.clone(), wanted);
            let sum: i64 = taken.iter().map(|(_, part)| part.thousandths()).sum();
            prop_assert_eq!(sum + rest.thousandths(), wanted.thousandths());
            prop_assert!(taken.windows(2).all(|pair| pair[0].0 <= pair[1].0));
            let held: i64 = lots.iter().map(|(_, held)| held.thousandths()).sum();
            prop_assert_eq!(sum, held.min(wanted.thousandths()));
            if let Some((last, _)) = taken.last() {
                let before: i64 =
                    lots.iter().filter(|(lot, _)| lot < last).map(|(_, held)| held.thousandths()).sum();
                let took: i64 =
                    taken.iter().filter(|(lot, _)| lot < last).map(|(_, part)| part.thousandths()).sum();
                prop_assert_eq!(before, took, "an earlier lot was left over");
            }
        }
    }
}
