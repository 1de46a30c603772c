//! An order's life: open, placed, paid, closed. Each state is its own type, so that a paid order
//! cannot gain a line and an empty one cannot be paid.

use crate::ids::{LineId, OrderId};
use crate::item::{ChosenModifier, Item, Sku, TerminalId};
use crate::money::{Currency, Money, MoneyError};
use crate::payment::{Payment, PaymentError, Tender};
use crate::quantity::{Quantity, QuantityError, Unit};
use crate::tax::{TaxPolicy, TaxRate, Totals};
use crate::time::StoreTime;

/// The most lines on one order: a trolley has under 200; the bound keeps one order from
/// stalling the till.
pub const LINES_MAX: usize = 1_000;

/// How the order leaves the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderKind {
    /// Over the counter of a shop.
    Retail,
    /// At a table.
    DineIn,
    /// Made here, eaten elsewhere.
    Takeaway,
    /// Brought to the customer.
    Delivery,
}

impl OrderKind {
    /// Every kind with its name on the wire.
    pub const NAMES: [(Self, &'static str); 4] = [
        (Self::Retail, "retail"),
        (Self::DineIn, "dine_in"),
        (Self::Takeaway, "takeaway"),
        (Self::Delivery, "delivery"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(kind, _)| *kind == self).map_or("retail", |(_, name)| name)
    }

    /// The kind of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// How far an order is, as a lattice: of two states the later one holds, and paid beats
/// cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Lines may come and go.
    Open,
    /// The kitchen has some of it, or some of it is paid.
    Placed,
    /// Given up.
    Cancelled,
    /// Nothing is due any more.
    Paid,
    /// A sale.
    Closed,
}

impl Status {
    /// Every state with its name on the wire.
    pub const NAMES: [(Self, &'static str); 5] = [
        (Self::Open, "open"),
        (Self::Placed, "placed"),
        (Self::Cancelled, "cancelled"),
        (Self::Paid, "paid"),
        (Self::Closed, "closed"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(status, _)| *status == self).map_or("open", |(_, name)| name)
    }

    /// The state of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(status, _)| *status)
    }

    /// Whether lines and payments may still come.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Open | Self::Placed)
    }
}

/// What does not change while an order lives.
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
}

/// One line: what, how much, at the price that held when it was rung up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its id; lines sort by it, oldest first.
    pub id: LineId,
    /// What is sold.
    pub sku: Sku,
    /// Its name when it was rung up.
    pub name: String,
    /// What it is counted in.
    pub unit: Unit,
    /// How much of it.
    pub quantity: Quantity,
    /// The shelf's price for one unit, without modifiers.
    pub unit_price: Money,
    /// Its tax rate.
    pub tax_rate: TaxRate,
    /// What was chosen with it.
    pub modifiers: Vec<ChosenModifier>,
    /// The kitchen station that makes it.
    pub station: Option<String>,
    /// A word to the kitchen.
    pub note: Option<String>,
    /// Whether the kitchen has it.
    pub fired: bool,
    /// Whether it was taken off the order. Kept, so that two tills cannot disagree.
    pub voided: bool,
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

impl Line {
    /// A line for an item.
    ///
    /// # Errors
    /// A quantity that the item's unit does not allow.
    pub fn of(
        id: LineId,
        item: &Item,
        quantity: Quantity,
        modifiers: Vec<ChosenModifier>,
        note: Option<String>,
    ) -> Result<Self, QuantityError> {
        Ok(Self {
            id,
            sku: item.sku.clone(),
            name: item.name.clone(),
            unit: item.unit,
            quantity: quantity.sellable(item.unit)?,
            unit_price: item.price,
            tax_rate: item.tax_rate,
            modifiers,
            station: item.station.clone(),
            note,
            fired: false,
            voided: false,
        })
    }

    /// What the line costs at the shelf's price.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn total(&self) -> Result<Money, MoneyError> {
        let choices = self.modifiers.iter().map(|choice| choice.price);
        let each = Money::sum(self.unit_price.currency(), choices)?.plus(self.unit_price)?;
        self.quantity.at(each)
    }
}

/// The lines that count.
fn live(lines: &[Line]) -> impl Iterator<Item = &Line> {
    lines.iter().filter(|line| !line.voided)
}

/// The totals of lines under a head's policy.
///
/// # Errors
/// Two currencies, or an amount beyond the bound.
pub fn totals(currency: Currency, policy: TaxPolicy, lines: &[Line]) -> Result<Totals, MoneyError> {
    let amounts = live(lines)
        .map(|line| Ok((line.total()?, line.tax_rate)))
        .collect::<Result<Vec<_>, MoneyError>>()?;
    policy.totals(currency, amounts)
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
        totals(self.head.currency, self.head.policy, &self.lines)
    }
}

impl Order<Open> {
    /// An order with the lines it has so far.
    #[must_use]
    pub fn open(head: Head, mut lines: Vec<Line>) -> Self {
        lines.sort_by_key(|line| line.id);
        Self { head, lines, state: Open }
    }

    /// Adds a line. The same item in whole pieces, with the same choices and not yet in the
    /// kitchen, counts up on its line. Answers with that line's id.
    ///
    /// # Errors
    /// [`OrderError::TooManyLines`], or a quantity beyond the bound.
    pub fn add(&mut self, line: Line) -> Result<LineId, OrderError> {
        let same = |known: &&mut Line| {
            line.unit == Unit::Each
                && line.note.is_none()
                && !known.voided
                && !known.fired
                && known.note.is_none()
                && known.sku == line.sku
                && known.unit_price == line.unit_price
                && known.modifiers == line.modifiers
        };
        if let Some(known) = self.lines.iter_mut().find(same) {
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
        let line = self.lines.iter_mut().find(|line| line.id == id && !line.voided);
        let line = line.ok_or(OrderError::UnknownLine)?;
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

    /// Marks every line that a kitchen makes as fired, and answers with those that were not.
    pub fn fire(&mut self) -> Vec<Line> {
        let unfired = |line: &&mut Line| !line.voided && !line.fired && line.station.is_some();
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
    /// What is still to pay.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn due(&self) -> Result<Money, MoneyError> {
        let paid = self.state.payments.iter().map(|payment| payment.amount);
        self.totals()?.gross.minus(Money::sum(self.head.currency, paid)?)
    }

    /// Takes a tender against what is due.
    ///
    /// # Errors
    /// See [`PaymentError`].
    pub fn tender(mut self, id: crate::PaymentId, tender: Tender) -> Result<Tendered, OrderError> {
        let payment = Payment::against(self.due()?, id, tender)?;
        self.state.payments.push(payment.clone());
        if self.due()?.minor() > 0 {
            return Ok(Tendered::Part(self, payment));
        }
        let totals = self.totals()?;
        let state = Paid { payments: self.state.payments, totals };
        Ok(Tendered::Full(Order { head: self.head, lines: self.lines, state }, payment))
    }
}

impl Order<Paid> {
    /// Its parts, for [`Sale::close`](crate::sale::Sale::close).
    pub(crate) fn into_parts(self) -> (Head, Vec<Line>, Vec<Payment>, Totals) {
        let lines = self.lines.into_iter().filter(|line| !line.voided).collect();
        (self.head, lines, self.state.payments, self.state.totals)
    }
}
