//! Labels: for the shelf, for a weighed piece, with or without an RFID tag.

use crate::error::ShopError;
use crate::ring_up::Buyer;
use crate::shop::Desk;
use edge_domain::codes::epc::Epc;
use edge_domain::item::{Item, Sku};
use edge_domain::money::Money;
use edge_domain::order::OrderKind;
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::staff::Permission;
use edge_ledger::print::JobRow;
use serde::{Deserialize, Serialize};

/// The most labels of one request: a shelf's worth. Each is a job of its own.
pub const LABELS_MAX: usize = 200;

/// Which labels.
#[derive(Clone, Debug)]
pub struct PrintLabels {
    /// The printer, by its device's id.
    pub printer: String,
    /// The item.
    pub sku: Sku,
    /// How much is in the piece: weighed goods say it, and their price and code follow.
    pub quantity: Option<Quantity>,
    /// How many of the same.
    pub copies: usize,
    /// One label a serial number, whose tag is written with the item's SGTIN.
    pub serials: Vec<String>,
    /// How many digits the company prefix of the item's GTIN has: tags need to know.
    pub company_digits: u8,
}

/// What stands on a label, as the spool keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelV1 {
    /// The item's name.
    pub title: String,
    /// Further lines.
    #[serde(default)]
    pub lines: Vec<String>,
    /// What it costs.
    pub price: String,
    /// `ean13`, `code128` or `gs1_128`, and its data.
    #[serde(default)]
    pub code: Option<(String, String)>,
    /// The tag's EPC, in hex.
    #[serde(default)]
    pub epc: Option<String>,
}

/// Prints labels: at today's price, as the shelf has to say.
///
/// # Errors
/// An unknown item, more labels than fit a request, a serial number that fits no tag.
pub fn print_labels(desk: &mut Desk<'_, '_>, ask: PrintLabels) -> Result<Vec<JobRow>, ShopError> {
    desk.require(Permission::AdjustStock)?;
    let row = desk.view().item(&ask.sku)?;
    let item =
        row.map(|row| row.item).ok_or_else(|| ShopError::UnknownItem(ask.sku.to_string()))?;
    let count = if ask.serials.is_empty() { ask.copies } else { ask.serials.len() };
    if !(1..=LABELS_MAX).contains(&count) {
        return Err(ShopError::Invalid(format!("Ask for 1 to {LABELS_MAX} labels at a time.")));
    }
    let label = label(desk, &item, ask.quantity)?;
    let mut labels = vec![label; count];
    for (label, serial) in labels.iter_mut().zip(&ask.serials) {
        label.epc = Some(epc(&item, serial, ask.company_digits)?);
        label.lines.push(serial.clone());
    }
    let mut jobs = Vec::with_capacity(count);
    for label in labels {
        let body = serde_json::to_string(&label).map_err(|e| ShopError::Invalid(e.to_string()))?;
        let id = desk.tx.enqueue_label(&ask.printer, &body)?;
        jobs.push(desk.view().job(id)?.ok_or(ShopError::UnknownJob)?);
    }
    Ok(jobs)
}

fn label(
    desk: &Desk<'_, '_>,
    item: &Item,
    quantity: Option<Quantity>,
) -> Result<LabelV1, ShopError> {
    let buyer = Buyer { kind: OrderKind::Retail, group: None };
    let each = desk.price_of(item, quantity.unwrap_or(Quantity::ONE), &buyer);
    let money = |money: Money| format!("{} {}", money.written('.'), money.currency());
    let per = |unit: Unit| {
        if unit == Unit::Each { String::new() } else { format!(" / {}", unit.as_str()) }
    };
    let gtin = item.gtin.map(|gtin| gtin.to_string());
    let Some(quantity) = quantity else {
        let plain = gtin.as_ref().and_then(|gtin| gtin.strip_prefix('0'));
        let code = match plain {
            Some(ean) => ("ean13".to_owned(), ean.to_owned()),
            None => ("code128".to_owned(), item.sku.to_string()),
        };
        let price = money(each) + &per(item.unit);
        return Ok(LabelV1 {
            title: item.name.clone(),
            price,
            code: Some(code),
            ..LabelV1::default()
        });
    };
    let quantity = quantity.sellable(item.unit)?;
    let lines = vec![format!("{quantity} {} x {}", item.unit.as_str(), money(each))];
    // AI 3103: net weight in kilograms with three decimals (GS1 General Specifications, 3.6).
    let grams = quantity.thousandths();
    let code = gtin.filter(|_| item.unit == Unit::Kilogram && grams < 1_000_000);
    let code = code.map(|gtin| ("gs1_128".to_owned(), format!("(01){gtin}(3103){grams:06}")));
    let price = money(quantity.at(each)?);
    Ok(LabelV1 { title: item.name.clone(), lines, price, code, epc: None })
}

fn epc(item: &Item, serial: &str, company_digits: u8) -> Result<String, ShopError> {
    let gtin = item.gtin.ok_or_else(|| {
        ShopError::Invalid(format!("{} has no GTIN: its tags cannot be written.", item.name))
    })?;
    // Filter 1: a point-of-sale item (Tag Data Standard, table 10-5).
    let epc = Epc::sgtin(gtin, company_digits, serial, 1);
    epc.map(|epc| epc.to_hex()).map_err(|error| ShopError::Invalid(format!("{error}.")))
}
