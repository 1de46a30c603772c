//! A sale: an order that was paid and closed. The fact that the ledger keeps, headquarters
//! re-checks and the receipt prints.

use crate::ids::{OrderId, SaleId};
use crate::item::TerminalId;
use crate::money::{Currency, Money, MoneyError};
use crate::order::{Line, Order, Paid, totals};
use crate::payment::{Payment, PaymentError, Tender};
use crate::posting::{Account, Location, MoneyPosting, PostingError, Postings, StockMove};
use crate::quantity::QuantityError;
use crate::tax::{TaxPolicy, Totals};
use crate::time::StoreTime;
use std::fmt;

/// A receipt's number: per terminal, gap-free, from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNumber {
    /// The terminal.
    pub terminal: TerminalId,
    /// Its running number.
    pub number: u32,
}

impl fmt::Display for ReceiptNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:06}", self.terminal, self.number)
    }
}

/// What a sale is made of; [`Sale::checked`] makes it one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaleParts {
    /// Its id.
    pub id: SaleId,
    /// The order it was, unless it was sold in one go.
    pub order: Option<OrderId>,
    /// Its receipt.
    pub receipt: ReceiptNumber,
    /// When it was closed.
    pub at: StoreTime,
    /// The store's currency.
    pub currency: Currency,
    /// How its prices are taxed.
    pub policy: TaxPolicy,
    /// What was sold; at least one line, none voided.
    pub lines: Vec<Line>,
    /// What was paid; sums to the total.
    pub payments: Vec<Payment>,
}

/// A sale whose lines, taxes and payments agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    parts: SaleParts,
    totals: Totals,
}

/// Why something is not a sale. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SaleError {
    /// Nothing was sold.
    #[error("a sale has at least one line")]
    Empty,
    /// A price below nothing.
    #[error("the price of {0} must not be negative")]
    NegativePrice(String),
    /// See [`QuantityError`].
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// See [`PaymentError`].
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// The payments are less than the total.
    #[error("the payments do not cover the sale: {due} is still due")]
    NotCovered {
        /// What is missing.
        due: Money,
    },
    /// The payments' parts contradict each other.
    #[error("what was tendered, paid and given back do not agree")]
    PaymentsDisagree,
    /// See [`MoneyError`].
    #[error(transparent)]
    Money(#[from] MoneyError),
}

impl SaleParts {
    /// The totals of lines that can be sold.
    fn totals(&self) -> Result<Totals, SaleError> {
        if self.lines.is_empty() {
            return Err(SaleError::Empty);
        }
        for line in &self.lines {
            line.quantity.sellable(line.unit)?;
            if line.unit_price.is_negative() || line.total()?.is_negative() {
                return Err(SaleError::NegativePrice(line.name.clone()));
            }
        }
        Ok(totals(self.currency, self.policy, &self.lines)?)
    }
}

impl Sale {
    /// Closes a paid order.
    #[must_use]
    pub fn close(order: Order<Paid>, id: SaleId, receipt: ReceiptNumber, at: StoreTime) -> Self {
        let (head, lines, payments, totals) = order.into_parts();
        let (currency, policy) = (head.currency, head.policy);
        let order = Some(head.id);
        let parts = SaleParts { id, order, receipt, at, currency, policy, lines, payments };
        Self { parts, totals }
    }

    /// Checks what claims to be a sale: headquarters does so with each that arrives.
    ///
    /// # Errors
    /// See [`SaleError`].
    pub fn checked(parts: SaleParts) -> Result<Self, SaleError> {
        let totals = parts.totals()?;
        let mut due = totals.gross;
        for payment in &parts.payments {
            let expected = Payment::against(due, payment.id, payment.tender.clone())?;
            if (Payment { deposited: payment.deposited, ..expected }) != *payment {
                return Err(SaleError::PaymentsDisagree);
            }
            due = due.minus(payment.amount)?;
        }
        if due.minor() > 0 {
            return Err(SaleError::NotCovered { due });
        }
        Ok(Self { parts, totals })
    }

    /// A sale in one go: takes the tenders against the total, in their order.
    ///
    /// # Errors
    /// See [`SaleError`].
    pub fn of_tenders(
        mut parts: SaleParts,
        tenders: Vec<(crate::PaymentId, Tender)>,
    ) -> Result<Self, SaleError> {
        let mut due = parts.totals()?.gross;
        for (id, tender) in tenders {
            let payment = Payment::against(due, id, tender)?;
            due = due.minus(payment.amount)?;
            parts.payments.push(payment);
        }
        Self::checked(parts)
    }

    /// What it is made of.
    #[must_use]
    pub const fn parts(&self) -> &SaleParts {
        &self.parts
    }

    /// Net, taxes and what was to pay.
    #[must_use]
    pub const fn totals(&self) -> &Totals {
        &self.totals
    }

    /// What went back to the customer.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn change(&self) -> Result<Money, MoneyError> {
        let change = self.parts.payments.iter().map(|payment| payment.change);
        Money::sum(self.parts.currency, change)
    }

    /// The books: tenders against revenue and tax; goods from the store to the customer.
    ///
    /// # Errors
    /// Never for a checked sale; [`PostingError`] keeps the proof in the type.
    pub fn postings(&self) -> Result<Postings, PostingError> {
        let terminal = &self.parts.receipt.terminal;
        let account = |paid: &Payment| match paid.tender {
            _ if paid.deposited => Account::Deposit,
            Tender::Cash { .. } => Account::Cash(terminal.clone()),
            Tender::Card { .. } => Account::Card(terminal.clone()),
        };
        let mut money: Vec<MoneyPosting> = (self.parts.payments.iter())
            .map(|paid| MoneyPosting { account: account(paid), amount: paid.amount })
            .collect();
        money.push(MoneyPosting { account: Account::Sales, amount: self.totals.net.negated() });
        money.extend(self.totals.taxes.iter().map(|tax| MoneyPosting {
            account: Account::Tax(tax.rate),
            amount: tax.tax.negated(),
        }));
        let goods = (self.parts.lines.iter())
            .map(|line| StockMove {
                sku: line.sku.clone(),
                quantity: line.quantity,
                from: Location::Store,
                to: Location::Customer,
            })
            .collect();
        Postings::balanced(money, goods)
    }
}

#[cfg(test)]
mod tests;
