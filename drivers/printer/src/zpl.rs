//! Label printers that speak ZPL II: documents to labels, `~HS` to status, and the driver.
//!
//! Command names are those of Zebra's "ZPL II Programming Guide". A label is printed when the
//! printer says that no format waits and no label of the batch is left.

pub mod driver;
pub mod encode;
pub mod sim;
pub mod status;

pub use driver::ZplPrinter;
