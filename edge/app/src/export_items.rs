//! The catalogue as a file that can be imported again unchanged.

use crate::error::ShopError;
use crate::import_items::modifiers_text;
use cloud_sync_protocol::v1::details::DetailsV1;
use cloud_sync_protocol::v1::more::said;
use edge_domain::item::Item;
use edge_ledger::View;
use serde::Serialize;

/// A row of the file: the import's columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Row {
    sku: String,
    gtin: String,
    name: String,
    price: String,
    unit: &'static str,
    tax_rate: String,
    category: String,
    station: String,
    modifiers: String,
    details: String,
}

impl Row {
    fn of(item: &Item) -> Result<Self, ShopError> {
        let details = said(DetailsV1::from(&item.details));
        let details = details.map(|shape| serde_json::to_string(&shape)).transpose();
        Ok(Self {
            sku: item.sku.to_string(),
            gtin: item.gtin.map(|gtin| gtin.to_string()).unwrap_or_default(),
            name: item.name.clone(),
            price: item.price.written('.'),
            unit: item.unit.as_str(),
            tax_rate: item.tax_rate.to_string(),
            category: item.category.clone().unwrap_or_default(),
            station: item.station.clone().unwrap_or_default(),
            modifiers: modifiers_text(&item.modifiers, item.price.currency()),
            details: details.map_err(invalid)?.unwrap_or_default(),
        })
    }
}

fn invalid(error: impl std::fmt::Display) -> ShopError {
    ShopError::Invalid(error.to_string())
}

/// The whole catalogue, by SKU: CSV (RFC 4180), or JSON lines.
///
/// # Errors
/// What the ledger says.
pub fn export_items(view: View<'_>, json_lines: bool) -> Result<String, ShopError> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    let mut lines = String::new();
    for sku in view.all_skus()? {
        let Some(row) = view.item(&sku)? else { continue };
        let row = Row::of(&row.item)?;
        if json_lines {
            lines.push_str(&serde_json::to_string(&row).map_err(invalid)?);
            lines.push('\n');
        } else {
            csv.serialize(row).map_err(invalid)?;
        }
    }
    if json_lines {
        return Ok(lines);
    }
    let bytes = csv.into_inner().map_err(invalid)?;
    String::from_utf8(bytes).map_err(invalid)
}
