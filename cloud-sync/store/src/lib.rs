//! Headquarters' tables: what the stores said, what follows from it, what is edited together.
//!
//! **What it is.** One trait, [`Store`], with its SQLite backend ([`Sqlite`]); the rule of who
//! is let in ([`admit`]); the documents in memory with their sync conversations ([`Documents`]).
//! Entries are accepted once, in order, with their chain and the shop's rules checked, in one
//! transaction with all that reports read. A second backend proves itself with [`conformance`].
//!
//! **What it never does.** No network, no clock and no randomness of its own: the moment and the
//! actor come in as arguments, so that the simulator runs the same code. Nothing is acknowledged
//! before its commit, nothing is edited, nothing of an unknown kind is dropped. Every call may
//! block: never call it on an async worker.
//!
//! **Where to start reading.** [`Store::accept`] for what arrives, [`Documents::receive`] for
//! what is merged.

mod admission;
mod backend;
pub mod conformance;
mod documents;
mod error;
mod model;
mod sqlite;

pub use admission::{admit, barred};
pub use backend::Store;
pub use documents::{Changed, Documents, Outgoing, SessionId};
pub use error::StoreError;
pub use model::{
    Answer, CatalogueItem, Certificate, Conflict, DocumentKey, DocumentWrite, GroupBy, NewStore,
    PriceValue, Quarantine, SalesQuery, SalesRow, StoreRow, StoredDocument, TENANT, TodaysSales,
    business_day,
};
pub use sqlite::Sqlite;
