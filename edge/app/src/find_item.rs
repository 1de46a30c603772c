//! From what was scanned or typed to what is sold.

use crate::error::ShopError;
use edge_domain::Money;
use edge_domain::codes::Scan;
use edge_domain::codes::coupon::Coupon;
use edge_domain::codes::gs1::Elements;
use edge_domain::codes::gtin::Gtin;
use edge_domain::codes::restricted::{Inside, Restricted, Rules};
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
    /// What the whole pack costs, where a scale printed that into the code.
    pub price: Option<Money>,
    /// The piece's serial number, where the code says it.
    pub serial: Option<String>,
    /// The lot, where the code says it.
    pub lot: Option<String>,
}

impl From<ItemRow> for Found {
    fn from(row: ItemRow) -> Self {
        Self { row, quantity: None, price: None, serial: None, lot: None }
    }
}

/// Finds the item of a scanned or typed code: a trade item number, GS1 element strings, a Digital
/// Link, a tag, a scale's label by its country's `rules`, or the shop's own SKU.
///
/// # Errors
/// [`ShopError::Code`] for a code that cannot be one, [`ShopError::UnknownCode`],
/// [`ShopError::Coupon`].
pub fn find_item(view: View<'_>, code: &str, rules: Rules) -> Result<Found, ShopError> {
    let unknown = || ShopError::UnknownCode(code.trim().to_owned());
    let scan = match Scan::read_with(code, rules) {
        Ok(scan) => scan,
        // A SKU may look like a trade item number with a wrong check digit: it wins if it is one.
        Err(error) => {
            return by_sku(view, code.trim())?.map(Found::from).ok_or_else(|| error.into());
        }
    };
    match scan {
        Scan::Gtin(gtin) => by_gtin(view, gtin, code)?.ok_or_else(unknown),
        Scan::Gs1(elements) | Scan::DigitalLink(elements) => {
            by_elements(view, &elements)?.ok_or_else(unknown)
        }
        Scan::Epc(epc) => {
            let gtin = epc.gtin().ok_or_else(unknown)?;
            let found = by_gtin(view, gtin, code)?.ok_or_else(unknown)?;
            Ok(Found { serial: Some(epc.identity_uri()), ..found })
        }
        Scan::Restricted(number) => by_restricted(view, &number, code)?.ok_or_else(unknown),
        Scan::Coupon(Coupon::Number(gtin)) => by_gtin(view, gtin, code)?.ok_or(ShopError::Coupon),
        Scan::Coupon(Coupon::Elements(_)) => Err(ShopError::Coupon),
        Scan::Plain(text) => match by_sku(view, &text)? {
            Some(row) => Ok(row.into()),
            None => by_code(view, &text)?.ok_or_else(unknown),
        },
    }
}

fn by_elements(view: View<'_>, elements: &Elements) -> Result<Option<Found>, ShopError> {
    let Some(gtin) = elements.gtin() else { return Ok(None) };
    let Some(found) = trade_item(view, gtin)? else { return Ok(None) };
    let weight = elements.weight_grams().filter(|_| found.row.item.unit == Unit::Kilogram);
    let weight = weight.map(Quantity::from_thousandths).transpose()?;
    let said = |ai: &str| elements.get(ai).map(str::to_owned);
    let serial = said("21").map(|serial| format!("(01){gtin}(21){serial}"));
    let quantity = weight.or(found.quantity);
    Ok(Some(Found { quantity, serial, lot: said("10"), ..found }))
}

/// The item of a trade item number: its own, or that of a pack.
fn trade_item(view: View<'_>, gtin: Gtin) -> Result<Option<Found>, ShopError> {
    match view.item_by_gtin(gtin)? {
        Some(row) => Ok(Some(row.into())),
        None => by_code(view, &gtin.to_string()),
    }
}

fn by_code(view: View<'_>, code: &str) -> Result<Option<Found>, ShopError> {
    let found = view.item_by_code(code)?;
    Ok(found.map(|(row, much)| Found { quantity: Some(much), ..Found::from(row) }))
}

/// The number itself, the same with zeros for its value, its item reference as a SKU, or itself
/// as a SKU.
fn by_restricted(
    view: View<'_>,
    number: &Restricted,
    code: &str,
) -> Result<Option<Found>, ShopError> {
    let mut row = view.item_by_gtin(number.gtin)?;
    if let (None, Some(layout)) = (&row, number.layout) {
        row = view.item_by_gtin(layout.item_gtin)?;
        row = if row.is_none() { by_sku(view, &layout.item_reference())? } else { row };
    }
    let row = if row.is_none() { by_sku(view, code.trim())? } else { row };
    let Some(row) = row else { return Ok(None) };
    let (unit, currency) = (row.item.unit, row.item.price.currency());
    let mut found = Found::from(row);
    // A value of nothing is the item's own number, not a pack of it.
    match (number.layout.map(|layout| layout.inside), unit) {
        (Some(Inside::Grams(grams @ 1..)), Unit::Kilogram) => {
            found.quantity = Some(Quantity::from_thousandths(grams)?);
        }
        (Some(Inside::Pieces(pieces @ 1..)), Unit::Each) => {
            found.quantity = Some(Quantity::from_thousandths(pieces * 1_000)?);
        }
        // The number's price is in hundredths.
        (Some(Inside::PriceMinor(minor @ 1..)), _) if currency.exponent() == 2 => {
            found.price = Some(Money::new(minor, currency)?);
        }
        _ => {}
    }
    Ok(Some(found))
}

fn by_gtin(view: View<'_>, gtin: Gtin, code: &str) -> Result<Option<Found>, ShopError> {
    match trade_item(view, gtin)? {
        Some(found) => Ok(Some(found)),
        None => Ok(by_sku(view, code.trim())?.map(Found::from)),
    }
}

fn by_sku(view: View<'_>, text: &str) -> Result<Option<ItemRow>, ShopError> {
    match Sku::new(text) {
        Ok(sku) => Ok(view.item(&sku)?),
        Err(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests;
