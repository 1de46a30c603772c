//! An order's life: open, placed, paid, closed. Each state is its own type, so that a paid order
//! cannot gain a line and an empty one cannot be paid.

mod line;
mod status;

pub use line::{Adjustment, Cause, Discount, Line, More, Off, Returned};
pub use status::{OrderKind, Status};

use crate::ids::{LineId, OrderId};
use crate::item::TerminalId;
use crate::money::{Currency, Money, MoneyError};
use crate::payment::{Offer, Payment, PaymentError};
use crate::quantity::{Quantity, QuantityError};
use crate::tax::{TaxPolicy, Totals};
use crate::time::StoreTime;

/// The most lines on one order: a trolley has under 200; the bound keeps one order from
/// stalling the till.
pub const LINES_MAX: usize = 1_000;

/// Where an order stands and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its id.
    pub id: OrderId,
    /// What staff call it by; counts up per store.
    pub number: u32,
    /// How it leaves the shop.
    pub kind: OrderKind,
    /// Where it was opened.
    pub terminal: TerminalId,
    /// The table of a dine-in order.
    pub table: Option<String>,
    /// When it was opened.
    pub opened_at: StoreTime,
    /// The store's currency.
    pub currency: Currency,
    /// How the store's prices are taxed.
    pub policy: TaxPolicy,
    /// What most orders do not say.
    pub tab: Tab,
}

/// What most orders do not say, and what may change while one lives.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Tab {
    /// How many people sit at the table.
    pub covers: Option<u16>,
    /// Whose it is: a customer's id.
    pub customer: Option<String>,
    /// The customer's group, which has prices and promotions of its own.
    pub group: Option<String>,
    /// Coupon codes that were shown.
    pub coupons: Vec<String>,
    /// Discounts on the whole order.
    pub discounts: Vec<Discount>,
    /// A charge for service in thousandths of a per cent, where one is added.
    pub service: Option<u32>,
    /// Why no tax is raised, where none is.
    pub exempt: Option<String>,
    /// A name to call out, or a word for whoever packs it.
    pub note: Option<String>,
    /// Somebody saw that the customer is so old, in years.
    pub age_checked: Option<u8>,
}

/// Lines may come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open;

/// It has something on it and may be paid, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    payments: Vec<Payment>,
}

/// Nothing is due any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    payments: Vec<Payment>,
    totals: Totals,
}

/// An order in state `S`: [`Open`], [`Placed`] or [`Paid`]; closing a paid one makes a
/// [`Sale`](crate::sale::Sale).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order<S> {
    head: Head,
    lines: Vec<Line>,
    state: S,
}

/// What became of a tender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tendered {
    /// Something is still due.
    Part(Order<Placed>, Payment),
    /// Nothing is due any more.
    Full(Order<Paid>, Payment),
}

/// Why an order refuses. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// No such line.
    #[error("this line is not on the order any more")]
    UnknownLine,
    /// The kitchen has it.
    #[error("the kitchen has this line already: it cannot be changed here")]
    LineFired,
    /// At the bound.
    #[error("an order holds at most {LINES_MAX} lines: open another one")]
    TooManyLines,
    /// Nothing on it.
    #[error("there is nothing on this order yet")]
    Empty,
    /// See [`QuantityError`].
    #[error(transparent)]
    Quantity(#[from] QuantityError),
    /// See [`PaymentError`].
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// See [`MoneyError`].
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// The lines that count.
fn live(lines: &[Line]) -> impl Iterator<Item = &Line> {
    lines.iter().filter(|line| !line.voided)
}

/// The totals of lines under a policy.
///
/// # Errors
/// Two currencies, or an amount beyond the bound.
pub fn totals(
    currency: Currency,
    policy: TaxPolicy,
    lines: &[Line],
    exempt: bool,
) -> Result<Totals, MoneyError> {
    let amounts = live(lines).map(Line::taxed).collect::<Result<Vec<_>, MoneyError>>()?;
    policy.totals(currency, amounts, exempt)
}

/// The age that the buyer of these lines must have and nobody has seen yet.
#[must_use]
pub fn age_to_check(lines: &[Line], checked: Option<u8>) -> Option<u8> {
    let needed = live(lines).filter_map(|line| line.more.min_age).max();
    needed.filter(|needed| checked.is_none_or(|checked| checked < *needed))
}

impl Head {
    /// The totals of lines of this order.
    ///
    /// # Errors
    /// As [`totals`].
    pub fn totals(&self, lines: &[Line]) -> Result<Totals, MoneyError> {
        totals(self.currency, self.policy, lines, self.tab.exempt.is_some())
    }
}

impl<S> Order<S> {
    /// What does not change.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// All lines, voided ones too.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The order's totals.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn totals(&self) -> Result<Totals, MoneyError> {
        self.head.totals(&self.lines)
    }
}

impl Order<Open> {
    /// An order with the lines it has so far.
    #[must_use]
    pub fn open(head: Head, mut lines: Vec<Line>) -> Self {
        lines.sort_by_key(Line::place);
        Self { head, lines, state: Open }
    }

    /// Adds a line. The same item in whole pieces, with the same choices and not yet in the
    /// kitchen, counts up on its line. Answers with that line's id.
    ///
    /// # Errors
    /// [`OrderError::TooManyLines`], or a quantity beyond the bound.
    pub fn add(&mut self, line: Line) -> Result<LineId, OrderError> {
        if let Some(known) = self.lines.iter_mut().find(|known| known.takes(&line)) {
            known.quantity = known.quantity.plus(line.quantity)?;
            return Ok(known.id);
        }
        if self.lines.len() >= LINES_MAX {
            return Err(OrderError::TooManyLines);
        }
        let id = line.id;
        self.lines.push(line);
        Ok(id)
    }

    /// Sets a line's quantity; nothing voids the line.
    ///
    /// # Errors
    /// [`OrderError::UnknownLine`], [`OrderError::LineFired`], or a quantity that the unit
    /// does not allow.
    pub fn set_quantity(&mut self, id: LineId, quantity: Quantity) -> Result<(), OrderError> {
        let line = self.line_mut(id)?;
        if line.fired {
            return Err(OrderError::LineFired);
        }
        if quantity == Quantity::ZERO {
            line.voided = true;
        } else {
            line.quantity = quantity.sellable(line.unit)?;
        }
        Ok(())
    }

    /// A line that counts, to be changed.
    ///
    /// # Errors
    /// [`OrderError::UnknownLine`].
    pub fn line_mut(&mut self, id: LineId) -> Result<&mut Line, OrderError> {
        let line = self.lines.iter_mut().find(|line| line.id == id && !line.voided);
        line.ok_or(OrderError::UnknownLine)
    }

    /// Takes a line off although the kitchen has it. Answers with it.
    ///
    /// # Errors
    /// [`OrderError::UnknownLine`].
    pub fn void(&mut self, id: LineId) -> Result<Line, OrderError> {
        let line = self.line_mut(id)?;
        line.voided = true;
        Ok(line.clone())
    }

    /// Marks lines that a kitchen makes as fired, and answers with those that were not: all of
    /// them, or those of the courses up to one.
    pub fn fire(&mut self, up_to: Option<u8>) -> Vec<Line> {
        let now = |line: &Line| match (up_to, line.more.course) {
            (Some(up_to), Some(course)) => course <= up_to,
            _ => true,
        };
        let unfired =
            |line: &&mut Line| !line.voided && !line.fired && line.station.is_some() && now(line);
        let fire = |line: &mut Line| {
            line.fired = true;
            line.clone()
        };
        self.lines.iter_mut().filter(unfired).map(fire).collect()
    }

    /// Ready to be paid; `payments` are those taken so far.
    ///
    /// # Errors
    /// [`OrderError::Empty`].
    pub fn place(self, payments: Vec<Payment>) -> Result<Order<Placed>, OrderError> {
        if live(&self.lines).next().is_none() {
            return Err(OrderError::Empty);
        }
        Ok(Order { head: self.head, lines: self.lines, state: Placed { payments } })
    }
}

impl Order<Placed> {
    /// What is still to pay; below nothing for what goes back.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn due(&self) -> Result<Money, MoneyError> {
        let paid = self.state.payments.iter().map(Payment::settles);
        let paid = paid.collect::<Result<Vec<_>, _>>()?;
        self.totals()?.gross.minus(Money::sum(self.head.currency, paid)?)
    }

    /// Takes a tender against what is due.
    ///
    /// # Errors
    /// See [`PaymentError`].
    pub fn tender(
        mut self,
        id: crate::PaymentId,
        offer: impl Into<Offer>,
    ) -> Result<Tendered, OrderError> {
        let payment = Payment::against(self.due()?, id, offer.into(), self.head.policy.cash)?;
        self.state.payments.push(payment.clone());
        if !self.due()?.is_zero() {
            return Ok(Tendered::Part(self, payment));
        }
        Ok(Tendered::Full(self.settled()?, payment))
    }

    /// An order on which nothing is due, as an even exchange: paid without a tender.
    ///
    /// # Errors
    /// [`PaymentError::NotCovered`] where something is.
    pub fn settle(self) -> Result<Order<Paid>, OrderError> {
        let due = self.due()?;
        if !due.is_zero() {
            return Err(PaymentError::NotCovered { due }.into());
        }
        Ok(self.settled()?)
    }

    fn settled(self) -> Result<Order<Paid>, MoneyError> {
        let totals = self.totals()?;
        let state = Paid { payments: self.state.payments, totals };
        Ok(Order { head: self.head, lines: self.lines, state })
    }
}

impl Order<Paid> {
    /// Its parts, for [`Sale::close`](crate::sale::Sale::close).
    pub(crate) fn into_parts(self) -> (Head, Vec<Line>, Vec<Payment>, Totals) {
        let lines = self.lines.into_iter().filter(|line| !line.voided).collect();
        (self.head, lines, self.state.payments, self.state.totals)
    }
}
