//! A catalogue comes as a file: good rows are taken, bad ones named, one by one. Importing the
//! same file again changes nothing.

use crate::error::ShopError;
use crate::shop::Desk;
use cloud_sync_documents::catalogue;
use edge_domain::codes::gtin::Gtin;
use edge_domain::fact::{Fact, StockReceived};
use edge_domain::item::{Details, Item, ModifierGroup, ModifierOption, Sku};
use edge_domain::money::{Currency, Money};
use edge_domain::quantity::{Quantity, Unit};
use edge_domain::staff::Permission;
use edge_domain::tax::TaxRate;
use serde::{Deserialize, Serialize};

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
    pub items: Vec<(Item, Option<Quantity>)>,
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
            let again = !seen.insert(item.0.sku.clone());
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

fn item_of(
    row: &Row,
    currency: Currency,
) -> Result<(Item, Option<Quantity>), (&'static str, String)> {
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
    let modifiers = modifiers_of(&row.modifiers, currency);
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
        details: Details::default(),
    };
    let item = item.checked().map_err(say("invalid_name"))?;
    Ok((item, stock.map_err(say("invalid_stock"))?))
}

/// `Milk[1-1]: Whole, Oat +0.40 | Extras[0-3]: Syrup +0.50`; None where it is none.
fn modifiers_of(text: &str, currency: Currency) -> Option<Vec<ModifierGroup>> {
    let groups = text.split('|').map(str::trim).filter(|group| !group.is_empty());
    groups.map(|group| modifier_group(group, currency)).collect()
}

fn modifier_group(text: &str, currency: Currency) -> Option<ModifierGroup> {
    let (head, options) = text.split_once(':')?;
    let (name, bounds) = head.trim().strip_suffix(']')?.split_once('[')?;
    let (min, max) = bounds.split_once('-')?;
    let group = slug(name);
    let option = |text: &str| {
        let (name, price) = match text.rsplit_once('+') {
            Some((name, price)) => (name.trim(), Money::parse(price.trim(), currency).ok()?),
            None => (text.trim(), Money::zero(currency)),
        };
        let id = format!("{group}-{}", slug(name));
        (!name.is_empty()).then(|| ModifierOption { id, name: name.to_owned(), price })
    };
    let options = options.split(',').map(option).collect::<Option<Vec<_>>>()?;
    let (min, max) = (min.trim().parse().ok()?, max.trim().parse().ok()?);
    let fits = min <= max && usize::from(min) <= options.len();
    fits.then(|| ModifierGroup {
        id: group.clone(),
        name: name.trim().to_owned(),
        min,
        max,
        options,
    })
}

fn slug(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    name.trim().chars().map(plain).collect()
}

/// Takes items of one shard into the catalogue. Answers how many changed. New items with an
/// opening stock are received.
///
/// # Errors
/// What the ledger says.
pub fn import_rows(
    desk: &mut Desk<'_, '_>,
    shard: &str,
    items: &[(Item, Option<Quantity>)],
) -> Result<usize, ShopError> {
    desk.require(Permission::EditCatalogue)?;
    let (author, moment) = (desk.author(), desk.moment());
    let mut received = Vec::new();
    for (item, stock) in items {
        let new = desk.view().item(&item.sku)?.is_none();
        let stock = stock.filter(|stock| *stock > Quantity::ZERO && new);
        received.extend(stock.map(|stock| (item.sku.clone(), stock)));
    }
    desk.docs.edit(desk.tx, shard, |document| {
        items.iter().try_for_each(|(item, _)| catalogue::put_item(document, item, &author, moment))
    })?;
    let skus: Vec<Sku> = items.iter().map(|(item, _)| item.sku.clone()).collect();
    let changed = desk.docs.project_items(desk.tx, shard, &skus)?;
    if !received.is_empty() {
        let (lines, at) = (received, desk.now());
        let reference = Some("import".to_owned());
        desk.tx.append(&Fact::StockReceived(StockReceived { lines, reference, at }))?;
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
        let skus: Vec<_> = import.items.iter().map(|(item, _)| item.sku.as_str()).collect();
        assert_eq!(skus, ["MILK", "LATTE"]);
        assert_eq!(import.items[1].0.modifiers[0].options[1].price.minor(), 40);
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
