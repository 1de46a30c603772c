//! What every backend promises, as one suite: `cloud_sync_store::conformance!(backend())` in a
//! test module makes a test of each promise. The [`till`] writes the journals.

#![allow(clippy::unwrap_used, reason = "a test suite, though another crate's tests call it")]

mod accept;
mod registry;
pub mod till;

pub use accept::{
    a_broken_rule_stops_where_it_is, a_gap_is_named, a_receipt_that_is_missing_is_named,
    a_refund_that_moved_is_in_the_z_report, a_z_report_is_the_sum_of_its_entries,
    another_entry_in_the_same_place_is_equivocation, epochs_only_rise, reports_add_up,
    the_same_batch_twice_counts_once, three_thousand_sales_are_taken_fast,
    what_a_newer_release_wrote_is_kept, what_is_rebuilt_is_what_was,
};
pub use registry::{
    a_key_has_one_answer, a_store_is_let_in_or_told_why_not, a_store_is_remembered,
    documents_are_kept,
};

use crate::backend::Store;
use crate::model::NewStore;
use cloud_sync_protocol::entry::ChainHead;
use edge_domain::ids::StoreId;
use edge_domain::time::StoreTime;
use till::Till;
use uuid::Uuid;

/// The suite's moment: 2023-11-14T22:13:20Z.
pub const NOW: StoreTime = StoreTime::from_millis(1_700_000_000_000);

/// The suite's store.
#[must_use]
pub fn shop() -> StoreId {
    StoreId::new(Uuid::from_u128(7))
}

/// Adds the suite's store.
///
/// # Panics
/// Where the backend fails.
pub fn enrol(store: &dyn Store) {
    let currency = "EUR".parse().unwrap();
    let new = NewStore { id: shop(), name: "Corner shop".into(), currency };
    store.add_store(&new, NOW).unwrap();
}

/// Adds the suite's store with so many sales; returns its head.
///
/// # Panics
/// Where the backend fails.
pub fn filled(store: &dyn Store, sales: u32) -> ChainHead {
    enrol(store);
    let entries = Till::new(shop()).sales(sales);
    store.accept(shop(), &entries, NOW).unwrap()
}

/// Makes a test of every promise, against a backend that the expression makes anew.
#[macro_export]
macro_rules! conformance {
    ($backend:expr) => {
        $crate::conformance!($backend;
            the_same_batch_twice_counts_once a_gap_is_named
            another_entry_in_the_same_place_is_equivocation a_broken_rule_stops_where_it_is
            a_receipt_that_is_missing_is_named a_refund_that_moved_is_in_the_z_report
            a_z_report_is_the_sum_of_its_entries epochs_only_rise what_a_newer_release_wrote_is_kept
            reports_add_up what_is_rebuilt_is_what_was three_thousand_sales_are_taken_fast
            a_store_is_remembered a_store_is_let_in_or_told_why_not documents_are_kept
            a_key_has_one_answer);
    };
    ($backend:expr; $($promise:ident)*) => {
        $(
            #[test]
            fn $promise() {
                $crate::conformance::$promise(&$backend);
            }
        )*
    };
}
