//! What a store and headquarters say to each other.
//!
//! **What it is.** The journal's entries and their hash chain ([`entry`]), the bodies of facts in
//! frozen versions ([`v1`]), the messages on the wire ([`message`]) and both ends of their
//! conversation as state machines without I/O ([`session`]).
//!
//! **What it never does.** No sockets, no clock, no database. A shape that was released is never
//! changed: a new one gets the next version, and both are read for as long as one store may
//! still hold the old one. Unknown kinds and versions are carried on as bytes, never dropped.
//!
//! **Where to start reading.** [`session::store`] for a store's side of the line, [`v1::fact`]
//! for what a sale looks like in the journal.

pub mod entry;
pub mod message;
pub mod session;
pub mod v1;
