//! The seam for fiscal devices: a technical security system (TSE) in Germany, a fiscal data
//! module (FDM) in Belgium and their like. One adapter a country; the shop's rules know none.

use edge_domain::sale::SaleParts;

/// What a fiscal device says to a sale, as its own names and values: they are kept with the sale
/// for ever, and printed.
pub type Said = Vec<(String, String)>;

/// A fiscal device. It is asked within the sale's transaction: an adapter answers within 50 ms,
/// or says that its device is unavailable, and delivers later what the law wants delivered.
pub trait FiscalDevice: Send + Sync + std::fmt::Debug {
    /// What the device says to a sale that is about to be recorded.
    ///
    /// # Errors
    /// Why it says nothing: the sale goes on, and carries the reason.
    fn sign(&self, sale: &SaleParts, total_minor: i64) -> Result<Said, String>;
}

/// What goes with the sale: the device's words, or why there are none. A shop without a device
/// has nothing to say.
pub(crate) fn said(device: Option<&dyn FiscalDevice>, sale: &SaleParts, total_minor: i64) -> Said {
    match device.map(|device| device.sign(sale, total_minor)) {
        None => vec![],
        Some(Ok(said)) => said,
        Some(Err(reason)) => vec![("fiscal_device".into(), format!("unavailable: {reason}"))],
    }
}
