//! A shift at a drawer: the float in the morning, what is put in and taken out, the count, and
//! the Z report. What belongs to a shift follows from the journal's sequence at its terminal,
//! never from a clock: midnight, daylight saving and a wrong clock cannot move a sale.

mod book;
mod totals;

pub use book::{Book, ShiftRule};
pub use totals::{ShiftTotals, Taken};

use crate::ids::ShiftId;
use crate::item::TerminalId;
use crate::money::{Money, MoneyError};
use crate::posting::{Account, MoneyPosting, PostingError, Postings};
use crate::time::StoreTime;

/// A drawer gets its float.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftOpened {
    /// The shift.
    pub id: ShiftId,
    /// The drawer.
    pub terminal: TerminalId,
    /// What is put in, from the safe; not below nothing.
    pub float: Money,
    /// Who opened it.
    pub by: Option<String>,
    /// When.
    pub at: StoreTime,
}

/// Which way cash goes without a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the safe into the drawer.
    In,
    /// From the drawer into the safe.
    Out,
}

/// Cash that is put in or taken out without a sale: change, a safe drop, a bill paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CashMoved {
    /// The shift.
    pub shift: ShiftId,
    /// The drawer.
    pub terminal: TerminalId,
    /// Which way.
    pub direction: Direction,
    /// How much, more than nothing.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// Who did it.
    pub by: Option<String>,
    /// When.
    pub at: StoreTime,
}

/// What somebody counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Notes and coins.
    pub cash: Money,
    /// Which notes and coins, where they were told apart: worth in minor units, and how many.
    pub pieces: Vec<(i64, u32)>,
    /// The sum of the card slips, where somebody added them up.
    pub card: Option<Money>,
}

/// A drawer was counted: the Z report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftClosed {
    /// The shift.
    pub id: ShiftId,
    /// The drawer.
    pub terminal: TerminalId,
    /// The Z report's number: per terminal, gap-free, from 1.
    pub number: u32,
    /// The journal's entry that opened it.
    pub from: u64,
    /// The last entry before the count; what is between and of this terminal belongs to it.
    pub to: u64,
    /// What was sold, taken and given.
    pub totals: ShiftTotals,
    /// What was counted.
    pub counted: Counted,
    /// Who counted.
    pub by: Option<String>,
    /// When.
    pub at: StoreTime,
}

/// What happens to a drawer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShiftFact {
    /// A shift began.
    Opened(ShiftOpened),
    /// Cash moved without a sale.
    Cash(CashMoved),
    /// A shift ended.
    Closed(Box<ShiftClosed>),
}

impl Direction {
    /// Every direction with its name on the wire.
    pub const NAMES: [(Self, &'static str); 2] = [(Self::In, "in"), (Self::Out, "out")];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(way, _)| *way == self).map_or("in", |(_, name)| name)
    }

    /// The direction of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(way, _)| *way)
    }
}

impl Counted {
    /// A count of notes and coins that were told apart.
    ///
    /// # Errors
    /// A piece that is worth nothing or less, or a sum beyond the bound.
    pub fn of_pieces(
        pieces: Vec<(i64, u32)>,
        card: Option<Money>,
        nothing: Money,
    ) -> Result<Self, MoneyError> {
        let currency = nothing.currency();
        let mut cash = nothing;
        for (worth, count) in &pieces {
            let sum = worth.checked_mul(i64::from(*count)).ok_or(MoneyError::TooLarge)?;
            if *worth <= 0 {
                return Err(MoneyError::BadAmount);
            }
            cash = cash.plus(Money::new(sum, currency)?)?;
        }
        Ok(Self { cash, pieces, card })
    }
}

impl ShiftClosed {
    /// What was counted beyond what should be there; below nothing where cash is missing.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn over_short(&self) -> Result<Money, MoneyError> {
        self.counted.cash.minus(self.totals.cash_expected()?)
    }
}

impl ShiftFact {
    /// The journal's name for this kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Opened(_) => "shift_opened",
            Self::Cash(_) => "shift_cash_moved",
            Self::Closed(_) => "shift_closed",
        }
    }

    /// When, by the store's wall clock.
    #[must_use]
    pub const fn at(&self) -> StoreTime {
        match self {
            Self::Opened(opened) => opened.at,
            Self::Cash(moved) => moved.at,
            Self::Closed(closed) => closed.at,
        }
    }

    /// The drawer.
    #[must_use]
    pub const fn terminal(&self) -> &TerminalId {
        match self {
            Self::Opened(opened) => &opened.terminal,
            Self::Cash(moved) => &moved.terminal,
            Self::Closed(closed) => &closed.terminal,
        }
    }

    /// The books: floats, pay-ins and drops against the safe; at the count everything goes into
    /// the safe, and what is over or short has its own account.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn postings(&self) -> Result<Postings, PostingError> {
        let post = |account, amount| MoneyPosting { account, amount };
        let drawer = Account::Cash(self.terminal().clone());
        let into = match self {
            Self::Opened(opened) => opened.float,
            Self::Cash(moved) => moved.signed(),
            Self::Closed(closed) => {
                let money = vec![
                    post(drawer, closed.totals.cash_expected()?.negated()),
                    post(Account::Safe, closed.counted.cash),
                    post(Account::OverShort, closed.over_short()?.negated()),
                ];
                return Postings::balanced(money, vec![]);
            }
        };
        Postings::balanced(vec![post(drawer, into), post(Account::Safe, into.negated())], vec![])
    }
}

impl CashMoved {
    /// What the drawer has more; below nothing for what was taken out.
    #[must_use]
    pub fn signed(&self) -> Money {
        match self.direction {
            Direction::In => self.amount,
            Direction::Out => self.amount.negated(),
        }
    }
}

#[cfg(test)]
mod tests;
