//! Version 1 of every shape. Frozen: a released shape only ever gains optional fields.

pub mod customer;
pub mod details;
pub mod fact;
pub mod item;
pub mod more;
pub mod order;
pub mod promotion;

mod audit;
mod kitchen;
mod refund;
mod sale;
mod shift;
mod slip;
mod stock;
mod value;
