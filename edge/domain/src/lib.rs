//! The shop's language: what a sale *is*, and the rules that hold wherever it is recorded.
//!
//! **What it is.** Money, quantity, ids, codes, items, orders, tenders, sales, postings, kitchen
//! tickets and receipts, as types that make a wrong one hard to write. Headquarters re-checks a
//! store's facts with this same code.
//!
//! **What it never does.** No I/O, no clock, no randomness of its own (both come in as arguments),
//! no serialisation (wire shapes live in `cloud-sync/protocol`), no float.
//!
//! **Where to start reading.** [`order`] for the life of an order, [`sale`] for what is recorded
//! when it is paid, [`posting`] for why the books always balance.

pub mod audit;
pub mod cash;
pub mod codes;
pub mod fact;
pub mod hlc;
pub mod ids;
pub mod item;
pub mod kitchen;
pub mod loyalty;
pub mod money;
pub mod order;
pub mod payment;
pub mod posting;
pub mod pricing;
pub mod promotion;
pub mod quantity;
pub mod receipt;
pub mod refund;
pub mod rights;
pub mod sale;
pub mod shift;
pub mod slip;
pub mod staff;
pub mod stock;
pub mod tax;
pub mod time;
pub mod value;

pub use ids::{LineId, OrderId, PaymentId, SaleId, TicketId};
pub use money::{Currency, Money};
pub use quantity::Quantity;
pub use time::StoreTime;
