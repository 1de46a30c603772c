//! Version 1 of every shape. Frozen: a released shape only ever gains optional fields.

pub mod fact;
pub mod item;
pub mod order;

mod kitchen;
mod sale;
mod stock;
