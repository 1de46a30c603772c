//! What a shop does, one file per verb: `ring_up`, `take_payment`, `fire_ticket`...
//!
//! **What it is.** The rules of the counter over the ledger and the documents. A verb runs at a
//! [`Desk`], inside one transaction of the ledger; it records facts, edits documents, asks for
//! paper and tells the screens, all or nothing.
//!
//! **What it never does.** No HTTP, no devices, no threads, no waiting. Time and chance come
//! from the ledger's settings, so that the simulator runs the same verbs.
//!
//! **Where to start reading.** [`Shop::run`] for how a command gets to a desk, then
//! [`ring_up()`] and [`take_payment()`].

mod actor;
mod bump_ticket;
mod cancel_order;
mod change_order;
mod error;
mod find_item;
mod fire_ticket;
mod give_discount;
mod hold_order;
mod import_items;
mod keep_staff;
mod move_lines;
mod open_drawer;
mod open_order;
mod pin;
mod print_again;
mod receive_goods;
mod return_goods;
mod ring_up;
mod run_shift;
mod sell;
mod set_price;
mod shop;
mod sign_in;
mod take_payment;
mod void_line;
mod words;

pub use actor::{Actor, Caller, rights_of};
pub use bump_ticket::{bump_ticket, recall_ticket};
pub use cancel_order::cancel_order;
pub use change_order::{Change, change_order};
pub use error::{AccessError, Kind, ShiftError, ShopError};
pub use find_item::{Found, find_item};
pub use fire_ticket::fire_ticket;
pub use give_discount::{give_discount, take_discount_back};
pub use hold_order::hold_order;
pub use import_items::{Import, Quarantined, Row, import_rows, read_csv, read_json_lines};
pub use keep_staff::{NewStaff, StaffChange, add_staff, change_role, change_staff};
pub use move_lines::{Split, merge_orders, split_equally, split_order};
pub use open_drawer::open_drawer;
pub use open_order::{OpenOrder, open_order};
pub use pin::{hash_pin, is_pin_of};
pub use print_again::{dismiss_job, print_again, retry_job, test_printer};
pub use receive_goods::receive_goods;
pub use return_goods::{BackLine, Proof, ReturnGoods, return_goods};
pub use ring_up::{RingUp, Rung, ring_up, scan, set_quantity};
pub use run_shift::{close_shift, move_cash, open_shift, totals_of};
pub use sell::{Sell, SellLine, sell};
pub use set_price::set_price;
pub use shop::{Desk, Printers, Rules, Shop, ShopConfig};
pub use sign_in::{
    APPROVAL_MS, Tried, Try, approve_once, hash_to_try, sign_in, sign_out, unlock_staff,
};
pub use take_payment::{Taken, take_payment};
pub use void_line::void_line;
pub use words::{ShopWords, WordsError};
