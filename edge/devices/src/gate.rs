//! The gate.
pub mod track;
pub mod tracker;
pub mod tune;
