//! The house's rules, as tests: see `tests/arrows.rs` and `tests/house.rs`.
//!
//! **What it never does.** It never runs the product; it reads `cargo metadata` and sources.
