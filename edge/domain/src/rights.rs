//! Rights: how much of something each place may promise, sell or spend, however long it is apart
//! from the others. A bounded counter (Balegas et al., "Extending Eventually Consistent Cloud
//! Databases for Enforcing Numeric Invariants", 2015), as pure data.
//!
//! Every cell has one writer and only grows, so that merging takes the larger of two values: any
//! order, any repetition and any delay lead to the same state. A place gives and spends only what
//! it holds by the cells that it knows; cells that it does not know yet can only add to that.

mod rebalance;

pub use rebalance::{Grant, rebalance};

use crate::ids::StoreId;
use crate::payment::Stored;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// The most that a cell may count: what every JSON reader still reads as a whole number.
pub const CELL_MAX: u64 = 1 << 53;
/// The longest reference, in bytes.
const REFERENCE_BYTES_MAX: usize = 128;

/// What there may be rights in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ResourceKind {
    /// An item, by SKU; in thousandths of its unit.
    Item,
    /// Value that the shop keeps for a customer; in minor units.
    Stored(Stored),
    /// A promotion that is limited in total, by id; in sales.
    Promotion,
}

/// What rights are in, as `item/MILK-1L` or `gift_card/6001`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    kind: ResourceKind,
    reference: String,
}

/// A place that may hold rights.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// Headquarters.
    Headquarters,
    /// A store.
    Store(StoreId),
}

/// One number, written by one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// What a place gave to another in all; to itself: what it made.
    Given {
        /// Who writes it.
        from: Holder,
        /// Who may use it.
        to: Holder,
    },
    /// What a place used in all, with what it used beyond its rights.
    Spent(Holder),
    /// What a place wants to have been given by another in all.
    Asked {
        /// Who writes it.
        by: Holder,
        /// Who is asked.
        of: Holder,
    },
}

/// A cell that grew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Raised {
    /// Which.
    pub cell: Cell,
    /// By how much.
    pub by: u64,
    /// What it says now.
    pub to: u64,
}

/// The rights in one resource, as far as they are known in one place.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rights(BTreeMap<Cell, u64>);

/// Why rights are refused. In order of precedence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RightsError {
    /// A text that names no resource, no place or no cell.
    #[error("{0:?} is not a resource, as in item/MILK-1L")]
    Name(String),
    /// Nothing.
    #[error("the amount must be more than 0")]
    Nothing,
    /// More than is held.
    #[error("only {held} are held here")]
    NotHeld {
        /// What is, at least nothing.
        held: u64,
    },
    /// More than a cell counts.
    #[error("at most {CELL_MAX} can be counted")]
    TooMany,
}

impl ResourceKind {
    fn name(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Stored(kind) => kind.as_str(),
            Self::Promotion => "promotion",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "item" => Some(Self::Item),
            "promotion" => Some(Self::Promotion),
            _ => {
                Stored::NAMES.iter().find(|(_, n)| *n == name).map(|(kind, _)| Self::Stored(*kind))
            }
        }
    }
}

impl Resource {
    /// A resource of a kind.
    ///
    /// # Errors
    /// [`RightsError::Name`] for a reference that is empty, too long or holds control characters.
    pub fn new(kind: ResourceKind, reference: &str) -> Result<Self, RightsError> {
        let fits = (1..=REFERENCE_BYTES_MAX).contains(&reference.len());
        if !fits || reference.chars().any(char::is_control) || reference.trim() != reference {
            return Err(RightsError::Name(reference.to_owned()));
        }
        Ok(Self { kind, reference: reference.to_owned() })
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> ResourceKind {
        self.kind
    }

    /// Which one.
    #[must_use]
    pub fn reference(&self) -> &str {
        &self.reference
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.name(), self.reference)
    }
}

impl FromStr for Resource {
    type Err = RightsError;

    fn from_str(text: &str) -> Result<Self, RightsError> {
        let named = text
            .split_once('/')
            .and_then(|(kind, reference)| Some((ResourceKind::from_name(kind)?, reference)));
        let (kind, reference) = named.ok_or_else(|| RightsError::Name(text.to_owned()))?;
        Self::new(kind, reference)
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Headquarters => f.write_str("hq"),
            Self::Store(id) => id.fmt(f),
        }
    }
}

impl FromStr for Holder {
    type Err = RightsError;

    fn from_str(text: &str) -> Result<Self, RightsError> {
        let store = || text.parse().map(Self::Store);
        if text == "hq" { Ok(Self::Headquarters) } else { store().map_err(|_| name_error(text)) }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given { from, to } => write!(f, "given:{from}:{to}"),
            Self::Spent(by) => write!(f, "spent:{by}"),
            Self::Asked { by, of } => write!(f, "asked:{by}:{of}"),
        }
    }
}

impl FromStr for Cell {
    type Err = RightsError;

    fn from_str(text: &str) -> Result<Self, RightsError> {
        match text.split(':').collect::<Vec<_>>().as_slice() {
            ["given", from, to] => Ok(Self::Given { from: from.parse()?, to: to.parse()? }),
            ["spent", by] => Ok(Self::Spent(by.parse()?)),
            ["asked", by, of] => Ok(Self::Asked { by: by.parse()?, of: of.parse()? }),
            _ => Err(name_error(text)),
        }
    }
}

fn name_error(text: &str) -> RightsError {
    RightsError::Name(text.to_owned())
}

impl Cell {
    /// The one place that writes it.
    #[must_use]
    pub const fn writer(self) -> Holder {
        match self {
            Self::Given { from, .. } => from,
            Self::Spent(by) | Self::Asked { by, .. } => by,
        }
    }
}

impl FromIterator<(Cell, u64)> for Rights {
    fn from_iter<T: IntoIterator<Item = (Cell, u64)>>(cells: T) -> Self {
        let mut rights = Self::default();
        cells.into_iter().for_each(|(cell, value)| rights.learn(cell, value));
        rights
    }
}

impl Rights {
    /// Every cell that is not nothing.
    pub fn cells(&self) -> impl Iterator<Item = (Cell, u64)> {
        self.0.iter().map(|(cell, value)| (*cell, *value))
    }

    /// What a cell says.
    #[must_use]
    pub fn get(&self, cell: Cell) -> u64 {
        self.0.get(&cell).copied().unwrap_or(0)
    }

    /// Takes what another replica says of a cell: the larger value holds.
    pub fn learn(&mut self, cell: Cell, value: u64) {
        let known = self.0.entry(cell).or_default();
        *known = value.min(CELL_MAX).max(*known);
    }

    /// Takes all that another replica knows.
    pub fn merge(&mut self, other: &Self) {
        other.cells().for_each(|(cell, value)| self.learn(cell, value));
    }

    /// What a place holds; below nothing by what it used beyond its rights.
    #[must_use]
    pub fn held(&self, place: Holder) -> i64 {
        let sum = self.0.iter().map(|(cell, value)| {
            let value = i128::from(*value);
            match *cell {
                Cell::Given { to, .. } if to == place => value,
                Cell::Given { from, .. } if from == place => -value,
                Cell::Spent(by) if by == place => -value,
                _ => 0,
            }
        });
        i64::try_from(sum.sum::<i128>()).unwrap_or(i64::MIN)
    }

    /// What a place may use now, at least nothing.
    #[must_use]
    pub fn usable(&self, place: Holder) -> u64 {
        u64::try_from(self.held(place)).unwrap_or(0)
    }

    /// What a place used beyond its rights, and was not settled yet.
    #[must_use]
    pub fn overdrawn(&self, place: Holder) -> u64 {
        u64::try_from(self.held(place).saturating_neg()).unwrap_or(0)
    }

    /// What was made of it in all, as far as is known here.
    #[must_use]
    pub fn minted(&self) -> u64 {
        let own = |cell: &Cell| matches!(cell, Cell::Given { from, to } if from == to);
        self.0.iter().filter(|(cell, _)| own(cell)).map(|(_, value)| value).sum()
    }

    /// What was used of it in all, as far as is known here.
    #[must_use]
    pub fn spent(&self) -> u64 {
        let used = |cell: &Cell| matches!(cell, Cell::Spent(_));
        self.0.iter().filter(|(cell, _)| used(cell)).map(|(_, value)| value).sum()
    }

    /// Every place that a cell names.
    #[must_use]
    pub fn places(&self) -> Vec<Holder> {
        let named = self.0.keys().flat_map(|cell| match *cell {
            Cell::Given { from, to } => [from, to],
            Cell::Spent(by) => [by, by],
            Cell::Asked { by, of } => [by, of],
        });
        let mut places: Vec<Holder> = named.collect();
        places.sort_unstable();
        places.dedup();
        places
    }

    /// A place makes rights: goods or value that exist there and nowhere else.
    ///
    /// # Errors
    /// Nothing, or too many.
    pub fn mint(&mut self, place: Holder, amount: u64) -> Result<Raised, RightsError> {
        self.raise(Cell::Given { from: place, to: place }, amount)
    }

    /// A place gives rights that it holds to another.
    ///
    /// # Errors
    /// [`RightsError::NotHeld`], nothing, or too many.
    pub fn give(&mut self, from: Holder, to: Holder, amount: u64) -> Result<Raised, RightsError> {
        if from == to {
            return Err(RightsError::Nothing);
        }
        self.may_use(from, amount)?;
        self.raise(Cell::Given { from, to }, amount)
    }

    /// A place uses rights that it holds.
    ///
    /// # Errors
    /// [`RightsError::NotHeld`], nothing, or too many.
    pub fn spend(&mut self, place: Holder, amount: u64) -> Result<Raised, RightsError> {
        self.may_use(place, amount)?;
        self.overdraw(place, amount)
    }

    /// A place uses rights whether it holds them or not: the goods are in the customer's hand.
    ///
    /// # Errors
    /// Nothing, or too many.
    pub fn overdraw(&mut self, place: Holder, amount: u64) -> Result<Raised, RightsError> {
        self.raise(Cell::Spent(place), amount)
    }

    /// A place asks another for so much more than it was given. Asking again while nothing came
    /// asks for the larger of both.
    ///
    /// # Errors
    /// Nothing, or too many.
    pub fn ask(
        &mut self,
        by: Holder,
        of: Holder,
        amount: u64,
    ) -> Result<Option<Raised>, RightsError> {
        let (cell, given) = (Cell::Asked { by, of }, self.get(Cell::Given { from: of, to: by }));
        let more = given.saturating_add(amount).saturating_sub(self.get(cell));
        if by == of || amount == 0 {
            return Err(RightsError::Nothing);
        }
        if more == 0 { Ok(None) } else { self.raise(cell, more).map(Some) }
    }

    /// Who asks a place for how much that it has not given yet, in the order of the places.
    #[must_use]
    pub fn due_from(&self, of: Holder) -> Vec<(Holder, u64)> {
        let asked = self.0.iter().filter_map(|(cell, value)| match *cell {
            Cell::Asked { by, of: asked } if asked == of => Some((by, *value)),
            _ => None,
        });
        let due = asked.map(|(by, value)| {
            (by, value.saturating_sub(self.get(Cell::Given { from: of, to: by })))
        });
        due.filter(|(_, due)| *due > 0).collect()
    }

    fn may_use(&self, place: Holder, amount: u64) -> Result<(), RightsError> {
        let held = self.usable(place);
        if amount > held { Err(RightsError::NotHeld { held }) } else { Ok(()) }
    }

    fn raise(&mut self, cell: Cell, by: u64) -> Result<Raised, RightsError> {
        if by == 0 {
            return Err(RightsError::Nothing);
        }
        let to = self.get(cell).checked_add(by).filter(|to| *to <= CELL_MAX);
        let to = to.ok_or(RightsError::TooMany)?;
        self.0.insert(cell, to);
        Ok(Raised { cell, by, to })
    }
}

#[cfg(test)]
mod tests;
