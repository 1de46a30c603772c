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
mod add_place;
mod adjust_stock;
mod bump_ticket;
mod cancel_order;
mod change_order;
mod charge_card;
mod consume;
mod count_stock;
mod count_tags;
mod error;
mod export_items;
mod find_item;
mod fire_ticket;
mod fiscal;
mod give_discount;
mod hold_order;
mod import_items;
mod keep_customers;
mod keep_slips;
mod keep_staff;
mod loyalty;
mod move_lines;
mod open_drawer;
mod open_order;
mod pin;
mod print_again;
mod print_labels;
mod promote;
mod receipt_code;
mod receive_goods;
mod reconcile_rights;
mod refund_card;
mod reserve;
mod return_goods;
mod rights;
mod ring_up;
mod rules;
mod run_shift;
mod sell;
mod set_price;
mod settle_terminal;
mod shop;
mod sign_in;
mod stock_error;
mod stock_line;
mod stored_value;
mod take_payment;
mod transfer_stock;
mod value_error;
mod void_line;
mod words;

pub use actor::{Actor, Caller, rights_of};
pub use add_place::add_place;
pub use adjust_stock::{Adjust, AdjustLine, adjust_stock};
pub use bump_ticket::{bump_ticket, recall_ticket};
pub use cancel_order::cancel_order;
pub use change_order::{Change, change_order};
pub use charge_card::{OfflineCards, Settled, ask_card, cancel_card, resolve_card, settle_card};
pub use count_stock::{CountScope, close_count, count_now, open_count, take_count};
pub use count_tags::{TAGS_MAX, TagsTaken, take_tags};
pub use error::{AccessError, Kind, ShiftError, ShopError};
pub use export_items::export_items;
pub use find_item::{Found, find_item};
pub use fire_ticket::fire_ticket;
pub use fiscal::{FiscalDevice, Said};
pub use give_discount::{give_discount, take_discount_back};
pub use hold_order::hold_order;
pub use import_items::{
    Import, Imported, Keys, Quarantined, Row, import_rows, read_csv, read_json_lines, would_change,
};
pub use keep_customers::{
    CustomerChange, CustomerError, CustomerState, customer_state, find_customers, put_customer,
};
pub use keep_slips::{MerchantSlips, print_slips};
pub use keep_staff::{NewStaff, StaffChange, add_staff, change_role, change_staff};
pub use loyalty::{Standing, standing};
pub use move_lines::{Split, merge_orders, split_equally, split_order};
pub use open_drawer::open_drawer;
pub use open_order::{OpenOrder, open_order};
pub use pin::{hash_pin, is_pin_of};
pub use print_again::{dismiss_job, print_again, retry_job, test_printer};
pub use print_labels::{LABELS_MAX, LabelV1, PrintLabels, print_labels};
pub use promote::{Promotions, put_promotion};
pub use receipt_code::{Claim, ClaimLine, Seal, SealError, read_receipt_code, receipt_code};
pub use receive_goods::{Delivery, receive_goods};
pub use reconcile_rights::{ReconciledRights, reconcile_rights};
pub use refund_card::{ask_refund_again, give_refund};
pub use reserve::{
    Reserve, Reserved, commit_reservation, expire_reservations, release_reservation, reserve,
    sellable,
};
pub use return_goods::{BackLine, Proof, ReturnGoods, return_goods};
pub use rights::{answer_rights, ask_rights, give_back, give_rights, held, spend};
pub use ring_up::{Buyer, RingUp, Rung, ring_up, scan, set_quantity};
pub use rules::Rules;
pub use run_shift::{close_shift, move_cash, open_shift, totals_of};
pub use sell::{Sell, SellLine, sell};
pub use set_price::set_price;
pub use settle_terminal::{CardTerminalAt, ask_settlement, end_settlement};
pub use shop::{Desk, Printers, Shop, ShopConfig};
pub use sign_in::{
    APPROVAL_MS, Tried, Try, approve_once, hash_to_try, sign_in, sign_out, unlock_staff,
};
pub use stock_error::StockError;
pub use stock_line::LotName;
pub use stored_value::{
    IssueValue, ValueBalance, fetch_value, issue_value, value_balance, value_of,
};
pub use take_payment::{Taken, take_payment};
pub use transfer_stock::{Transfer, receive_transfer, settle_transfer, transfer_stock};
pub use value_error::ValueError;
pub use void_line::void_line;
pub use words::{ShopWords, WordsError};

#[cfg(test)]
mod stock_tests;
#[cfg(test)]
mod week_tests;
