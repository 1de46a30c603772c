//! What can be edited in two places at once: one file per document, each with its shape, its
//! version, the intents that edit it, and its merge rule in prose and in tests.
//!
//! **What it is.** A thin, typed face over Automerge. The sync protocol is Automerge's own, so
//! that other implementations can read and join.
//!
//! **What it never does.** No I/O, no clock, no randomness. Money that was taken never lies in a
//! document (it is a fact in the journal); prices, which people edit, do.
//!
//! **Where to start reading.** [`catalogue`] for a rule that keeps both values of a conflict,
//! [`order`] for a lattice in which the most advanced state wins.
//!
//! **Traps it stands on** (measured): a flat map makes one remote change cost time in proportion
//! to its keys, hence two levels; two places that create the same document independently would
//! lose one side's containers, hence a genesis change that is the same everywhere; a replica
//! that reuses an actor id can never sync again, hence a new one at every start.

pub mod catalogue;
pub mod customer;
pub mod order;
pub mod promotion;
pub mod rights;
pub mod staff;

mod document;
mod kind;

pub use document::{Actor, DocError, Document, SyncState, kind_of};
pub use kind::{Scope, check, scope_of};
