//! A catalogue comes as a file: good rows are taken, bad ones named, one by one. Importing the
//! same file again changes nothing.

use crate::error::ShopError;
use crate::shop::Desk;
use cloud_sync_documents::catalogue;
use cloud_sync_protocol::v1::details::{DetailsV1, KEYS};
use edge_domain::codes::gtin::Gtin;
use edge_domain::item::{Details, Item, Sku};
use edge_domain::money::{Currency, Money};
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::staff::Permission;
use edge_domain::stock::{StockFact, StockReceived};
use edge_domain::tax::TaxRate;
use edge_ledger::View;
use serde::{Deserialize, Serialize};

mod modifiers;

pub(crate) use modifiers::modifiers_text;

/// The most rows in one file.
pub(crate) const ROWS_MAX: usize = 200_000;

/// A row of the file: texts as they stand there. `modifiers` is
/// `Milk[1-1]: Whole, Oat +0.40 | Extras[0-3]: Syrup +0.50`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Row {
    /// The store's key.
    pub sku: String,
    /// GTIN, or empty.
    pub gtin: String,
    /// What people read.
    pub name: String,
    /// A decimal, as in 1.29.
    pub price: String,
    /// `each` or `kg`; `each` where empty.
    pub unit: String,
    /// A per cent, as in 19.
    pub tax_rate: String,
    /// Where it stands on the till's screen.
    pub category: String,
    /// How much lies in the store when the item is new; or empty.
    pub stock: String,
    /// The kitchen station that makes it, or empty.
    pub station: String,
    /// What may be chosen with it, or empty.
    pub modifiers: String,
    /// What most items do not say, as a JSON object (`DetailsV1`): keys that it has are set, or
    /// taken away by `null`; others stay as they are.
    #[serde(deserialize_with = "object_or_text")]
    pub details: Keys,
}

/// Keys of an item's details, with their values.
pub type Keys = serde_json::Map<String, serde_json::Value>;

/// An item to import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The item; its details are those that the row said.
    pub item: Item,
    /// How much lies in the store, if it is new.
    pub stock: Option<Quantity>,
    /// What the row said of its details.
    pub details: Keys,
}

impl From<Item> for Imported {
    fn from(item: Item) -> Self {
        Self { item, stock: None, details: Keys::new() }
    }
}

fn object_or_text<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Keys, D::Error> {
    use serde::de::Error;
    match serde_json::Value::deserialize(from)? {
        serde_json::Value::Object(keys) => Ok(keys),
        serde_json::Value::Null => Ok(Keys::new()),
        serde_json::Value::String(text) if text.trim().is_empty() => Ok(Keys::new()),
        serde_json::Value::String(text) => serde_json::from_str(&text).map_err(D::Error::custom),
        _ => Err(D::Error::custom("details are a JSON object")),
    }
}

/// A row that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The row's number in the file; the first row after the header is 1.
    pub row: usize,
    /// The stable code.
    pub code: String,
    /// What to mend.
    pub message: String,
}

/// Rows as read: items with their opening stock, and rows that are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// What can be taken.
    pub items: Vec<Imported>,
    /// What cannot.
    pub quarantined: Vec<Quarantined>,
}

/// Reads a CSV file (RFC 4180) with a header.
///
/// # Errors
/// [`ShopError::Invalid`] where it is no CSV at all or too long.
pub fn read_csv(bytes: &[u8], currency: Currency) -> Result<Import, ShopError> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let header = reader.headers().map_err(|error| ShopError::Invalid(error.to_string()))?;
    if let Some(missing) =
        ["sku", "name", "price"].iter().find(|name| !header.iter().any(|h| h == **name))
    {
        return Err(ShopError::Invalid(format!("The header has no column {missing}.")));
    }
    let rows =
        reader.deserialize().map(|row: Result<Row, csv::Error>| row.map_err(|e| e.to_string()));
    collect(rows, currency)
}

/// Reads JSON lines, one object a line with the CSV's column names.
///
/// # Errors
/// [`ShopError::Invalid`] where it is too long.
pub fn read_json_lines(text: &str, currency: Currency) -> Result<Import, ShopError> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    collect(lines.map(|line| serde_json::from_str(line).map_err(|e| e.to_string())), currency)
}

fn collect(
    rows: impl Iterator<Item = Result<Row, String>>,
    currency: Currency,
) -> Result<Import, ShopError> {
    let mut import = Import::default();
    let mut seen = std::collections::HashSet::new();
    for (number, row) in (1..).zip(rows) {
        if number > ROWS_MAX {
            return Err(ShopError::Invalid(format!("A file has at most {ROWS_MAX} rows.")));
        }
        let item = row.map_err(|message| ("malformed_row", message));
        let item = item.and_then(|row| {
            let item = item_of(&row, currency)?;
            let again = !seen.insert(item.item.sku.clone());
            if again {
                Err(("duplicate_sku", format!("{} stands twice", row.sku)))
            } else {
                Ok(item)
            }
        });
        match item {
            Ok(item) => import.items.push(item),
            Err((code, message)) => {
                import.quarantined.push(Quarantined { row: number, code: code.into(), message });
            }
        }
    }
    Ok(import)
}

fn item_of(row: &Row, currency: Currency) -> Result<Imported, (&'static str, String)> {
    fn say<E: std::fmt::Display>(code: &'static str) -> impl Fn(E) -> (&'static str, String) {
        move |error| (code, error.to_string())
    }
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let unit = if row.unit.is_empty() { Some(Unit::Each) } else { Unit::from_name(&row.unit) };
    let price = Money::parse(&row.price, currency).map_err(say("invalid_price"))?;
    if price.is_negative() {
        return Err(("negative_price", format!("the price {} is below 0", row.price)));
    }
    let gtin = some(&row.gtin).map(|text| Gtin::parse(&text)).transpose();
    let stock = some(&row.stock).map(|text| text.parse::<Quantity>()).transpose();
    let modifiers = modifiers::modifiers_of(&row.modifiers, currency);
    let item = Item {
        sku: Sku::new(&row.sku).map_err(say("invalid_sku"))?,
        gtin: gtin.map_err(say("invalid_gtin"))?,
        name: row.name.trim().to_owned(),
        unit: unit.ok_or_else(|| ("invalid_unit", format!("unknown unit {}", row.unit)))?,
        price,
        tax_rate: row.tax_rate.parse::<TaxRate>().map_err(say("invalid_tax_rate"))?,
        category: some(&row.category),
        station: some(&row.station),
        modifiers: modifiers.ok_or_else(|| ("invalid_modifiers", row.modifiers.clone()))?,
        details: overlay(&Details::default(), &row.details, currency)
            .map_err(|message| ("invalid_details", message))?,
    };
    let item = item.checked().map_err(|error| {
        let message = error.to_string();
        (ShopError::from(error).code().0, message)
    })?;
    let details = row.details.clone();
    Ok(Imported { item, stock: stock.map_err(say("invalid_stock"))?, details })
}

/// Details with some keys set, and some taken away.
fn overlay(known: &Details, keys: &Keys, currency: Currency) -> Result<Details, String> {
    if keys.is_empty() {
        return Ok(known.clone());
    }
    if let Some(key) = keys.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("items have no detail {key}"));
    }
    let value = serde_json::to_value(DetailsV1::from(known)).map_err(|e| e.to_string())?;
    let mut all = value.as_object().cloned().unwrap_or_default();
    for (key, value) in keys {
        match value {
            serde_json::Value::Null => drop(all.remove(key)),
            value => drop(all.insert(key.clone(), value.clone())),
        }
    }
    let shape: DetailsV1 = serde_json::from_value(all.into()).map_err(|e| e.to_string())?;
    shape.into_domain(currency).map_err(|error| error.to_string())
}

/// The item as it will be: what the row does not say of its details stays.
fn merged(view: View<'_>, new: &Imported) -> Result<(Item, Option<Item>), ShopError> {
    let known = view.item(&new.item.sku)?.map(|row| row.item);
    let mut item = new.item.clone();
    if let Some(known) = &known {
        let details = overlay(&known.details, &new.details, item.price.currency());
        item.details = details.map_err(ShopError::Invalid)?;
    }
    Ok((item, known))
}

/// How many of some rows would change anything.
///
/// # Errors
/// What the ledger says.
pub fn would_change(view: View<'_>, items: &[Imported]) -> Result<usize, ShopError> {
    let mut changed = 0;
    for new in items {
        let (item, known) = merged(view, new)?;
        changed += usize::from(known.as_ref() != Some(&item));
    }
    Ok(changed)
}

/// Takes items of one shard into the catalogue. Answers how many changed. New items with an
/// opening stock are received.
///
/// # Errors
/// What the ledger says.
pub fn import_rows(
    desk: &mut Desk<'_, '_>,
    shard: &str,
    items: &[Imported],
) -> Result<usize, ShopError> {
    desk.require(Permission::EditCatalogue)?;
    let (author, moment) = (desk.author(), desk.moment());
    let mut received = Vec::new();
    let mut changed = Vec::with_capacity(items.len());
    for new in items {
        let (item, known) = merged(desk.view(), new)?;
        let stock = new.stock.filter(|stock| *stock > Quantity::ZERO && known.is_none());
        received.extend(stock.map(|stock| (item.sku.clone(), stock)));
        changed.push(item);
    }
    desk.docs.edit(desk.tx, shard, |document| {
        changed.iter().try_for_each(|item| catalogue::put_item(document, item, &author, moment))
    })?;
    let skus: Vec<Sku> = changed.iter().map(|item| item.sku.clone()).collect();
    let changed = desk.docs.project_items(desk.tx, shard, &skus)?;
    if !received.is_empty() {
        let (lines, at) = (received, desk.now());
        let reference = Some("import".to_owned());
        let fact = StockFact::Received(StockReceived::of(lines, reference, at));
        desk.tx.append(&fact.into())?;
    }
    desk.tell_items(&changed)?;
    Ok(changed.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_rows_are_read_and_bad_ones_named() {
        let csv = "sku,gtin,name,price,unit,tax_rate,category,stock,station,modifiers\n\
            MILK,4006381333931,Milk,1.29,each,7,Dairy,12,,\n\
            BAD1,4006381333932,Milk,1.29,each,7,,,,\n\
            BAD2,,Milk,-1,each,7,,,,\n\
            MILK,,Again,1,each,7,,,,\n\
            LATTE,,Latte,3.80,,19,Coffee,,bar,\"Milk[1-1]: Whole, Oat +0.40\"\n\
            BAD3,,X,1.00,litre,7,,,,\n\
            BAD4,,X,1.00,each,7\n";
        let import = read_csv(csv.as_bytes(), "EUR".parse().unwrap()).unwrap();
        let skus: Vec<_> = import.items.iter().map(|new| new.item.sku.as_str()).collect();
        assert_eq!(skus, ["MILK", "LATTE"]);
        assert_eq!(import.items[1].item.modifiers[0].options[1].price.minor(), 40);
        let bad: Vec<_> =
            import.quarantined.iter().map(|bad| (bad.row, bad.code.as_str())).collect();
        let named = [
            (2, "invalid_gtin"),
            (3, "negative_price"),
            (4, "duplicate_sku"),
            (6, "invalid_unit"),
            (7, "malformed_row"),
        ];
        assert_eq!(bad, named);
        assert!(read_csv(b"a,b\n1,2\n", "EUR".parse().unwrap()).is_err());
    }
}
