//! One line of an order or a sale, and what makes it cheaper.

use crate::ids::{LineId, SaleId};
use crate::item::{ChosenModifier, Item, Nature, Sku};
use crate::money::{Money, MoneyError};
use crate::quantity::{Quantity, QuantityError, Unit};
use crate::tax::{Levy, TaxRate, Taxed};
use uuid::Uuid;

/// What somebody takes off a line or an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Off {
    /// Thousandths of a per cent, at most 100 000.
    Percent(u32),
    /// An amount for the whole line or order.
    Amount(Money),
    /// Another price for one unit of a line.
    Price(Money),
}

/// A discount that somebody gave, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discount {
    /// Its id.
    pub id: Uuid,
    /// How much.
    pub off: Off,
    /// Why, in a few words.
    pub reason: String,
    /// Who gave it.
    pub by: Option<String>,
}

/// Why a line costs another amount than its price times its quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Somebody gave a discount on the line, or another price.
    Manual,
    /// The line's share of a discount on the order.
    Order,
    /// A promotion.
    Promotion,
    /// What goes back is what was paid: the share of what made the sold line cheaper.
    Return,
}

/// One cause with its amount, in cents that are explained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// What sort of cause.
    pub cause: Cause,
    /// Which: a promotion's or discount's id.
    pub id: String,
    /// What the receipt says.
    pub label: String,
    /// Added to the line; below nothing for what is cheaper.
    pub amount: Money,
}

/// The sold line that goods come back from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The sale, where its receipt is known.
    pub sale: Option<SaleId>,
    /// Its line.
    pub line: Option<LineId>,
    /// Why.
    pub reason: String,
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
    /// How much of it; below nothing for what comes back.
    pub quantity: Quantity,
    /// The price for one unit, without modifiers.
    pub unit_price: Money,
    /// Its first tax.
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
    /// What most lines do not say.
    pub more: More,
}

/// What most lines do not say.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct More {
    /// What it is to the books.
    pub nature: Nature,
    /// Taxes beyond the first.
    pub levies: Vec<Levy>,
    /// Discounts that somebody gave on this line.
    pub discounts: Vec<Discount>,
    /// What the line costs more or less, with each cause.
    pub adjustments: Vec<Adjustment>,
    /// Who at the table has it, from 1.
    pub seat: Option<u8>,
    /// With which course it is served, from 1.
    pub course: Option<u8>,
    /// The line that it belongs to: a deposit to its bottle.
    pub parent: Option<LineId>,
    /// Where it comes back from.
    pub returned: Option<Returned>,
    /// The pieces' serial numbers (EPC URIs, GS1 element strings, or the maker's own).
    pub serials: Vec<String>,
    /// The lot that it was taken from.
    pub lot: Option<String>,
    /// Who buys it must be so old, in years.
    pub min_age: Option<u8>,
}

impl Cause {
    /// Every cause with its name on the wire.
    pub const NAMES: [(Self, &'static str); 4] = [
        (Self::Manual, "manual"),
        (Self::Order, "order"),
        (Self::Promotion, "promotion"),
        (Self::Return, "return"),
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        Self::NAMES.iter().find(|(cause, _)| *cause == self).map_or("manual", |(_, name)| name)
    }

    /// The cause of a wire name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(_, known)| *known == name).map(|(cause, _)| *cause)
    }
}

impl Off {
    /// What comes off an amount: never more than there is. `None` for a price, which is a line's
    /// alone.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn from(self, amount: Money) -> Result<Money, MoneyError> {
        let off = match self {
            Self::Percent(percent) => amount.scaled(i64::from(percent.min(100_000)), 100_000)?,
            Self::Amount(off) => off,
            Self::Price(_) => Money::zero(amount.currency()),
        };
        Ok(if off > amount { amount } else { off })
    }
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
            more: More {
                nature: match item.details.nature {
                    Nature::Goods if !item.details.recipe.is_empty() => Nature::Made,
                    nature => nature,
                },
                levies: item.details.levies.clone(),
                min_age: item.details.min_age,
                ..More::default()
            },
        })
    }

    /// What the line would cost without discounts.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn full(&self) -> Result<Money, MoneyError> {
        let choices = self.modifiers.iter().map(|choice| choice.price);
        let each = Money::sum(self.unit_price.currency(), choices)?.plus(self.unit_price)?;
        self.quantity.at(each)
    }

    /// What the line costs.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn total(&self) -> Result<Money, MoneyError> {
        self.more.adjustments.iter().try_fold(self.full()?, |sum, part| sum.plus(part.amount))
    }

    /// The line as taxes see it.
    ///
    /// # Errors
    /// An amount beyond the bound.
    pub fn taxed(&self) -> Result<Taxed<'_>, MoneyError> {
        Ok(Taxed { amount: self.total()?, rate: self.tax_rate, levies: &self.more.levies })
    }

    /// Where it stands among an order's lines: as they were rung up, what belongs to a line right
    /// behind it.
    #[must_use]
    pub fn place(&self) -> (LineId, bool, LineId) {
        (self.more.parent.unwrap_or(self.id), self.more.parent.is_some(), self.id)
    }

    /// Whether goods come back on it.
    #[must_use]
    pub const fn is_return(&self) -> bool {
        self.more.returned.is_some()
    }

    /// Whether the same item, rung up again, counts up on this line.
    #[must_use]
    pub fn takes(&self, other: &Self) -> bool {
        let plain = |line: &Self| {
            line.unit == Unit::Each
                && line.note.is_none()
                && !line.voided
                && !line.fired
                && !line.is_return()
                && line.more.serials.is_empty()
                && line.more.parent.is_none()
                && matches!(line.more.nature, Nature::Goods | Nature::Made)
                && line.more.discounts.is_empty()
        };
        plain(self)
            && plain(other)
            && self.sku == other.sku
            && self.unit_price == other.unit_price
            && self.modifiers == other.modifiers
            && (self.more.seat, self.more.course) == (other.more.seat, other.more.course)
    }
}
