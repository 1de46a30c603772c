//! The Low Level Reader Protocol, 1.0.1 and 1.1 (EPCglobal, 2007 and 2010), without I/O.
//!
//! Only what a gate and a stock count need is written; everything is read past by its length.
//! Numbers are those of the standard, sections 16 and 17; Impinj's extensions are those that its
//! public definition files name.

pub mod encode;
pub mod event;
pub mod frame;
pub mod number;
pub mod param;
pub mod report;
pub mod status;

pub use frame::{Frames, Header, Message};
