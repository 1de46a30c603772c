//! Double entry, for money and for goods. A set of postings that does not sum to zero cannot be
//! made (DESIGN.md, invariant 4).

use crate::item::{Sku, TerminalId};
use crate::money::{Money, MoneyError};
use crate::payment::{Payment, Stored, Tender};
use crate::quantity::Quantity;
use crate::stock::{Lot, PlaceName};
use crate::tax::TaxRate;
use std::fmt;

/// An account of the general ledger.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Revenue, without tax.
    Sales,
    /// Tax owed, by levy (empty for a line's first tax) and rate.
    Tax(String, TaxRate),
    /// A till's drawer.
    Cash(TerminalId),
    /// What the card acquirer owes, by till.
    Card(TerminalId),
    /// Deposits: paid on an order that is not a sale yet.
    Deposit,
    /// What the shop owes on gift cards, vouchers and points, or is owed on accounts.
    Stored(Stored),
    /// What the shop owes its staff.
    Tips,
    /// What coins that do not exist cost or bring.
    CashRounding,
    /// Cash that lies in no drawer.
    Safe,
    /// What counts of drawers were over (a credit) or short (a debit).
    OverShort,
    /// What the shop gave away to please a customer.
    Goodwill,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sales => f.write_str("sales"),
            Self::Tax(levy, rate) if levy.is_empty() => write!(f, "tax:{rate}"),
            Self::Tax(levy, rate) => write!(f, "tax:{rate}:{levy}"),
            Self::Cash(terminal) => write!(f, "cash:{terminal}"),
            Self::Card(terminal) => write!(f, "card:{terminal}"),
            Self::Deposit => f.write_str("deposit"),
            Self::Stored(kind) => f.write_str(kind.as_str()),
            Self::Tips => f.write_str("tips"),
            Self::CashRounding => f.write_str("cash_rounding"),
            Self::Safe => f.write_str("safe"),
            Self::OverShort => f.write_str("over_short"),
            Self::Goodwill => f.write_str("goodwill"),
        }
    }
}

/// A debit (positive) or a credit (negative) on an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyPosting {
    /// Where.
    pub account: Account,
    /// How much.
    pub amount: Money,
}

/// Where goods can be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    /// Not with us yet.
    Supplier,
    /// On the shelves: the place that every store has.
    Store,
    /// In another place of this store, as in the back room.
    Named(PlaceName),
    /// Sold.
    Customer,
    /// Broken, stolen, expired, or never there.
    Shrinkage,
    /// Made into something else.
    Production,
    /// On its way between two places.
    Transit,
    /// In another store of ours.
    Elsewhere,
}

impl Location {
    /// Every location that needs no name of its own, with its name on the wire.
    pub const NAMES: [(Self, &'static str); 7] = [
        (Self::Supplier, "supplier"),
        (Self::Store, "store"),
        (Self::Customer, "customer"),
        (Self::Shrinkage, "shrinkage"),
        (Self::Production, "production"),
        (Self::Transit, "transit"),
        (Self::Elsewhere, "elsewhere"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Named(place) => place.as_str(),
            plain => Self::NAMES.iter().find(|(of, _)| of == plain).map_or("store", |(_, n)| n),
        }
    }

    /// Whether what lies here is ours and has a level: the store's places, and the way between.
    #[must_use]
    pub const fn is_held(&self) -> bool {
        matches!(self, Self::Store | Self::Named(_) | Self::Transit)
    }
}

/// Goods that went from one place to another: a debit and a credit in one, so that a quantity
/// cannot appear or vanish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockMove {
    /// What.
    pub sku: Sku,
    /// How much, more than nothing.
    pub quantity: Quantity,
    /// From here.
    pub from: Location,
    /// To here.
    pub to: Location,
}

impl Payment {
    /// What a payment posts by itself: what came in, against the tip in it, the rounding of it,
    /// and nothing else: the rest is the sale's or the deposit's. One that was deposited before
    /// takes its deposit back.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub(crate) fn postings(&self, terminal: &TerminalId) -> Result<Vec<MoneyPosting>, MoneyError> {
        let post = |account, amount| MoneyPosting { account, amount };
        if self.deposited {
            return Ok(vec![post(Account::Deposit, self.settles()?)]);
        }
        let account = match self.tender {
            Tender::Cash { .. } => Account::Cash(terminal.clone()),
            Tender::Card { .. } => Account::Card(terminal.clone()),
            Tender::Stored { kind, .. } => Account::Stored(kind),
        };
        Ok(vec![
            post(account, self.amount.plus(self.tip)?),
            post(Account::Tips, self.tip.negated()),
            post(Account::CashRounding, self.rounding.negated()),
        ])
    }
}

/// What is known of goods that moved, beyond how many.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Detail {
    /// Which lot; where none is named, the first that expires is taken.
    pub lot: Option<Lot>,
    /// What one unit cost, where it was bought.
    pub unit_cost: Option<Money>,
}

/// Postings that balance.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Postings {
    money: Vec<MoneyPosting>,
    goods: Vec<StockMove>,
    /// One a move, or none at all.
    details: Vec<Detail>,
}

/// Postings that do not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PostingError {
    /// The books would be off by so much.
    #[error("postings must sum to zero; these sum to {0}")]
    Unbalanced(Money),
    /// See [`MoneyError`].
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl Postings {
    /// Postings, if they balance. Zero amounts are left out.
    ///
    /// # Errors
    /// [`PostingError::Unbalanced`], or two currencies.
    pub fn balanced(
        mut money: Vec<MoneyPosting>,
        goods: Vec<StockMove>,
    ) -> Result<Self, PostingError> {
        money.retain(|posting| !posting.amount.is_zero());
        if let Some(first) = money.first() {
            let currency = first.amount.currency();
            let sum = Money::sum(currency, money.iter().map(|posting| posting.amount))?;
            if !sum.is_zero() {
                return Err(PostingError::Unbalanced(sum));
            }
        }
        Ok(Self { money, goods, details: vec![] })
    }

    /// Goods that moved, each with what is known of it. They balance by their shape.
    #[must_use]
    pub fn of_goods(moves: Vec<(StockMove, Detail)>) -> Self {
        let (goods, details) = moves.into_iter().unzip();
        Self { money: vec![], goods, details }
    }

    /// The money.
    #[must_use]
    pub fn money(&self) -> &[MoneyPosting] {
        &self.money
    }

    /// The goods.
    #[must_use]
    pub fn goods(&self) -> &[StockMove] {
        &self.goods
    }

    /// The goods, each with what is known of it.
    pub fn detailed(&self) -> impl Iterator<Item = (&StockMove, Option<&Detail>)> {
        self.goods.iter().enumerate().map(|(at, moved)| (moved, self.details.get(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unbalanced_postings_cannot_be_made() {
        let eur = |minor| Money::new(minor, "EUR".parse().unwrap()).unwrap();
        let post = |account, minor| MoneyPosting { account, amount: eur(minor) };
        let cash = Account::Cash(TerminalId::new("T1").unwrap());
        let good = vec![post(cash.clone(), 119), post(Account::Sales, -119)];
        assert!(Postings::balanced(good, vec![]).is_ok());
        let bad = vec![post(cash, 119), post(Account::Sales, -118)];
        assert_eq!(Postings::balanced(bad, vec![]), Err(PostingError::Unbalanced(eur(1))));
    }
}
