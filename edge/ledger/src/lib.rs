//! The store's ledger.
//!
//! **What it is.** One SQLite file in WAL mode with `synchronous=FULL`, one writer thread that
//! drains its bounded queue into one transaction per fsync (group commit), readers with
//! connections of their own. In one transaction go: the journal's entry, its postings and stock
//! moves, the projections, the answer to the command's idempotency key, print jobs, kitchen
//! tickets, documents' bytes, and what screens will hear.
//!
//! **What it never does.** It never edits or cuts the journal (triggers refuse), never answers
//! before the commit is durable, never retries a failed fsync: it drops the connection, opens
//! the file again and checks the chain's end. It knows nothing of HTTP, devices or Automerge.
//!
//! **Where to start reading.** [`Ledger::submit`] for how a command gets in, [`Tx::append`] for
//! what one fact writes, [`verify`] for what must hold.

pub mod access;
pub mod cards;
pub mod customers;
pub mod docs;
pub mod export;
pub mod feed;
pub mod gate;
pub mod items;
pub mod kitchen;
pub mod orders;
pub mod print;
pub mod promotions;
pub mod rebuild;
pub mod reports;
pub mod rights;
pub mod sales;
pub mod settlements;
pub mod shifts;
pub mod slips;
pub mod staff;
pub mod stock;
pub mod verify;

mod checkpoint;
mod core;
mod error;
mod journal;
mod projection;
mod schema;
mod search;
mod spelling;
mod writer;

pub use core::{Core, Settings, Tx, View, audit};
pub use error::LedgerError;
pub use writer::{Command, Ledger, Outcome, Pending, Progress};
