//! What moves rights and stored value, as facts.

use crate::ids::SaleId;
use crate::money::Money;
use crate::payment::Stored;
use crate::posting::{Account, MoneyPosting, PostingError, Postings};
use crate::rights::{Cell, Resource};
use crate::time::StoreTime;

/// A cell of this store's own that grew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightMove {
    /// Whose rights.
    pub resource: Resource,
    /// Which cell.
    pub cell: Cell,
    /// By how much, more than nothing.
    pub by: u64,
}

/// Rights were made, given, or used. The sum of these facts is what the store's own cells say,
/// so that a document that was lost can be made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RightsMoved {
    /// What grew.
    pub moves: Vec<RightMove>,
    /// The sale that it belongs to.
    pub sale: Option<SaleId>,
    /// When.
    pub at: StoreTime,
}

/// The shop gave value to a customer without a sale: a voucher for an apology.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueIssued {
    /// What kind.
    pub kind: Stored,
    /// Which card, voucher or customer.
    pub reference: String,
    /// How much, more than nothing.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// When.
    pub at: StoreTime,
}

impl ValueIssued {
    /// The shop owes it, at its own expense.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub(crate) fn postings(&self) -> Result<Postings, PostingError> {
        let post = |account, amount| MoneyPosting { account, amount };
        let owed = post(Account::Stored(self.kind), self.amount.negated());
        Postings::balanced(vec![post(Account::Goodwill, self.amount), owed], vec![])
    }
}
