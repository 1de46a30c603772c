//! A sale: an order that was paid and closed. The fact that the ledger keeps, headquarters
//! re-checks and the receipt prints.

use crate::ids::{OrderId, SaleId};
use crate::item::{Nature, TerminalId};
use crate::money::{Currency, Money, MoneyError};
use crate::order::{Adjustment, Cause, Line, More, Order, OrderKind, Paid, Returned, totals};
use crate::payment::{Offer, Payment, PaymentError, Stored};
use crate::posting::{Account, Location, MoneyPosting, PostingError, Postings, StockMove};
use crate::quantity::{Quantity, QuantityError};
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

/// Not a receipt's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a receipt's number is a terminal and a number, as in T1-000123")]
pub struct ReceiptNumberError;

impl std::str::FromStr for ReceiptNumber {
    type Err = ReceiptNumberError;

    fn from_str(text: &str) -> Result<Self, ReceiptNumberError> {
        let (terminal, number) = text.trim().rsplit_once('-').ok_or(ReceiptNumberError)?;
        let terminal = TerminalId::new(terminal).map_err(|_| ReceiptNumberError)?;
        let number = number.parse().map_err(|_| ReceiptNumberError)?;
        Ok(Self { terminal, number })
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
    /// What was sold or came back; at least one line, none voided.
    pub lines: Vec<Line>,
    /// What was paid or given back; settles the total.
    pub payments: Vec<Payment>,
    /// What most sales do not say.
    pub about: About,
}

/// What most sales do not say.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct About {
    /// How it left the shop; over the counter where nothing is said.
    pub kind: Option<OrderKind>,
    /// Who sold it.
    pub staff: Option<String>,
    /// Who bought it.
    pub customer: Option<String>,
    /// Why no tax was raised.
    pub exempt: Option<String>,
    /// The table it was at.
    pub table: Option<String>,
    /// How many people sat there.
    pub covers: Option<u16>,
    /// What it earned the customer in points, at their worth; below nothing for what comes back.
    pub earned: Option<Money>,
    /// What a fiscal device said to it: its own names and values.
    pub fiscal: Vec<(String, String)>,
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
    /// More came back than was sold, or than is left.
    #[error("{0}: so much of it was not sold, or came back already")]
    MoreThanSold(String),
    /// Points are somebody's.
    #[error("a sale that earns points has a customer, and earns them in its currency")]
    NobodyEarns,
    /// Money on a card is taxed when it is spent.
    #[error("{0} is money on a card: it carries no tax before it is spent")]
    TaxedGiftCard(String),
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
    fn who_earns(&self) -> Result<(), SaleError> {
        let Some(earned) = self.about.earned else { return Ok(()) };
        if self.about.customer.is_none() || earned.currency() != self.currency {
            return Err(SaleError::NobodyEarns);
        }
        Ok(())
    }

    /// The totals of lines that can be sold, or can come back.
    fn totals(&self) -> Result<Totals, SaleError> {
        if self.lines.is_empty() {
            return Err(SaleError::Empty);
        }
        for line in &self.lines {
            let back = line.is_return();
            let quantity = if back { line.quantity.negated() } else { line.quantity };
            quantity.sellable(line.unit)?;
            let total = line.total()?;
            let wrong = if back { total.minor() > 0 } else { total.is_negative() };
            if line.unit_price.is_negative() || wrong {
                return Err(SaleError::NegativePrice(line.name.clone()));
            }
            let taxed = line.tax_rate.thousandths() > 0 || !line.more.levies.is_empty();
            if line.more.nature.loads().is_some() && taxed {
                return Err(SaleError::TaxedGiftCard(line.name.clone()));
            }
        }
        self.who_earns()?;
        let exempt = self.about.exempt.is_some();
        Ok(totals(self.currency, self.policy, &self.lines, exempt)?)
    }
}

impl Sale {
    /// Closes a paid order.
    #[must_use]
    pub fn close(
        order: Order<Paid>,
        id: SaleId,
        receipt: ReceiptNumber,
        at: StoreTime,
        staff: Option<String>,
    ) -> Self {
        let (head, lines, payments, totals) = order.into_parts();
        let (currency, policy) = (head.currency, head.policy);
        let about = About {
            kind: Some(head.kind).filter(|kind| *kind != OrderKind::Retail),
            staff,
            customer: head.tab.customer,
            exempt: head.tab.exempt,
            table: head.table,
            covers: head.tab.covers,
            earned: None,
            fiscal: vec![],
        };
        let order = Some(head.id);
        let parts = SaleParts { id, order, receipt, at, currency, policy, lines, payments, about };
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
            let expected =
                Payment::against(due, payment.id, Offer::from(payment), parts.policy.cash)?;
            if (Payment { deposited: payment.deposited, ..expected }) != *payment {
                return Err(SaleError::PaymentsDisagree);
            }
            due = due.minus(payment.settles()?)?;
        }
        if !due.is_zero() {
            return Err(SaleError::NotCovered { due });
        }
        Ok(Self { parts, totals })
    }

    /// What is to pay, before anything was.
    ///
    /// # Errors
    /// See [`SaleError`].
    pub fn due(parts: &SaleParts) -> Result<Money, SaleError> {
        Ok(parts.totals()?.gross)
    }

    /// A sale in one go: takes the tenders against the total, in their order.
    ///
    /// # Errors
    /// See [`SaleError`].
    pub fn of_tenders(
        mut parts: SaleParts,
        tenders: Vec<(crate::PaymentId, Offer)>,
    ) -> Result<Self, SaleError> {
        let mut due = parts.totals()?.gross;
        for (id, offer) in tenders {
            let payment = Payment::against(due, id, offer, parts.policy.cash)?;
            due = due.minus(payment.settles()?)?;
            parts.payments.push(payment);
        }
        Self::checked(parts)
    }

    /// The sale with what it earned its customer.
    ///
    /// # Errors
    /// [`SaleError::NobodyEarns`].
    pub fn with_earned(mut self, earned: Option<Money>) -> Result<Self, SaleError> {
        self.parts.about.earned = earned.filter(|earned| !earned.is_zero());
        self.parts.who_earns()?;
        Ok(self)
    }

    /// The sale with what a fiscal device said to it.
    #[must_use]
    pub fn with_fiscal(mut self, said: Vec<(String, String)>) -> Self {
        self.parts.about.fiscal = said;
        self
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

    /// A line that comes back: so much of a sold one, for the share of what was paid for it that
    /// is left to give back. `before` is what came back already, `id` the new line's.
    ///
    /// # Errors
    /// [`SaleError::Quantity`] for more than is left, or nothing.
    pub fn take_back(
        sold: &Line,
        id: crate::LineId,
        quantity: Quantity,
        before: Quantity,
        from: Returned,
    ) -> Result<Line, SaleError> {
        let quantity = quantity.sellable(sold.unit)?;
        let until = before.plus(quantity)?;
        if sold.is_return() || until > sold.quantity {
            return Err(SaleError::MoreThanSold(sold.name.clone()));
        }
        let paid = sold.total()?;
        let share = |much: Quantity| paid.scaled(much.thousandths(), sold.quantity.thousandths());
        let refund = share(until)?.minus(share(before)?)?.negated();
        let label = sold.more.adjustments.first().map(|part| part.label.clone());
        let more = More {
            adjustments: vec![],
            discounts: vec![],
            parent: None,
            min_age: None,
            serials: vec![],
            returned: Some(from),
            ..sold.more.clone()
        };
        let mut line = Line { id, quantity: quantity.negated(), more, ..sold.clone() };
        let amount = refund.minus(line.full()?)?;
        if !amount.is_zero() {
            let label = label.unwrap_or_default();
            let part = Adjustment { cause: Cause::Return, id: String::new(), label, amount };
            line.more.adjustments.push(part);
        }
        Ok(line)
    }

    /// What went back to the customer.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn change(&self) -> Result<Money, MoneyError> {
        let change = self.parts.payments.iter().map(|payment| payment.change);
        Money::sum(self.parts.currency, change)
    }

    /// The books: tenders against revenue, tax, tips and rounding; goods from the store to the
    /// customer, or back.
    ///
    /// # Errors
    /// Never for a checked sale; [`PostingError`] keeps the proof in the type.
    pub fn postings(&self) -> Result<Postings, PostingError> {
        let mut money = Vec::new();
        for paid in &self.parts.payments {
            money.extend(paid.postings(&self.parts.receipt.terminal)?);
        }
        let post = |account, amount: Money| MoneyPosting { account, amount };
        let mut revenue = self.totals.net;
        let mut kept = Vec::new();
        for kind in [Stored::GiftCard, Stored::Account] {
            let loads =
                self.parts.lines.iter().filter(|line| line.more.nature.loads() == Some(kind));
            let loaded = loads.map(Line::total).collect::<Result<Vec<_>, _>>()?;
            let loaded = Money::sum(self.parts.currency, loaded)?;
            revenue = revenue.minus(loaded)?;
            kept.push(post(Account::Stored(kind), loaded.negated()));
        }
        money.push(post(Account::Sales, revenue.negated()));
        money.extend(kept);
        if let Some(earned) = self.parts.about.earned {
            money.push(post(Account::Goodwill, earned));
            money.push(post(Account::Stored(Stored::Points), earned.negated()));
        }
        money.extend(
            self.totals
                .taxes
                .iter()
                .map(|tax| post(Account::Tax(tax.code.clone(), tax.rate), tax.tax.negated())),
        );
        Postings::balanced(money, self.goods())
    }

    fn goods(&self) -> Vec<StockMove> {
        let moved = self.parts.lines.iter().filter_map(|line| {
            let home = match line.more.nature {
                Nature::Goods => Location::Store,
                Nature::Made => Location::Production,
                Nature::Service | Nature::GiftCard | Nature::AccountPayment => return None,
            };
            let sku = line.sku.clone();
            Some(match line.is_return() {
                false => {
                    let (quantity, to) = (line.quantity, Location::Customer);
                    StockMove { sku, quantity, from: home, to }
                }
                true => {
                    let (quantity, from) = (line.quantity.negated(), Location::Customer);
                    StockMove { sku, quantity, from, to: home }
                }
            })
        });
        moved.collect()
    }
}

#[cfg(test)]
mod tests;
