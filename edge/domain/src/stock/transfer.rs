//! Goods that change places: in one step within the store, or on their way.

use super::{Goods, Place, moved};
use crate::ids::TransferId;
use crate::posting::{Location, Postings};
use crate::time::StoreTime;

/// Where a transfer begins or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// In this store.
    Here(Place),
    /// In another store of ours, by its name.
    Elsewhere(String),
}

/// Goods went from one place of the store to another, in one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockMoved {
    /// Its id.
    pub id: TransferId,
    /// From here.
    pub from: Place,
    /// To here.
    pub to: Place,
    /// What.
    pub lines: Vec<Goods>,
    /// What people call it.
    pub reference: Option<String>,
    /// When.
    pub at: StoreTime,
}

/// Goods left on their way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferSent {
    /// Its id.
    pub id: TransferId,
    /// From here.
    pub from: End,
    /// To here.
    pub to: End,
    /// What; each item's lots apart.
    pub lines: Vec<Goods>,
    /// What people call it.
    pub reference: Option<String>,
    /// When.
    pub at: StoreTime,
}

/// Goods on their way arrived, all or some. What did not stays on its way until it is settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferReceived {
    /// Which transfer.
    pub id: TransferId,
    /// Where.
    pub to: End,
    /// What.
    pub lines: Vec<Goods>,
    /// When.
    pub at: StoreTime,
}

/// What never arrived was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferSettled {
    /// Which transfer.
    pub id: TransferId,
    /// What.
    pub lines: Vec<Goods>,
    /// In somebody's words.
    pub note: Option<String>,
    /// When.
    pub at: StoreTime,
}

impl From<End> for Location {
    fn from(end: End) -> Self {
        match end {
            End::Here(place) => place.into(),
            End::Elsewhere(_) => Self::Elsewhere,
        }
    }
}

fn all(lines: &[Goods], from: &Location, to: &Location) -> Postings {
    Postings::of_goods(lines.iter().map(|line| moved(line, from.clone(), to.clone())).collect())
}

impl StockMoved {
    pub(super) fn postings(&self) -> Postings {
        all(&self.lines, &self.from.clone().into(), &self.to.clone().into())
    }
}

impl TransferSent {
    pub(super) fn postings(&self) -> Postings {
        all(&self.lines, &self.from.clone().into(), &Location::Transit)
    }
}

impl TransferReceived {
    pub(super) fn postings(&self) -> Postings {
        all(&self.lines, &Location::Transit, &self.to.clone().into())
    }
}

impl TransferSettled {
    pub(super) fn postings(&self) -> Postings {
        all(&self.lines, &Location::Transit, &Location::Shrinkage)
    }
}
