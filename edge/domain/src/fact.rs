//! What can happen in a shop and is written down for ever: the journal's kinds.

use crate::audit::Audit;
use crate::ids::{OrderId, TicketId};
use crate::item::{Sku, TerminalId};
use crate::kitchen::Ticket;
use crate::money::Money;
use crate::payment::Payment;
use crate::posting::{Account, MoneyPosting, PostingError, Postings};
use crate::refund::RefundMoved;
use crate::sale::Sale;
use crate::shift::ShiftFact;
use crate::slip::SlipsGiven;
use crate::stock::StockFact;
use crate::time::StoreTime;
use crate::value::{RightsMoved, ValueIssued};

/// A part payment on an order that is not a sale yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepositTaken {
    /// The order.
    pub order: OrderId,
    /// Where it was taken.
    pub terminal: TerminalId,
    /// What was taken.
    pub payment: Payment,
    /// When.
    pub at: StoreTime,
}

/// Somebody set a price in this store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceSet {
    /// The item.
    pub sku: Sku,
    /// The price before, if the item was known.
    pub before: Option<Money>,
    /// The price since.
    pub price: Money,
    /// When.
    pub at: StoreTime,
}

/// A fact: it happened, is never edited, and is corrected only by another fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A sale was closed.
    SaleCompleted(Box<Sale>),
    /// A part payment was taken.
    DepositTaken(DepositTaken),
    /// An order was given up.
    OrderCancelled {
        /// The order.
        order: OrderId,
        /// What was said why.
        reason: String,
        /// When.
        at: StoreTime,
    },
    /// The kitchen got a ticket.
    TicketFired(Ticket),
    /// The kitchen finished a ticket.
    TicketBumped {
        /// The ticket.
        ticket: TicketId,
        /// When.
        at: StoreTime,
    },
    /// The kitchen took a ticket back.
    TicketRecalled {
        /// The ticket.
        ticket: TicketId,
        /// When.
        at: StoreTime,
    },
    /// Goods moved, were counted or promised.
    Stock(StockFact),
    /// A price was set.
    PriceSet(PriceSet),
    /// Somebody did what the owner wants to know of.
    Audited(Audit),
    /// A drawer was opened, filled, emptied or counted.
    Shift(ShiftFact),
    /// Rights were made, given or used.
    RightsMoved(RightsMoved),
    /// Value was given without a sale.
    ValueIssued(ValueIssued),
    /// A card terminal gave slips.
    SlipsGiven(SlipsGiven),
    /// A card did not take money back, and it was given in another tender.
    RefundMoved(Box<RefundMoved>),
}

impl Fact {
    /// The journal's name for this kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SaleCompleted(_) => "sale_completed",
            Self::DepositTaken(_) => "deposit_taken",
            Self::OrderCancelled { .. } => "order_cancelled",
            Self::TicketFired(_) => "ticket_fired",
            Self::TicketBumped { .. } => "ticket_bumped",
            Self::TicketRecalled { .. } => "ticket_recalled",
            Self::Stock(fact) => fact.kind(),
            Self::PriceSet(_) => "price_set",
            Self::Audited(_) => "audited",
            Self::Shift(shift) => shift.kind(),
            Self::RightsMoved(_) => "rights_moved",
            Self::ValueIssued(_) => "value_issued",
            Self::SlipsGiven(_) => "slips_given",
            Self::RefundMoved(_) => "refund_moved",
        }
    }

    /// When it happened by the store's wall clock.
    #[must_use]
    pub fn at(&self) -> StoreTime {
        match self {
            Self::SaleCompleted(sale) => sale.parts().at,
            Self::DepositTaken(deposit) => deposit.at,
            Self::TicketFired(ticket) => ticket.fired_at,
            Self::Stock(fact) => fact.at(),
            Self::PriceSet(set) => set.at,
            Self::Audited(audit) => audit.at,
            Self::Shift(shift) => shift.at(),
            Self::RightsMoved(moved) => moved.at,
            Self::ValueIssued(issued) => issued.at,
            Self::SlipsGiven(given) => given.at,
            Self::RefundMoved(moved) => moved.at(),
            Self::OrderCancelled { at, .. }
            | Self::TicketBumped { at, .. }
            | Self::TicketRecalled { at, .. } => *at,
        }
    }

    /// The books that follow from it.
    ///
    /// # Errors
    /// [`PostingError`] where it does not balance: such a fact is refused, not recorded.
    pub fn postings(&self) -> Result<Postings, PostingError> {
        match self {
            Self::SaleCompleted(sale) => sale.postings(),
            Self::DepositTaken(deposit) => deposit.postings(),
            Self::Stock(fact) => Ok(fact.postings()),
            Self::Shift(shift) => shift.postings(),
            Self::ValueIssued(issued) => issued.postings(),
            Self::RefundMoved(moved) => moved.postings(),
            Self::OrderCancelled { .. }
            | Self::TicketFired(_)
            | Self::TicketBumped { .. }
            | Self::TicketRecalled { .. }
            | Self::PriceSet(_)
            | Self::Audited(_)
            | Self::RightsMoved(_)
            | Self::SlipsGiven(_) => Ok(Postings::default()),
        }
    }
}

impl From<StockFact> for Fact {
    fn from(fact: StockFact) -> Self {
        Self::Stock(fact)
    }
}

impl DepositTaken {
    fn postings(&self) -> Result<Postings, PostingError> {
        let mut money = self.payment.postings(&self.terminal)?;
        let amount = self.payment.settles()?.negated();
        money.push(MoneyPosting { account: Account::Deposit, amount });
        Postings::balanced(money, vec![])
    }
}
