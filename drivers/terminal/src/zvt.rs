//! ZVT, the protocol between tills and card terminals in Germany, Austria and Switzerland (ECR
//! interface ZVT, PA00P015, revision 13; chapters are named where they matter).
//!
//! [`apdu`] frames, [`fields`] reads what a message holds and lets no card number through,
//! [`print`] puts slips together, [`exchange`] is one command and what the terminal says until it
//! is done; none of them does I/O.
//! [`driver`] is the store's end, [`mark`] what it remembers so that nothing is charged twice,
//! [`sim`] the terminal.

pub mod apdu;
pub mod command;
pub mod driver;
pub mod exchange;
pub mod fields;
pub mod mark;
pub mod print;
pub mod reason;
mod session;
pub mod sim;
mod verdict;
