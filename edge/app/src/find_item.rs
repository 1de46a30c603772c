//! From what was scanned or typed to what is sold.

use crate::error::ShopError;
use edge_domain::codes::Scan;
use edge_domain::codes::gtin::Gtin;
use edge_domain::item::Sku;
use edge_domain::quantity::{Quantity, Unit};
use edge_ledger::View;
use edge_ledger::items::ItemRow;

/// What a code stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The item.
    pub row: ItemRow,
    /// How much of it, where the code says so.
    pub quantity: Option<Quantity>,
}

/// Finds the item of a scanned or typed code: a trade item number, GS1 element strings, or the
/// shop's own SKU.
///
/// # Errors
/// [`ShopError::Code`] for a code that cannot be one, [`ShopError::UnknownCode`].
pub fn find_item(view: View<'_>, code: &str) -> Result<Found, ShopError> {
    let unknown = || ShopError::UnknownCode(code.trim().to_owned());
    let scan = match Scan::read(code) {
        Ok(scan) => scan,
        // A SKU may look like a trade item number with a wrong check digit: it wins if it is one.
        Err(error) => match by_sku(view, code.trim())? {
            Some(row) => return Ok(Found { row, quantity: None }),
            None => return Err(error.into()),
        },
    };
    match scan {
        Scan::Gtin(gtin) => {
            let row = by_gtin(view, gtin, code)?.ok_or_else(unknown)?;
            Ok(Found { row, quantity: None })
        }
        Scan::Gs1(elements) => {
            let gtin = elements.gtin().ok_or_else(unknown)?;
            let row = view.item_by_gtin(gtin)?.ok_or_else(unknown)?;
            let weight = elements.weight_grams().filter(|_| row.item.unit == Unit::Kilogram);
            let quantity = weight.map(Quantity::from_thousandths).transpose()?;
            Ok(Found { row, quantity })
        }
        Scan::Plain(text) => {
            let row = by_sku(view, &text)?.ok_or_else(unknown)?;
            Ok(Found { row, quantity: None })
        }
    }
}

fn by_gtin(view: View<'_>, gtin: Gtin, code: &str) -> Result<Option<ItemRow>, ShopError> {
    match view.item_by_gtin(gtin)? {
        Some(row) => Ok(Some(row)),
        None => by_sku(view, code.trim()),
    }
}

fn by_sku(view: View<'_>, text: &str) -> Result<Option<ItemRow>, ShopError> {
    match Sku::new(text) {
        Ok(sku) => Ok(view.item(&sku)?),
        Err(_) => Ok(None),
    }
}
